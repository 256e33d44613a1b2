// What is remembered of inputs is what they hold: whatever is done to them, and however soon after the look before.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Input, inputKey, inputPath } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { lookAt } from '../../src/watch/sight.ts';
import { Sights } from '../../src/watch/sights.ts';
import { forever } from './recorder.ts';

let root: string;
let read: string[];
let sights: Sights;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sights-')));
  read = [];
  sights = new Sights(undefined, (input, signal) => {
    read.push(inputPath(input).slice(root.length + 1));
    return lookAt(input, signal);
  });
});
afterEach(() => rmSync(root, { recursive: true }));

const file = (name: string): Input => ({ kind: 'file', path: join(root, name) });
const all = { kind: 'glob', root: '', pattern: '**/*', ignore: [] } as const;

/** Until the clock that stamps files has gone on for certain: what was seen before can be told from what comes. */
async function grownOld(...names: readonly string[]): Promise<void> {
  const newestMs = Math.max(...names.map((name) => statSync(join(root, name)).ctimeMs));
  await expect.poll(() => Date.now() - newestMs, { timeout: 20_000, interval: 5 }).toBeGreaterThan(25);
}

const names = ['a', 'b', 'd/a', 'd/e'] as const;
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('write', 'write', 'replace', 'remove', 'touch', 'truncate', 'chmod', 'link', 'make-directory', 'look'),
    name: fc.constantFrom(...names),
    // Of the same length mostly: the size must not be what tells them apart.
    content: fc.constantFrom('', '1', '2', '3', 'longer'),
  }),
  { minLength: 1, maxLength: 12 },
);

function act(kind: string, path: string, content: string): void {
  const full = join(root, path);
  try {
    if (kind === 'write') writeFileSync(full, content);
    if (kind === 'replace') {
      writeFileSync(`${root}.new`, content);
      renameSync(`${root}.new`, full);
    }
    if (kind === 'remove') rmSync(full, { recursive: true });
    if (kind === 'touch') utimesSync(full, 1000, 1000);
    if (kind === 'truncate') truncateSync(full, 1);
    if (kind === 'chmod') chmodSync(full, content === '' ? 0o755 : 0o644);
    if (kind === 'link') symlinkSync(join(root, 'b'), full);
    if (kind === 'make-directory') mkdirSync(full);
  } catch {
    return;
  }
}

test('what is remembered is what reading again gives, at any time', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (done) => {
      for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
      mkdirSync(join(root, 'd'));
      const inputs: Input[] = [...names.map(file), { kind: 'directory', path: join(root, 'd') }, { ...all, root }];
      for (const { kind, name, content } of done) {
        act(kind, name, content);
        for (const input of inputs) expect((await sights.look(input, forever)).fingerprint, inputKey(input)).toBe(await fingerprint(input, forever));
      }
      const walked = await sights.find({ ...all, root }, forever);
      expect(walked.walk?.paths).toEqual((await lookAt({ ...all, root }, forever)).walk?.paths);
    }),
    { numRuns: 120 },
  );
});

test('what has not stirred is read once', async () => {
  writeFileSync(join(root, 'a'), '1');
  writeFileSync(join(root, 'b'), '1');
  await grownOld('a', 'b', '.');
  const inputs = [file('a'), file('b'), { ...all, root }];
  for (let round = 0; round < 3; round++) for (const input of inputs) await sights.look(input, forever);
  expect(read).toEqual(['a', 'b', '**/*']);
  writeFileSync(join(root, 'b'), '2');
  for (const input of inputs) await sights.look(input, forever);
  expect(read.slice(3)).toEqual(['b']);
});

test('a file seen so soon after its change that another could hide behind the same stamp is read again', async () => {
  for (let round = 0; round < 200; round++) {
    writeFileSync(join(root, 'a'), String(round % 10));
    const before = (await sights.look(file('a'), forever)).fingerprint;
    writeFileSync(join(root, 'a'), String((round + 1) % 10));
    expect((await sights.look(file('a'), forever)).fingerprint).not.toBe(before);
  }
});

test('what a link leads to may appear without a sign in the directory: whoever uses the paths has them looked for', async () => {
  symlinkSync(join(root, '../not-there-yet'), join(root, 'link'));
  mkdirSync(join(root, 'd'));
  symlinkSync(join(root, 'd/later'), join(root, 'other'));
  await grownOld('.', 'd');
  const glob = { ...all, root, pattern: '*' };
  expect((await sights.find(glob, forever)).walk?.paths).toEqual([]);
  writeFileSync(join(root, 'd/later'), '');
  expect((await sights.find(glob, forever)).walk?.paths).toEqual([join(root, 'other')]);
});

test('only what is retained is remembered', async () => {
  for (const name of ['a', 'b']) writeFileSync(join(root, name), '1');
  await grownOld('a', 'b');
  for (const name of ['a', 'b']) await sights.look(file(name), forever);
  sights.retain(new Set([inputKey(file('a'))]));
  expect([sights.has(file('a')), sights.has(file('b'))]).toEqual([true, false]);
  sights.clear();
  await sights.look(file('a'), forever);
  expect(read).toEqual(['a', 'b', 'a']);
});
