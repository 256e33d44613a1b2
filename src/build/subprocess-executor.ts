// Runs a command of the project in a process group of its own, so that all of it can be ended.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { bashQuote } from '../script/quote.ts';
import { Tail } from './tail.ts';

export interface Execution {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly timeoutMs: number;
  /** Bytes of standard output that are kept; what exceeds them ends the command. */
  readonly maxBytes: number;
  /** Takes standard output as it comes, in place of keeping it: then it may be of any length. */
  readonly sink?: (chunk: Uint8Array) => void;
  readonly log: (text: string) => void;
}

export type ExecutionResult =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly stdout: Uint8Array; readonly stderr: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly stderr: string }
  | { readonly kind: 'timed-out'; readonly stderr: string }
  | { readonly kind: 'too-much-output' }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** What this process holds that no child may inherit, and who is told of process groups and directories so that none outlives a `kill -9`. */
export interface ExecutorHost {
  /** Descriptors such as the PTY master: a child that held it would keep the shell from being hung up. */
  readonly privateFds: readonly number[];
  /** Where shell/exec.bash lies; shell/exec-code.bash lies beside it. */
  readonly execScript: string;
  readonly groupStarted: (pgid: number) => void;
  readonly groupEnded: (pgid: number) => void;
  readonly directoryMade?: (path: string) => void;
  readonly directoryRemoved?: (path: string) => void;
}

/** Between TERM and KILL, milliseconds. */
const graceMs = 2000;
/** How long output is still read after the command itself has exited, milliseconds. */
const pipeGraceMs = 500;
/** Where shell/exec.bash writes the exit status of its line. */
const statusFd = 3;
const maxStderr = 256 * 1024;

export class SubprocessExecutor {
  readonly #host: ExecutorHost;

  constructor(host: ExecutorHost) {
    this.#host = host;
  }

  /** Where the shell files of the package lie. */
  get shellDirectory(): string {
    return dirname(this.#host.execScript);
  }

  /** Runs a line of bash, for which standard output and error are pipes and not node's sockets. */
  runLine(line: string, execution: Omit<Execution, 'command' | 'args'>, signal: AbortSignal): Promise<ExecutionResult> {
    return this.run({ ...execution, command: 'bash', args: [this.#host.execScript, line] }, signal);
  }

  /** Runs a line of bash that prints shell code, and that code; the output is what `parseShellOutput` reads, or none where the line fails. */
  async runCode(line: string, execution: Omit<Execution, 'command' | 'args'>, signal: AbortSignal): Promise<ExecutionResult> {
    const startedAtMs = performance.now();
    // Not in a `$(...)` of bash: that would wait for whatever holds the pipe, and keep output of any length.
    const printed = await this.runLine(line, execution, signal);
    if (printed.kind !== 'exited') return printed;
    if (printed.exitCode !== 0) return { ...printed, stdout: new Uint8Array() };
    const timeoutMs = Math.max(1, execution.timeoutMs - (performance.now() - startedAtMs));
    return this.withScratch((directory) => {
      const code = join(directory, 'code');
      writeFileSync(code, printed.stdout, { mode: 0o600 });
      return this.runLine(`exec bash ${bashQuote(this.script('exec-code.bash'))} ${bashQuote(code)}`, { ...execution, timeoutMs }, signal);
    });
  }

  /** The absolute path of a file in shell/. */
  script(name: string): string {
    return join(dirname(this.#host.execScript), name);
  }

  /** Gives `work` a private directory, which is gone when it is done. Its files are few and small: a turn through the thread pool for each would cost more than they do. */
  async withScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
    const directory = join(tmpdir(), `devshell-${randomBytes(6).toString('base64url').slice(0, 6)}`);
    // Told of first: there is no moment at which a `kill -9` would leave it.
    this.#host.directoryMade?.(directory);
    try {
      mkdirSync(directory, { mode: 0o700 });
      return await work(directory).finally(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
    } finally {
      this.#host.directoryRemoved?.(directory);
    }
  }

  /** Resolves when the command has ended and nothing of its group is left. */
  async run(execution: Execution, signal: AbortSignal): Promise<ExecutionResult> {
    if (signal.aborted) return { kind: 'cancelled' };
    const nullFd = openSync('/dev/null', 'r+');
    try {
      return await this.#spawn(execution, nullFd, signal);
    } finally {
      closeSync(nullFd);
    }
  }

  #spawn(execution: Execution, nullFd: number, signal: AbortSignal): Promise<ExecutionResult> {
    const { command, args, cwd, env } = execution;
    const child = spawn(command, args, { cwd, env, detached: true, stdio: standardIo(this.#host.privateFds, nullFd) });
    const pgid = child.pid;
    if (pgid !== undefined) this.#host.groupStarted(pgid);
    const out = new Collector(execution.maxBytes);
    const [err, decoder] = [new Tail(maxStderr), new StringDecoder('utf8')];
    let cause: 'cancelled' | 'timed-out' | 'too-much-output' | undefined;
    const end = (why: NonNullable<typeof cause>): void => {
      if (cause !== undefined || pgid === undefined) return;
      cause = why;
      killGroup(pgid, 'SIGTERM');
      setTimeout(() => killGroup(pgid, 'SIGKILL'), graceMs).unref();
    };
    const cancel = (): void => end('cancelled');
    const timer = setTimeout(() => end('timed-out'), execution.timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    child.stdout?.on('data', (chunk: Buffer) => {
      if (execution.sink !== undefined) execution.sink(chunk);
      else if (!out.add(chunk)) end('too-much-output');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      err.add(text);
      execution.log(text);
    });
    let status: number | undefined;
    child.stdio[statusFd]?.on('data', (text: Buffer) => {
      status = Number(text.toString());
      // What it left behind in the group may hold the pipes open.
      setTimeout(() => pgid !== undefined && killGroup(pgid, 'SIGKILL'), pipeGraceMs).unref();
    });
    child.once('exit', () => {
      if (pgid !== undefined) killGroup(pgid, 'SIGKILL');
      // A process that left the group (a daemon) may hold the pipes open for ever; what the command wrote is read by then.
      const release = (): void => child.stdio.forEach((stream) => stream?.destroy());
      child.once('close', clearTimeout.bind(undefined, setTimeout(release, pipeGraceMs)));
    });
    return new Promise<ExecutionResult>((resolve) => {
      child.once('error', (error) => resolve({ kind: 'not-started', reason: error.message }));
      child.once('close', (exitCode, killedBy) => resolve(resultOf(cause, ...endOf(status, exitCode, killedBy), out, err)));
    }).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      if (pgid !== undefined) this.#host.groupEnded(pgid);
    });
  }
}

/** A shell tells of a signal by a status above 128. */
function endOf(status: number | undefined, exitCode: number | null, killedBy: string | null): [number | null, string | null] {
  if (status === undefined) return [exitCode, killedBy];
  const name = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
  return name === undefined ? [status, null] : [null, name];
}

function resultOf(
  cause: 'cancelled' | 'timed-out' | 'too-much-output' | undefined,
  exitCode: number | null,
  killedBy: string | null,
  out: Collector,
  err: Tail,
): ExecutionResult {
  if (cause === 'timed-out') return { kind: cause, stderr: err.text };
  if (cause !== undefined) return { kind: cause };
  if (exitCode === null) return { kind: 'killed', signal: killedBy ?? 'SIGKILL', stderr: err.text };
  return { kind: 'exited', exitCode, stdout: out.bytes(), stderr: err.text };
}

/** node-pty's master carries no close-on-exec: a numbered /dev/null in its place is what keeps it out ('ignore' does not). */
function standardIo(privateFds: readonly number[], nullFd: number): ('pipe' | 'ignore' | number)[] {
  const stdio: ('pipe' | 'ignore' | number)[] = ['ignore', 'pipe', 'pipe', 'pipe'];
  for (const fd of privateFds) {
    while (stdio.length <= fd) stdio.push('ignore');
    stdio[fd] = nullFd;
  }
  return stdio;
}

/** The group may be gone already, which is what was wanted. */
function killGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

class Collector {
  readonly #chunks: Buffer[] = [];
  readonly #maxBytes: number;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False when the chunk no longer fits; it is then left out. */
  add(chunk: Buffer): boolean {
    if (this.#length + chunk.length > this.#maxBytes) return false;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    return true;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }
}
