// `devshell status --line`: where the state is shown, switched while things go on, and remembered.
import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, greeting, openShell, waitForPrompt } from './support-3.ts';
import { directoryOf, marginsOf, numbersShown, statusRows, switchLine, upTo, waitForSize } from './support-4.ts';

/** From each of the four modes to each other one, once; begins at `bottom` and ends there. */
const tour = ['busy', 'bottom', 'title', 'bottom', 'off', 'busy', 'title', 'busy', 'off', 'title', 'off', 'bottom'] as const;
type Mode = (typeof tour)[number];

const settingsOf = (project: Project): string => join(project.home, '.config/devshell/config.toml');
const remembered = (project: Project): Promise<string> => readFile(settingsOf(project), 'utf8');

/** The row is there, or has been given back: on the screen, above it, in the margins and to the program. */
async function expectRow(project: Project, session: TerminalSession, mode: Mode): Promise<void> {
  const rows = mode === 'bottom' ? 23 : 24;
  await waitForSize(project, `${rows} 80`);
  await session.waitForScreen(() => statusRows(session).length === 24 - rows && marginsOf(session).bottom === rows, { deadlineMs: 20_000 });
  expect(marginsOf(session), mode).toEqual({ top: 1, bottom: rows });
  if (mode === 'bottom') expect(statusRows(session)).toEqual([session.statusRow()]);
}

describe('the line is switched', () => {
  test('between every two modes while the shell waits: the screen, what is above it and the cursor stay', async ({ project }) => {
    const session = await openShell(project);
    const directory = await directoryOf(project);
    session.enter('seq 100');
    await session.waitForScreen((rows) => rows.includes('100') && rows[22]?.startsWith('$') === true);
    session.type('echo half');
    await session.waitForScreen('$ echo half');
    for (const mode of tour) {
      await switchLine(project, directory, mode);
      await expectRow(project, session, mode);
      if (mode === 'title') await waitUntil(() => session.terminal.title.includes('watching'), { what: 'the title' });
      expect(numbersShown(session), mode).toEqual(upTo(100));
      const { row, column } = session.terminal.cursor;
      expect([session.row(row), column], mode).toEqual(['$ echo half', 11]);
      expect(session.screen().filter((text) => text.startsWith('$ echo half')), mode).toHaveLength(1);
    }
    session.enter(' a line');
    await session.waitForScreen('\nhalf a line\n$');
    expect(session.bytes.toString('latin1').split('\x1b[22;2t')).toHaveLength(4);
    expect(session.bytes.toString('latin1').split('\x1b[23;2t')).toHaveLength(4);
  });

  test('while output flows, without a line lost, doubled or broken', async ({ project }) => {
    const session = await openShell(project);
    const directory = await directoryOf(project);
    session.enter('for ((i = 1; ; i++)); do echo n$i; ((i % 20)) || { [ -e stop ] && break; sleep 0.01; }; done');
    await session.waitForScreen('n100');
    for (const mode of tour) {
      await switchLine(project, directory, mode);
      await waitForSize(project, `${mode === 'bottom' ? 23 : 24} 80`);
    }
    await project.write('stop', '');
    await waitForPrompt(session);
    await expectRow(project, session, 'bottom');
    const shown = numbersShown(session, 'n');
    expect(shown).toEqual(upTo(shown.length));
    expect(shown.length).toBeGreaterThan(500);
  });

  test('over vim, which gets its size and the whole of its screen each time', async ({ project }) => {
    const session = await openShell(project);
    const directory = await directoryOf(project);
    await session.run('echo before vim');
    await project.write('text', upTo(60).map((number) => `row ${number}\n`).join(''));
    session.enter('vim -u NONE +20 text');
    await session.waitForScreen(() => session.terminal.isAlternate && session.screen().join('\n').includes('row 20'));
    for (const mode of tour) {
      await switchLine(project, directory, mode);
      const rows = mode === 'bottom' ? 23 : 24;
      await waitForSize(project, `${rows} 80`);
      session.type(':set lines?\r');
      await session.waitForRow(rows - 1, `lines=${rows}`);
      await session.waitForScreen((shown) => shown.filter((row) => row.startsWith('row ')).length === rows - 1 && shown[rows - 1]?.includes('lines=') === true);
      if (mode === 'bottom') await session.waitForStatus('watching');
    }
    session.type(':q!\r');
    await waitForPrompt(session);
    await expectRow(project, session, 'bottom');
    expect(session.screen().join('\n')).toContain('before vim');
    expect(session.screen().join('\n')).not.toContain('row 2');
    session.enter('clear; seq 1001 1060');
    await session.waitForScreen((rows) => rows[21] === '1060' && rows[22]?.trim() === '$');
  });

  test('to busy: what there is to say still gets a row, and the row is given back', async ({ project }) => {
    const session = await openShell(project);
    await session.run(devshell('status --line busy'));
    await waitForSize(project, '24 80');
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    await waitForSize(project, '23 80');
    await project.write('devshell.toml', greeting);
    await expectRow(project, session, 'busy');
    await waitForPrompt(session);
  });
});

describe('the line is remembered', () => {
  test('in the settings file, in place; every other session follows, and no build is talked about', async ({ createProject }) => {
    const [project, other] = [await createProject(), await createProject()];
    const file = settingsOf(project);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(join(project.home, 'dotfiles.toml'), '# mine\n[keys] # and these\nerror = "F9"\n');
    await symlink('../../dotfiles.toml', file);
    const session = await openShell(project);
    const home = { XDG_CONFIG_HOME: join(project.home, '.config') };
    await configure(other);
    const second = other.open([], { env: home });
    await second.waitForStatus(/watching [1-9]/);
    const pinned = other.open(['--status', 'bottom'], { env: home });
    await pinned.waitForStatus(/watching [1-9]/);
    const answer = await session.run(`${devshell('status --line off')} 2>&1`);
    expect(answer.join('')).toContain(`shown as off from now on (remembered in ${file})`);
    expect(await session.run(`stty size; ${devshell('status')} | grep shown; ${devshell('status --json')} | grep statusLine`)).toEqual(['24 80', 'shown    off', '  "statusLine": "off",']);
    expect(await remembered(project)).toBe('# mine\n[keys] # and these\nerror = "F9"\n\n[status]\nline = "off"\n');
    expect((await lstat(file)).isSymbolicLink()).toBe(true);
    await second.waitForScreen(() => statusRows(second).length === 0);
    expect(await second.run('stty size')).toEqual(['24 80']);

    // There and back: while it is shown nothing is said of the builds, which read the file again and find the same environment.
    const from = session.bytes.length;
    await session.run(devshell('status --line busy'));
    await session.run(devshell('status --line bottom'));
    await second.waitForStatus('watching');
    await session.waitForStatus('watching');
    const directory = (await session.run('echo $DEVSHELL_SESSION')).join('');
    await waitUntil(async () => ((await readFile(join(directory, 'build.log'), 'utf8')).match(/config\.toml/g) ?? []).length >= 2, { what: 'the builds' });
    await session.run('sleep 0.3');
    for (const one of [session.bytes.subarray(from), second.bytes]) expect(one.toString('utf8')).not.toMatch(/building|unchanged/);
    expect(await remembered(project)).toContain('line = "bottom"');
    // What the command line said stands for the whole session, unless it is switched itself.
    expect(statusRows(pinned)).toEqual([pinned.statusRow()]);
    expect(await pinned.run('stty size')).toEqual(['23 80']);
  });

  test('below what the project says: the answer names the place, and this session has switched all the same', async ({ project }) => {
    const session = await openShell(project, `${greeting}[status]\nline = "bottom"\n`);
    const answer = await session.run(`${devshell('status --line title')} 2>&1`);
    expect(answer.join(' ')).toContain('devshell.toml:4 says bottom for this project: this session has switched, others here keep to that');
    expect(await session.run('stty size')).toEqual(['24 80']);
    const later = `${greeting}LATER = "built"\n`;
    await project.write('devshell.toml', `${later}[status]\nline = "bottom"\n[reload]\nkeybind = ""\n`);
    // The words of the title stay for a short time only: that the build is in place is seen by what it sets.
    await waitUntil(async () => (await session.run('echo $LATER')).join() === 'built', { what: 'the build', everyMs: 50 });
    expect(await session.run('stty size')).toEqual(['24 80']);
    const next = project.open();
    await next.waitForStatus(/watching [1-9]/);
    // Whoever changes the project's word is heard.
    await project.write('devshell.toml', `${later}[status]\nline = "off"\n`);
    await next.waitForScreen(() => statusRows(next).length === 0);
    await project.write('devshell.toml', `${later}[status]\nline = "bottom"\n`);
    await session.waitForStatus(/watching|unchanged/);
    await next.waitForStatus(/watching|unchanged/);
  });

  test('not in a file with mistakes, which is named; the session switches', async ({ project }) => {
    const session = await openShell(project);
    const file = settingsOf(project);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '# mine\n[status\n');
    await session.waitForStatus('failed');
    const answer = (await session.run(`${devshell('status --line off')} 2>&1; echo "ended with $?"`)).join('');
    expect(answer).toContain(`${file}:2:`);
    expect(answer).toContain('ended with 125');
    expect(await remembered(project)).toBe('# mine\n[status\n');
    expect(await session.run('stty size')).toEqual(['24 80']);
  });

  test('and a terminal that can show nothing says so', async ({ project }) => {
    await configure(project);
    const session = project.open([], { env: { TERM: 'dumb' } });
    await waitForPrompt(session);
    expect((await session.run(`${devshell('status --line busy')} 2>&1`)).join('')).toContain('can show nothing but the output of programs');
    expect(await remembered(project)).toContain('busy');
    expect((await session.run(`${devshell('status --line sideways')} 2>&1; echo $?`)).join('\n')).toMatch(/one of bottom, busy, title, off, not sideways[^]*\n2$/);
  });
});
