// `devshell`: the reloading shell.

import { basename } from 'node:path';
import { detectionLine } from '../../config/project.ts';
import { resolve } from '../../model/environment.ts';
import type { PtyExit } from '../../terminal/pty.ts';
import { BuildLog } from '../../reload/build-log.ts';
import type { Command, ExitStatus } from '../command.ts';
import type { Context } from '../context.ts';
import { dismiss, readLaunch } from '../launch.ts';
import { obtainLeave } from '../leave.ts';
import type { Parsed } from '../options.ts';
import type { BuilderData } from '../project-environment.ts';
import { builderData, built, firstBuild, loggedBuild, projectOf } from '../project-environment.ts';
import { reloadingShell } from '../reloading-shell.ts';
import { shellArguments, shellVariables, writeStart } from '../shell-start.ts';
import { cleanStaleSessions, createSessionDirectory, readLivingRecord, removeSessionDirectory } from '../../session/session-directory.ts';
import { runInForeground } from './run-command.ts';

export const shellCommand: Command = async (parsed, context, signal) => {
  const project = await projectOf(parsed, context, signal);
  if (await isNested(project.root, parsed, context)) return 0;
  const answer = await obtainLeave(project, context, signal);
  const data = await builderData(project, parsed, context, answer);
  const say = (line: string | undefined): void => {
    if (line !== undefined && !parsed.flags.has('quiet')) context.warn(`devshell: ${line}\n`);
  };
  say(detectionLine(project));
  say(shellLine(context));
  const launch = readLaunch(context);
  if (launch === undefined && !(context.terminal.stdin && context.terminal.stdout)) {
    const { environment } = built(await firstBuild(data, parsed, context, signal));
    return runInForeground('bash', ['--norc'], { ...resolve(environment, data.base), DEVSHELL_ROOT: project.root }, context);
  }
  if (parsed.flags.has('no-reload')) {
    dismiss(launch);
    return fixedShell(data, parsed, context, signal);
  }
  return exitCodeOf(await reloadingShell({ data, parsed, context, launch }, signal));
};

/** The shell in the environment as it is now, on the terminal itself: no PTY, no watching. */
async function fixedShell(data: BuilderData, parsed: Parsed, context: Context, signal: AbortSignal): Promise<ExitStatus> {
  const { outcome, log } = await loggedBuild(data, parsed, context, signal);
  const { environment, settings } = built(outcome);
  await cleanStaleSessions(data.state, Date.now());
  const directory = await createSessionDirectory(data.state, data.root, context.runtimeDirectory, Date.now);
  try {
    writeStart(directory.path, environment);
    new BuildLog(directory.path, Date.now).append(log);
    const variables = shellVariables({ base: data.base, root: data.root, directory: directory.path, keybind: settings.keybind, nonce: '' });
    return await runInForeground('bash', shellArguments(), variables, context);
  } finally {
    await removeSessionDirectory(directory);
  }
}

async function isNested(root: string, parsed: Parsed, context: Context): Promise<boolean> {
  const session = context.env['DEVSHELL_SESSION'];
  if (session === undefined || parsed.flags.has('nested')) return false;
  const record = await readLivingRecord(session);
  if (record?.root !== root) return false;
  context.warn(`devshell: this shell is already a devshell of ${root}; devshell --nested starts another inside it\n`);
  return true;
}

function shellLine({ env }: Context): string | undefined {
  const name = basename(env['SHELL'] || 'bash');
  return name === 'bash' ? undefined : `${name} is not supported by this version yet: starting bash`;
}

function exitCodeOf({ exitCode, signal }: PtyExit): number {
  return signal === undefined || signal === 0 ? exitCode : 128 + signal;
}
