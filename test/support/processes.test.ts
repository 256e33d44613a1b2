import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { killProcesses, processInfo, processesInSession, processesWith, waitForNoProcess, waitUntil } from './processes.ts';

/** bash that starts a child with an empty environment, and waits for it. */
function startFamily(token: string) {
  return spawn('bash', ['-c', 'env -i sleep 300 & wait'], { env: { PATH: process.env['PATH'], TOKEN: token }, detached: true });
}

describe('processesWith', () => {
  it('finds a process by its environment, and its children whatever theirs is', async () => {
    const token = randomUUID();
    const family = startFamily(token);
    const gone = once(family, 'exit');
    const found = await waitUntil(
      async () => {
        const all = await processesWith(token);
        return all.some(({ commandLine }) => commandLine === 'sleep 300') && all;
      },
      { what: 'bash and sleep' },
    );
    expect(found.map(({ commandLine }) => commandLine.split(' ')[0]).sort()).toEqual(['bash', 'sleep']);
    expect(new Set(found.map(({ session }) => session))).toEqual(new Set([family.pid]));
    expect(await processesInSession(family.pid!)).toHaveLength(2);
    await killProcesses(token);
    await gone;
    await waitForNoProcess(token);
  });

  it('names what is left when a wait for nothing fails', async () => {
    const token = randomUUID();
    const child = spawn('sleep', ['300'], { env: { PATH: process.env['PATH'], TOKEN: token } });
    const gone = once(child, 'exit');
    await waitUntil(async () => (await processesWith(token)).length === 1, { what: 'sleep' });
    await expect(waitForNoProcess(token, { deadlineMs: 100 })).rejects.toThrow(/these run:\n {2}\d+ .* sleep 300/);
    child.kill('SIGKILL');
    await gone;
  });
});

describe('processInfo', () => {
  it('is undefined for a process that is gone', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    expect(await processInfo(child.pid!)).toBeUndefined();
  });

  it('knows its own process', async () => {
    expect(await processInfo(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid });
  });
});

describe('waitUntil', () => {
  it('returns the first answer that says something', async () => {
    let asked = 0;
    expect(await waitUntil(() => (++asked < 3 ? undefined : `after ${asked}`), { what: 'three questions', everyMs: 1 })).toBe('after 3');
  });

  it('takes zero and the empty string for answers', async () => {
    expect(await waitUntil(() => 0, { what: 'nothing' })).toBe(0);
    expect(await waitUntil(() => '', { what: 'nothing' })).toBe('');
  });

  it('says what it waited for', async () => {
    await expect(waitUntil(() => false, { what: 'rain', deadlineMs: 20 })).rejects.toThrow('waited 20 ms in vain for rain');
  });
});
