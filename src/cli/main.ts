// The entry: arguments in, exit code out. The only place that ends the process and the only one that reports errors.

import { constants } from 'node:os';
import { DevshellError } from '../model/problem.ts';
import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { readContext } from './context.ts';
import { allowCommand, denyCommand, initCommand } from './commands/project-commands.ts';
import { envCommand } from './commands/env-command.ts';
import { logCommand } from './commands/log-command.ts';
import { runCommand } from './commands/run-command.ts';
import { inputsCommand, pauseCommand, reloadCommand, resumeCommand, statusCommand } from './commands/session-commands.ts';
import { shellCommand } from './commands/shell-command.ts';
import { helpText } from './help.ts';
import type { Parsed } from './options.ts';
import { parseArguments } from './options.ts';
import { problemText } from '../reload/build-log.ts';
import { version } from './version.ts';

const commands: Readonly<Record<string, Command>> = {
  run: runCommand,
  init: initCommand,
  allow: allowCommand,
  deny: denyCommand,
  status: statusCommand,
  reload: reloadCommand,
  pause: pauseCommand,
  resume: resumeCommand,
  log: logCommand,
  inputs: inputsCommand,
  env: envCommand,
};

async function main(given: readonly string[], context: Context): Promise<number> {
  const parsed = parseArguments(given);
  if (parsed.asked === 'version') return say(context, `devshell ${version()}\n`);
  if (parsed.asked === 'help') return say(context, helpText(parsed.spec));
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // What was ignored before node reset it (nohup) stays without effect.
    if (context.ignoredSignals.includes(name)) process.on(name, () => undefined);
    else process.once(name, (signal) => ((endedBy = signal), interrupt()));
  }
  try {
    return await commandFor(parsed)(parsed, context, interrupted.signal);
  } catch (error) {
    if (interrupted.signal.aborted && endedBy !== undefined) return 128 + constants.signals[endedBy];
    throw error;
  }
}

let endedBy: NodeJS.Signals | undefined;

function commandFor({ spec, words }: Parsed): Command {
  if (spec.name === 'devshell') return words.length === 0 ? shellCommand : runCommand;
  return commands[spec.name] ?? shellCommand;
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

/** Ended by Ctrl-C is not the same as having ended with 130: a shell's loop goes on after the latter. */
function leave(code: number): void {
  process.exitCode = code;
  if (endedBy !== 'SIGINT' || code !== 128 + constants.signals.SIGINT) return;
  process.removeAllListeners('SIGINT');
  process.kill(process.pid, 'SIGINT');
}

const context = readContext();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has enough (`devshell log | head`).
  if (error.code === 'EPIPE') process.exit(128 + constants.signals.SIGPIPE);
  throw error;
});
main(process.argv.slice(2), context).then(
  (code) => leave(code),
  (error: unknown) => (process.exitCode = report(error, context)),
);
