// Stored environments as users meet them: what a start costs, what it shows, and what is evaluated.
import { existsSync, readFileSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { processesWith, waitUntil } from '../support/processes.ts';
import { launcher } from '../support/project.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { nodeOf, waitForPrompt } from './support-3.ts';

/** Prints `values`; does not end while there is a file `hold` beside the project, which is no input. */
const toml = `[load]
exec = [{ run = 'printf x >> ../runs; echo working on it >&2; while [ -e ../hold ]; do sleep 0.05; done; cat values', format = "dotenv", inputs = ["values"] }]
`;

const beside = (project: Project, name: string): string => join(project.base, name);
const hold = (project: Project): Promise<void> => writeFile(beside(project, 'hold'), '');
const release = (project: Project): Promise<void> => rm(beside(project, 'hold'), { force: true });
const runs = (project: Project): number => (existsSync(beside(project, 'runs')) ? readFileSync(beside(project, 'runs')).length : 0);

/** In a terminal like any other: what tells the sessions of the tests apart would count as another environment. */
const open = (project: Project, args: readonly string[] = []): TerminalSession => project.terminal('env', ['-u', 'TEST_SESSION', launcher, ...args], { columns: 100 });

async function configure(project: Project, more = ''): Promise<void> {
  await project.write('values', 'A=1\n');
  await project.write('devshell.toml', more + toml);
  await project.allow();
}

/** What one command prints in the environment. */
async function printed(project: Project, command = 'echo "$A"'): Promise<string> {
  const { stdout, exitCode, stderr } = await project.devshell([command]);
  if (exitCode !== 0) throw new Error(stderr);
  return stdout.trim();
}

const valueIn = async (session: TerminalSession): Promise<string> => (await session.run('echo "<$A>"')).join('');

async function leave(session: TerminalSession): Promise<void> {
  session.enter('exit');
  await session.exit;
}

describe('a start with nothing changed', () => {
  test('does not evaluate, however long that would take', async ({ project }) => {
    await configure(project);
    expect(await printed(project)).toBe('1');
    // Whatever is evaluated from here on takes for ever.
    await hold(project);
    expect(await printed(project)).toBe('1');
    expect(JSON.parse((await project.devshell(['env', '--json'])).stdout)).toMatchObject({ A: '1' });
    const warm = open(project);
    await warm.waitForStatus(/watching [1-9]/);
    expect(await valueIn(warm)).toBe('<1>');
    expect((await warm.run(`'${launcher}' log`)).join('\n')).toContain('environment from the cache: nothing has changed');
    await leave(warm);
    expect(runs(project)).toBe(1);
  });

  test('comes after the leave to run: a denied project never starts from what is stored', async ({ project }) => {
    await configure(project);
    await printed(project);
    await project.devshell(['deny']);
    const { exitCode, stderr } = await project.devshell(['echo hello']);
    expect([exitCode, stderr]).toEqual([125, expect.stringContaining('nothing of this project is run')]);
    const session = open(project);
    expect((await session.exit).exitCode).toBe(125);
  });
});

describe('a start with something changed', () => {
  test('is in the last good environment at once, says so, and becomes the right one by itself', async ({ project }) => {
    await configure(project);
    await printed(project);
    await hold(project);
    await project.write('values', 'A=2\n');
    const session = open(project);
    await session.waitForStatus('stale, building');
    await waitForPrompt(session);
    expect(await valueIn(session)).toBe('<1>');
    expect((await session.run(`'${launcher}' status`)).join('\n')).toMatch(/state +stale, building .*values[^]*stale: the last good environment/);
    await release(project);
    await session.waitForStatus(' ready ');
    expect(await valueIn(session)).toBe('<2>');
    expect((await session.run(`'${launcher}' status`)).join('\n')).not.toContain('stale');
    expect(runs(project)).toBe(2);
    await leave(session);
  });

  test('keeps the last good environment when what is there now cannot be built, until it is mended', async ({ project }) => {
    await configure(project);
    await printed(project);
    await project.write('values', 'this is no variable\n');
    const session = open(project);
    await session.waitForStatus('failed');
    expect(await valueIn(session)).toBe('<1>');
    expect((await session.run(`'${launcher}' status`)).join('\n')).toMatch(/^state +failed [^]*stale: the last good environment/);
    await project.write('values', 'A=3\n');
    await session.waitForStatus(' ready ');
    expect(await valueIn(session)).toBe('<3>');
    await leave(session);
    // Where there is no later, there is no stale either.
    await project.write('values', 'this is no variable\n');
    expect((await project.devshell(['echo hello'])).exitCode).toBe(125);
  });

  test('waits, showing what it does, with cache = "wait"', async ({ project }) => {
    await configure(project, 'cache = "wait"\n');
    await printed(project);
    await hold(project);
    await project.write('values', 'A=2\n');
    const session = open(project);
    await session.waitForScreen(/^devshell: building exec [\d.]+s {2}working on it$/m);
    expect(session.screen().join('\n')).not.toContain('$ ');
    await release(project);
    await session.waitForStatus(/watching [1-9]/);
    expect(session.screen().join('\n')).not.toContain('building exec');
    expect(await valueIn(session)).toBe('<2>');
    await leave(session);
  });

  test('evaluates every time and keeps nothing with cache = "off"', async ({ project }) => {
    await configure(project, 'cache = "off"\n');
    for (let round = 1; round <= 2; round++) {
      expect(await printed(project)).toBe('1');
      expect(runs(project)).toBe(round);
    }
    expect(existsSync(project.path('.devshell/cache'))).toBe(false);
  });
});

describe('the first start of all', () => {
  test('shows what it does, and Ctrl-C ends it and all it began', async ({ project }) => {
    await configure(project);
    await hold(project);
    const session = open(project);
    await session.waitForScreen('devshell: building exec');
    session.press('Ctrl-C');
    const { exitCode, signal } = await session.exit;
    expect(signal === 2 || exitCode === 130).toBe(true);
    await project.waitForNoProcess();
    expect(session.screen().join('\n').replace('^C', '').trim()).toBe('');
    await release(project);
    expect(await printed(project)).toBe('1');
  });

  test('leaves nothing behind when it is killed outright, and the next one is not held up', async ({ project }) => {
    await configure(project);
    await hold(project);
    const session = open(project);
    await waitUntil(() => runs(project) === 1, { what: 'an evaluation' });
    const { pid } = await nodeOf(project);
    process.kill(pid, 'SIGKILL');
    await session.exit;
    await project.waitForNoProcess();
    await release(project);
    expect(await printed(project)).toBe('1');
    expect(runs(project)).toBe(2);
  });
});

describe('in a session', () => {
  test('a change that was there before is not evaluated again, but what the user asks for is', async ({ project }) => {
    await configure(project);
    const session = open(project);
    await session.waitForStatus(/watching [1-9]/);
    for (const value of ['2', '1', '2']) {
      await session.waitForStatus((rows) => !rows[0]!.includes(' ready '));
      await project.replace('values', `A=${value}\n`);
      await session.waitForStatus(' ready ');
      expect(await valueIn(session)).toBe(`<${value}>`);
    }
    expect(runs(project)).toBe(2);
    await session.run(`'${launcher}' reload`);
    expect(runs(project)).toBe(3);
    await leave(session);
  });

  test('ten shells and one edit are one evaluation and ten reloads; another takes over when the one who evaluates is killed', { timeout: 120_000 }, async ({ project }) => {
    await configure(project);
    await printed(project);
    const sessions = Array.from({ length: 10 }, () => open(project));
    for (const session of sessions) await session.waitForStatus(/watching [1-9]/);
    expect(runs(project)).toBe(1);
    await allBuilding(project, sessions, 'A=2\n');
    await release(project);
    await allReload(sessions, '<2>');
    expect(runs(project)).toBe(2);
    await allBuilding(project, sessions, 'A=3\n');
    const evaluating = (await processesWith(project.token)).find(({ commandLine }) => commandLine.includes('while [ -e ../hold ]'));
    const holder = sessions.find(({ pid }) => isBelow(evaluating!.parent, pid))!;
    process.kill(holder.pid, 'SIGKILL');
    await waitUntil(() => runs(project) === 4, { what: 'another to take over' });
    await release(project);
    const left = sessions.filter((session) => session !== holder);
    await allReload(left, '<3>');
    expect(runs(project)).toBe(4);
    for (const session of left) await leave(session);
    await project.waitForNoProcess();
  });
});

/** One edit, seen by all, evaluated by one, which does not end. */
async function allBuilding(project: Project, sessions: readonly TerminalSession[], values: string): Promise<void> {
  const before = runs(project);
  await hold(project);
  await project.replace('values', values);
  for (const session of sessions) await session.waitForStatus('building');
  await waitUntil(() => runs(project) > before, { what: 'an evaluation' });
}

async function allReload(sessions: readonly TerminalSession[], value: string): Promise<void> {
  for (const session of sessions) {
    await session.waitForStatus(' ready ');
    expect(await valueIn(session)).toBe(value);
    await session.waitForStatus((rows) => !rows[0]!.includes(' ready '));
  }
}

/** Whether a process descends from another, as far as the parents go. */
function isBelow(pid: number, ancestor: number): boolean {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true;
    const stat = readFileSync(`/proc/${at}/stat`, 'utf8');
    at = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return false;
}

describe('devshell clean', () => {
  test('removes what is stored, says how much, and keeps what a running session needs', async ({ project }) => {
    await configure(project);
    await printed(project);
    await project.write('.devshell/nix/root/profile', 'x'.repeat(2000));
    const session = open(project);
    await session.waitForStatus(/watching [1-9]/);
    const first = await project.devshell(['clean']);
    expect(first).toMatchObject({ exitCode: 0, stdout: '', stderr: expect.stringMatching(/removed 1 stored environment \([\d.]+ kB\)\n.*kept what the running session .* needs/) as string });
    expect(existsSync(project.path('.devshell/cache'))).toBe(false);
    expect(existsSync(project.path('.devshell/nix'))).toBe(true);
    expect(await valueIn(session)).toBe('<1>');
    await project.replace('values', 'A=2\n');
    await session.waitForStatus(' ready ');
    expect(await valueIn(session)).toBe('<2>');
    // As a container leaves it that shares the directory: another session, whose number belongs to nobody here.
    const [name = ''] = await readdir(project.path('.devshell/sessions'));
    const record = JSON.parse(await project.read(`.devshell/sessions/${name}/status.json`)) as { readonly where: string };
    const where = record.where.split(' ').map((word, index) => (index === 2 ? 'pid:[1]' : word)).join(' ');
    await project.write('.devshell/sessions/sThere/status.json', JSON.stringify({ ...record, pid: 2 ** 22 + 1, where }));
    await leave(session);
    expect(await printed(project)).toBe('2');
    const other = await project.devshell(['clean']);
    expect(other.stderr).toMatch(/kept \S+\/sThere, a session in another container or on another machine/);
    expect([existsSync(project.path('.devshell/nix')), await readdir(project.path('.devshell/sessions'))]).toEqual([true, ['sThere']]);
    await rm(project.path('.devshell/sessions/sThere'), { recursive: true });
    await printed(project);
    const second = await project.devshell(['clean']);
    expect(second.stderr).toMatch(/removed 1 stored environment .*, the roots that kept Nix packages \(2\.0 kB\)/);
    expect((await project.devshell(['clean'])).stderr).toContain('nothing to remove');
    expect(await printed(project)).toBe('2');
  });
});
