// `devshell` typed into a shell whose devshell was started by its path.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentOf, openShell, shellDirectory } from './driver.ts';

let base: string;
/** A package with a launcher that says what it is called with, and another devshell. */
let env: { readonly DEVSHELL_SHELL_DIR: string };

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'a package '));
  for (const directory of ['pkg/bin', 'pkg/shell', 'other']) mkdirSync(join(base, directory), { recursive: true });
  symlinkSync(shellDirectory, join(base, 'pkg/shell/bash'));
  for (const [path, name] of [['pkg/bin', 'ours'], ['other', 'other']] as const) {
    writeFileSync(join(base, path, 'devshell'), `#!/bin/sh\nprintf '${name}:'; printf '<%s>' "$@"; echo; exit 3\n`, { mode: 0o755 });
  }
  env = { DEVSHELL_SHELL_DIR: join(base, 'pkg/shell/bash') };
});
afterAll(() => rmSync(base, { recursive: true }));

const empty = environmentOf({});

test('It is the launcher of the session, with its arguments and its exit status, under any options, and is not exported.', async () => {
  const shell = await openShell({ env, bashrc: 'set -a -u -f; IFS=_', first: empty });
  expect(await shell.run("devshell why 'A B' '*'; echo $?")).toBe('ours:<why><A B><*>\n3');
  expect(await shell.run('env | grep -c "^BASH_FUNC"; bash -c devshell 2>/dev/null; echo $?')).toBe('0\n127');
  expect(await shell.run('compgen -c devshel')).toBe('devshell');
});

test('It gives way to a devshell that comes to PATH later, and comes back when that goes.', async () => {
  const shell = await openShell({ env, first: empty });
  const generation = shell.publish(environmentOf({ lists: { PATH: { front: [join(base, 'other')] } } }));
  await shell.run(':');
  expect(await shell.applied(generation)).toMatchObject({ added: 1, changed: 0, removed: 0, kept: [] });
  expect(await shell.run('devshell a; echo $?')).toBe('other:<a>\n3');
  shell.publish(empty);
  await shell.run(':');
  expect(await shell.run('devshell b')).toBe('ours:<b>');
});

test('It is there behind a PATH of the project that has a devshell only for a while.', async () => {
  const shell = await openShell({ env, first: environmentOf({ lists: { PATH: { front: [join(base, 'other')] } } }) });
  expect(await shell.run('devshell a')).toBe('other:<a>');
  shell.publish(empty);
  await shell.run(':');
  expect(await shell.run('devshell b')).toBe('ours:<b>');
});

test('Where .bashrc or the project has something of that name, there is only that.', async () => {
  const own = await openShell({ env, bashrc: 'devshell() { echo mine; }', first: empty });
  expect(await own.run('devshell')).toBe('mine');
  const onPath = await openShell({ env, bashrc: `PATH+=:'${join(base, 'other')}'`, first: empty });
  expect(await onPath.run('type -t devshell; devshell c')).toBe('file\nother:<c>');
  const project = await openShell({ env, first: environmentOf({ functions: { devshell: 'echo of the project' } }) });
  expect(await project.run('devshell')).toBe('of the project');
});
