import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPrivateFile, foreignness, readPrivateFile, removeLeftovers, writeLastingFile, writePrivateFile } from '../../src/system/private-file.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'private-'));
  file = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const mode = (): number => statSync(file).mode & 0o777;

describe('a file that is read', () => {
  it('is the user’s alone', () => {
    writeFileSync(file, 'text', { mode: 0o600 });
    expect(readPrivateFile(file, 100)).toEqual({ kind: 'read', bytes: Buffer.from('text') });
    expect(readPrivateFile(join(directory, 'none'), 100)).toEqual({ kind: 'missing' });
  });

  it.each([
    ['link', () => symlinkSync('/etc/passwd', file)],
    ['no file', () => mkdirSync(file)],
    ['too large', () => writeFileSync(file, 'x'.repeat(101), { mode: 0o600 })],
    ['open to others', () => (writeFileSync(file, ''), chmodSync(file, 0o622))],
  ])('is refused as %s', (fault, make) => {
    make();
    expect(readPrivateFile(file, 100)).toMatchObject({ kind: 'foreign', fault });
  });

  it('is refused where it is another user’s', () => {
    const uid = (process.geteuid?.() ?? 0) + 1;
    expect(foreignness({ uid, mode: 0o600 })).toMatchObject({ fault: 'other user', why: expect.stringContaining(String(uid)) as string });
  });
});

describe('a file that is written', () => {
  it('is private, whole, in place of an earlier one, and leaves nothing beside it', async () => {
    writePrivateFile(file, 'one');
    expect([readFileSync(file, 'utf8'), mode()]).toEqual(['one', 0o600]);
    await writeLastingFile(file, 'two');
    expect([readFileSync(file, 'utf8'), mode()]).toEqual(['two', 0o600]);
    await writeLastingFile(file, 'three', 0o644);
    expect([readFileSync(file, 'utf8'), mode(), readdirSync(directory)]).toEqual(['three', 0o644, ['file']]);
  });

  it('is left as it is where it is to be new', () => {
    expect([createPrivateFile(file, 'mine'), createPrivateFile(file, 'yours')]).toEqual([true, false]);
    expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual(['mine', ['file']]);
  });

  it('leaves nothing where it cannot be', async () => {
    mkdirSync(file);
    writeFileSync(join(file, 'x'), '');
    expect(() => writePrivateFile(file, '')).toThrow();
    await expect(writeLastingFile(file, '')).rejects.toThrow();
    expect(readdirSync(directory)).toEqual(['file']);
  });
});

it('what a killed writer left goes after an hour, and nothing else does', () => {
  const [old, young, other] = ['a.1.new', 'b.2.new', 'c'].map((name) => join(directory, name)) as [string, string, string];
  for (const path of [old, young, other]) writeFileSync(path, '');
  for (const path of [old, other]) utimesSync(path, 1, 1);
  removeLeftovers(directory);
  expect([old, young, other].map((path) => existsSync(path))).toEqual([false, true, true]);
});
