// Makes a Python virtual environment. A mark in it says that it is not whole yet, so that one whose making was cancelled or killed is made anew.

import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../model/problem.ts';
import { Heartbeat, Silence, silentMs } from '../system/heartbeat.ts';
import type { ProcessIdentity } from '../system/process-identity.ts';
import { livenessOf, self } from '../system/process-identity.ts';
import type { LayerContext } from './layer.ts';
import type { ExecutionResult } from './subprocess-executor.ts';
import { errorOutput, lastLine } from './tool-output.ts';

const incompleteName = '.devshell-incomplete';
const timeoutMs = 600_000;
const pollMs = 100;

export type VenvState = 'whole' | 'absent' | 'incomplete' | 'something-else';

export async function venvState(directory: string): Promise<VenvState> {
  const names = await readdir(directory).catch((error: unknown): string[] | undefined => ((error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : undefined));
  if (names === undefined) return 'something-else';
  if (names.includes(incompleteName)) return 'incomplete';
  if (names.includes('pyvenv.cfg')) return 'whole';
  return names.length === 0 ? 'absent' : 'something-else';
}

/**
 * Returns when it is whole, made here or by another devshell meanwhile.
 * @param shown the directory as the configuration has it.
 * @param python a command, or a path from the root.
 */
export async function createVenv(context: LayerContext, directory: string, shown: string, python: string, signal: AbortSignal): Promise<Problem | undefined> {
  if (!(await takeMark(directory, signal))) return undefined;
  const heartbeat = new Heartbeat(join(directory, incompleteName));
  try {
    return await makeVenv(context, directory, shown, python, signal);
  } finally {
    heartbeat.stop();
  }
}

async function makeVenv(context: LayerContext, directory: string, shown: string, python: string, signal: AbortSignal): Promise<Problem | undefined> {
  context.log(`making the virtual environment ${shown} with ${python}\n`);
  const { PYTHONHOME: _home, VIRTUAL_ENV: _venv, ...env } = context.draft.resolved();
  const limits = { cwd: context.root, env, timeoutMs, maxBytes: 1 << 20, log: context.log };
  const interpreter = python.includes('/') ? resolve(context.root, python) : python;
  // What takes long, pip, is put in afterwards: so pyvenv.cfg, which is an input, has its last form before anybody has seen it change.
  const bare = await context.executor.run({ ...limits, command: interpreter, args: ['-m', 'venv', '--without-pip', directory] }, signal);
  if (!succeeded(bare)) return failure(bare, shown, `is ${python} a Python 3? venv = { directory = "${shown}", create = true, python = "..." } names another`);
  await context.reader.read(join(directory, 'pyvenv.cfg'));
  const pip = await context.executor.run({ ...limits, command: join(directory, 'bin/python'), args: ['-m', 'ensurepip', '--upgrade', '--default-pip'] }, signal);
  if (!succeeded(pip)) return failure(pip, shown, 'where Python comes without ensurepip, it is a package of its own; on Debian and Ubuntu: apt install python3-venv');
  await rm(join(directory, incompleteName));
  return undefined;
}

/** Whether it is ours to make: the mark stands, and nothing else. Waits for another process that is at it. */
async function takeMark(directory: string, signal: AbortSignal): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const silence = new Silence(performance.now());
  for (;;) {
    signal.throwIfAborted();
    const state = await venvState(directory);
    if (state === 'whole') return false;
    if (state !== 'incomplete' && (await writeMark(directory))) return true;
    const maker = await makerOf(directory);
    const mark = await stat(join(directory, incompleteName)).catch(() => undefined);
    if (maker !== undefined && isAtIt(maker, silence.ms(mark?.mtimeMs, performance.now()))) await sleep(pollMs, undefined, { signal });
    else if (await takeOver(directory, maker)) return true;
  }
}

function isAtIt(maker: ProcessIdentity, silenceMs: number): boolean {
  switch (livenessOf(maker)) {
    case 'alive':
      return true;
    case 'gone':
      return false;
    case 'elsewhere':
      return silenceMs < silentMs;
  }
}

async function writeMark(directory: string): Promise<boolean> {
  try {
    const handle = await open(join(directory, incompleteName), 'wx', 0o600);
    await handle.writeFile(identityLines(self()));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Builds of one process follow one another: its own mark is left over from one that was cancelled. */
async function makerOf(directory: string): Promise<ProcessIdentity | undefined> {
  const maker = identityIn(await readFile(join(directory, incompleteName), 'utf8').catch(() => ''));
  return maker?.pid === process.pid ? undefined : maker;
}

/** The pid, its start and where it counts, on a line each. */
function identityLines({ pid, start = '', where }: ProcessIdentity): string {
  return `${pid}\n${start}\n${where}\n`;
}

/** A mark that has only the pid is of this machine. */
function identityIn(text: string): ProcessIdentity | undefined {
  const [first = '', start = '', where = ''] = text.split('\n');
  if (!/^[1-9]\d*$/.test(first)) return undefined;
  return { pid: Number(first), start: start === '' ? undefined : start, where: where === '' ? self().where : where };
}

/** Only one of several can move the mark away; what a dead maker left goes. */
async function takeOver(directory: string, dead: ProcessIdentity | undefined): Promise<boolean> {
  const mark = join(directory, incompleteName);
  const own = `${mark}.${process.pid}`;
  await rename(mark, own).catch(() => undefined);
  const moved = identityIn(await readFile(own, 'utf8').catch(() => ''));
  if (moved !== undefined && moved.pid !== process.pid && moved.pid !== dead?.pid) {
    await rename(own, mark);
    return false;
  }
  await writeMark(directory);
  for (const name of await readdir(directory)) if (name !== incompleteName) await rm(join(directory, name), { recursive: true, force: true });
  return true;
}

function succeeded(result: ExecutionResult): boolean {
  return result.kind === 'exited' && result.exitCode === 0;
}

function failure(result: ExecutionResult, shown: string, hint: string): Problem {
  const detail = errorOutput(result);
  return { message: `the virtual environment ${shown} could not be made: ${reasonOf(result)}`, hint, detail };
}

function reasonOf(result: ExecutionResult): string {
  switch (result.kind) {
    case 'not-started':
      return result.reason;
    case 'timed-out':
      return `it took more than ${timeoutMs / 1000} s`;
    case 'too-much-output':
      return 'Python printed more than 1 MiB';
    case 'killed':
      return `Python was ended by ${result.signal}`;
    case 'exited':
      return lastLine(result.stderr) || `Python exited with ${result.exitCode}`;
    case 'cancelled':
      return 'it was cancelled';
  }
}
