import { appendFileSync, chmodSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inputPath } from '../../src/model/input.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { checkoutBranch, commitToBranch, editors, saveInTwoChunks, saveWithSed } from '../support/editors.ts';
import { forever, observe, patience, Recorder } from './recorder.ts';

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

describe('what is reported', () => {
  test.each(editors)('a save by $name: once, with what the file holds then', async ({ save }) => {
    await recorder.write('.env', 'A=1\n');
    await recorder.watch(recorder.file('.env'));
    await save(recorder.at('.env'), 'A=2\n');
    await recorder.converged(recorder.file('.env'));
    await recorder.quiet();
    expect(recorder.told).toEqual([['.env']]);
    const [call] = recorder.calls;
    expect(call?.changes[0]?.fingerprint).toBe(of('A=2\n'));
    // From the file's own time to the report: settled, and soon after.
    expect((call?.atMs ?? 0) - (call?.changes[0]?.atMs ?? 0)).toBeLessThan(5_000);
  });

  test('a save by sed -i', async () => {
    await recorder.write('.env', 'A=1\n');
    await recorder.watch(recorder.file('.env'));
    await saveWithSed(recorder.at('.env'), 's/1/2/');
    await recorder.converged(recorder.file('.env'));
    expect(recorder.told).toEqual([['.env']]);
  });

  test.each(editors)('nothing for the same content saved again by $name', async ({ save }) => {
    await recorder.write('.env', 'A=1\n');
    await recorder.watch(recorder.file('.env'));
    await save(recorder.at('.env'), 'A=1\n');
    await recorder.rest();
    expect(recorder.told).toEqual([]);
  });

  test('nothing for a touch, a chmod, and another file in the same directory', async () => {
    await recorder.write('.env', 'A=1\n');
    await recorder.watch(recorder.file('.env'));
    utimesSync(recorder.at('.env'), 1, 1);
    chmodSync(recorder.at('.env'), 0o600);
    await recorder.write('other', 'x');
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
  });

  test('nothing for a change that is undone before it was reported; again when it is undone later', async () => {
    await recorder.write('.env', 'A=1\n');
    await recorder.watch(recorder.file('.env'));
    writeFileSync(recorder.at('.env'), 'A=2\n');
    writeFileSync(recorder.at('.env'), 'A=1\n');
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
    writeFileSync(recorder.at('.env'), 'A=2\n');
    await recorder.converged(recorder.file('.env'));
    writeFileSync(recorder.at('.env'), 'A=1\n');
    await recorder.converged(recorder.file('.env'));
    expect(recorder.told).toEqual([['.env'], ['.env']]);
  });

  test('what already differs from its baseline when watching begins', async () => {
    await recorder.write('a', '1');
    await recorder.write('b', '1');
    const observations = await observe([recorder.file('a'), recorder.file('b'), recorder.file('c')]);
    await recorder.write('b', '2');
    await recorder.watcher.watch(observations, forever);
    expect(recorder.told).toEqual([['b']]);
    expect(recorder.watcher.count).toBe(3);
  });

  test('an input that two observers saw with different content', async () => {
    await recorder.write('a', '2');
    const input = recorder.file('a');
    await recorder.watcher.watch([{ input, fingerprint: of('1') }, { input, fingerprint: of('2') }], forever);
    expect(recorder.told).toEqual([['a']]);
    expect(recorder.last(input)).toBe(of('2'));
  });

  test('the names in a directory, not what is written into its files', async () => {
    await recorder.write('dir/a', '1');
    const input = { kind: 'directory', path: recorder.at('dir') } as const;
    await recorder.watch(input);
    await recorder.write('dir/a', '2');
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
    await recorder.write('dir/b', '1');
    await recorder.converged(input);
    await rm(recorder.at('dir/a'));
    await recorder.converged(input);
    expect(recorder.told).toEqual([['dir'], ['dir']]);
  });

  test('the names in a directory that a file input turned out to be', async () => {
    await mkdir(recorder.at('thing'));
    await recorder.watch(recorder.file('thing'));
    await recorder.write('thing/a', '1');
    await recorder.converged(recorder.file('thing'));
    rmSync(recorder.at('thing'), { recursive: true });
    writeFileSync(recorder.at('thing'), 'now a file');
    await recorder.converged(recorder.file('thing'));
    expect(recorder.last(recorder.file('thing'))).toBe(of('now a file'));
  });

  test('files that come to match a glob, in directories that appear with them, and that leave it', async () => {
    await recorder.write('config/a.yaml', '1');
    const input = { kind: 'glob', root: recorder.root, pattern: 'config/**/*.yaml' } as const;
    await recorder.watch(input);
    await recorder.write('config/a.yaml', '2');
    await recorder.write('config/a.json', '2');
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
    await recorder.write('config/deep/er/.b.yaml', '1');
    await recorder.converged(input);
    await recorder.write('config/deep/er/c.yaml', '1');
    await recorder.converged(input);
    rmSync(recorder.at('config'), { recursive: true });
    await recorder.converged(input);
    await recorder.write('config/deep/d.yaml', '1');
    await recorder.converged(input);
    expect(recorder.calls).toHaveLength(4);
  });

  test('the time of a change as the file system tells it, or the time it was noticed', async () => {
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    await pause(30);
    const before = Date.now();
    writeFileSync(recorder.at('a'), '2');
    const after = Date.now();
    await recorder.converged(recorder.file('a'));
    const made = recorder.changes[0]?.atMs ?? 0;
    expect(made).toBeGreaterThanOrEqual(before - 20);
    expect(made).toBeLessThanOrEqual(after + 1);
    rmSync(recorder.at('a'));
    await recorder.converged(recorder.file('a'));
    expect(recorder.changes[1]?.atMs ?? 0).toBeGreaterThanOrEqual(made);
  });
});

describe('bursts', () => {
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
});

describe('the set of inputs', () => {
  test('is replaced whole: what is no longer in it is not reported', async () => {
    await recorder.write('a', '1');
    await recorder.write('b', '1');
    await recorder.watch(recorder.file('a'), recorder.file('b'));
    await recorder.watch(recorder.file('b'));
    expect(recorder.watcher.count).toBe(1);
    writeFileSync(recorder.at('a'), '2');
    writeFileSync(recorder.at('b'), '2');
    await recorder.converged(recorder.file('b'));
    await recorder.quiet();
    expect(recorder.told).toEqual([['b']]);
  });

  test('loses no change while it is replaced again and again', async () => {
    await recorder.write('a', '0');
    await recorder.watch(recorder.file('a'));
    for (let round = 1; round <= 30; round++) {
      const observations = await observe([recorder.file('a'), recorder.file(`other${round}`)]);
      const replaced = recorder.watcher.watch(observations, forever);
      writeFileSync(recorder.at('a'), String(round));
      await replaced;
      await expect.poll(() => recorder.last(recorder.file('a')), patience).toBe(of(String(round)));
    }
  });

  test('takes the new baseline, even for a change that was about to be reported', async () => {
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    await recorder.watch(recorder.file('a'));
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
  });

  test('may be empty', async () => {
    await recorder.watch();
    await recorder.watcher.sweep(forever);
    expect(recorder.watcher.count).toBe(0);
  });
});

describe('the end', () => {
  test('after close nothing is reported, and what waits rejects', async () => {
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    const waiting = recorder.watcher.sweep(forever);
    const ended = expect(waiting).rejects.toThrow('closed');
    await recorder.watcher.close();
    await ended;
    renameSync(recorder.at('a'), recorder.at('b'));
    await pause(200);
    expect(recorder.told).toEqual([]);
    await expect(recorder.watch(recorder.file('a'))).rejects.toThrow('closed');
    await recorder.watcher.close();
  });

  test('an aborted call rejects with the reason, and watching goes on', async () => {
    await recorder.write('a', '1');
    const reason = new Error('enough');
    await expect(recorder.watcher.watch(await observe([recorder.file('a')]), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(recorder.watcher.sweep(AbortSignal.abort(reason))).rejects.toBe(reason);
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    await recorder.converged(recorder.file('a'));
  });
});
