// How a reload is asked for, held, paused and stopped: by key, by command, by configuration, in several shells at once.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { saveAsVim } from '../support/editors.ts';
import { waitUntil } from '../support/processes.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import { Beacon, settledFile, Shell } from './support-2.ts';

const toml = (value: string, more = ''): string => `[env]\nV = "${value}"\n${more}`;

function save(project: Project, value: string, more = ''): Promise<string> {
  return project.replace('devshell.toml', toml(value, more));
}

describe('the key', () => {
  test.for([
    ['Alt-Ctrl-R by default', {}, 'Alt-Ctrl-R', ['Alt-Ctrl-r']],
    ['what DEVSHELL_RELOAD_KEYBIND says', { DEVSHELL_RELOAD_KEYBIND: '\\C-xr' }, '\\C-xr', ['Ctrl-x', 'r']],
  ] as const)('is %s: it applies at once, and the half-typed line stays', async ([, env, named, keys], { project }) => {
    const shell = await Shell.open(project, toml('0'), { env });
    const { session } = shell;
    const seen = new Beacon(project);
    for (const [round, mode] of ['emacs', 'vi', 'vi'].entries()) {
      await session.run(`set -o ${mode}`);
      const value = `${round + 1}`;
      session.type(`printf '%s.' "$V" >>${seen.path}`);
      // The last time in the command mode of vi.
      if (round === 2) session.press('Escape');
      await save(project, value);
      await session.waitForStatus(`ready ~1  Enter or ${named}`);
      session.press(...keys);
      await session.waitForStatus(/reloaded in \d+ms/);
      await session.waitForScreen(() => session.row(session.terminal.cursor.row).includes('"$V" >>'));
      session.press('Enter');
      await seen.seen(new RegExp(`${value}\\.$`));
      await shell.prompt();
    }
    expect(await seen.text()).toBe('1.2.3.');
    expect((await session.run('history | grep -c "[_]_devshell"')).at(-1)).toBe('0');
  });

  test('is none where DEVSHELL_RELOAD_KEYBIND is empty; the next command reloads all the same', async ({ project }) => {
    const shell = await Shell.open(project, toml('0'), { env: { DEVSHELL_RELOAD_KEYBIND: '' } });
    await save(project, '1');
    await shell.session.waitForStatus(/ready ~1 {2}Enter$/);
    shell.session.press('Alt-Ctrl-r');
    expect(await shell.value('V')).toBe('1');
  });

  test('is what the configuration says, and the variable overrules it', async ({ project }) => {
    const more = "[reload]\nkeybind = '\\e\\C-u'\n";
    const shell = await Shell.open(project, toml('0', more));
    await save(project, '1', more);
    await shell.session.waitForStatus('ready ~1  Enter or Alt-Ctrl-U');
    shell.session.press('Alt-Ctrl-u');
    await shell.session.waitForStatus('reloaded');
    const other = await Shell.open(project, undefined, { env: { DEVSHELL_RELOAD_KEYBIND: '\\C-xr' } });
    await save(project, '2', more);
    await other.session.waitForStatus('Enter or \\C-xr');
  });
});

describe('applying by hand', () => {
  test.for([
    ['apply = "manual"', ['[reload]\napply = "manual"\n', []]],
    ['--manual', ['', ['--manual']]],
  ] as const)('with %s holds what is ready for the key or the command', async ([, [more, args]], { project }) => {
    const shell = await Shell.open(project, toml('0', more), { args });
    const { session } = shell;
    await save(project, '1', more);
    await session.waitForStatus('ready ~1  Alt-Ctrl-R or devshell reload');
    expect([await shell.value('V'), await shell.value('V')]).toEqual(['0', '0']);
    expect(session.statusRow()).toContain('ready ~1');
    session.press('Alt-Ctrl-r');
    await session.waitForStatus('reloaded');
    expect(await shell.value('V')).toBe('1');

    await save(project, '2', more);
    await session.waitForStatus('ready ~1  Alt-Ctrl-R or devshell reload');
    expect(await shell.value('V')).toBe('1');
    await shell.devshell('reload');
    expect(await shell.value('V')).toBe('2');

    // What was held and is overtaken is never applied.
    await save(project, '3', more);
    await session.waitForStatus('ready');
    await save(project, '2', more);
    await session.waitForStatus('unchanged');
    session.press('Alt-Ctrl-r');
    expect(await shell.value('V')).toBe('2');
  });

  test('begins and ends with what the file says', async ({ project }) => {
    const manual = '[reload]\napply = "manual"\n';
    const shell = await Shell.open(project, toml('0'));
    await save(project, '1', manual);
    await shell.session.waitForStatus('Alt-Ctrl-R or devshell reload');
    expect(await shell.value('V')).toBe('0');
    await save(project, '2');
    await shell.session.waitForStatus('Enter or Alt-Ctrl-R');
    expect(await shell.value('V')).toBe('2');
  });
});

describe('a pause', () => {
  test.for([
    ['the key', (shell: Shell) => Promise.resolve(shell.session.press('Alt-Ctrl-d')), (shell: Shell) => Promise.resolve(shell.session.press('Alt-Ctrl-d'))],
    ['the commands', (shell: Shell) => shell.devshell('pause'), (shell: Shell) => shell.devshell('resume')],
  ] as const)('by %s remembers what changed, builds nothing, and makes up for it', async ([, stop, go], { project }) => {
    const shell = await Shell.open(project, toml('0', '[load]\ndotenv = [{ file = ".env", optional = true }]\n'));
    const { session } = shell;
    await stop(shell);
    await session.waitForStatus(/paused {2}Alt-Ctrl-D resumes/);
    await saveAsVim(project.path('devshell.toml'), toml('1', '[load]\ndotenv = [{ file = ".env", optional = true }]\n'));
    await session.waitForStatus('paused, 1 changed');
    await project.write('.env', 'E=1\n');
    await session.waitForStatus('paused, 2 changed');
    expect([await shell.value('V'), await shell.value('E')]).toEqual(['0', undefined]);
    expect(await shell.builds()).toEqual([]);
    expect(JSON.parse((await shell.devshell('status --json')).join(''))).toMatchObject({ state: 'paused' });
    await go(shell);
    await session.waitForStatus(/ready|reloaded/);
    expect([await shell.value('V'), await shell.value('E')]).toEqual(['1', '1']);
    expect(await shell.buildsEnded(1)).toHaveLength(1);

    // Changed and changed back: what is built is what is there.
    await stop(shell);
    await session.waitForStatus('paused');
    await project.write('.env', 'E=2\n');
    await session.waitForStatus('paused, 1 changed');
    await project.write('.env', 'E=1\n');
    await go(shell);
    await session.waitForStatus(/unchanged|watching/);
    expect(await shell.value('E')).toBe('1');
  });

  test('during a build keeps what that build misses; devshell reload builds it without ending the pause', async ({ project }) => {
    const started = new Beacon(project);
    const run = `v=$(cat value); echo "$v" >>${started.path}; while [ -e hold ]; do sleep 0.05; done; echo "SEEN=$v"`;
    await project.write('value', 'a');
    const shell = await Shell.open(project, `[load]\nexec = [{ run = '${run}', format = "dotenv", inputs = ["value"] }]\n`);
    await project.write('hold', '');
    await project.write('value', 'b');
    await started.seen(/^b$/m);
    shell.session.press('Alt-Ctrl-d');
    await project.write('value', 'c');
    await project.run('rm', ['hold']);
    await shell.session.waitForStatus(/ready|reloaded|paused, 1 changed/);
    await shell.converge('SEEN', 'b');
    await shell.session.waitForStatus('paused, 1 changed');
    await shell.devshell('reload');
    expect(await shell.value('SEEN')).toBe('c');
    await shell.session.waitForStatus(/paused {2}/);
  });
});

describe('a build', () => {
  test('that fails still tells what it depends on: what it missed is enough to mend it', async ({ project }) => {
    const exec = '[load]\nexec = [{ run = "cat needed/by/command", format = "dotenv", inputs = ["needed/by/command"] }]\n';
    const shell = await Shell.open(project, toml('0'));
    await save(project, '1', exec);
    await shell.session.waitForStatus('failed devshell.toml:4:9: exec exited with 1');
    expect(await shell.devshell('inputs')).toContain(project.path('needed/by/command'));
    await project.write('needed/by/command', 'N=1\n');
    expect(await shell.readyValue('N')).toBe('1');
    expect(await shell.value('V')).toBe('1');
    await project.write('needed/by/command', 'no line\n');
    await shell.session.waitForStatus('failed');
    await project.write('needed/by/command', 'N=2\n');
    expect(await shell.readyValue('N')).toBe('2');
  });

  test('that changes its own input is named and stopped, its result is kept, and mending it ends the matter', async ({ project }) => {
    const more = (run: string): string => `[load]\nexec = [{ run = '${run}', format = "dotenv", inputs = ["stamp"] }]\ndotenv = [${settledFile}]\n`;
    const shell = await Shell.open(project, toml('0', more('cat stamp')).replace('cat stamp', 'echo N=0'), { columns: 160 });
    const { session } = shell;
    await save(project, '1', more('date +%s%N >stamp; echo "N=$(cat stamp)"'));
    await waitUntil(async () => (await shell.log()).includes('changes its own input'), { what: 'the build to be named' });
    const builds = (await shell.builds()).length;
    expect(builds).toBeLessThanOrEqual(8);
    // The log is written before the session has heard of it.
    await session.waitForStatus(/ready/);
    expect(await shell.value('V')).toBe('1');
    expect(await shell.value('N')).toMatch(/^\d+$/);
    await session.waitForStatus(`note the build changes its own input ${project.path('stamp')}; building stopped`);
    expect((await shell.devshell('log')).join('\n')).toContain('changes its own input');
    // Longer than any wait of devshell's own.
    await pause(2500);
    expect(await shell.builds()).toHaveLength(builds);
    expect(session.statusRow()).toContain('note the build changes its own input');

    await save(project, '2', more('echo "N=1"'));
    expect(await shell.readyValue('V')).toBe('2');
    expect(await shell.value('N')).toBe('1');
    await session.waitForStatus('watching');
    await project.write('stamp', 'by hand');
    await shell.settle();
    expect(await shell.value('V')).toBe('2');
  });

  test('is asked for by devshell reload even where nothing changed, and its end is waited for', async ({ project }) => {
    const shell = await Shell.open(project, toml('0', '[load]\nexec = [{ run = "echo N=$(cat /proc/sys/kernel/random/uuid)", format = "dotenv" }]\n'));
    const first = await shell.value('N');
    expect(await shell.devshell('reload')).toEqual([expect.stringMatching(/^devshell: ready ~1/)]);
    expect(await shell.value('N')).not.toBe(first);
    await project.write('devshell.toml', 'broken');
    await shell.session.waitForStatus('failed');
    const [said, code] = await shell.devshell('reload; echo $?');
    expect([said, code]).toEqual([expect.stringContaining('failed devshell.toml:1'), '1']);
  });
});

describe('several shells in one project', () => {
  test('reload each by itself, and the end of one is no concern of the others', async ({ project }) => {
    const first = await Shell.open(project, toml('0'));
    const second = await Shell.open(project, undefined, { columns: 100, rows: 30 });
    const manual = await Shell.open(project, undefined, { args: ['--manual'] });
    expect(new Set([first, second, manual].map(({ directory }) => directory)).size).toBe(3);
    await second.session.run('export V=mine');
    await save(project, '1');
    for (const { session } of [first, second, manual]) await session.waitForStatus('ready');
    expect(await first.value('V')).toBe('1');
    expect(second.session.statusRow()).toContain('ready');
    expect(await second.value('V')).toBe('mine');
    await second.session.waitForStatus('kept V');
    expect(await manual.value('V')).toBe('0');

    expect(await first.devshell('pause')).toEqual(['devshell: paused; what changes is built when devshell resumes']);
    await save(project, '2');
    await first.session.waitForStatus('paused, 1 changed');
    await waitUntil(async () => (await readFile(join(manual.directory, 'held-env.sh'), 'utf8').catch(() => '')).includes('V=2'), { what: 'the next to be held' });
    manual.session.press('Alt-Ctrl-r');
    await manual.session.waitForStatus('reloaded');
    expect([await first.value('V'), await manual.value('V')]).toEqual(['1', '2']);

    second.session.enter('exit 7');
    expect((await second.session.exit).exitCode).toBe(7);
    expect(await first.devshell('resume')).toEqual(['devshell: resumed']);
    await first.converge('V', '2');
    await save(project, '3');
    expect(await first.readyValue('V')).toBe('3');
    await manual.session.waitForStatus('ready');
  });

  test('may be opened by the dozen while the file changes, and all come to the same', async ({ project }) => {
    await project.write('devshell.toml', toml('0'));
    const opening = Array.from({ length: 6 }, () => Shell.open(project, undefined));
    for (let edit = 1; edit <= 20; edit++) {
      await save(project, String(edit));
      await pause(20);
    }
    for (const shell of await Promise.all(opening)) await shell.converge('V', '20');
  });
});
