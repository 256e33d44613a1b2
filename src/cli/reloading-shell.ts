// Brings a session up and takes it down again, in reverse order, whatever ends it.

import { randomBytes } from 'node:crypto';
import type { BuildOutcome } from '../model/builder.ts';
import { emptyEnvironment } from '../model/environment.ts';
import { DevshellError, problemText } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { defaultSettings } from '../model/settings.ts';
import { ControlSocket } from '../session/control-socket.ts';
import type { SessionDirectory } from '../session/session-directory.ts';
import { cleanStaleSessions, createSessionDirectory, removeSessionDirectory } from '../session/session-directory.ts';
import { firstReserve } from '../session/display.ts';
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
import type { BuilderData } from './project-environment.ts';
import { firstBuild } from './project-environment.ts';
import { SessionSignals } from './session-signals.ts';
import { shellArguments, shellVariables, writeFirstEnvironment } from './shell-start.ts';

/** Quiet after the last event before inputs are read; longest wait while events keep coming; pause between sweeps: ms. */
const watch = { settleMs: 25, maxWaitMs: 500, sweepMs: 1500 };
/** How long the coordinator may take to end its builds before it is ended itself, ms. */
const coordinatorGraceMs = 5000;

export async function reloadingShell(data: BuilderData, state: string, parsed: Parsed, context: Context, signal: AbortSignal): Promise<PtyExit> {
  const guard = Guard.start(guardScript, 1);
  try {
    const outcome = await firstBuild(data, parsed, context, guard, signal);
    signal.throwIfAborted();
    if (outcome.kind === 'failed') for (const problem of outcome.problems) context.warn(`devshell: ${problemText(problem)}`);
    const terminal = await UserTerminal.open(process.stdin, process.stdout);
    await cleanStaleSessions(state, Date.now());
    const directory = await createSessionDirectory(state, data.root, context.runtimeDirectory, Date.now);
    for (const path of [directory.path, ...directory.extra]) guard.addDirectory(path);
    try {
      return await runSession({ data, outcome, directory, terminal, guard, parsed, context });
    } finally {
      await terminal.restore();
      terminal.close();
      await removeSessionDirectory(directory);
    }
  } finally {
    await guard.end();
  }
}

interface Start {
  readonly data: BuilderData;
  readonly outcome: BuildOutcome;
  readonly directory: SessionDirectory;
  readonly terminal: UserTerminal;
  readonly guard: Guard;
  readonly parsed: Parsed;
  readonly context: Context;
}

async function runSession({ data, outcome, directory, terminal, guard, context }: Start): Promise<PtyExit> {
  const initial = initialOf(outcome, data);
  const nonce = randomBytes(12).toString('hex');
  await writeFirstEnvironment(directory.path, initial.environment);
  guard.protectTerminal(terminal.termios, leaveTerminal(terminal.size()));
  await terminal.enterRaw(new AbortController().signal);
  const terminalName = context.env['TERM'];
  const pty = startShell(data, directory, initial.settings, nonce, terminal, context);
  const coordinator = new CoordinatorThread(coordinatorFile, {
    builder: data,
    directory: directory.path,
    initial,
    watch,
    privateFds: [pty.fd],
    guardFd: guard.fd,
  });
  const failure = outcome.kind === 'failed' || outcome.kind === 'blocked' ? { kind: outcome.kind, problems: outcome.problems } : undefined;
  const session = new ShellSession({
    terminal,
    pty,
    coordinator,
    directory: directory.path,
    root: data.root,
    nonce,
    settings: initial.settings,
    failure,
    terminalName,
    palette: context.env['NO_COLOR'] ? 'plain' : 'colour',
  });
  // What the guard would print knows the size.
  terminal.onResize(() => guard.protectTerminal(terminal.termios, leaveTerminal(terminal.size())));
  const control = await ControlSocket.listen(directory.record.socket, session.answer);
  const signals = new SessionSignals(session, pty);
  try {
    return signals.exitOf(await session.run());
  } finally {
    signals.dispose();
    await control.close();
    coordinator.post({ kind: 'Exited' });
    await coordinator.ended(coordinatorGraceMs);
    pty.dispose();
  }
}

function startShell(data: BuilderData, directory: SessionDirectory, settings: Settings, nonce: string, terminal: UserTerminal, context: Context): Pty {
  const { columns, rows } = terminal.size();
  return Pty.spawn({
    file: 'bash',
    args: shellArguments(),
    cwd: context.cwd,
    env: shellVariables({ base: data.base, root: data.root, directory: directory.path, keybind: settings.keybind, nonce }),
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
