import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Execution } from '../../src/build/subprocess-executor.ts';
import { SubprocessExecutor } from '../../src/build/subprocess-executor.ts';
import { processesInSession, waitUntil } from '../support/processes.ts';

const never = new AbortController().signal;
let directory: string;
let groups: { started: number[]; ended: number[] };
let executor: SubprocessExecutor;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'executor-'));
  groups = { started: [], ended: [] };
  executor = new SubprocessExecutor({ privateFds: [], execScript: resolvePath('shell/exec.bash'), groupStarted: (pgid) => groups.started.push(pgid), groupEnded: (pgid) => groups.ended.push(pgid) });
});

afterEach(() => rmSync(directory, { recursive: true }));

function execution(script: string, more: Partial<Execution> = {}): Execution {
  const env = { PATH: process.env['PATH'] ?? '' };
  return { command: 'bash', args: ['-c', script], cwd: directory, env, timeoutMs: 30_000, maxBytes: 1 << 20, log: () => undefined, ...more };
}

const run = (script: string, more: Partial<Execution> = {}, signal = never) => executor.run(execution(script, more), signal);
const file = (name: string) => join(directory, name);
const written = (name: string) => waitUntil(() => readText(name), { what: `${name} to be written` });

function readText(name: string): string | undefined {
  try {
    return readFileSync(file(name), 'utf8') || undefined;
  } catch {
    return undefined;
  }
}

/** Two generations of processes, one of which ignores TERM, in the group of the command. */
const family = `trap '' TERM; (trap '' TERM; sleep 1000) & echo $$ > pid.new; mv pid.new pid; sleep 1000; wait`;

describe('the executor', () => {
  it('gives what a command printed and how it ended', async () => {
    const result = await run('echo out; echo err >&2; exit 3');
    expect(result).toMatchObject({ kind: 'exited', exitCode: 3, stderr: 'err\n' });
    expect(result.kind === 'exited' && Buffer.from(result.stdout).toString()).toBe('out\n');
  });

  it('shows errors as they are printed', async () => {
    const seen: string[] = [];
    await run('echo one >&2', { log: (text) => seen.push(text) });
    expect(seen.join('')).toBe('one\n');
  });

  it('gives it nothing to read', async () => {
    expect(await run('read -r line && exit 1; exit 0')).toMatchObject({ kind: 'exited', exitCode: 0 });
  });

  it('says which signal ended it', async () => {
    expect(await run('kill -SEGV $$')).toMatchObject({ kind: 'killed', signal: 'SIGSEGV' });
  });

  it('says why it could not be started', async () => {
    expect(await run('', { command: '/nowhere/at-all' })).toMatchObject({ kind: 'not-started' });
  });

  it('ends the whole group when it is cancelled, also what ignores TERM, and only then answers', async () => {
    const abort = new AbortController();
    const running = run(family, {}, abort.signal);
    const pid = Number(await written('pid'));
    expect(await processesInSession(pid)).not.toHaveLength(0);
    abort.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
    expect(await processesInSession(pid)).toHaveLength(0);
  });

  it('ends the whole group when its time is over', async () => {
    const running = run(family, { timeoutMs: 300 });
    const pid = Number(await written('pid'));
    expect(await running).toMatchObject({ kind: 'timed-out' });
    expect(await processesInSession(pid)).toHaveLength(0);
  });

  it('ends a command that prints without end', async () => {
    expect(await run('exec yes')).toEqual({ kind: 'too-much-output' });
  });

  it('leaves nothing behind that a command started in its background', async () => {
    await run('sleep 1000 & echo $$ > pid');
    expect(await processesInSession(Number(await written('pid')))).toHaveLength(0);
  });

  it('does not wait for a daemon that has left the group and holds the pipes open', async () => {
    expect(await run(`setsid bash -c 'echo $$ > daemon; sleep 1000' & until [ -s daemon ]; do :; done; echo done`)).toMatchObject({ exitCode: 0 });
    process.kill(Number(await written('daemon')), 'SIGKILL');
  });

  it('runs a line with pipes that can be opened by name, and passes its status', async () => {
    const limits = execution('');
    const result = await executor.runLine('echo a >/dev/stdout; echo b >/dev/stderr; exit 5', limits, never);
    expect(result).toMatchObject({ kind: 'exited', exitCode: 5, stderr: 'b\n' });
    expect(result.kind === 'exited' && Buffer.from(result.stdout).toString()).toBe('a\n');
    expect(await executor.runLine('kill -KILL $$', limits, never)).toMatchObject({ kind: 'killed', signal: 'SIGKILL' });
    expect(await executor.runLine('setsid sleep 1000 & echo $! > daemon', limits, never)).toMatchObject({ kind: 'exited', exitCode: 0 });
    process.kill(Number(await written('daemon')), 'SIGKILL');
  });

  it('does nothing at all when it is cancelled before', async () => {
    expect(await run('touch ran', {}, AbortSignal.abort())).toEqual({ kind: 'cancelled' });
    expect(groups.started).toEqual([]);
  });

  it('tells of each group while it runs', async () => {
    await run('true');
    await run('exit 1');
    expect(groups.ended).toEqual(groups.started);
    expect(groups.started).toHaveLength(2);
  });
});
