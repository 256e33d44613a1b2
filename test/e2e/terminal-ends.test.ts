// Suspended and ended in the middle of things: the terminal is the outer shell's, whole, and the program's again afterwards.
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, nodeOf, openBash, sessionsOf, waitForOnly } from './support-3.ts';
import { marginsOf, statusRows } from './support-4.ts';

interface Outer {
  readonly session: TerminalSession;
  /** `stty -g` before devshell. */
  readonly settings: string;
}

/** A devshell in a shell whose last build has failed, so that there is an error view. */
async function openInside(project: Project): Promise<Outer> {
  await configure(project);
  const session = openBash(project);
  await session.waitForScreen('$');
  const [settings = ''] = await session.run('stty -g; echo kept above');
  session.enter(`${devshell()}; echo "ended with $?"`);
  await session.waitForStatus(/watching [1-9]/);
  await project.write('devshell.toml', '[env\n');
  await session.waitForStatus('failed');
  return { session, settings };
}

async function openVim(session: TerminalSession): Promise<void> {
  session.enter('vim -u NONE -c "set mouse=a ttymouse=sgr" -c "normal ihello"');
  await session.waitForScreen(() => session.terminal.isAlternate && session.row(0) === 'hello' && session.statusRow().includes('failed'));
}

async function openView(session: TerminalSession): Promise<void> {
  session.press('Alt-Ctrl-E');
  await session.waitForScreen('any other key returns');
}

/** No modes, no margins, no row, the main screen, and the settings of before. */
async function expectWhole({ session, settings }: Outer): Promise<void> {
  await waitUntil(async () => (await session.run('stty -g')).join() === settings, { what: 'the settings of before', everyMs: 50 });
  const { mouseTrackingMode, applicationCursorKeysMode, originMode, insertMode } = session.terminal.emulator.modes;
  expect({ mouseTrackingMode, applicationCursorKeysMode, originMode, insertMode }).toEqual({ mouseTrackingMode: 'none', applicationCursorKeysMode: false, originMode: false, insertMode: false });
  expect(session.terminal.isAlternate).toBe(false);
  expect(marginsOf(session)).toEqual({ top: 1, bottom: 24 });
  expect(statusRows(session)).toEqual([]);
  expect(session.terminal.lines().join('\n')).toContain('kept above');
  expect(await session.run('stty size')).toEqual(['24 80']);
}

describe('suspended', () => {
  test.for(['vim', 'the error view', 'the error view over vim'] as const)('over %s, and continued', async (over, { project }) => {
    const outer = await openInside(project);
    const { session } = outer;
    if (over.endsWith('vim')) await openVim(session);
    if (over.startsWith('the error view')) await openView(session);
    kill((await nodeOf(project)).pid, 'SIGTSTP');
    await session.waitForScreen(/Stopped[^]*\nended with 147\n\$/);
    await expectWhole(outer);
    session.enter('clear; fg');
    await session.waitForStatus('failed');
    if (over.endsWith('vim')) {
      await session.waitForScreen(() => session.terminal.isAlternate && session.row(0) === 'hello');
      expect(session.terminal.emulator.modes.mouseTrackingMode).not.toBe('none');
      session.type(':q!\r');
      await session.waitForScreen(() => !session.terminal.isAlternate);
    }
    expect(await session.run('stty size; echo $GREETING')).toEqual(['23 80', 'hello']);
    session.enter('exit 3');
    await waitForOnly(project, [session.pid]);
    expect(await session.run('echo $?; stty -g')).toEqual(['3', outer.settings]);
    expect(marginsOf(session)).toEqual({ top: 1, bottom: 24 });
  });
});

describe('ended', () => {
  test.for([
    ['SIGTERM', 143, 'vim'],
    ['SIGHUP', 129, 'the error view'],
    ['SIGKILL', 137, 'the error view'],
    ['SIGKILL', 137, 'the error view over vim'],
  ] as const)('by %s (%i) over %s', async ([signal, code, over], { project }) => {
    const outer = await openInside(project);
    if (over.endsWith('vim')) await openVim(outer.session);
    if (over.startsWith('the error view')) await openView(outer.session);
    kill((await nodeOf(project)).pid, signal);
    // What the outer shell says before the guard has left the alternate screen goes with that.
    if (signal !== 'SIGKILL') await outer.session.waitForScreen(`ended with ${code}`);
    await waitForOnly(project, [outer.session.pid]);
    await expectWhole(outer);
    expect(await sessionsOf(project)).toEqual([]);
  });
});
