import { chmodSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DirectoryEvents, openChokidar } from '../../src/watch/directory-events.ts';
import { patience } from './recorder.ts';

let root: string;
let heard: string[];
let events: DirectoryEvents;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'devshell-events-')));
  heard = [];
  events = listening();
});
afterEach(async () => {
  await events.close();
  rmSync(root, { recursive: true, force: true });
});

const at = (name: string): string => join(root, name);

function listening(): DirectoryEvents {
  const short = (path: string): string => path.slice(root.length) || '/';
  return openChokidar({
    stirred: ({ directory, name, kind }) => heard.push(`${short(directory)} ${kind} ${name ?? '?'}`),
    lost: (directory) => heard.push(`lost ${short(directory)}`),
  });
}

test('from the moment it is armed, a directory tells what happens in it and to whom', async () => {
  expect(await events.watch(root)).toEqual({ kind: 'armed' });
  writeFileSync(at('a'), '1');
  await expect.poll(() => heard, patience).toContain('/ names a');
  heard.length = 0;
  writeFileSync(at('a'), '2');
  await expect.poll(() => heard, patience).toContain('/ content a');
  heard.length = 0;
  renameSync(at('a'), at('b'));
  await expect.poll(() => heard, patience).toEqual(['/ names a', '/ names b']);
});

test('a second write within 50 ms is told as well', async () => {
  writeFileSync(at('a'), '0');
  await events.watch(root);
  for (let round = 1; round <= 20; round++) {
    const before = heard.length;
    writeFileSync(at('a'), String(round));
    await expect.poll(() => heard.length, patience).toBeGreaterThan(before);
  }
});

test('what is in a directory is not watched, read or told of by itself', async () => {
  mkdirSync(at('d'));
  writeFileSync(at('d/x'), '');
  await events.watch(root);
  writeFileSync(at('d/x'), '1');
  writeFileSync(at('end'), '');
  await expect.poll(() => heard, patience).toContain('/ names end');
  expect(heard.filter((line) => !line.includes('end'))).toEqual([]);
});

test.each<[string, () => void]>([
  ['is deleted', () => rmSync(at('d'), { recursive: true })],
  ['is moved away', () => renameSync(at('d'), at('e'))],
  ['is closed to others', () => chmodSync(at('d'), 0o700)],
])('a directory that %s is lost, once, and can be watched again', async (_, end) => {
  mkdirSync(at('d'));
  await events.watch(at('d'));
  end();
  await expect.poll(() => heard, patience).toContain('lost /d');
  await pause(50);
  expect(heard.filter((line) => line === 'lost /d')).toHaveLength(1);
  mkdirSync(at('d'), { recursive: true });
  expect(await events.watch(at('d'))).toEqual({ kind: 'armed' });
  writeFileSync(at('d/new'), '');
  await expect.poll(() => heard, patience).toContain('/d names new');
});

test('two listeners of one directory are told alike, also after it was replaced', async () => {
  mkdirSync(at('d'));
  const both = listening();
  try {
    await Promise.all([events.watch(at('d')), both.watch(at('d'))]);
    renameSync(at('d'), at('e'));
    await expect.poll(() => heard.filter((line) => line === 'lost /d'), patience).toHaveLength(2);
    mkdirSync(at('d'));
    await Promise.all([events.watch(at('d')), both.watch(at('d'))]);
    writeFileSync(at('d/new'), '');
    await expect.poll(() => heard.filter((line) => line === '/d names new'), patience).toHaveLength(2);
  } finally {
    await both.close();
  }
});

test('a directory that is not there gives an answer all the same', async () => {
  expect(['armed', 'failed']).toContain((await events.watch(at('nowhere'))).kind);
});

test('whoever closes while a directory is being armed gets an answer, and hears nothing more', async () => {
  const armed = events.watch(root);
  await events.close();
  expect(await armed).toEqual({ kind: 'failed', code: 'closed' });
  writeFileSync(at('a'), '1');
  await pause(100);
  expect(heard).toEqual([]);
});

test('a directory that is no longer watched is silent, and others go on', async () => {
  mkdirSync(at('d'));
  mkdirSync(at('e'));
  await Promise.all([events.watch(at('d')), events.watch(at('e'))]);
  events.unwatch(at('d'));
  writeFileSync(at('d/x'), '');
  writeFileSync(at('e/x'), '');
  await expect.poll(() => heard, patience).toContain('/e names x');
  expect(heard.filter((line) => line.startsWith('/d'))).toEqual([]);
});
