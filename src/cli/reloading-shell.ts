// Brings a session up and takes it down again, in reverse order, whatever ends it.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { BuildOutcome } from '../model/builder.ts';
import { emptyEnvironment } from '../model/environment.ts';
import { DevshellError, problemText } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { defaultSettings } from '../model/settings.ts';
import { BuildLog } from '../reload/build-log.ts';
import type { SessionDirectory } from '../session/session-directory.ts';
import { cleanStaleSessions, createSessionDirectory, removeSessionDirectory } from '../session/session-directory.ts';
import { firstReserve } from '../session/reserve.ts';
import { ShellSession } from '../session/shell-session.ts';
import { Guard } from '../terminal/guard.ts';
import type { PtyExit } from '../terminal/pty.ts';
import { Pty } from '../terminal/pty.ts';
import { leaveTerminal } from '../terminal/screen.ts';
import { UserTerminal } from '../terminal/terminal.ts';
import type { Context } from './context.ts';
import { CoordinatorThread } from './coordinator-thread.ts';
import type { Parsed } from './options.ts';
import { coordinatorFile, guardScript } from './package-files.ts';
import type { Beginning, BuilderData } from './project-environment.ts';
import { begin } from './project-environment.ts';
import type { SessionPlace } from './session-place.ts';
import { closeSessionPlace, openSessionPlace } from './session-place.ts';
import { SessionSignals } from './session-signals.ts';
import { shellArguments, shellVariables, writeFirstEnvironment } from './shell-start.ts';

/** Quiet after the last event before inputs are read; longest wait while events keep coming; pause between sweeps: ms. */
const watch = { settleMs: 25, maxWaitMs: 500, sweepMs: 1500 };
/** How long the coordinator waits for a shell that writes nothing, ms. */
const silentShellMs = 500;
/** How long the coordinator may take to end its builds before it is ended itself, ms. */
const coordinatorGraceMs = 5000;

export async function reloadingShell(data: BuilderData, parsed: Parsed, context: Context, signal: AbortSignal): Promise<PtyExit> {
  const guard = Guard.start(guardScript, 1);
  // The guard runs `stty` beside the build, and makes the terminal raw beside the start of the shell: neither is waited for alone.
  const opening = UserTerminal.open(process.stdin, process.stdout, guard);
  opening.catch(() => undefined);
  try {
    const beginning = await begin(data, parsed, context, guard, signal);
    signal.throwIfAborted();
    const { outcome } = beginning;
    if (outcome.kind === 'failed') for (const problem of outcome.problems) context.warn(`devshell: ${problemText(problem)}`);
    const terminal = await opening;
    return await runInPlace({ data, beginning, terminal, guard, context });
  } finally {
    await guard.end();
  }
}

interface Start {
  readonly data: BuilderData;
  readonly beginning: Beginning;
  readonly terminal: UserTerminal;
  readonly guard: Guard;
  readonly context: Context;
}

async function runInPlace(start: Start): Promise<PtyExit> {
  const { data, guard, terminal, context } = start;
  const directory = await createSessionDirectory(data.state, data.root, context.runtimeDirectory, Date.now);
  for (const path of [directory.path, ...directory.extra]) guard.addDirectory(path);
  try {
    return await runSession(start, directory);
  } finally {
    await terminal.restore();
    terminal.close();
    await removeSessionDirectory(directory);
  }
}

/** The shell is started as soon as its environment is there; whatever else a session needs is made while it comes up. */
async function runSession(start: Start, directory: SessionDirectory): Promise<PtyExit> {
  const { data, terminal, guard, context } = start;
  const initial = initialOf(start.beginning.outcome, data);
  const nonce = randomBytes(12).toString('hex');
  writeFirstEnvironment(directory.path, initial.environment);
  guard.protectTerminal(terminal.termios, leaveTerminal(terminal.size()));
  const raw = terminal.enterRaw(new AbortController().signal, guard);
  raw.catch(() => undefined);
  const pty = startShell(start, directory.path, initial.settings, nonce);
  pty.pause();
  // The coordinator goes on with it once it runs.
  new BuildLog(join(directory.path, 'build.log'), Date.now).append(start.beginning.log);
  const coordinator = coordinatorOf(start, directory.path, initial, pty);
  const session = sessionOf(start, { directory: directory.path, initial, nonce, pty, coordinator });
  // What the guard would print knows the size.
  terminal.onResize(() => guard.protectTerminal(terminal.termios, leaveTerminal(terminal.size())));
  const signals = new SessionSignals(session, pty);
  let place: SessionPlace | undefined;
  try {
    place = await openSessionPlace(directory, context.runtimeDirectory, (request) => session.answer(request));
    for (const path of place.directory.extra) guard.addDirectory(path);
    await cleanStaleSessions(data.state, Date.now());
    await raw;
    const ended = session.run();
    startBeside(pty, coordinator);
    pty.resume();
    return signals.exitOf(await ended);
  } finally {
    signals.dispose();
    coordinator.post({ kind: 'Exited' });
    await coordinator.ended(coordinatorGraceMs);
    pty.dispose();
    if (place !== undefined) await closeSessionPlace(place);
  }
}

type Initial = ReturnType<typeof initialOf>;

function coordinatorOf({ data, guard, beginning }: Start, directory: string, initial: Initial, pty: Pty): CoordinatorThread {
  const { freshness } = beginning;
  const { answer: _, ...builder } = data;
  return new CoordinatorThread(coordinatorFile, { builder, directory, initial, freshness, watch, privateFds: [pty.fd], guardFd: guard.fd });
}

interface Parts {
  readonly directory: string;
  readonly initial: Initial;
  readonly nonce: string;
  readonly pty: Pty;
  readonly coordinator: CoordinatorThread;
}

function sessionOf({ data, beginning, terminal, context }: Start, { initial, ...parts }: Parts): ShellSession {
  const { outcome, freshness } = beginning;
  return new ShellSession({
    ...parts,
    terminal,
    root: data.root,
    settings: initial.settings,
    failure: outcome.kind === 'failed' || outcome.kind === 'blocked' ? { kind: outcome.kind, problems: outcome.problems } : undefined,
    freshness,
    terminalName: context.env['TERM'],
    palette: context.env['NO_COLOR'] ? 'plain' : 'colour',
    outer: context.env['DEVSHELL_SESSION'] === undefined ? 'terminal' : 'devshell',
  });
}

/** Not before the shell has come up: the thread would take the processor from it, and the first prompt is what is waited for. */
function startBeside(pty: Pty, coordinator: CoordinatorThread): void {
  const timer = setTimeout(() => coordinator.start(), silentShellMs);
  pty.onData(() => {
    clearTimeout(timer);
    coordinator.start();
  });
  pty.onExit(() => clearTimeout(timer));
}

function startShell({ data, terminal, context }: Start, directory: string, settings: Settings, nonce: string): Pty {
  const { columns, rows } = terminal.size();
  return Pty.spawn({
    file: 'bash',
    args: shellArguments(),
    cwd: context.cwd,
    env: shellVariables({ base: data.base, root: data.root, directory, keybind: settings.keybind, nonce }),
    columns,
    rows: firstReserve(settings.statusLine, columns, rows, context.env['TERM']) === 'bottom' ? rows - 1 : rows,
    termios: terminal.termios,
  });
}

/** Where the first build failed the shell starts without its environment, and mending the file brings it. */
function initialOf(outcome: BuildOutcome, { overrides }: BuilderData) {
  switch (outcome.kind) {
    case 'built':
      return outcome;
    case 'failed':
    case 'blocked':
      return { environment: emptyEnvironment, settings: { ...defaultSettings, ...overrides }, observations: outcome.observations };
    case 'cancelled':
      throw new DevshellError('build', { message: 'cancelled' });
  }
}
