// The session around a shell that has just been started: brought up while the shell comes up, and taken down again in reverse
// order, whatever ends it.

import type { Settings } from '../model/settings.ts';
import { BuildLog } from '../reload/build-log.ts';
import type { SessionDirectory } from '../session/session-directory.ts';
import { cleanStaleSessions } from '../session/session-directory.ts';
import { firstProgramRows } from '../session/reserve.ts';
import { ShellSession } from '../session/shell-session.ts';
import { Guard } from '../terminal/guard.ts';
import type { Pty, PtyExit } from '../terminal/pty.ts';
import { leaveTerminal } from '../terminal/screen.ts';
import { understandsSequences } from '../terminal/room.ts';
import { UserTerminal } from '../terminal/terminal.ts';
import type { Context } from './context.ts';
import type { CoordinatorData } from './coordinator-data.ts';
import { CoordinatorThread } from './coordinator-thread.ts';
import type { LaunchGuard, LaunchTerminal } from './launch.ts';
import { coordinatorFile, guardScript } from './package-files.ts';
import type { Beginning, BuilderData } from './project-environment.ts';
import type { SessionPlace } from './session-place.ts';
import { closeSessionPlace, openSessionPlace } from './session-place.ts';
import { SessionSignals } from './session-signals.ts';

/** Quiet after the last event before inputs are read; longest wait while events keep coming; pause between sweeps: ms. */
const watch = { settleMs: 25, maxWaitMs: 500, sweepMs: 1500 };
/** How long what can wait waits for a shell that writes nothing, ms. */
const silentShellMs = 500;
/** How long the coordinator may take to end its builds before it is ended itself, ms. */
const coordinatorGraceMs = 5000;

/** What the shell starts in. */
export type Initial = CoordinatorData['initial'] & { readonly settings: Settings };

export interface SessionStart {
  readonly data: BuilderData;
  readonly context: Context;
  readonly beginning: Beginning;
  readonly initial: Initial;
  readonly directory: SessionDirectory;
  readonly nonce: string;
  readonly launch: { readonly terminal: LaunchTerminal; readonly guard: LaunchGuard | undefined };
  readonly pty: Pty;
}

interface Held extends SessionStart {
  readonly terminal: UserTerminal;
  readonly guard: Guard;
}

/** Output of the shell is held back until the terminal is ready for it. */
export async function runSession(start: SessionStart): Promise<PtyExit> {
  const { directory, launch } = start;
  const guard = launch.guard === undefined ? Guard.start(guardScript, 1) : Guard.adopt(launch.guard.inputFd, launch.guard.outputFd);
  try {
    for (const path of [directory.path, ...directory.extra]) guard.addDirectory(path);
    return await onTerminal({ ...start, guard, terminal: new UserTerminal(process.stdin, process.stdout, launch.terminal.termios) });
  } finally {
    await guard.end();
  }
}

async function onTerminal(held: Held): Promise<PtyExit> {
  const { terminal, guard, context } = held;
  const leave = (): Uint8Array => (understandsSequences(context.env['TERM']) ? leaveTerminal(terminal.size()) : new Uint8Array());
  const protect = (): void => guard.protectTerminal(terminal.termios, leave());
  protect();
  const raw = terminal.enterRaw(new AbortController().signal, guard);
  raw.catch(() => undefined);
  // While devshell is suspended the terminal is somebody else's, and so it is if devshell is killed then.
  terminal.onMode((mode) => (mode === 'raw' ? protect() : guard.releaseTerminal()));
  // What the guard would print knows the size.
  terminal.onResize(() => terminal.mode === 'raw' && protect());
  fitShell(held);
  try {
    return await inPlace(held, raw);
  } finally {
    await terminal.restore();
    terminal.close();
  }
}

async function inPlace(held: Held, raw: Promise<void>): Promise<PtyExit> {
  const { directory, context, data, pty, guard, beginning } = held;
  // The coordinator goes on with it once it runs.
  new BuildLog(directory.path, Date.now).append(beginning.log);
  const coordinator = coordinatorOf(held);
  const session = sessionOf(held, coordinator);
  const signals = new SessionSignals(session, pty);
  let place: SessionPlace | undefined;
  try {
    place = await openSessionPlace(directory, context.runtimeDirectory, (request) => session.answer(request));
    for (const path of place.directory.extra) guard.addDirectory(path);
    await raw;
    const ended = session.run();
    whenUp(pty, () => {
      coordinator.start();
      // What is left of others is no reason to end this one.
      cleanStaleSessions(data.state, Date.now()).catch(() => undefined);
    });
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

function coordinatorOf({ data, guard, beginning, directory, initial, pty }: Held): CoordinatorThread {
  const { freshness, seen } = beginning;
  const { answer: _, ...builder } = data;
  const options: CoordinatorData = { builder, directory: directory.path, initial, freshness, seen, watch, privateFds: [pty.fd], guardFd: guard.fd };
  return new CoordinatorThread(coordinatorFile, options);
}

function sessionOf({ data, beginning, terminal, context, initial, nonce, pty, directory }: Held, coordinator: CoordinatorThread): ShellSession {
  const { outcome, freshness } = beginning;
  return new ShellSession({
    nonce,
    pty,
    coordinator,
    terminal,
    directory: directory.path,
    root: data.root,
    settings: initial.settings,
    failure: outcome.kind === 'failed' || outcome.kind === 'blocked' ? { kind: outcome.kind, problems: outcome.problems } : undefined,
    freshness,
    terminalName: context.env['TERM'],
    palette: context.env['NO_COLOR'] ? 'plain' : 'colour',
    outer: context.env['DEVSHELL_SESSION'] === undefined ? 'terminal' : 'devshell',
  });
}

/** The terminal may have changed its size since the launcher asked for it; the same once more means nothing to the shell. */
function fitShell({ terminal, pty, initial: { settings }, context }: Held): void {
  const { columns, rows } = terminal.size();
  pty.resize(columns, firstProgramRows(settings.statusLine, columns, rows, context.env['TERM']));
}

/** Calls back once the shell has come up: what is done before takes the processor from it, and the first prompt is what is waited for. */
function whenUp(pty: Pty, callback: () => void): void {
  let waiting: (() => void) | undefined = callback;
  const timer = setTimeout(up, silentShellMs);
  function up(): void {
    clearTimeout(timer);
    waiting?.();
    waiting = undefined;
  }
  pty.onData(up);
  pty.onExit(() => clearTimeout(timer));
}
