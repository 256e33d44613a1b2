// Taking turns: one at a time, told how it ended, and nobody waits for the dead.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BuildLock } from '../../src/build/cache/build-lock.ts';
import { waitUntil } from '../support/processes.ts';
import { bundle } from '../watch/bundle.ts';

const never = new AbortController().signal;
let base: string;
let directory: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'lock-'));
  directory = join(base, 'turns');
  mkdirSync(directory);
});
afterEach(() => rmSync(base, { recursive: true }));

function hold() {
  const taken = new BuildLock(directory).take();
  if (taken.kind !== 'held') throw new Error(taken.kind);
  return taken.turn;
}

const failure = { kind: 'failed', problems: [{ message: 'no' }], observations: [] } as const;

describe('a turn', () => {
  it('is one at a time, and the next begins when it ends', () => {
    const first = hold();
    expect(new BuildLock(directory).take()).toEqual({ kind: 'busy', number: 1 });
    first.end({ kind: 'stored' });
    const second = hold();
    expect(new BuildLock(directory).take()).toEqual({ kind: 'busy', number: 2 });
    second.end({ kind: 'stored' });
  });

  it('tells everybody who waits how it ended, at once', async () => {
    const turn = hold();
    const waiting = Array.from({ length: 9 }, () => new BuildLock(directory).ended(1, never));
    await sleep(30);
    turn.end(failure);
    const startedMs = performance.now();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => failure));
    expect(performance.now() - startedMs).toBeLessThan(150);
  });

  it('can still be asked how it ended when others have come after it', async () => {
    const turn = hold();
    turn.end(failure);
    for (let more = 0; more < 2; more++) hold().end({ kind: 'cancelled' });
    expect(await new BuildLock(directory).ended(1, never)).toEqual(failure);
    for (let more = 0; more < 9; more++) hold().end({ kind: 'cancelled' });
    expect(readdirSync(directory)).toHaveLength(4);
    expect(await new BuildLock(directory).ended(1, never)).toEqual({ kind: 'abandoned' });
  });

  it('is no longer waited for as soon as that is cancelled', async () => {
    const turn = hold();
    const abort = new AbortController();
    const waiting = new BuildLock(directory).ended(1, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    turn.end({ kind: 'cancelled' });
  });

  it.each([
    ['has another start time', { pid: process.pid, start: '1' }],
    ['is gone', { pid: 2 ** 22 + 1, start: undefined }],
  ])('of a process that %s is nobody’s', async (_what, by) => {
    const turn = hold();
    const { where } = (JSON.parse(readFileSync(join(directory, '1'), 'utf8')) as { by: { where: string } }).by;
    turn.end({ kind: 'stored' });
    writeFileSync(join(directory, '2'), JSON.stringify({ state: 'held', by: { ...by, where } }), { mode: 0o600 });
    expect(await new BuildLock(directory).ended(2, never)).toEqual({ kind: 'abandoned' });
    hold().end({ kind: 'stored' });
  });

  it('of a process that is silent for long, stopped say, is taken over', () => {
    const stopped = hold();
    utimesSync(join(directory, '1'), 1000, 1000);
    const next = hold();
    stopped.end({ kind: 'stored' });
    expect(new BuildLock(directory).take()).toEqual({ kind: 'busy', number: 2 });
    next.end({ kind: 'stored' });
  });

  it('of a process in another container, which cannot be seen, is held while it gives signs of life, whatever its clock', () => {
    const path = join(directory, '1');
    writeFileSync(path, JSON.stringify({ state: 'held', by: { pid: 2 ** 22 + 1, start: '1', where: 'somewhere boot pid:[1] ' } }), { mode: 0o600 });
    expect(new BuildLock(directory).take()).toEqual({ kind: 'busy', number: 1 });
    const aheadS = Date.now() / 1000 + 3600;
    utimesSync(path, aheadS, aheadS);
    expect(new BuildLock(directory).busy).toBe(false);
    hold().end({ kind: 'stored' });
  });

  it('cannot be had where nothing can be written', () => {
    expect(new BuildLock(join(base, 'absent')).take()).toMatchObject({ kind: 'unavailable' });
  });

  it('is never held by two, and never lost, however many are killed outright', { timeout: 60_000 }, async () => {
    const program = join(base, 'lock-process.mjs');
    await bundle('../cache/lock-process.ts', program);
    const [current, log] = [join(base, 'current'), join(base, 'log')];
    for (const file of [current, log]) writeFileSync(file, '');
    const start = () => spawn(process.execPath, [program, directory, current, log], { stdio: ['ignore', 'ignore', 'inherit'] });
    const turns = (): string[] => readFileSync(log, 'utf8').split('\n').filter(Boolean);
    const processes = Array.from({ length: 6 }, start);
    try {
      await waitUntil(() => turns().length > 20, { what: 'turns to be taken' });
      for (let kills = 0; kills < 24; kills++) {
        processes.splice(kills % processes.length, 1, start())[0]?.kill('SIGKILL');
        await sleep(Math.random() * 40);
      }
      const before = turns().length;
      await waitUntil(() => turns().length > before + 50, { what: () => `turns to go on; the last: ${turns().slice(-3).join(', ')}` });
    } finally {
      for (const child of processes) child.kill('SIGKILL');
    }
    expect(turns().filter((turn) => turn !== 'done')).toEqual([]);
    await waitUntil(() => new BuildLock(directory).take().kind === 'held', { what: 'a turn after the last was killed', deadlineMs: 20_000 });
  });
});
