// `[load] exec`: any command that prints an environment as JSON, dotenv lines or shell code.

import type { ExecCommand } from '../../config/configuration.ts';
import { isVariableName } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import type { Origin } from '../../model/provenance.ts';
import { isInside, shownPath } from '../../config/project-path.ts';
import { filesNamedBy } from '../code-files.ts';
import { maskedText } from '../../model/secret.ts';
import { parseDotenv } from '../dotenv.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { admitAll, nameProblems } from '../layer.ts';
import { parseShellOutput, shellErrors } from '../shell-output.ts';
import type { ExecutionResult } from '../subprocess-executor.ts';
import { sayingLast } from '../tool-output.ts';
import { failureSaid, observeAfter, observeBefore } from '../tool-inputs.ts';

type Exited = Extract<ExecutionResult, { kind: 'exited' }>;

const maxOutputBytes = 8 * 1024 * 1024;

export const execLayer: Layer = async (context, signal) => {
  for (const command of context.configuration.load.exec) {
    const problems = await runCommand(context, command, signal);
    if (problems.length > 0 || context.gate.refused.length > 0) return problems;
  }
  return [];
};

async function runCommand(context: LayerContext, command: ExecCommand, signal: AbortSignal): Promise<readonly Problem[]> {
  const { root, draft, executor, log } = context;
  if (!(await admit(command, context, signal))) return [];
  log(`$ ${maskedText(command.run)}\n`);
  const execution = { cwd: root, env: draft.resolved(), log, timeoutMs: command.timeoutMs, maxBytes: maxOutputBytes };
  const result = await (command.format === 'shell' ? executor.runCode(command.run, execution, signal) : executor.runLine(command.run, execution, signal));
  signal.throwIfAborted();
  await observeAfter(command, context, signal);
  if (command.inputs.length === 0) context.once(`nobody says when \`${command.run}\` would print something else: it has no inputs`);
  const shown = ({ file, ...problem }: Problem): Problem => (file === undefined ? problem : { ...problem, file: shownPath(root, file) });
  return adoptResult(result, command, draft).map(shown);
}

/** Observes what the command goes by, and asks for what of it belongs to the project: that may all be code. */
async function admit(command: ExecCommand, context: LayerContext, signal: AbortSignal): Promise<boolean> {
  const { root, configuration, reader, gate } = context;
  // Whatever it names may be code; as an input, without being asked for, only what certainly is.
  const named = (await filesNamedBy(command, root)).filter(({ isScript }) => isScript || gate.approved !== 'all');
  const paths = named.map(({ path }) => path);
  for (const path of paths) await reader.observe({ kind: 'file', path }, signal);
  for (const pattern of command.inputs) paths.push(...(await reader.observePattern(root, pattern, configuration.watch.ignore, signal)));
  paths.push(...(await observeBefore(command, context, signal)));
  return admitAll(context, [...new Set(paths)].filter((path) => isInside(root, path)));
}

function adoptResult(result: ExecutionResult, command: ExecCommand, draft: LayerContext['draft']): readonly Problem[] {
  const isCode = result.kind === 'exited' && command.format === 'shell' && result.stdout.length > 0;
  if (isCode) return adoptShell(result, command, draft);
  const failure = failureOf(result, command);
  if (failure !== undefined) return [failure];
  const stdout = new TextDecoder('utf-8').decode(result.kind === 'exited' ? result.stdout : new Uint8Array());
  return command.format === 'json' ? adoptJson(stdout, command, draft) : adoptDotenv(stdout, command, draft);
}

function failureOf(result: ExecutionResult, command: ExecCommand): Problem | undefined {
  const here = { text: command.run, ...command.at };
  switch (result.kind) {
    case 'exited':
      return result.exitCode === 0 ? undefined : exitedBadly(result, command);
    case 'killed':
      return { message: `exec was ended by ${result.signal}${sayingLast(result.stderr)}`, detail: result.stderr, ...here };
    case 'timed-out':
      return { message: `exec took more than ${command.timeoutMs / 1000} s`, hint: 'give it more with timeout', detail: result.stderr, ...here };
    case 'too-much-output':
      return { message: `exec printed more than ${maxOutputBytes / 1024 / 1024} MiB`, hint: 'it must print an environment on standard output, nothing else', ...here };
    case 'not-started':
      return { message: `exec could not be started: ${result.reason}`, ...here };
    case 'cancelled':
      return { message: 'exec was cancelled', ...here };
  }
}

/** It stands where the tool says that the mistake is; else at the command. */
function exitedBadly({ exitCode, stderr }: Exited, command: ExecCommand): Problem {
  const { message, at, ...more } = failureSaid(command, stderr);
  const place = at ?? { text: command.run, ...command.at };
  return { message: `exec exited with ${exitCode}${message === '' ? '' : `: ${message}`}`, ...more, detail: stderr, ...place };
}

function adoptJson(text: string, command: ExecCommand, draft: LayerContext['draft']): Problem[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return [{ message: `exec printed no JSON: ${(error as Error).message}`, text: command.run, detail: text.slice(0, 4096), ...command.at }];
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ message: 'exec printed JSON that is no object of names and values', text: command.run, ...command.at }];
  return Object.entries(value).flatMap(([name, entry]) => adopt(name, entry, command, draft));
}

function adopt(name: string, entry: unknown, command: ExecCommand, draft: LayerContext['draft']): Problem[] {
  const place = { text: command.run, ...command.at };
  if (!isVariableName(name)) return [{ message: `exec printed the name ${JSON.stringify(name)}, which no shell can export`, ...place }];
  if (name.startsWith('DEVSHELL_')) return nameProblems(name, place);
  if (entry === null || entry === false) draft.unset(name, originOf(command));
  else if (typeof entry === 'string' || typeof entry === 'number') draft.set(name, String(entry), originOf(command));
  else return [{ message: `exec printed ${name} as ${typeof entry}; a string, null or false is wanted`, ...place }];
  return [];
}

function adoptDotenv(text: string, command: ExecCommand, draft: LayerContext['draft']): Problem[] {
  const { entries, problems } = parseDotenv(`output of ${command.run}`, text, (name) => draft.get(name));
  const reserved = entries.flatMap(({ name }) => nameProblems(name, { text: command.run, ...command.at }));
  for (const { name, value } of entries) draft.set(name, value, originOf(command));
  return [...problems, ...reserved];
}

/** The command itself has done its part here: what can still be wrong is the code that it printed. */
function adoptShell({ stdout, stderr }: Exited, command: ExecCommand, draft: LayerContext['draft']): Problem[] {
  const output = parseShellOutput(stdout);
  const file = `output of ${command.run}`;
  const hint = 'run the command by itself to see what it prints; it must be code for bash';
  const errors = shellErrors(stderr).map(({ line, message }) => ({ message, file, line, hint, detail: stderr }));
  if (errors.length > 0) return errors;
  if (output.kind === 'unfinished') return [{ message: 'exec printed shell code that ends its shell', text: command.run, hint, detail: stderr, ...command.at }];
  const place = { text: command.run, ...command.at };
  for (const [name, value] of output.set) draft.set(name, value, originOf(command));
  for (const name of output.unset) draft.unset(name, originOf(command));
  return [...output.set.keys(), ...output.unset].flatMap((name) => nameProblems(name, place));
}

function originOf({ run, at }: ExecCommand): Origin {
  return { layer: 'exec', file: at.file, line: at.line, command: run };
}
