// What a configuration says is what the live shell gets: every source of variables, in order, at the start and after each change.
import { chmod, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { saveAsVim } from '../support/editors.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { changeInput, environmentOf, openShell, pathOf, reload } from './support-1.ts';

describe('[env]', () => {
  test('is read in order: texts, numbers, `${}` with what stood before, literal dollars, and `false`', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\nexport PYTHONHOME=/from/bashrc\n", env: { OUTER: 'outside', PYTHONPATH: '/given' } });
    const session = await openShell(project, [
      '[env]', 'FIRST = "1"', 'SECOND = "${FIRST}2"', 'PORT = 8080', 'HEX = 0x1F', 'RATE = 1.50', 'URL = "http://localhost:${PORT}/${SECOND}"',
      'FALLBACK = "${NOT_SET:-${FIRST}-default}"', 'OUTER = "${OUTER}, and inside"', 'LITERAL = "$${FIRST} $FIRST $5 $$"', "RAW = 'back\\slash'",
      'HOME_BIN = "${HOME}/bin"', 'PYTHONHOME = false', 'PYTHONPATH = "lib:${PYTHONPATH}"', 'PATH = "/opt/tool:${PATH}"', '',
    ].join('\n'));
    const environment = await environmentOf(project, session);
    expect(Object.fromEntries([...environment].filter(([name]) => !(name in project.environment()) || ['OUTER', 'PYTHONPATH'].includes(name)))).toMatchObject({
      FIRST: '1', SECOND: '12', PORT: '8080', HEX: '0x1F', RATE: '1.50', URL: 'http://localhost:8080/12', FALLBACK: '1-default', OUTER: 'outside, and inside',
      LITERAL: '${FIRST} $FIRST $5 $$', RAW: 'back\\slash', HOME_BIN: `${project.home}/bin`, PYTHONPATH: 'lib:/given',
    });
    expect(environment.has('PYTHONHOME')).toBe(false);
    expect((await pathOf(project, session))[0]).toBe('/opt/tool');

    // A value is made of the others anew, also where only they have changed; and what it is made of is what was outside, not what is ours.
    await reload(session, () => project.write('devshell.toml', '[env]\nOUTER = "${OUTER} again"\nPORT = 9090\nURL = "http://localhost:${PORT}"\n'));
    expect(await session.run('echo "$OUTER|$URL|${FIRST-unset}|$PYTHONHOME|$PYTHONPATH"')).toEqual(['outside again|http://localhost:9090|unset|/from/bashrc|/given']);
  });

  test('with a name that is not set says where, and leaves the shell as it was', async ({ project }) => {
    const session = await openShell(project, '[env]\nA = "1"\n');
    await project.write('devshell.toml', '[env]\nA = "2"\nB = "${NOT_SET}"\n');
    expect(await session.waitForStatus('failed')).toMatch(/devshell\.toml:3:\d+: .*NOT_SET/);
    expect(await session.run('echo $A ${B-unset}')).toEqual(['1 unset']);
    await project.write('devshell.toml', '[env]\nA = "2"\nB = "${NOT_SET:-mended}"\n');
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $A $B')).toEqual(['2 mended']);
  });
});

/** As much of a virtual environment as makes one. */
async function writeVenv(project: Project): Promise<void> {
  await project.write('.venv/pyvenv.cfg', 'home = /usr/bin\n');
  await mkdir(project.path('.venv/bin'), { recursive: true });
  await symlink('/usr/bin/python3', project.path('.venv/bin/python'));
}

describe('[load]', () => {
  test('brings path, dotenv, exec and venv, each over the ones before it', async ({ project }) => {
    const print = (line: string) => `#!/bin/sh\n${line}\n`;
    await project.write('settings', 'one');
    await project.write('print-json', print('printf \'{"FROM_EXEC": "%s", "BOTH": "exec", "NUMBER": 3, "GIVEN": null}\' "$(cat settings)"'), { mode: 0o755 });
    await project.write('print-dotenv', print('echo "FROM_LINES=\'$FROM_EXEC lines\'"'), { mode: 0o755 });
    await project.write('.env', 'BOTH=dotenv\nTHREE=dotenv\nexport QUOTED="a \\"b\\" $FROM_EXEC"\nSINGLE=\'$FROM_EXEC\' # not expanded\nMULTI="one\ntwo"\n');
    for (const directory of ['bin', 'more/bin', '.venv/bin']) await project.write(`${directory}/tool`, print(`echo ${directory}`), { mode: 0o755 });
    await writeVenv(project);
    const toml = [
      '[env]', 'THREE = "env ${BOTH}"', '[load]', 'path = ["bin", "more/bin"]', 'dotenv = [".env", { file = ".env.local", optional = true }]', 'venv = ".venv"',
      'exec = [{ run = "./print-json", inputs = ["settings"] }, { run = "./print-dotenv", format = "dotenv" }]', '',
    ].join('\n');
    const session = await openShell(project, toml, { env: { GIVEN: 'outside' } });
    const expected = {
      FROM_EXEC: 'one', FROM_LINES: 'one lines', NUMBER: '3', BOTH: 'dotenv', THREE: 'env dotenv', QUOTED: 'a "b" one', SINGLE: '$FROM_EXEC', MULTI: 'one\ntwo',
      VIRTUAL_ENV: project.path('.venv'),
    };
    const environment = await environmentOf(project, session);
    expect(Object.fromEntries(environment)).toMatchObject(expected);
    expect(environment.has('GIVEN')).toBe(false);
    expect((await pathOf(project, session)).slice(0, 4)).toEqual([...['bin', 'more/bin', '.venv/bin'].map((directory) => project.path(directory)), expect.any(String)]);
    expect(await session.run('tool')).toEqual(['bin']);

    expect(await changeInput(session, () => saveAsVim(project.path('settings'), 'two'))).toMatch(/ready +~3 /);
    expect(await session.run('echo "$FROM_EXEC|$FROM_LINES|$QUOTED"')).toEqual(['two|two lines|a "b" two']);
    await reload(session, () => project.write('.env.local', 'BOTH=local\n'));
    expect(await session.run('echo "$BOTH|$THREE"')).toEqual(['local|env local']);
    await reload(session, () => rm(project.path('.env.local')));
    expect(await session.run('echo "$BOTH|$THREE"')).toEqual(['dotenv|env dotenv']);

    await reload(session, () => project.write('devshell.toml', '[load]\npath = ["more/bin"]\n'));
    expect(await session.run('tool; echo "${FROM_EXEC-unset} ${VIRTUAL_ENV-unset} ${BOTH-unset} $GIVEN"')).toEqual(['more/bin', 'unset unset unset outside']);
  });

  test('names what fails and where: a dotenv line, a command, a missing file, a venv that is none', async ({ project }) => {
    await project.write('.env', 'GOOD=1\n');
    const session = await openShell(project, '[load]\ndotenv = [".env"]\n');
    const failures: readonly (readonly [string, string, string | RegExp])[] = [
      ['.env', 'GOOD=2\nnot a line\n', '.env:2:1: not a dotenv line'],
      ['devshell.toml', '[load]\nexec = [{ run = "echo oops >&2; exit 3" }]\n', /devshell\.toml:2:\d+: .*3/],
      ['devshell.toml', '[load]\ndotenv = ["missing.env"]\n', /devshell\.toml:2:\d+: .*missing\.env/],
      ['devshell.toml', '[load]\nvenv = ".venv"\n', /devshell\.toml:2:\d+: .*\.venv/],
    ];
    for (const [file, content, message] of failures) {
      await project.write(file, content);
      await session.waitForStatus(new RegExp(`failed .*${typeof message === 'string' ? message.replaceAll('.', '\\.') : message.source}`));
      expect(await session.run('echo $GOOD')).toEqual(['1']);
    }
    await project.write('.env', 'GOOD=3\n');
    await project.write('devshell.toml', '[load]\ndotenv = [".env"]\n');
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $GOOD')).toEqual(['3']);
  });
});

describe('[shell]', () => {
  test('gives aliases, changes them and takes them back; those of the user survive', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\nalias theirs='echo from bashrc' mine='echo mine'\n" });
    const aliases = (text: string) => `[shell.aliases]\n${text}\n`;
    const session = await openShell(project, aliases(`ours = "echo 'ours 1'"\ntheirs = "echo ours instead"`));
    expect(session.screen().filter((row) => row.includes('bash:'))).toEqual([]);
    expect(await session.run('ours; theirs; mine')).toEqual(['ours 1', 'ours instead', 'mine']);
    await reload(session, () => project.write('devshell.toml', aliases('ours = "echo \\"ours 2\\" $HOME |"\nnewer = "ls -d /"')));
    expect(await session.run('ours cat; theirs; newer')).toEqual([`ours 2 ${project.home}`, 'from bashrc', '/']);
    await session.run("alias newer='echo by hand'");
    expect(await reload(session, () => project.write('devshell.toml', aliases('newer = "ls -d /usr"')))).toMatch(/kept alias newer|kept newer/);
    expect(await session.run('newer; alias ours || echo none')).toEqual(['by hand', expect.stringContaining('ours: not found'), 'none']);
  });

  test('runs init after each change, at the top level, in the new environment', async ({ project }) => {
    const configured = (version: number, init: string) => `[env]\nA = "${version}"\n[shell]\ninit = '''\n${init}\n'''\n`;
    const init = 'complete -W "one two" cli\ndeclare -A table=([a]="$A")\nlist=(1 "2 3")\ngreet() { echo "hello $A"; }\nset -- x y\ncd /\nruns=$((runs + 1))';
    const session = await openShell(project, configured(1, init));
    const shown = 'complete -p cli; echo "${table[a]}|${#list[@]}|$#|$PWD|$runs"; greet';
    expect(await session.run(shown)).toEqual(["complete -W 'one two' cli", `1|2|2|${project.root}|1`, 'hello 1']);
    await reload(session, () => project.write('devshell.toml', configured(2, init)));
    expect(await session.run(shown)).toEqual(["complete -W 'one two' cli", `2|2|2|${project.root}|2`, 'hello 2']);
    // Changed code runs although no variable has changed; what it prints is in nobody's way, and nothing of it is in the history.
    await reload(session, () => project.write('devshell.toml', configured(2, `${init}\nchanged=yes\necho printed`)));
    expect(await session.run(`${shown}; echo $changed`)).toEqual(["complete -W 'one two' cli", `2|2|2|${project.root}|3`, 'hello 2', 'yes']);
    expect(session.terminal.lines().filter((row) => row === 'printed')).toEqual([]);
    expect(await session.run('history | grep -c "runs="')).toEqual(['1']);
  });
});

describe('devshell.local.toml', () => {
  test('goes over devshell.toml name by name, from the moment it appears until it is gone', async ({ project }) => {
    const session = await openShell(project, '[env]\nA = "shared"\nB = "${A} and more"\n[load]\npath = ["bin"]\n[shell.aliases]\na = "echo shared"\nb = "echo b"\n');
    const shown = 'echo "$A|$B|${C-unset}|${PATH%%:*}"; a; b';
    const shared = [`shared|shared and more|unset|${project.path('bin')}`, 'shared', 'b'];
    expect(await session.run(shown)).toEqual(shared);
    await reload(session, () => project.write('devshell.local.toml', '[env]\nA = "local"\nC = "new"\n[load]\npath = ["mine"]\n[shell.aliases]\na = "echo local"\n'));
    expect(await session.run(shown)).toEqual([`local|local and more|new|${project.path('mine')}`, 'local', 'b']);
    await project.write('devshell.local.toml', '[env]\nA = 1\nA = 2\n');
    expect(await session.waitForStatus('failed')).toContain('devshell.local.toml:3:1');
    expect(await session.run(shown)).toEqual([`local|local and more|new|${project.path('mine')}`, 'local', 'b']);
    await reload(session, () => rm(project.path('devshell.local.toml')));
    expect(await session.run(shown)).toEqual(shared);
  });

  test('is a project of its own where there is no devshell.toml', async ({ project }) => {
    await project.write('devshell.local.toml', '[env]\nA = "only local"\n');
    await project.allow();
    const session = project.open();
    await session.waitForStatus(/watching [1-9]/);
    expect(await session.run('echo $A')).toEqual(['only local']);
    await reload(session, () => project.write('devshell.toml', '[env]\nA = "shared"\nB = "b"\n'));
    expect(await session.run('echo $A $B')).toEqual(['only local b']);
  });
});

describe('without a configuration', () => {
  test('.env, .venv and node_modules/.bin are used, said in one line, and followed', async ({ project }) => {
    await project.write('.env', 'A=1\n');
    await writeVenv(project);
    await project.write('node_modules/.bin/tool', '#!/bin/sh\necho tool\n', { mode: 0o755 });
    await mkdir(project.path('src'));
    await project.allow();
    const session = project.open([], { cwd: project.path('src'), columns: 120 });
    await session.waitForStatus(/watching [1-9]/);
    const said = session.screen().filter((row) => row.includes('devshell'));
    expect(said).toEqual(['devshell: no devshell.toml: using .env, .venv, node_modules/.bin (devshell init writes it down)']);
    expect(await session.run('tool; echo "$A|$VIRTUAL_ENV|$PWD"')).toEqual(['tool', `1|${project.path('.venv')}|${project.path('src')}`]);
    expect((await pathOf(project, session)).slice(0, 2)).toEqual([project.path('node_modules/.bin'), project.path('.venv/bin')]);
    await reload(session, () => project.replace('.env', 'A=2\n'));
    expect(await session.run('echo $A')).toEqual(['2']);
    await reload(session, () => rm(project.path('.venv'), { recursive: true }));
    expect(await session.run('echo ${VIRTUAL_ENV-unset}')).toEqual(['unset']);
    await reload(session, () => project.write('devshell.toml', '[env]\nA = "configured"\n'));
    expect(await session.run('echo $A; type tool 2>&1')).toEqual(['configured', expect.stringContaining('not found')]);
  });

  test('what is not there yet is used as soon as it appears', async ({ project }) => {
    await project.write('.git/HEAD', 'ref: refs/heads/main\n');
    await project.write('devbox.json', '{}\n');
    await project.allow();
    const session = project.open([], { columns: 200 });
    await session.waitForStatus(/watching [1-9]/);
    expect(session.screen().filter((row) => row.includes('devshell'))).toEqual([
      'devshell: no devshell.toml, and nothing that could be used without one; devbox.json needs devbox, which is not on PATH (https://www.jetify.com/devbox) (devshell init writes one)',
    ]);
    await reload(session, () => project.write('.env', 'A=appeared\n'));
    expect(await session.run('echo $A')).toEqual(['appeared']);
    await reload(session, () => project.write('node_modules/.bin/tool', '#!/bin/sh\necho tool\n', { mode: 0o755 }));
    expect(await session.run('tool')).toEqual(['tool']);
  });
});

describe("the user's settings", () => {
  test('hold for every project, below what the project says, and are followed', async ({ project }) => {
    const settings = join(project.home, '.config/devshell/config.toml');
    await project.write(settings, "[reload]\nkeybind = '\\C-xr'\n[status]\nline = \"bottom\"\n");
    const session = await openShell(project, '[env]\nA = "1"\n');
    session.type('echo "<$A>"');
    await changeInput(session, () => project.write('devshell.toml', '[env]\nA = "2"\n'));
    session.press('Ctrl-X');
    session.type('r');
    await session.waitForStatus('reloaded');
    session.press('Enter');
    await session.waitForScreen('\n<2>\n');

    // `apply` is taken over in the running session: what is ready waits for the key.
    await project.write(settings, "[reload]\nkeybind = '\\C-xr'\napply = \"manual\"\n");
    await session.waitForStatus(/watching/);
    await changeInput(session, () => project.write('devshell.toml', '[env]\nA = "3"\n'));
    expect(await session.run('echo $A')).toEqual(['2']);
    session.press('Ctrl-X');
    session.type('r');
    await session.waitForStatus('reloaded');
    expect(await session.run('echo $A')).toEqual(['3']);

    // The project's word counts more.
    await project.write('devshell.toml', '[env]\nA = "3"\n[reload]\napply = "auto"\n');
    await project.write('devshell.toml', '[env]\nA = "4"\n[reload]\napply = "auto"\n');
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $A')).toEqual(['4']);
  });

  test('with a mistake, or with what belongs to a project, are named with their place', async ({ project }) => {
    const settings = await project.write(join(project.home, '.config/devshell/config.toml'), '');
    const session = await openShell(project, '[env]\nA = "1"\n', { columns: 200 });
    await project.write(settings, '[env]\nEVIL = "1"\n');
    expect(await session.waitForStatus('failed')).toContain(`${settings}:1:`);
    await project.write(settings, '[status]\nline = "top"\n');
    expect(await session.waitForStatus(/failed.*:2:8/)).toContain(settings);
    await chmod(settings, 0o600);
    await rm(settings);
    await session.waitForStatus(/watching|unchanged/);
    expect(await session.run('echo $A ${EVIL-unset}')).toEqual(['1 unset']);
  });
});
