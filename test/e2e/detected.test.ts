// Projects without a configuration: what is found, what is said of it, what is asked, and what `devshell init` makes of it.
import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { launcher } from '../support/project.ts';
import { realTool } from '../support/real-tools.ts';
import { environmentOf, reload } from './support-1.ts';

/** The real one, alone in a directory. */
async function installMise(project: Project): Promise<string> {
  const bin = join(project.base, 'tools');
  await mkdir(bin, { recursive: true });
  await symlink(realTool('mise'), join(bin, 'mise'));
  return bin;
}

describe('a project with a mise.toml', () => {
  test('is asked for with the command that would run, is used and followed, and written down as the same', async ({ project }) => {
    const bin = await installMise(project);
    const env = { PATH: `${bin}:${project.environment()['PATH'] ?? ''}`, GONE: 'outer' };
    const toml = (greeting: string): string => `[env]\nGREETING = "${greeting}"\nGONE = false\n_.path = "bin"\n_.file = "more.env"\n`;
    await project.write('mise.toml', toml('hello'));
    const session = project.open([], { env, columns: 160 });
    await session.waitForScreen(/mise env --shell bash[^]*\[y\/N\]/);
    session.enter('y');
    await session.waitForStatus(/watching [1-9]/);
    expect(session.screen().filter((row) => row.startsWith('devshell: no devshell.toml'))).toEqual(['devshell: no devshell.toml: using mise.toml (devshell init writes it down)']);
    expect(await session.run('echo $GREETING ${GONE-gone} ${PATH%%:*}')).toEqual([`hello gone ${project.path('bin')}`]);
    await reload(session, () => project.write('mise.toml', toml('changed')));
    expect(await session.run('echo $GREETING')).toEqual(['changed']);
    await reload(session, () => project.write('more.env', 'MORE=1\n'));
    await project.write('mise.toml', '[env]\nGREETING = "half\n');
    await session.waitForStatus(/failed +mise\.toml:2.* Invalid TOML in config file/);
    expect(await session.run('echo $GREETING $MORE')).toEqual(['changed 1']);
    await reload(session, () => project.write('mise.toml', toml('mended')));
    expect(await session.run('echo $GREETING $MORE ${GONE-gone}')).toEqual(['mended 1 gone']);
    await reload(session, () => project.write('.env', 'FROM_DOTENV=yes\n'));

    const before = await environmentOf(project, session);
    await project.devshell(['init'], { env });
    // The same environment by another way: nothing to apply, but other files to watch.
    await session.waitForStatus(/watching [1-9]/);
    await reload(session, () => project.write('mise.toml', toml('written-down')));
    const after = await environmentOf(project, session);
    expect(after.get('GREETING')).toBe('written-down');
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect(await project.read('devshell.toml')).toContain('mise env --shell bash');
  });

  test('says that mise is missing, and how to get it', async ({ project }) => {
    await project.write('mise.toml', '[env]\nGREETING = "hello"\n');
    const { exitCode, stdout, stderr } = await project.devshell([], { input: 'echo here\n' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'here\n' });
    expect(stderr).toContain('nothing that could be used without one; mise.toml needs mise, which is not on PATH (https://mise.jdx.dev)');
    expect((await project.devshell(['init'])).exitCode).toBe(0);
    expect(await project.read('devshell.toml')).toContain('# Not used: mise.toml, since mise is not on PATH (https://mise.jdx.dev)');
  });
});

test('an .envrc alone is enough, is evaluated once, and means the same when it is written down', async ({ project }) => {
  await project.write('.envrc', 'export GREETING=hello\nPATH_add bin\necho evaluated >> runs\n');
  await project.write('.git/HEAD', 'ref: refs/heads/main\n');
  const session = project.open([], { columns: 160 });
  await session.waitForScreen(/evaluates \.envrc\n[^]*\[y\/N\]/);
  session.enter('y');
  await session.waitForStatus(/watching [1-9]/);
  expect(session.screen().filter((row) => row.startsWith('devshell: no devshell.toml'))).toEqual(['devshell: no devshell.toml: using .envrc (devshell init writes it down)']);
  expect(await session.run('echo $GREETING; echo ${PATH%%:*}')).toEqual(['hello', project.path('bin')]);
  expect(await project.read('runs')).toBe('evaluated\n');
  await reload(session, () => project.write('.envrc', 'export GREETING=changed\n'));
  expect(await session.run('echo $GREETING')).toEqual(['changed']);
  await project.devshell(['init']);
  await reload(session, () => project.write('.envrc', 'export GREETING=written\n'));
  expect(await session.run('echo $GREETING')).toEqual(['written']);
  expect(await project.read('devshell.toml')).toContain('envrc = ".envrc"');
});

describe('a project with a virtual environment', () => {
  test('has its interpreter in front of the shims that .bashrc puts on PATH', async ({ createProject }) => {
    const project = await createProject({ bashrc: 'PS1=\'$ \'\nexport PATH="$HOME/.pyenv/shims:$PATH" PYTHONHOME=/nowhere\n' });
    for (const name of ['python', 'python3']) await project.write(join(project.home, '.pyenv/shims', name), '#!/bin/sh\necho shim\n', { mode: 0o755 });
    await project.write('.venv/pyvenv.cfg', 'home = /usr/bin\nprompt = mine\n');
    await mkdir(project.path('.venv/bin'));
    for (const name of ['python', 'python3']) await symlink('/usr/bin/python3', project.path('.venv/bin', name));
    await project.allow();
    const session = project.open([], { columns: 160 });
    await session.waitForStatus(/watching [1-9]/);
    for (const name of ['python', 'python3']) expect(await session.run(`${name} -c 'import sys; print(sys.prefix)'`)).toEqual([project.path('.venv')]);
    expect(await session.run('echo $VIRTUAL_ENV_PROMPT ${PYTHONHOME-none}')).toEqual(['mine none']);
    session.enter('exit');
    await session.exit;
    // Not from a socket: there bash takes itself for a remote shell and reads .bashrc.
    const line = `${launcher} "python -c 'import sys; print(sys.prefix)'" < /dev/null`;
    expect((await project.run('sh', ['-c', line])).stdout).toBe(`${project.path('.venv')}\n`);
  });
});

test('in a home directory nothing is evaluated, and nothing is written there', async ({ project }) => {
  const session = project.open([], { cwd: project.home, columns: 120 });
  await session.waitForStatus('watching');
  expect(session.screen().find((row) => row !== '')).toBe('devshell: no devshell.toml, and nothing that could be used without one (devshell init writes one)');
  expect(await session.run(`${launcher} status | sed -n 's/^project *//p'`)).toEqual([project.home]);
  session.enter('exit');
  await session.exit;
  expect(await readdir(project.home)).not.toContain('.devshell');
});
