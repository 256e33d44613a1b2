// What runs on this machine, as /proc tells it, so that a test can prove that nothing is left behind.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** One letter as in `ps`: R, S, D, T, Z ... */
  readonly state: string;
  /** Ticks since boot; pid and this together name one process for ever. */
  readonly startTime: string;
  readonly commandLine: string;
}

/** Every process that can be seen, zombies included. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(processInfo));
  return found.filter((info) => info !== undefined);
}

/** One process, or undefined when it is gone. */
export async function processInfo(pid: number): Promise<ProcessInfo | undefined> {
  const stat = await readProc(pid, 'stat');
  if (stat === undefined) return undefined;
  // The name in parentheses may hold spaces and parentheses itself: count from the last one.
  const [state, parent, group, session, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const commandLine = (await readProc(pid, 'cmdline'))?.replaceAll('\0', ' ').trim();
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    state: state ?? '?',
    startTime: rest[15] ?? '',
    commandLine: commandLine === undefined || commandLine === '' ? `[${name}]` : commandLine,
  };
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return undefined; // It ended meanwhile, or it is not ours to read.
  }
}

/**
 * Living processes that carry `token` in the environment they were started with, and every descendant of theirs, whatever
 * environment that has. Zombies do not count: they wait for their parent, they do not run.
 */
export async function processesWith(token: string): Promise<ProcessInfo[]> {
  const all = (await listProcesses()).filter(({ state, pid }) => state !== 'Z' && pid !== process.pid);
  const carries = await Promise.all(all.map(async ({ pid }) => (await readProc(pid, 'environ'))?.includes(token) === true));
  const found = new Set(all.filter((_, index) => carries[index]).map(({ pid }) => pid));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

/** Living processes of the session led by `leader`. */
export async function processesInSession(leader: number): Promise<ProcessInfo[]> {
  return (await listProcesses()).filter(({ session, state }) => session === leader && state !== 'Z');
}

/** Waits until no process carries `token`; fails with the list of those that do. */
export async function waitForNoProcess(token: string, { deadlineMs = 30_000 } = {}): Promise<void> {
  let left: ProcessInfo[] = [];
  await waitUntil(async () => (left = await processesWith(token)).length === 0, {
    deadlineMs,
    what: () => `no process of the session to be left, but these run:\n${left.map(described).join('\n')}`,
  });
}

/** Kills whatever carries `token`, and returns once it is gone. */
export async function killProcesses(token: string): Promise<void> {
  await waitUntil(
    async () => {
      const left = await processesWith(token);
      for (const { pid } of left) kill(pid, 'SIGKILL');
      return left.length === 0;
    },
    { what: 'killed processes to be gone' },
  );
}

/** True when the signal could be sent. */
export function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function described({ pid, parent, state, commandLine }: ProcessInfo): string {
  return `  ${pid} (parent ${parent}, ${state}) ${commandLine}`;
}

export interface WaitOptions {
  readonly deadlineMs?: number;
  /** What is waited for; goes into the error. */
  readonly what: string | (() => string);
  readonly everyMs?: number;
}

/**
 * Asks `condition` again and again and returns its first answer that is not false, null or undefined.
 * For what announces itself by no event; an error thrown by the condition ends the wait.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 30_000, what, everyMs = 20 }: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) return answer as Exclude<T, false | null | undefined>;
    if (performance.now() > end) {
      throw new Error(`waited ${deadlineMs} ms in vain for ${typeof what === 'string' ? what : what()}`);
    }
    await sleep(everyMs);
  }
}
