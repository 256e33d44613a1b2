import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Input, inputKey } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { FakeDirectoryEvents } from '../support/directory-events.ts';
import { forever, patience, Recorder } from './recorder.ts';

// Whatever is done to a small tree, in whatever order: in the end the listener knows what is there.

const places = ['a', 'b', 'a/x', 'a/y', 'b/x', 'a/x/f', 'a/y/f', 'b/x/f', 'f', 'g'] as const;

type Act =
  | { readonly kind: 'write' | 'remove' | 'directory'; readonly place: string; readonly content: string }
  | { readonly kind: 'move' | 'link'; readonly place: string; readonly to: string }
  | { readonly kind: 'pause'; readonly forMs: number };

const place = fc.constantFrom(...places);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('write' as const), place, content: fc.constantFrom('1', '2', '') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('remove' as const, 'directory' as const), place, content: fc.constant('') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('move' as const, 'link' as const), place, to: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), forMs: fc.integer({ min: 0, max: 60 }) }) },
);

async function perform(recorder: Recorder, what: Act): Promise<void> {
  if (what.kind === 'pause') return pause(what.forMs);
  const path = recorder.at(what.place);
  try {
    switch (what.kind) {
      case 'write':
        mkdirSync(dirname(path), { recursive: true });
        return writeFileSync(path, what.content);
      case 'remove':
        return rmSync(path, { recursive: true, force: true });
      case 'directory':
        mkdirSync(path, { recursive: true });
        return;
      case 'move':
        return renameSync(path, recorder.at(what.to));
      case 'link':
        rmSync(path, { recursive: true, force: true });
        return symlinkSync(recorder.at(what.to), path);
    }
  } catch {
    // What cannot be done as things are (a directory into itself, say) is not done.
  }
}

const inputsOf = (recorder: Recorder): readonly Input[] => [
  ...places.map((name) => recorder.file(name)),
  recorder.file('a/x/deep/er'),
  { kind: 'directory', path: recorder.at('a') },
  { kind: 'directory', path: recorder.at('b/x') },
  { kind: 'glob', root: recorder.root, pattern: '**/f' },
  { kind: 'glob', root: recorder.at('a'), pattern: 'x/*' },
];

/** Performs the acts, and waits until everything is known; `help` may do something about it each time it is not. */
async function converges(recorder: Recorder, acts: readonly Act[], help: () => Promise<void>): Promise<void> {
  try {
    await recorder.write('f', '0');
    await recorder.write('a/x/f', '0');
    const inputs = inputsOf(recorder);
    const known = new Map((await recorder.watch(...inputs)).map((seen) => [inputKey(seen.input), seen.fingerprint]));
    for (const what of acts) await perform(recorder, what);
    await expect.poll(async () => {
      await help();
      for (const change of recorder.changes) known.set(inputKey(change.input), change.fingerprint);
      const wrong: string[] = [];
      for (const input of inputs) if (known.get(inputKey(input)) !== (await fingerprint(input, forever))) wrong.push(inputKey(input));
      return wrong;
    }, patience).toEqual([]);
  } finally {
    await recorder.dispose();
  }
}

const runs = { numRuns: 40, interruptAfterTimeLimit: 20_000 } as const;
const acts = fc.array(act, { maxLength: 40 });

test('by the events of the kernel alone', { timeout: 120_000 }, () =>
  fc.assert(fc.asyncProperty(acts, (list) => converges(new Recorder(), list, () => Promise.resolve())), runs));

test('by the sweep alone', { timeout: 120_000 }, () =>
  fc.assert(fc.asyncProperty(acts, (list) => {
    const recorder = new Recorder({}, new FakeDirectoryEvents().open);
    return converges(recorder, list, () => recorder.watcher.sweep(forever));
  }), runs));
