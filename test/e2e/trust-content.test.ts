// trust = "content" in a running session, and trust that worktrees share.
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';

const toml = 'trust = "content"\n[env]\nGREETING = "hello"\n[load]\nexec = [{ run = "./tool", format = "dotenv" }]\n';
const tool = (value: string): string => `#!/bin/sh\necho TOOL=${value}\n`;

async function prepare(project: Project): Promise<void> {
  await project.write('devshell.toml', toml);
  await project.write('tool', tool('one'), { mode: 0o755 });
}

describe('a project that is allowed by content', () => {
  test('is blocked in the line when its code changes, keeps its environment, and goes on when the change is allowed', async ({ project }) => {
    await prepare(project);
    expect((await project.devshell(['allow'])).stderr).toMatch(/allowed in this very form[^]*\+ devshell\.toml \(new\)[^]*\+ tool \(new\)/);
    const session = project.open([], { columns: 120 });
    await session.waitForStatus(/watching [1-9]/);
    expect(await session.run('echo $GREETING $TOOL')).toEqual(['hello one']);

    await project.write('tool', tool('two'));
    expect(await session.waitForStatus('blocked')).toContain('devshell allow');
    expect(await session.run('echo $GREETING $TOOL')).toEqual(['hello one']);
    const allowed = await project.devshell(['allow']);
    expect(allowed.stderr).toContain('~ tool (changed)');
    expect(allowed.stderr).not.toContain('+ ');
    await session.waitForStatus(/ready|reloaded/);
    expect(await session.run('echo $GREETING $TOOL')).toEqual(['hello two']);

    // Turning it off is a change like any other.
    await project.write('devshell.toml', toml.replace('"content"', '"path"').replace('hello', 'hostile'));
    await session.waitForStatus('blocked');
    await project.write('devshell.local.toml', 'trust = "path"\n');
    expect(await session.run('echo $GREETING')).toEqual(['hello']);
    await project.run('rm', [project.path('devshell.local.toml')]);
    await project.write('devshell.toml', toml);
    await session.waitForStatus(/watching|ready|reloaded/);
    await project.write('.env', '');
    expect(await session.run('echo $GREETING $TOOL')).toEqual(['hello two']);
  });

  test('is refused without a terminal, and asked for in one, with the names of what has changed', async ({ project }) => {
    await prepare(project);
    await project.allow();
    expect((await project.devshell(['echo $TOOL'])).stdout).toBe('one\n');
    await project.write('tool', tool('two'));
    const refused = await project.devshell(['echo $TOOL']);
    expect(refused).toMatchObject({ exitCode: 125, stdout: '' });
    expect(refused.stderr).toMatch(/it has changed since it was allowed \(~ tool \(changed\)\)[^]*devshell allow/);
    const session = project.open();
    await session.waitForScreen(/has changed since it was allowed:\n +~ tool \(changed\)\nAllow it in this form\? \[y\/N\]/);
    session.enter('y');
    await session.waitForStatus(/watching [1-9]/);
    expect(await session.run('echo $TOOL')).toEqual(['two']);
    expect((await project.devshell(['echo $TOOL'])).stdout).toBe('two\n');
  });

  test('is one from the first question on, also by the settings of the user', async ({ project }) => {
    await project.write(join(project.home, '.config/devshell/config.toml'), 'trust = "content"\n');
    await project.write('.env', 'A=1\n');
    const init = await project.devshell(['init']);
    expect(init.exitCode).toBe(0);
    expect((await project.devshell(['echo $A'])).stdout).toBe('1\n');
    await project.write('devshell.toml', `${await project.read('devshell.toml')}# one more\n`);
    expect((await project.devshell(['true'])).exitCode).toBe(125);
  });
});

test('what is allowed for all worktrees of a repository is allowed in each, and a denial of one wins', async ({ project }) => {
  const git = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await project.run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args]);
    if (exitCode !== 0) throw new Error(stderr);
  };
  await project.write('devshell.toml', '[env]\nGREETING = "hello"\n');
  await git('init', '-q');
  await git('add', 'devshell.toml');
  await git('commit', '-q', '-m', 'x');
  const other = join(project.base, 'other');
  await git('worktree', 'add', '-q', other);
  await project.allow();
  const greet = (): ReturnType<Project['run']> => project.devshell(['echo $GREETING'], { cwd: other });
  expect((await greet()).exitCode).toBe(125);
  expect((await project.devshell(['allow', '--worktrees'])).stderr).toContain('and the same place in every worktree');
  expect((await greet()).stdout).toBe('hello\n');
  await project.devshell(['deny'], { cwd: other });
  expect((await greet()).exitCode).toBe(125);
  const again = await project.devshell(['allow', '--worktrees'], { cwd: other });
  expect(again.exitCode).toBe(125);
  expect(again.stderr).toMatch(/this project itself is denied, and that wins[^]*devshell allow/);
  await project.devshell(['allow'], { cwd: other });
  expect((await greet()).stdout).toBe('hello\n');
  expect((await project.devshell(['allow', '--worktrees'], { cwd: project.home })).stderr).toContain('in no Git repository');
});
