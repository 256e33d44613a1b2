// The reloading shell: its environment, then its process, and beside that whatever else a session needs. The last to be loaded is
// what a shell can start without: it comes up meanwhile.

import { randomBytes } from 'node:crypto';
import type { BuildOutcome } from '../model/builder.ts';
import { emptyEnvironment } from '../model/environment.ts';
import { DevshellError, problemText } from '../model/problem.ts';
import { defaultSettings } from '../model/settings.ts';
import { createSessionDirectory, removeSessionDirectory } from '../session/session-directory.ts';
import { firstProgramRows } from '../session/reserve.ts';
import type { PtyExit } from '../terminal/pty.ts';
import { Pty } from '../terminal/pty.ts';
import { knownSize } from '../terminal/room.ts';
import { readSettings } from '../terminal/stty.ts';
import type { Context } from './context.ts';
import type { Launch, LaunchTerminal } from './launch.ts';
import type { Parsed } from './options.ts';
import type { BuilderData } from './project-environment.ts';
import { begin } from './project-environment.ts';
import type { Initial, SessionStart } from './reloading-session.ts';
import { shellArguments, shellVariables, writeStart } from './shell-start.ts';

export interface ShellOptions {
  readonly data: BuilderData;
  readonly parsed: Parsed;
  readonly context: Context;
  /** What the launcher has begun with. */
  readonly launch: Launch | undefined;
}

export async function reloadingShell(options: ShellOptions, signal: AbortSignal): Promise<PtyExit> {
  const { data, parsed, context, launch } = options;
  const terminal = launch?.terminal ?? (await lookAtTerminal());
  const beginning = await begin(data, parsed, context, signal);
  signal.throwIfAborted();
  const { outcome } = beginning;
  if (outcome.kind === 'failed') for (const problem of outcome.problems) context.warn(`devshell: ${problemText(problem)}`);
  const initial = initialOf(outcome, data);
  const directory = await createSessionDirectory(data.state, data.root, context.runtimeDirectory, Date.now);
  try {
    writeStart(directory.path, initial.environment);
    const nonce = randomBytes(12).toString('hex');
    const start: Omit<SessionStart, 'pty'> = { data, context, beginning, initial, directory, nonce, launch: { terminal, guard: launch?.guard } };
    return await sessionAround(start, startShell(start));
  } finally {
    await removeSessionDirectory(directory);
  }
}

/** Whatever becomes of the session, its shell does not outlive it. */
async function sessionAround(start: Omit<SessionStart, 'pty'>, pty: Pty): Promise<PtyExit> {
  try {
    pty.pause();
    const { runSession } = await import('./reloading-session.ts');
    return await runSession({ ...start, pty });
  } finally {
    pty.dispose();
  }
}

/** Where the launcher has not done so. */
async function lookAtTerminal(): Promise<LaunchTerminal> {
  const termios = await readSettings(0);
  return { termios, ...knownSize(process.stdout.columns, process.stdout.rows) };
}

function startShell({ data, context, initial: { settings }, directory, nonce, launch }: Omit<SessionStart, 'pty'>): Pty {
  const { termios, columns, rows } = launch.terminal;
  return Pty.spawn({
    file: 'bash',
    args: shellArguments(),
    cwd: context.cwd,
    env: shellVariables({ base: data.base, root: data.root, directory: directory.path, keybind: settings.keybind, nonce }),
    columns,
    rows: firstProgramRows(settings.statusLine, columns, rows, context.env['TERM']),
    termios,
  });
}

/** Where the first build failed the shell starts without its environment, and mending the file brings it. */
function initialOf(outcome: BuildOutcome, { overrides }: BuilderData): Initial {
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
