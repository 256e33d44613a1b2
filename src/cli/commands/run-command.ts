// Command mode: one command in the environment, with the terminal, the pipes and the signals that devshell was given.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { DevshellError } from '../../model/problem.ts';
import { resolve } from '../../model/environment.ts';
import type { Command, ExitStatus } from '../command.ts';
import type { Context } from '../context.ts';
import { obtainLeave } from '../leave.ts';
import { builderData, built, firstBuild, projectOf } from '../project-environment.ts';

export const runCommand: Command = async (parsed, context, signal) => {
  const project = await projectOf(parsed, context, signal);
  const answer = await obtainLeave(project, context, signal);
  const data = await builderData(project, parsed, context, answer);
  const { environment } = built(await firstBuild(data, parsed, context, signal));
  const [command = '', ...args] = parsed.words;
  const text = args.length === 0 ? command : `${command} "$@"`;
  const env = { ...resolve(environment, data.base), DEVSHELL_ROOT: project.root };
  // Where standard input is a socket, bash would take itself for a remote shell and read .bashrc.
  return runInForeground('bash', ['--norc', '-c', text, 'devshell', ...args], env, context);
};

/** Signals that would end devshell are the command's to answer: Ctrl-C reaches it from the terminal, the others are passed on. */
const passedOn: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'];
const heardByBoth: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/** Runs in devshell's own process group, so that job control and the terminal work as without devshell. */
export async function runInForeground(file: string, args: readonly string[], env: Record<string, string>, context: Context): Promise<ExitStatus> {
  const child = spawnAsGiven(file, args, env, context);
  const pass = (name: NodeJS.Signals): void => void child.kill(name);
  const ignore = (): void => undefined;
  for (const name of passedOn) process.on(name, pass);
  for (const name of heardByBoth) process.on(name, ignore);
  try {
    return await new Promise<ExitStatus>((settle, reject) => {
      child.once('error', (cause) => reject(new DevshellError('shell', { message: `cannot start ${file}: ${cause.message}` }, { cause })));
      child.once('exit', (code, name) => settle(statusOf(code, name)));
    });
  } finally {
    for (const name of passedOn) process.off(name, pass);
    for (const name of heardByBoth) process.off(name, ignore);
  }
}

function statusOf(code: number | null, name: NodeJS.Signals | null): ExitStatus {
  if (name === 'SIGINT') return name;
  return code ?? 128 + (name === null ? 0 : constants.signals[name]);
}

/** With the descriptors and the ignored signals that devshell was given: node would let neither through. */
function spawnAsGiven(file: string, args: readonly string[], env: Record<string, string>, given: Context): ChildProcess {
  const { cwd, descriptors, ignoredSignals, closed } = given;
  const stdio: (number | 'ignore')[] = [0, 1, 2];
  for (const fd of descriptors) {
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = fd;
  }
  if (ignoredSignals.length + closed.length === 0) return spawn(file, args, { cwd, env, stdio });
  const ignore = ignoredSignals.map((name) => `trap '' ${constants.signals[name]};`);
  const close = closed.map((fd) => `exec ${fd}>&-;`);
  return spawn('bash', ['-p', '-c', `${[...ignore, ...close].join(' ')} exec -- "$@"`, 'bash', file, ...args], { cwd, env, stdio });
}
