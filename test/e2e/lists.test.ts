// PATH and its like in the live shell: ours move, the user's stay, and what else edits them does not get in the way.
import { mkdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { environmentOf, openShell, pathOf, printedTo, reload, valueOf } from './support-1.ts';

/** What PATH is before anything adds to it. */
const basePath = (project: Project): string[] => project.environment()['PATH']!.split(':');

/** A command `tool` that says where it stands, in each of these directories. */
async function writeTools(project: Project, ...directories: string[]): Promise<void> {
  for (const directory of directories) await project.write(join(directory, 'tool'), `#!/bin/sh\necho ${directory}\n`, { mode: 0o755 });
}

const paths = (...directories: string[]): string => `[load]\npath = ${JSON.stringify(directories)}\n`;

const setPath = (project: Project, session: TerminalSession, ...directories: string[]): Promise<string> =>
  reload(session, () => project.replace('devshell.toml', paths(...directories)));

describe('PATH', () => {
  test('keeps what the user added and what the user took out, while ours come, go and change places', async ({ project }) => {
    const base = basePath(project);
    const ours = (...names: string[]) => names.map((name) => project.path(name));
    await writeTools(project, 'one', 'two', 'three');
    const session = await openShell(project, paths('one', 'two'));
    expect(await pathOf(project, session)).toEqual([...ours('one', 'two'), ...base]);

    await session.run('PATH=/user/front:$PATH:/user/back; PATH=${PATH//:\\/usr\\/local\\/sbin/}');
    const users = base.filter((directory) => directory !== '/usr/local/sbin');
    await setPath(project, session, 'two', 'three');
    expect(await pathOf(project, session)).toEqual(['/user/front', ...ours('two', 'three'), ...users, '/user/back']);
    // bash had looked the command up before; it is found anew.
    expect(await session.run('tool')).toEqual(['two']);
    await setPath(project, session, 'three', 'two');
    expect(await session.run('tool')).toEqual(['three']);
    expect(await pathOf(project, session)).toEqual(['/user/front', ...ours('three', 'two'), ...users, '/user/back']);

    // Between ours, and ours taken out.
    await session.run(`PATH=/user/front:${project.path('three')}:/user/between:$(IFS=:; set -- \${PATH#*:*:*:}; echo "$*")`);
    expect(await setPath(project, session, 'three', 'two', 'one')).toMatch(/kept PATH/);
    expect(await pathOf(project, session)).toEqual(['/user/front', ...ours('three', 'one'), '/user/between', ...users, '/user/back']);

    await reload(session, () => project.replace('devshell.toml', '[env]\n'));
    expect(await pathOf(project, session)).toEqual(['/user/front', '/user/between', ...users, '/user/back']);
    expect((await environmentOf(project, session)).get('PATH')).toBe((await pathOf(project, session)).join(':'));
  });

  test('is the same after any number of reloads', async ({ project }) => {
    const session = await openShell(project, paths('one'));
    const before = await pathOf(project, session);
    for (const value of ['1', '2', '3']) await reload(session, () => project.replace('devshell.toml', `${paths('one')}[env]\nA = "${value}"\n`));
    expect(await pathOf(project, session)).toEqual(before);
    await setPath(project, session, 'two');
    await setPath(project, session, 'one');
    expect(await pathOf(project, session)).toEqual(before);
  });

  test.for([
    ['prepends shims', 'export PATH="$HOME/shims:$PATH"\n', (project: Project) => [join(project.home, 'shims'), ...basePath(project)]],
    ['sets PATH outright', 'PATH=$HOME/shims:/usr/bin:/bin\n', (project: Project) => [join(project.home, 'shims'), '/usr/bin', '/bin']],
    ['unsets PATH', 'unset PATH\n', () => []],
  ] as const)('is in front of what a .bashrc does that %s', async ([, line, rest], { createProject }) => {
    const project = await createProject({ bashrc: `PS1='$ '\n${line}` });
    await writeTools(project, 'bin', 'other', '../home/shims');
    const session = await openShell(project, paths('bin'));
    expect(await pathOf(project, session)).toEqual([project.path('bin'), ...rest(project)]);
    expect(await session.run('tool')).toEqual(['bin']);
    await setPath(project, session, 'other');
    expect(await session.run('tool')).toEqual(['other']);
    await reload(session, () => project.replace('devshell.toml', ''));
    expect(await pathOf(project, session)).toEqual(rest(project));
  });
});

describe('a virtual environment that the user activates by hand', () => {
  const installed = async (project: Project): Promise<string> => {
    const { exitCode, stderr } = await project.run('/usr/bin/python3', ['-m', 'venv', '--without-pip', 'my venv']);
    if (exitCode !== 0) throw new Error(`python3 -m venv: ${stderr}`);
    return project.path('my venv');
  };
  const executable = "python -c 'import sys; print(sys.prefix)'";

  test('stays active across reloads, and `deactivate` then leaves the newest environment', async ({ project }) => {
    const venv = await installed(project);
    const base = basePath(project);
    const session = await openShell(project, `${paths('one')}[env]\nA = "1"\n`);
    await session.run(`. '${venv}/bin/activate'`);
    await reload(session, () => project.replace('devshell.toml', `${paths('two')}[env]\nA = "2"\n`));
    expect(await pathOf(project, session)).toEqual([join(venv, 'bin'), project.path('two'), ...base]);
    expect(await session.run(`echo $A "$VIRTUAL_ENV"; ${executable}`)).toEqual([`2 ${venv}`, venv]);

    await session.run('deactivate');
    expect(await pathOf(project, session)).toEqual([project.path('two'), ...base]);
    expect(await session.run('echo "${VIRTUAL_ENV-none} $A ${_OLD_VIRTUAL_PATH-none}"')).toEqual(['none 2 none']);
    expect(await setPath(project, session, 'two', 'three')).not.toContain('kept');
    expect(await pathOf(project, session)).toEqual([project.path('two'), project.path('three'), ...base]);
  });

  test('stands over the one that the project brings, and gives way to it on `deactivate`', async ({ project }) => {
    const venv = await installed(project);
    await project.run('/usr/bin/python3', ['-m', 'venv', '--without-pip', '.venv']);
    const configured = (directory: string) => `[load]\nvenv = ".venv"\npath = ["${directory}"]\n`;
    const session = await openShell(project, configured('one'));
    expect(await session.run(`echo $VIRTUAL_ENV; ${executable}`)).toEqual([project.path('.venv'), project.path('.venv')]);
    await session.run(`. '${venv}/bin/activate'`);
    expect(await reload(session, () => project.replace('devshell.toml', configured('two')))).toMatch(/kept VIRTUAL_ENV VIRTUAL_ENV_PROMPT\s*$/);
    expect(await session.run(`echo $VIRTUAL_ENV; ${executable}`)).toEqual([venv, venv]);
    await session.run('deactivate');
    expect(await session.run(executable)).toEqual([project.path('.venv')]);
    expect(await pathOf(project, session)).toEqual([project.path('two'), project.path('.venv/bin'), ...basePath(project)]);
    await session.run(`. '${venv}/bin/activate'`);
    await reload(session, () => project.replace('devshell.toml', ''));
    expect(await pathOf(project, session)).toEqual([join(venv, 'bin'), ...basePath(project)]);
    await session.run('deactivate');
    expect(await pathOf(project, session)).toEqual(basePath(project));
  });
});

describe('MANPATH', () => {
  test('takes our pages in and leaves those of the system and of the user reachable', async ({ project }) => {
    for (const [directory, name] of [['man', 'ours'], ['pages', 'newer'], ['mine', 'mine']] as const)
      await project.write(`${directory}/man1/${name}.1`, `.TH ${name} 1\n.SH NAME\n${name} - a page\n`);
    // Some installations have left all manual pages out: one of the system's own, then.
    const system = await project.run('man', ['-w', 'man'], { env: { LC_ALL: 'C' } });
    const where = 'for page in ours newer mine; do man -w $page 2>/dev/null || echo no $page; done; manpath -q | grep -c /usr/share/man';
    const configured = (directory: string) => `[env]\nMANPATH = "${project.path(directory)}:\${MANPATH:-}"\n`;
    const page = (directory: string, name: string) => `${project.path(directory)}/man1/${name}.1`;
    const session = await openShell(project, configured('man'));
    expect(await session.run(where)).toEqual([page('man', 'ours'), 'no newer', 'no mine', '1']);

    await session.run(`export MANPATH=${project.path('mine')}:$MANPATH`);
    await reload(session, () => project.replace('devshell.toml', configured('pages')));
    expect(await session.run(where)).toEqual(['no ours', page('pages', 'newer'), page('mine', 'mine'), '1']);
    await reload(session, () => project.replace('devshell.toml', ''));
    expect(await session.run(where)).toEqual(['no ours', 'no newer', page('mine', 'mine'), '1']);
    if (system.exitCode === 0) expect(await session.run('man -w man')).toEqual([system.stdout.trim()]);
  });

  test('is unset again when it was unset before', async ({ project }) => {
    const session = await openShell(project, `[env]\nMANPATH = "/ours:\${MANPATH:-}"\n`);
    expect(await valueOf(project, session, 'MANPATH')).toBe('/ours:');
    await reload(session, () => project.replace('devshell.toml', ''));
    expect(await valueOf(project, session, 'MANPATH')).toBeUndefined();
  });

  test('reaches the pages of the system in a single command, too', async ({ project }) => {
    await project.write('devshell.toml', `[env]\nMANPATH = "${project.path('man')}:\${MANPATH:-}"\n`);
    await mkdir(project.path('man'));
    await project.allow();
    const { stdout } = await project.devshell(['manpath -q']);
    expect(stdout.trim().split(':')).toEqual(expect.arrayContaining([project.path('man'), '/usr/share/man']));
  });
});

describe('direnv in the same shell', () => {
  /** The prompt itself says what it was drawn in: its number, which `tool` would run, and two variables. */
  const bashrc = "eval \"$(direnv hook bash)\"\nPS1='{\\#|$(type -p ours)|$OURS|$THEIRS} $ '\n";
  const prompts = (session: TerminalSession): string[][] =>
    session.screen().flatMap((row) => (/^\{.*\}/.exec(row)?.[0].slice(1, -1).split('|') ?? []).length === 4 ? [/^\{(.*?)\}/.exec(row)![1]!.split('|')] : []);

  async function prepare(project: Project): Promise<void> {
    for (const directory of ['bin', 'newer']) await project.write(join(directory, 'ours'), '#!/bin/sh\n', { mode: 0o755 });
    await project.write('sub/.envrc', 'PATH_add tools\nexport THEIRS=direnv\n');
    await project.run('direnv', ['allow', project.path('sub')]);
  }
  const configured = (directory: string, value: string) => `${paths(directory)}[env]\nOURS = "${value}"\n`;

  /** What the first prompt after a line says, before anything else is typed. */
  async function promptAfter(session: TerminalSession, line: string): Promise<string[]> {
    const number = Number(prompts(session).at(-1)?.[0] ?? 0);
    session.enter(line);
    await session.waitForScreen(() => Number(prompts(session).at(-1)?.[0] ?? 0) > number);
    return prompts(session).at(-1)!.slice(1);
  }

  test('drops nothing of ours, in and out, with and without reloads on the way', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await prepare(project);
    const base = basePath(project);
    const session = await openShell(project, configured('bin', '1'));
    const ours = [project.path('bin/ours'), '1', ''];
    expect(prompts(session).at(-1)).toEqual(['1', ...ours]);
    expect(await promptAfter(session, 'cd sub')).toEqual([project.path('bin/ours'), '1', 'direnv']);
    expect(await pathOf(project, session)).toEqual(expect.arrayContaining([project.path('bin'), project.path('sub/tools'), ...base]));
    expect(await promptAfter(session, 'cd ..')).toEqual(ours);
    expect(await pathOf(project, session)).toEqual([project.path('bin'), ...base]);

    expect(await promptAfter(session, 'cd sub')).toEqual([project.path('bin/ours'), '1', 'direnv']);
    await reload(session, () => project.replace('devshell.toml', configured('newer', '2')));
    expect(await pathOf(project, session)).not.toContain(project.path('bin'));
    expect(await pathOf(project, session)).toEqual(expect.arrayContaining([project.path('newer'), project.path('sub/tools')]));
    expect(await promptAfter(session, 'cd ..')).toEqual([project.path('newer/ours'), '2', '']);
    expect(await pathOf(project, session)).toEqual([project.path('newer'), ...base]);
    expect(await promptAfter(session, 'cd sub')).toEqual([project.path('newer/ours'), '2', 'direnv']);
    expect(await promptAfter(session, 'cd ..')).toEqual([project.path('newer/ours'), '2', '']);

    await reload(session, () => project.replace('devshell.toml', ''));
    await promptAfter(session, 'cd sub');
    expect(await promptAfter(session, 'cd ..')).toEqual(['', '', '']);
    expect(await pathOf(project, session)).toEqual(base);
  });

  test('that has loaded a directory before devshell was started leaves ours when it unloads', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await prepare(project);
    await project.write('devshell.toml', configured('bin', '1'));
    await project.allow();
    const outer = project.terminal('bash', [], { columns: 120, cwd: project.path('sub') });
    await outer.waitForScreen('||direnv} $');
    outer.enter(launcher);
    await outer.waitForStatus('watching');
    await outer.waitForScreen('ours|1|direnv} $');
    expect(await promptAfter(outer, 'cd ..')).toEqual([project.path('bin/ours'), '1', '']);
    expect(await pathOf(project, outer)).toEqual([project.path('bin'), ...basePath(project)]);
  });

  test('and a file that it reads anew for the directory one is in do not disturb each other', async ({ createProject }) => {
    const project = await createProject({ bashrc });
    await prepare(project);
    const session = await openShell(project, configured('bin', '1'));
    await promptAfter(session, 'cd sub');
    const envrc = await project.write('sub/.envrc', 'PATH_add more\nexport THEIRS=again\n');
    // direnv compares whole seconds.
    await utimes(envrc, Date.now() / 1000 + 60, Date.now() / 1000 + 60);
    await session.run('direnv allow');
    expect(await session.run('echo "$OURS $THEIRS"')).toEqual(['1 again']);
    const path = await pathOf(project, session);
    expect(path).toEqual(expect.arrayContaining([project.path('bin'), project.path('sub/more')]));
    expect(path).not.toContain(project.path('sub/tools'));
    await rm(project.path('sub/.envrc'));
    await session.run(':');
    expect(await promptAfter(session, 'cd ..')).toEqual([project.path('bin/ours'), '1', '']);
    expect(await printedTo(project, session, 'echo "${PATH}"')).toBe(`${[project.path('bin'), ...basePath(project)].join(':')}\n`);
  });
});
