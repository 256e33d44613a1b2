import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Input } from '../../src/model/input.ts';
import { FakeDirectoryEvents } from '../support/directory-events.ts';
import { forever, observe, patience, Recorder } from './recorder.ts';

let recorder: Recorder;
afterEach(() => recorder.dispose());

/** A watcher whose kernel never says a word. */
const deaf = (sweepMs = 60_000): FakeDirectoryEvents => {
  const fake = new FakeDirectoryEvents();
  recorder = new Recorder({ sweepMs }, fake.open);
  return fake;
};

describe('with every event lost', () => {
  test.each<[string, () => void, () => void]>([
    ['a write', () => writeFileSync(recorder.at('d/a'), '1'), () => writeFileSync(recorder.at('d/a'), '2')],
    ['a write of the same length at once', () => writeFileSync(recorder.at('d/a'), '1'), () => writeFileSync(recorder.at('d/a'), '3')],
    ['a deletion', () => writeFileSync(recorder.at('d/a'), '1'), () => rmSync(recorder.at('d/a'))],
    ['an appearance', () => undefined, () => writeFileSync(recorder.at('d/a'), '1')],
    ['a directory that is replaced', () => writeFileSync(recorder.at('d/a'), '1'), () => {
      renameSync(recorder.at('d'), recorder.at('old'));
      mkdirSync(recorder.at('d'));
      writeFileSync(recorder.at('d/a'), '2');
    }],
    ['a link that is turned', () => symlinkSync('/dev/null', recorder.at('d/a')), () => {
      rmSync(recorder.at('d/a'));
      writeFileSync(recorder.at('d/b'), '1');
      symlinkSync('b', recorder.at('d/a'));
    }],
  ])('%s is found by the next sweep', async (_, before, change) => {
    deaf();
    mkdirSync(recorder.at('d'));
    before();
    await recorder.watch(recorder.file('d/a'));
    change();
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([['d/a']]);
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toHaveLength(1);
  });

  test('directories and globs are found too, at any depth', async () => {
    deaf();
    mkdirSync(recorder.at('d/e/f'), { recursive: true });
    const inputs: readonly Input[] = [
      { kind: 'directory', path: recorder.at('d/e') },
      { kind: 'glob', root: recorder.root, pattern: 'd/**/*.env' },
    ];
    await recorder.watch(...inputs);
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([]);
    writeFileSync(recorder.at('d/e/f/a.env'), '');
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([['d/**/*.env']]);
    mkdirSync(recorder.at('d/e/g'));
    writeFileSync(recorder.at('d/e/g/b.env'), '');
    await recorder.watcher.sweep(forever);
    expect(recorder.told[1]).toEqual(['d/**/*.env', 'd/e']);
  });

  test('the sweep comes by itself', async () => {
    deaf(50);
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    await recorder.converged(recorder.file('a'));
    rmSync(recorder.at('a'));
    await recorder.converged(recorder.file('a'));
    await recorder.write('a', '3');
    await recorder.converged(recorder.file('a'));
    expect(recorder.calls).toHaveLength(3);
  });

  test('a directory replaced while its file was missing before and after is watched again', async () => {
    const fake = deaf();
    mkdirSync(recorder.at('d'));
    await recorder.watch(recorder.file('d/a'));
    const asked = fake.asked.length;
    renameSync(recorder.at('d'), recorder.at('old'));
    mkdirSync(recorder.at('d'));
    await recorder.watcher.sweep(forever);
    await expect.poll(() => fake.asked.slice(asked), patience).toContain(recorder.at('d'));
    rmSync(recorder.at('d'), { recursive: true });
    await recorder.watcher.sweep(forever);
    await expect.poll(() => [...fake.watched], patience).toEqual([recorder.root]);
  });

  test('a touch and a chmod are read once and not reported', async () => {
    deaf();
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    chmodSync(recorder.at('a'), 0o600);
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([]);
  });
});

describe('at the limits of the system', () => {
  test.each(['ENOSPC', 'EMFILE'])('%s is told once, with a remedy, and the sweep goes on at least once a second', async (code) => {
    const fake = new FakeDirectoryEvents();
    fake.capacity = 3;
    fake.code = code;
    recorder = new Recorder({}, fake.open);
    const names = Array.from({ length: 200 }, (_, index) => `d${index}/a`);
    await Promise.all(names.map((name) => recorder.write(name, '1')));
    const inputs = names.map((name) => recorder.file(name));
    await recorder.watch(...inputs);
    expect(fake.asked.length).toBeLessThan(50);
    const written = performance.now();
    for (const name of names) writeFileSync(recorder.at(name), '2');
    await expect.poll(() => recorder.changes.length, patience).toBe(200);
    expect(performance.now() - written).toBeLessThan(5_000);
    await recorder.watcher.watch(await observe(inputs), forever);
    expect(recorder.problems).toHaveLength(1);
    expect(recorder.problems[0]?.message).toContain(code);
    expect(recorder.problems[0]?.hint).toContain('sysctl fs.inotify.max_user_');
  });

  test('when there is room again, the next look at the inputs takes it', async () => {
    const fake = new FakeDirectoryEvents();
    fake.capacity = 1;
    recorder = new Recorder({}, fake.open);
    await recorder.write('d/a', '1');
    await recorder.write('e/a', '1');
    await recorder.watch(recorder.file('d/a'), recorder.file('e/a'));
    fake.capacity = 10;
    await recorder.watch(recorder.file('d/a'), recorder.file('e/a'));
    expect([...fake.watched].sort()).toEqual([recorder.at('d'), recorder.at('e')]);
    expect(recorder.problems).toHaveLength(1);
  });

  test('a directory that may not be watched is left to the sweep in silence', async () => {
    const fake = new FakeDirectoryEvents();
    fake.capacity = 0;
    fake.code = 'EACCES';
    recorder = new Recorder({}, fake.open);
    await recorder.write('d/a', '1');
    await recorder.watch(recorder.file('d/a'));
    const asked = fake.asked.length;
    writeFileSync(recorder.at('d/a'), '2');
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([['d/a']]);
    expect(recorder.problems).toEqual([]);
    expect(fake.asked).toHaveLength(asked);
  });
});

describe('events and the sweep', () => {
  test('an event is enough: no sweep is needed', async () => {
    const fake = deaf();
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    expect(fake.emit({ directory: recorder.root, name: 'a', kind: 'content' })).toBe(true);
    await recorder.converged(recorder.file('a'));
  });

  test('what happens just before a directory is watched is seen all the same', async () => {
    const fake = deaf();
    fake.beforeWatch = (directory) => {
      if (directory === recorder.root) mkdirSync(recorder.at('d'), { recursive: true });
      else writeFileSync(recorder.at('d/a'), '1');
    };
    await recorder.watch(recorder.file('d/a'));
    expect([...fake.watched]).toEqual([recorder.at('d')]);
    expect(recorder.told).toEqual([['d/a']]);
  });

  test('a directory that is replaced just while it is being watched is watched again', async () => {
    const fake = deaf();
    mkdirSync(recorder.at('d'));
    let left = 3;
    fake.beforeWatch = () => {
      if (left-- <= 0) return;
      renameSync(recorder.at('d'), recorder.at(`old${left}`));
      mkdirSync(recorder.at('d'));
    };
    await recorder.watch(recorder.file('d/a'));
    expect(fake.asked.filter((directory) => directory === recorder.at('d'))).toHaveLength(4);
    expect([...fake.watched]).toEqual([recorder.at('d')]);
  });

  test('a watch that breaks is set up again', async () => {
    const fake = deaf();
    await recorder.write('d/a', '1');
    await recorder.watch(recorder.file('d/a'));
    fake.lose(recorder.at('d'));
    await expect.poll(() => [...fake.watched], patience).toEqual([recorder.at('d')]);
  });

  test('an event without a name makes everything in the directory be looked at', async () => {
    const fake = deaf();
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'), recorder.file('b'));
    writeFileSync(recorder.at('a'), '2');
    writeFileSync(recorder.at('b'), '2');
    fake.emit({ directory: recorder.root, name: undefined, kind: 'names' });
    await expect.poll(() => recorder.told, patience).toEqual([['a', 'b']]);
  });

  test('the sweep waits for what is just being settled, and then it has been reported', async () => {
    recorder = new Recorder({ settleMs: 100 });
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    writeFileSync(recorder.at('a'), '2');
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([['a']]);
  });

  test('a listener that throws is told, and watching goes on', async () => {
    deaf();
    await recorder.write('a', '1');
    await recorder.watch(recorder.file('a'));
    recorder.calls.push = () => {
      throw new Error('a listener of little patience');
    };
    writeFileSync(recorder.at('a'), '2');
    await recorder.watcher.sweep(forever);
    expect(recorder.problems[0]?.message).toContain('a listener of little patience');
    delete (recorder.calls as { push?: unknown }).push;
    await pause(30);
    writeFileSync(recorder.at('a'), '3');
    await recorder.watcher.sweep(forever);
    expect(recorder.told).toEqual([['a']]);
  });
});
