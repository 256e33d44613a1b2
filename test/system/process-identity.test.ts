import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isRunning, livenessOf, processStart, self } from '../../src/system/process-identity.ts';

it('a process is there while it runs, and gone with its end', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  const start = processStart(pid);
  expect([start !== undefined, isRunning(pid, start)]).toEqual([true, true]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isRunning(pid, start)).toBe(false);
});

it('a pid that another process has now is not the one that was written down', () => {
  expect([livenessOf(self()), livenessOf({ ...self(), start: '1' })]).toEqual(['alive', 'gone']);
});

it('of another machine nothing can be told', () => {
  expect(livenessOf({ ...self(), where: 'elsewhere' })).toBe('elsewhere');
});
