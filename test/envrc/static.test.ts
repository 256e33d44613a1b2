// What can be said of the library without running it.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const directory = resolve(import.meta.dirname, '../../shell/envrc');
const files = ['', 'parts/', 'bin/'].flatMap((part) => readdirSync(join(directory, part)).filter((name) => name.endsWith('.bash') || name === 'direnv').map((name) => part + name));

/** Runs a tool that must be there; its output if it found fault. */
function faults(tool: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(tool, args, { cwd: directory, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${tool} is missing; on Debian: apt-get install ${tool} (${error.message})`);
  return status === 0 ? '' : stdout + stderr;
}

test('ShellCheck has nothing to say about what main.bash reads.', () => {
  expect(faults('shellcheck', ['--shell=bash', '--external-sources', '--check-sourced', '--source-path=SCRIPTDIR', 'main.bash'])).toBe('');
});

test('Nor about what is read when it is needed, which uses names of the rest.', () => {
  const others = files.filter((file) => file.includes('/') || file === 'run.bash');
  expect(faults('shellcheck', ['--shell=bash', '--external-sources', '--source-path=SCRIPTDIR', '--exclude=SC2154,SC2034', ...others])).toBe('');
});

test('Everything is formatted as shfmt does it with two spaces, and no file is long.', () => {
  expect(faults('shfmt', ['--language-dialect', 'bash', '--indent', '2', '--case-indent', '--diff', ...files])).toBe('');
  expect(files.filter((file) => readFileSync(join(directory, file), 'utf8').split('\n').length > 301)).toEqual([]);
});

test('All that an .envrc does not call has a name of ours, and no part stays unread.', () => {
  const read = files.map((file) => [file, readFileSync(join(directory, file), 'utf8')] as const);
  const all = read.map(([, text]) => text).join('\n');
  for (const [file, text] of read.filter(([name]) => name.startsWith('parts/'))) {
    const part = file.slice('parts/'.length, -'.bash'.length);
    expect(all).toMatch(new RegExp(`__envrc_(call|part) (\\w+ && __envrc_part )?${part}\\b`));
    for (const [, name] of text.matchAll(/^(\w[\w.]*)\(\)/gm)) expect(name).toMatch(/^__envrc_/);
  }
});
