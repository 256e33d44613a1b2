import { chmodSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/model/input.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { editors, saveWithSed } from '../support/editors.ts';
import { forever, observe, patience, Recorder } from './recorder.ts';

const of = (content: string): string => fingerprintBytes(Buffer.from(content));

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});
afterEach(() => recorder.dispose());

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

  test('the time of a change also where it is told once more, to whoever watches from what was there before it', async () => {
    await recorder.write('a', '1');
    const [before] = await recorder.watch(recorder.file('a'));
    await pause(30);
    writeFileSync(recorder.at('a'), '2');
    await recorder.converged(recorder.file('a'));
    await pause(30);
    await recorder.watcher.watch([before as Observation], forever);
    expect(recorder.changes.map(({ atMs }) => atMs)).toEqual([recorder.changes[0]?.atMs, recorder.changes[0]?.atMs]);
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
