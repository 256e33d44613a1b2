// One evaluation of an .envrc: a bash of its own, listened to while it runs.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bashQuote } from '../../script/quote.ts';
import { Tail } from '../tail.ts';
import type { ExecutionResult, SubprocessExecutor } from '../subprocess-executor.ts';
import { BashNoise } from './bash-noise.ts';
import { parseDeclared } from './declared.ts';
import type { Definitions } from './definitions.ts';
import { noDefinitions, readDefinitions } from './definitions.ts';
import { RecordReader } from './records.ts';
import { EvaluationTrace } from './trace.ts';

export interface EvaluationOptions {
  /** Absolute. */
  readonly file: string;
  readonly directory: string;
  readonly env: Record<string, string>;
  /** Where shell/envrc lies. */
  readonly home: string;
  /** Where the user's own libraries lie: directories with a slash behind them, and files. */
  readonly libraries: readonly string[];
  readonly bash: string | undefined;
  readonly strict: boolean;
  readonly logFormat: string | undefined;
  /** The files whose code may run; undefined: all. */
  readonly approved: readonly string[] | undefined;
  /** What the trace was switched off by the last time is switched on again. */
  readonly guarded: boolean;
  readonly executor: SubprocessExecutor;
  readonly log: (text: string) => void;
  /** After how long it is said that it takes its time; 0: never. */
  readonly warnAfterMs: number;
}

export type InputKind = 'file' | 'tree' | 'names' | 'sourced' | 'tested' | 'run' | 'refused' | 'required' | 'tool';

export interface Evaluation {
  readonly result: ExecutionResult;
  /** The end of standard error. */
  readonly stderr: string;
  readonly trace: EvaluationTrace;
  /** The status with which the environment was left; undefined: it never was. */
  readonly left: number | undefined;
  /** The file with a syntax error, where there is one. */
  readonly unread: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly definitions: Definitions;
}

/** The longest that a timer can wait: an evaluation has no time limit, and can be cancelled at any time. */
const foreverMs = 2 ** 31 - 1;
const maxStderr = 64 * 1024;

/** @param input told of each file (`ran`: of the command of a known tool) while the evaluation runs, so that later changes are seen. */
export function evaluate(options: EvaluationOptions, input: (kind: InputKind, path: string) => void, signal: AbortSignal): Promise<Evaluation> {
  return options.executor.withScratch((scratch) => run(options, scratch, input, signal));
}

async function run(options: EvaluationOptions, scratch: string, input: (kind: InputKind, path: string) => void, signal: AbortSignal): Promise<Evaluation> {
  const { directory, executor, home } = options;
  const stderr = new Tail(maxStderr);
  const noise = new BashNoise();
  const log = (text: string): void => {
    if (text === '') return;
    stderr.add(text);
    options.log(text);
  };
  const trace = new EvaluationTrace([`${home}/`, `${scratch}/`], options.file, options.libraries, {
    sourced: (path) => input('sourced', path),
    tested: (path) => input('tested', path),
    run: (path) => input('run', path),
    tool: (command) => input('tool', command),
    shown: (text) => log(`${text}\n`),
  });
  let left: number | undefined;
  let unread: string | undefined;
  let definitions = noDefinitions;
  let exports = false;
  const records = new RecordReader((record) => {
    if (record.kind === 'command') trace.add(record);
    else if (record.kind === 'bare') trace.addBare(record.text);
    else if (record.word === 'retraced') trace.mend();
    else if (record.word === 'left') left = Number(record.text);
    else if (record.word === 'exports') exports = true;
    else if (record.word === 'unread') unread = record.text;
    else if (isInput(record.word)) input(record.word, record.text);
  });
  const patience = warnLater(options, trace);
  const args = [join(home, 'run.bash'), lineOf(options, scratch)];
  const execution = { command: 'bash', args, cwd: directory, env: options.env, timeoutMs: foreverMs, maxBytes: 0, log: (text: string) => log(noise.pass(text)), sink: (chunk: Uint8Array) => records.add(chunk) };
  const result = await executor.run(execution, signal).finally(() => clearTimeout(patience));
  log(noise.rest());
  records.flush();
  const variables = left === undefined ? {} : parseDeclared(readFileSync(join(scratch, 'environment'), 'utf8'));
  if (exports) definitions = readDefinitions(scratch);
  return { result, stderr: stderr.text, trace, left, unread, variables, definitions };
}

function isInput(word: string): word is InputKind {
  return ['file', 'tree', 'names', 'tested', 'refused', 'required'].includes(word);
}

function warnLater({ warnAfterMs, log }: EvaluationOptions, trace: EvaluationTrace): NodeJS.Timeout | undefined {
  if (warnAfterMs <= 0) return undefined;
  const say = (): void => {
    const at = trace.last === undefined ? '' : ` at ${trace.last.path}:${trace.last.line}`;
    log(`envrc: still evaluating after ${warnAfterMs / 1000} s${at}\n`);
  };
  return setTimeout(say, warnAfterMs);
}

/** What bash runs: the parameters as plain variables, which no child inherits, and then our file. */
function lineOf({ file, home, bash, strict, logFormat, approved, guarded }: EvaluationOptions, scratch: string): string {
  const words = [strict ? 'strict' : '', guarded ? 'guarded' : '', /(?:^|\/)\.env$/.test(file) ? 'dotenv' : ''].filter((word) => word !== '');
  const parameters = [
    `__envrc_file=${bashQuote(file)} __envrc_scratch=${bashQuote(scratch)} __envrc_home=${bashQuote(home)} __envrc_options=${bashQuote(words.join(' '))}`,
    ...(logFormat === undefined ? [] : [`__envrc_format=${bashQuote(logFormat)}`]),
    ...(approved === undefined ? [] : [`. ${bashQuote(writeApproved(approved, scratch))}`]),
    `. ${bashQuote(`${home}/main.bash`)}`,
  ].join('\n');
  return bash === undefined ? parameters : `exec ${bashQuote(bash)} -c ${bashQuote(parameters)}`;
}

/** In a file: one argument may have 128 KiB at most. */
function writeApproved(paths: readonly string[], scratch: string): string {
  const file = join(scratch, 'approved.bash');
  const lines = ['export DEVSHELL_ENVRC_GATED=1', '__envrc_gated=1', 'declare -A __envrc_approved=(', ...paths.map((path) => `[${bashQuote(path)}]=1`), ')'];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
