import { chmod, chown, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTrust, writeTrust } from '../../src/config/trust.ts';

let base = '';
let project = '';
let data = '';

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'devshell-trust-')));
  project = join(base, 'project');
  data = join(base, 'share/devshell');
  await mkdir(project);
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function answerFile(): Promise<string> {
  const [name, ...others] = await readdir(join(data, 'trust'));
  expect(others).toEqual([]);
  return join(data, 'trust', name!);
}

describe('trust', () => {
  test('is unknown at first, and remembered', async () => {
    expect(await readTrust(project, data)).toBe('unknown');
    await writeTrust(project, 'allowed', data);
    expect(await readTrust(project, data)).toBe('allowed');
    await writeTrust(project, 'denied', data);
    expect(await readTrust(project, data)).toBe('denied');
  });

  test('is kept for the user alone, in one file that names the project', async () => {
    await writeTrust(project, 'allowed', data);
    await writeTrust(project, 'denied', data);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    expect((await stat(join(data, 'trust'))).mode & 0o777).toBe(0o700);
    expect((await stat(await answerFile())).mode & 0o777).toBe(0o600);
    expect(await readFile(await answerFile(), 'utf8')).toContain(JSON.stringify(project));
  });

  test('is of the directory, whatever path leads there', async () => {
    await symlink(project, join(base, 'link'));
    await writeTrust(join(base, 'link'), 'allowed', data);
    expect(await readTrust(`${project}/../project/.`, data)).toBe('allowed');
  });

  test('is not of what is below, above or beside', async () => {
    await mkdir(join(project, 'below'));
    await mkdir(`${project}2`);
    await writeTrust(project, 'allowed', data);
    for (const other of [join(project, 'below'), base, `${project}2`]) expect(await readTrust(other, data)).toBe('unknown');
  });

  test('does not follow a link that was turned elsewhere', async () => {
    await mkdir(join(base, 'other'));
    await symlink(project, join(base, 'link'));
    await writeTrust(join(base, 'link'), 'allowed', data);
    await rm(join(base, 'link'));
    await symlink(join(base, 'other'), join(base, 'link'));
    expect(await readTrust(join(base, 'link'), data)).toBe('unknown');
  });

  test.each(['a\nb', '"', '\\', '  ', '{"trust":"allowed"}', 'é', 'e\u0301', '-', '..x'])('can be of a directory called %j', async (name) => {
    await mkdir(join(base, name));
    await writeTrust(join(base, name), 'allowed', data);
    expect(await readTrust(join(base, name), data)).toBe('allowed');
    expect(await readTrust(project, data)).toBe('unknown');
  });

  test('does not take one name that is not UTF-8 for another', async () => {
    const [one, two] = [0xff, 0xfe].map((byte) => Buffer.concat([Buffer.from(`${base}/`), Buffer.from([byte])]));
    await mkdir(one!);
    await mkdir(two!);
    await symlink(one!, join(base, 'one'));
    await symlink(two!, join(base, 'two'));
    await writeTrust(join(base, 'one'), 'allowed', data);
    expect(await readTrust(join(base, 'one'), data)).toBe('allowed');
    expect(await readTrust(join(base, 'two'), data)).toBe('unknown');
  });

  test('is not carried over by copying the answer of another project', async () => {
    await mkdir(join(base, 'other'));
    await writeTrust(project, 'allowed', data);
    const file = await answerFile();
    await writeTrust(join(base, 'other'), 'denied', data);
    const other = (await readdir(join(data, 'trust'))).map((name) => join(data, 'trust', name)).find((name) => name !== file)!;
    await rename(file, other);
    expect(await readTrust(join(base, 'other'), data)).toBe('unknown');
  });

  test.each(['', '{', 'null', '[]', '"allowed"', '{"trust":"allowed"}', '\0'])('is unknown where the answer reads %j', async (content) => {
    await writeTrust(project, 'allowed', data);
    await writeFile(await answerFile(), content);
    expect(await readTrust(project, data)).toBe('unknown');
    await writeTrust(project, 'allowed', data);
    expect(await readTrust(project, data)).toBe('allowed');
  });

  test('leaves no temporary file, also when many answer at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => writeTrust(project, index % 2 === 0 ? 'allowed' : 'denied', data)));
    await answerFile();
    expect(['allowed', 'denied']).toContain(await readTrust(project, data));
  });

  test('cannot be of what is not there', async () => {
    await expect(readTrust(join(base, 'none'), data)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('an answer that somebody else could have given is refused:', () => {
  test.each([
    ['the directory', () => Promise.resolve(data)],
    ['the directory of the answers', () => Promise.resolve(join(data, 'trust'))],
    ['the answer', answerFile],
  ])('%s can be written by others', async (_, pathOf) => {
    await writeTrust(project, 'allowed', data);
    const path = await pathOf();
    for (const mode of [0o020, 0o002]) {
      await chmod(path, 0o700 | mode);
      const refusal = { code: 'state', message: `${path} can be written by others: what it says of trust does not count` };
      await expect(readTrust(project, data)).rejects.toMatchObject(refusal);
      await expect(writeTrust(project, 'denied', data)).rejects.toMatchObject(refusal);
    }
  });

  test('the answer is a symbolic link, a directory, or its directory is a file', async () => {
    await writeTrust(project, 'allowed', data);
    const file = await answerFile();
    await rename(file, join(base, 'moved'));
    await symlink(join(base, 'moved'), file);
    await expect(readTrust(project, data)).rejects.toMatchObject({ code: 'state', message: `${file} is a symbolic link` });
    await rm(file);
    await mkdir(file);
    await expect(readTrust(project, data)).rejects.toMatchObject({ code: 'state', message: `${file} is not a regular file` });
    await rm(join(data, 'trust'), { recursive: true });
    await writeFile(join(data, 'trust'), '');
    await expect(readTrust(project, data)).rejects.toMatchObject({ code: 'state', message: `${join(data, 'trust')} is not a directory` });
    await expect(writeTrust(project, 'allowed', data)).rejects.toMatchObject({ code: 'state' });
  });

  // Only root can give a file away; for any other user there is always something that belongs to root.
  if (process.geteuid?.() === 0) describe('as root,', asRoot);
  else test('the directory belongs to another user, root', asUser);
});

async function asUser(): Promise<void> {
  const message = expect.stringContaining('/usr belongs to another user (0, not ') as string;
  await expect(readTrust(project, '/usr')).rejects.toMatchObject({ code: 'state', message });
}

function asRoot(): void {
  test.each([
    ['the directory', () => Promise.resolve(data)],
    ['the directory of the answers', () => Promise.resolve(join(data, 'trust'))],
    ['the answer', answerFile],
  ])('%s belongs to another user', async (_, pathOf) => {
    await writeTrust(project, 'allowed', data);
    const path = await pathOf();
    await chown(path, 12_345, 12_345);
    const message = `${path} belongs to another user (12345, not 0): what it says of trust does not count`;
    await expect(readTrust(project, data)).rejects.toMatchObject({ code: 'state', message });
    await expect(writeTrust(project, 'denied', data)).rejects.toMatchObject({ code: 'state', message });
  });

  test("another user's directory in the place of an allowed one is unknown", async () => {
    await writeTrust(project, 'allowed', data);
    await chown(project, 12_345, 12_345);
    expect(await readTrust(project, data)).toBe('unknown');
  });
}
