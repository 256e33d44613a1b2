// The entry: arguments in, exit code out. The only place that ends the process and the only one that reports errors.

import { constants } from 'node:os';
import type { Command, ExitStatus } from './command.ts';
import type { Context } from './context.ts';
import { readContext } from './context.ts';
import { parseArguments } from './arguments.ts';
import type { Parsed } from './options.ts';
import { DevshellError, problemText } from '../model/problem.ts';
import { version } from './version.ts';

/** Each command is loaded when it is asked for: what the others need would cost every start. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  devshell: async () => (await import('./commands/shell-command.ts')).shellCommand,
  run: async () => (await import('./commands/run-command.ts')).runCommand,
  init: async () => (await import('./commands/project-commands.ts')).initCommand,
  allow: async () => (await import('./commands/project-commands.ts')).allowCommand,
  deny: async () => (await import('./commands/project-commands.ts')).denyCommand,
  status: async () => (await import('./commands/session-commands.ts')).statusCommand,
  reload: async () => (await import('./commands/session-commands.ts')).reloadCommand,
  pause: async () => (await import('./commands/session-commands.ts')).pauseCommand,
  resume: async () => (await import('./commands/session-commands.ts')).resumeCommand,
  inputs: async () => (await import('./commands/session-commands.ts')).inputsCommand,
  log: async () => (await import('./commands/log-command.ts')).logCommand,
  clean: async () => (await import('./commands/clean-command.ts')).cleanCommand,
  why: async () => (await import('./commands/why-command.ts')).whyCommand,
  diff: async () => (await import('./commands/diff-command.ts')).diffCommand,
  doctor: async () => (await import('./commands/doctor-command.ts')).doctorCommand,
  env: async () => (await import('./commands/env-command.ts')).envCommand,
};

async function main(given: readonly string[], context: Context): Promise<ExitStatus> {
  const parsed = parseArguments(given);
  if (parsed.asked === 'version') return say(context, `devshell ${version()}\n`);
  if (parsed.asked === 'help') return say(context, (await import('./help.ts')).helpText(parsed.spec));
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // What was ignored before node reset it (nohup) stays without effect.
    if (context.ignoredSignals.includes(name)) process.on(name, () => undefined);
    else process.once(name, (signal) => ((endedBy = signal), interrupt()));
  }
  try {
    return await (await commandFor(parsed))(parsed, context, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted && endedBy !== undefined) return endedBy === 'SIGINT' ? endedBy : 128 + constants.signals[endedBy];
    throw error;
  }
}

let endedBy: NodeJS.Signals | undefined;

function commandFor({ spec, words }: Parsed): Promise<Command> {
  const name = spec.name === 'devshell' && words.length > 0 ? 'run' : spec.name;
  const load = commands[name];
  if (load === undefined) throw new Error(`the command ${name} is in the table but is not there`);
  return load();
}

function say(context: Context, text: string): number {
  context.write(text);
  return 0;
}

function report(error: unknown, context: Context): number {
  if (error instanceof DevshellError) {
    for (const problem of error.problems) context.warn(`devshell: ${problemText(problem)}`);
    return error.code === 'usage' ? 2 : 125;
  }
  context.warn(`devshell: a fault in devshell itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 125;
}

function leave(status: ExitStatus): void {
  process.exitCode = status === 'SIGINT' ? 128 + constants.signals.SIGINT : status;
  if (status !== 'SIGINT') return;
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

/** Made when there is something to say: what node needs for it takes 2 ms to load. */
function write(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', stopWriting);
  process.stdout.write(text);
}

function stopWriting(error: NodeJS.ErrnoException): void {
  // The reader of a pipe has enough (`devshell log | head`).
  if (error.code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
  throw error;
}

const context = readContext(write);
main(process.argv.slice(2), context).then(
  (code) => leave(code),
  (error: unknown) => (process.exitCode = report(error, context)),
);
