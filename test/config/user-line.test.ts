import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectLine, rememberLine, withStatusLine } from '../../src/config/user-line.ts';
import { statusModes } from '../../src/model/settings.ts';
import { DevshellError } from '../../src/model/problem.ts';
import { reading, root } from './files.ts';

describe('the remembered line', () => {
  test.for([
    ['an empty file', '', '[status]\nline = "busy"\n'],
    ['only a comment', '# mine\n', '# mine\n\n[status]\nline = "busy"\n'],
    ['no line end at the end', '[keys]\nerror = "F9" # e', '[keys]\nerror = "F9" # e\n\n[status]\nline = "busy"\n'],
    ['another value', '# a\n[status] # b\nline = "off" # c\n# d\n', '# a\n[status] # b\nline = "busy" # c\n# d\n'],
    ['another value in other quotes', "[status]\nline   =   'title'\n[keys]\n", '[status]\nline   =   "busy"\n[keys]\n'],
    ['the same value', "[status]\nline = 'busy' # kept as it is\n", "[status]\nline = 'busy' # kept as it is\n"],
    ['a table without it', '[status] # b\n# c\n[keys]\nerror = ""\n', '[status] # b\nline = "busy"\n# c\n[keys]\nerror = ""\n'],
    ['a table without it at the end', '[status]', '[status]\nline = "busy"\n'],
    ['dotted names', '# a\nstatus.line = "off"\n', '# a\nstatus.line = "busy"\n'],
    ['an inline table', 'status = { line = "off" } # b\n', 'status = { line = "busy" } # b\n'],
    ['an empty inline table', 'status = {} # b\n', 'status = { line = "busy" } # b\n'],
    ['odd quotes around names', '["status"]\n"line" = """off"""\n', '["status"]\n"line" = "busy"\n'],
  ] as const)('is put into %s', ([, before, after]) => {
    expect(withStatusLine(before, 'config.toml', 'busy')).toBe(after);
    expect(parse(after)['status']).toEqual({ line: 'busy' });
  });

  test.for([
    ['no TOML', '[status\n', 'config.toml:1'],
    ['a text where a table belongs', 'status = "off"\n', 'config.toml:1'],
    ['a number where the word belongs', '[status]\nline = 3\n', 'config.toml:2'],
    ['a list of tables', '[[status]]\n', 'config.toml'],
  ] as const)('is not put into %s, and the place is named', ([, text, place]) => {
    expect(() => withStatusLine(text, 'config.toml', 'busy')).toThrow(place);
    expect(() => withStatusLine(text, 'config.toml', 'busy')).toThrow('is left as it is');
  });

  test('goes through every mode and back to the very text', () => {
    const text = '# a\n[status]\nline = "bottom"\n\n[reload] # z\napply = "manual"\n';
    expect([...statusModes, 'bottom' as const].reduce((before, mode) => withStatusLine(before, 'f', mode), text)).toBe(text);
  });
});

describe('the file', () => {
  let directory: string;
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'user-line-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  test('is made, with its directories, for the user alone', async () => {
    const file = join(directory, 'a/b/config.toml');
    expect(await rememberLine(file, 'title')).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe('[status]\nline = "title"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700);
    expect(await rememberLine(file, 'title')).toBe('same');
    expect(readdirSync(join(directory, 'a/b'))).toEqual(['config.toml']);
  });

  test('keeps its mode, and a link stays a link, also one to nothing yet', async () => {
    const [target, missing] = [join(directory, 'dotfiles.toml'), join(directory, 'later/dotfiles.toml')];
    writeFileSync(target, '# mine\n', { mode: 0o640 });
    symlinkSync('dotfiles.toml', join(directory, 'near.toml'));
    symlinkSync(join(directory, 'near.toml'), join(directory, 'config.toml'));
    symlinkSync(missing, join(directory, 'dangling.toml'));
    await rememberLine(join(directory, 'config.toml'), 'off');
    await rememberLine(join(directory, 'dangling.toml'), 'busy');
    expect(readFileSync(target, 'utf8')).toBe('# mine\n\n[status]\nline = "off"\n');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    for (const name of ['config.toml', 'near.toml', 'dangling.toml']) expect(lstatSync(join(directory, name)).isSymbolicLink(), name).toBe(true);
    expect(readFileSync(missing, 'utf8')).toContain('busy');
  });

  test('is left alone where it has mistakes or cannot be written, and the reason is said', async () => {
    const file = join(directory, 'config.toml');
    for (const text of ['[keys\n', '[keys]\r\n', '\ufeff[keys]\n']) {
      writeFileSync(file, text);
      await expect(rememberLine(file, 'off')).rejects.toThrow(DevshellError);
      await expect(rememberLine(file, 'off')).rejects.toThrow(file);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    mkdirSync(join(directory, 'directory'));
    await expect(rememberLine(join(directory, 'directory'), 'off')).rejects.toThrow('is a directory');
    symlinkSync('loop', join(directory, 'loop'));
    await expect(rememberLine(join(directory, 'loop'), 'off')).rejects.toThrow(/cannot be/);
    expect(readdirSync(directory).sort()).toEqual(['config.toml', 'directory', 'loop']);
  });
});

describe('what the project says over it', () => {
  const at = (files: Record<string, string>) => projectLine(root, reading(Object.fromEntries(Object.entries(files).map(([name, text]) => [`${root}/${name}`, text]))));

  test('is found with its place; the local file wins, and one with mistakes says nothing', async () => {
    expect(await at({})).toBeUndefined();
    expect(await at({ 'devshell.toml': '[env]\n' })).toBeUndefined();
    expect(await at({ 'devshell.toml': '[env]\n[status]\nline = "off"\n' })).toEqual({ mode: 'off', file: 'devshell.toml', line: 3 });
    expect(await at({ 'devshell.toml': 'status.line = "off"\n', 'devshell.local.toml': 'status.line = "busy"\n' })).toMatchObject({ mode: 'busy', file: 'devshell.local.toml' });
    expect(await at({ 'devshell.toml': 'status.line = "off"\n', 'devshell.local.toml': '[' })).toMatchObject({ mode: 'off' });
  });
});
