import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Project } from '../../src/config/project.ts';
import { detectionLine, findProject, findProjectBelow, projectAt } from '../../src/config/project.ts';

const never = new AbortController().signal;
let home = '';

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'devshell-project-')));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Makes files, or directories where the name ends in a slash, below the home directory. */
async function given(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(name.endsWith('/') ? join(home, name) : dirname(join(home, name)), { recursive: true });
    if (!name.endsWith('/')) await writeFile(join(home, name), '');
  }
}

const find = (start: string): Promise<Project> => findProjectBelow(join(home, start), home, never);

describe('the project', () => {
  test('is the nearest directory upwards with a devshell.toml', async () => {
    await given('p/devshell.toml', 'p/a/devshell.toml', 'p/a/b/c/', 'p/x/y/');
    expect(await find('p/a/b/c')).toEqual({ kind: 'configured', root: join(home, 'p/a'), file: join(home, 'p/a/devshell.toml') });
    expect(await find('p/x/y')).toEqual({ kind: 'configured', root: join(home, 'p'), file: join(home, 'p/devshell.toml') });
    expect(await findProject(join(home, 'p/x'), never)).toMatchObject({ kind: 'configured', root: join(home, 'p') });
  });

  test('may have a devshell.local.toml alone', async () => {
    await given('p/devshell.local.toml', 'p/a/');
    expect(await find('p/a')).toMatchObject({ kind: 'configured', file: join(home, 'p/devshell.local.toml') });
  });

  test('is a configured one further up rather than a nearer one that is only detected', async () => {
    await given('p/devshell.toml', 'p/a/.env', 'p/a/.git/');
    expect(await find('p/a')).toMatchObject({ kind: 'configured', root: join(home, 'p') });
  });

  test('is configured also by what only the loader can name as wrong', async () => {
    await given('p/devshell.toml/');
    expect(await find('p')).toMatchObject({ kind: 'configured' });
  });

  test('is detected where nothing is configured', async () => {
    await given('p/.git/', 'p/.env', 'p/.venv/pyvenv.cfg', 'p/node_modules/.bin/', 'p/a/b/', 'p/.envrc', 'p/flake.nix');
    expect(await find('p/a/b')).toEqual({
      kind: 'detected',
      root: join(home, 'p'),
      found: [{ kind: 'envrc', file: '.envrc' }, { kind: 'dotenv', file: '.env' }, { kind: 'venv', directory: '.venv' }, { kind: 'path', directory: 'node_modules/.bin' }],
      idle: [],
    });
  });

  test('is not made by a .env directory, a .venv without pyvenv.cfg, or a node_modules/.bin that is a file', async () => {
    await given('p/.env/', 'p/.venv/', 'p/node_modules/.bin');
    expect(await find('p')).toEqual({ kind: 'detected', root: join(home, 'p'), found: [], idle: [] });
  });

  test('is not looked for above the repository, in the home directory or in /', async () => {
    await given('.env', 'q/.env', 'q/p/.git', 'q/p/a/', 'r/s/');
    expect(await find('q/p/a')).toMatchObject({ root: join(home, 'q/p/a'), found: [] });
    expect(await find('r/s')).toMatchObject({ root: join(home, 'r/s'), found: [] });
  });

  test('is the home directory for who is there', async () => {
    await given('.env');
    expect(await find('.')).toMatchObject({ root: home, found: [{ kind: 'dotenv' }] });
  });

  test('names the nearest files of tools that are not there even where it has nothing to use', async () => {
    await given('p/.git/', 'p/flake.nix', 'p/a/b/');
    expect(await find('p/a/b')).toEqual({ kind: 'detected', root: join(home, 'p/a/b'), found: [], idle: [{ file: '../../flake.nix', tool: 'nix', home: 'https://nixos.org/download' }] });
  });

  test('of a known root is not looked for elsewhere', async () => {
    await given('p/devshell.toml', 'p/a/.env');
    expect(await projectAt(join(home, 'p/a'), never)).toMatchObject({ kind: 'detected', root: join(home, 'p/a'), found: [{ kind: 'dotenv' }] });
    expect(await projectAt(join(home, 'p'), never)).toMatchObject({ kind: 'configured', root: join(home, 'p') });
  });

  test('is found through a symbolic link, and a dangling devshell.toml is none', async () => {
    await given('p/devshell.toml', 'q/');
    await symlink(join(home, 'p'), join(home, 'link'));
    await symlink(join(home, 'nowhere'), join(home, 'q/devshell.toml'));
    expect(await find('link')).toMatchObject({ kind: 'configured', root: join(home, 'link') });
    expect(await find('q')).toMatchObject({ kind: 'detected' });
  });

  test('must be a directory', async () => {
    await given('file');
    await expect(projectAt(join(home, 'file'), never)).rejects.toMatchObject({ code: 'usage', message: `${join(home, 'file')} is not a directory` });
    await expect(find('none')).rejects.toMatchObject({ code: 'usage', message: `${join(home, 'none')} does not exist, or may not be entered` });
  });

  test('is no longer looked for once the search is cancelled', async () => {
    await expect(findProject(home, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

test.each<readonly [Project, string | undefined]>([
  [{ kind: 'configured', root: '/p', file: '/p/devshell.toml' }, undefined],
  [
    { kind: 'detected', root: '/p', found: [{ kind: 'dotenv', file: '.env' }, { kind: 'venv', directory: '.venv' }, { kind: 'path', directory: 'node_modules/.bin' }], idle: [] },
    'no devshell.toml: using .env, .venv, node_modules/.bin (devshell init writes it down)',
  ],
  [
    { kind: 'detected', root: '/p', found: [{ kind: 'dotenv', file: '.env' }], idle: [{ file: 'mise.toml', tool: 'mise', home: 'https://mise.jdx.dev' }] },
    'no devshell.toml: using .env; mise.toml needs mise, which is not on PATH (https://mise.jdx.dev) (devshell init writes it down)',
  ],
  [{ kind: 'detected', root: '/p', found: [], idle: [] }, 'no devshell.toml, and nothing that could be used without one (devshell init writes one)'],
])('what is used is said in one line: %j', (project, line) => {
  expect(detectionLine(project)).toBe(line);
});
