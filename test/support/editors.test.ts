import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkoutBranch, commitToBranch, deleteAndRecreate, editors, saveAsVim, saveAsVimByCopy, saveAsVimByRename, saveAsVsCode, saveAtomically,
  saveInTwoChunks, saveWithSed,
} from './editors.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'devshell-editors-'));
  path = join(directory, 'a file.env');
  await writeFile(path, 'before\n');
});
afterEach(() => rm(directory, { recursive: true }));

const inode = async (): Promise<number> => (await stat(path)).ino;

describe.each(editors)('$name', ({ save }) => {
  test.each([
    ['lines', 'A=1\nB=2\n'],
    ['no newline at the end', 'A=1\nB=2'],
    ['nothing at all', ''],
    ['only a newline', '\n'],
    ['bytes that editors like to change', 'tab\t trailing \r\nümläut € 😀\n\n\n'],
  ])('writes %s exactly', async (_, content) => {
    await save(path, content);
    expect(await readFile(path, 'utf8')).toBe(content);
  });

  test('writes a file that was not there', async () => {
    await rm(path);
    await save(path, 'A=1\n');
    expect(await readFile(path, 'utf8')).toBe('A=1\n');
  });

  test('leaves nothing else behind', async () => {
    await save(path, 'A=1\n');
    expect(await readdir(directory)).toEqual(['a file.env']);
  });
});

test.each([
  ['vim with backupcopy=no', saveAsVimByRename],
  ['an atomic save', saveAtomically],
])('%s puts a new file in the place of the old one', async (_, save) => {
  const before = await inode();
  await save(path, 'after\n');
  expect(await inode()).not.toBe(before);
});

test.each([
  ['vim with backupcopy=yes', saveAsVimByCopy],
  ['VS Code', saveAsVsCode],
])('%s writes into the file that is there', async (_, save) => {
  const before = await inode();
  await save(path, 'after\n');
  expect(await inode()).toBe(before);
});

test('vim works beside a swap file, and deleting and recreating really deletes', async () => {
  const names = new Set<string | null>();
  const events: string[] = [];
  const watcher = watch(directory, (event, name) => {
    names.add(name);
    events.push(`${event} ${name}`);
  });
  try {
    await saveAsVim(path, 'after\n');
    await expect.poll(() => [...names], { timeout: 20_000 }).toContain('.a file.env.swp');
    events.length = 0;
    await deleteAndRecreate(path, 'again\n');
    await expect.poll(() => events.filter((event) => event === 'rename a file.env').length, { timeout: 20_000 }).toBe(2);
  } finally {
    watcher.close();
  }
});

test('sed -i replaces the file', async () => {
  const before = await inode();
  await saveWithSed(path, 's/before/after/');
  expect(await readFile(path, 'utf8')).toBe('after\n');
  expect(await inode()).not.toBe(before);
});

test('a save in two chunks shows its first half for as long as it pauses', async () => {
  const done = saveInTwoChunks(path, 'first second', 200);
  await expect.poll(() => readFile(path, 'utf8'), { timeout: 20_000, interval: 5 }).toBe('first ');
  await done;
  expect(await readFile(path, 'utf8')).toBe('first second');
});

test('a checkout changes, adds and removes files', async () => {
  await commitToBranch(directory, 'one');
  await writeFile(path, 'after\n');
  await writeFile(join(directory, 'new'), '');
  await commitToBranch(directory, 'two');
  await checkoutBranch(directory, 'one');
  expect(await readFile(path, 'utf8')).toBe('before\n');
  expect((await readdir(directory)).sort()).toEqual(['.git', 'a file.env']);
  await checkoutBranch(directory, 'two');
  expect(await readFile(path, 'utf8')).toBe('after\n');
});
