import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { livenessOf, processStart, seenFrom, self } from '../../src/system/process-identity.ts';

it('a process is there while it runs, and gone with its end', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  const identity = { pid, start: processStart(pid), where: self().where };
  expect([identity.start !== undefined, livenessOf(identity)]).toEqual([true, 'alive']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(livenessOf(identity)).toBe('gone');
});

it('a pid that another process has now is not the one that was written down', () => {
  expect([livenessOf(self()), livenessOf({ ...self(), start: '1' })]).toEqual(['alive', 'gone']);
});

it('of another machine nothing can be told', () => {
  expect(livenessOf({ ...self(), where: 'elsewhere' })).toBe('elsewhere');
});

it.each([
  ['the same words', 'host boot pid:[1] id', 'here'],
  ['a container of this machine that has its processes in common', 'name-of-a-container boot pid:[1] ', 'here'],
  ['another container of this machine', 'host boot pid:[2] id', 'elsewhere'],
  ['this machine before it was started anew, in whatever container', 'host before pid:[2] id', 'before'],
  ['another machine', 'other boot2 pid:[1] id2', 'elsewhere'],
  ['another machine of that name', 'host boot2 pid:[1] id2', 'elsewhere'],
  ['another node of a cluster, started from the same image', 'node2 boot2 pid:[1] id', 'elsewhere'],
  ['a machine that has no identifier', 'host boot2 pid:[1] ', 'elsewhere'],
  ['a system that tells nothing but its name', 'host   ', 'elsewhere'],
  ['a record of an earlier version', 'host boot pid:[1]', 'here'],
])('seen from here, %s', (_what, there, seen) => {
  expect(seenFrom('host boot pid:[1] id', there)).toBe(seen);
});

it('where only the name is to be had, it decides', () => {
  expect([seenFrom('mac   ', 'mac   '), seenFrom('mac   ', 'other   '), seenFrom('mac   ', 'mac boot pid:[1] ')]).toEqual(['here', 'elsewhere', 'elsewhere']);
});
