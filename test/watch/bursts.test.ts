import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inputPath } from '../../src/model/input.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { checkoutBranch, commitToBranch, saveInTwoChunks } from '../support/editors.ts';
import { patience, Recorder } from './recorder.ts';

const of = (content: string): string => fingerprintBytes(Buffer.from(content));

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});
afterEach(() => recorder.dispose());

/** So long a settle time that a busy machine cannot stretch a short pause beyond it. */
const slowMs = 200;

/** For tests of what happens within the settle time. */
const slowly = async (): Promise<void> => {
  await recorder.dispose();
  recorder = new Recorder({ settleMs: slowMs, maxWaitMs: 5_000 });
};

/** At most one report per longest wait, one for the start and one for the end. */
const fewIn = (tookMs: number): number => 2 + Math.ceil(tookMs / 500);

test('two edits 5 ms apart are one change, with the later content', async () => {
  await slowly();
  await recorder.write('a', '1');
  await recorder.watch(recorder.file('a'));
  writeFileSync(recorder.at('a'), '2');
  await pause(5);
  writeFileSync(recorder.at('a'), '3');
  await recorder.converged(recorder.file('a'));
  await recorder.quiet();
  expect(recorder.changes.map((change) => change.fingerprint)).toEqual([of('3')]);
});

test('500 edits in a burst are few reports, the last of them right', async () => {
  await recorder.write('a', '0');
  await recorder.watch(recorder.file('a'));
  const startedMs = performance.now();
  for (let index = 1; index <= 500; index++) {
    writeFileSync(recorder.at('a'), String(index));
    if (index % 50 === 0) await pause(1);
  }
  await recorder.quiet();
  expect(recorder.last(recorder.file('a'))).toBe(of('500'));
  expect(recorder.calls.length).toBeLessThanOrEqual(fewIn(performance.now() - startedMs));
});

test('a file that never rests is reported all the same', async () => {
  await recorder.write('log', '');
  await recorder.watch(recorder.file('log'));
  const timer = setInterval(() => appendFileSync(recorder.at('log'), 'line\n'), 5);
  try {
    await expect.poll(() => recorder.calls.length, patience).toBeGreaterThanOrEqual(2);
  } finally {
    clearInterval(timer);
  }
});

test('a save in two chunks with less than the settle time in between is seen whole', async () => {
  await slowly();
  await recorder.write('a', 'before');
  await recorder.watch(recorder.file('a'));
  for (let round = 0; round < 4; round++) {
    await saveInTwoChunks(recorder.at('a'), `content of round ${round}`, 20);
    await recorder.converged(recorder.file('a'));
  }
  expect(recorder.changes.map((change) => change.fingerprint)).toEqual(
    Array.from({ length: 4 }, (_, round) => of(`content of round ${round}`)));
});

test('a save in two chunks far apart ends with the whole', async () => {
  await recorder.write('a', 'before');
  await recorder.watch(recorder.file('a'));
  await saveInTwoChunks(recorder.at('a'), 'first and second', 120);
  await recorder.converged(recorder.file('a'));
  expect(recorder.last(recorder.file('a'))).toBe(of('first and second'));
});

test('a file that is gone or empty for a while in the middle of a save is not reported so', async () => {
  await slowly();
  await recorder.write('a', '1');
  await recorder.write('b', '1');
  await recorder.watch(recorder.file('a'), recorder.file('b'));
  rmSync(recorder.at('a'));
  writeFileSync(recorder.at('b'), '');
  await pause(slowMs * 1.5);
  writeFileSync(recorder.at('a'), '2');
  writeFileSync(recorder.at('b'), '2');
  await recorder.converged(recorder.file('a'));
  await recorder.quiet();
  expect(recorder.told).toEqual([['a', 'b']]);
});

test('a deletion and an emptied file are reported, together with what else changed', async () => {
  await recorder.write('a', '1');
  await recorder.write('b', '1');
  await recorder.write('c', '1');
  await recorder.watch(recorder.file('a'), recorder.file('b'), recorder.file('c'));
  const before = performance.now();
  rmSync(recorder.at('a'));
  writeFileSync(recorder.at('b'), '');
  writeFileSync(recorder.at('c'), '2');
  await expect.poll(() => recorder.told, patience).toEqual([['a', 'b', 'c']]);
  // 100 ms on a machine at rest; this one is not.
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(recorder.last(recorder.file('a'))).toBe('missing');
  expect(recorder.last(recorder.file('b'))).toBe(of(''));
});

test('a checkout of a branch that changes 2,000 files converges in few reports', async () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `dir${index % 40}/file${index}`);
  await Promise.all(Array.from({ length: 40 }, (_, index) => mkdir(recorder.at(`repo/dir${index}`), { recursive: true })));
  await Promise.all(names.map((name) => writeFile(recorder.at(`repo/${name}`), 'one')));
  await commitToBranch(recorder.at('repo'), 'one');
  await Promise.all(names.map((name, index) => (index % 7 === 0 ? rm(recorder.at(`repo/${name}`)) : writeFile(recorder.at(`repo/${name}`), 'two'))));
  await commitToBranch(recorder.at('repo'), 'two');
  await recorder.watch(...names.map((name) => recorder.file(`repo/${name}`)));
  const startedMs = performance.now();
  await checkoutBranch(recorder.at('repo'), 'one');
  const last = () => new Map(recorder.changes.map((change) => [inputPath(change.input), change.fingerprint]));
  await expect.poll(() => [...last().values()].filter((fingerprint) => fingerprint === of('one')).length, patience).toBe(2_000);
  expect(recorder.calls.length).toBeLessThanOrEqual(fewIn(performance.now() - startedMs));
});
