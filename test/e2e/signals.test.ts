// What signals to devshell do, and a window that is closed.
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, nodeOf, openBash, openShell, sessionsOf, shellOf, waitForOnly, waitForProcess, waitForPrompt } from './support-3.ts';

/** A bash to start devshell from, and the settings that its terminal is to have again afterwards. */
async function openOuter(project: Project): Promise<{ outer: TerminalSession; settings: string }> {
  await configure(project);
  const outer = openBash(project);
  await outer.waitForScreen('$');
  const [settings = ''] = await outer.run('stty -g');
  return { outer, settings };
}

/** A read that finds nothing, because somebody else has read it, would stop everything. */
async function inputBlocks(pid: number): Promise<boolean> {
  const [, flags = ''] = /^flags:\s+([0-7]+)$/m.exec(await readFile(`/proc/${pid}/fdinfo/0`, 'utf8')) ?? [];
  return (Number.parseInt(flags, 8) & constants.O_NONBLOCK) === 0;
}

describe('signals to devshell', () => {
  test('INT and QUIT mean what the keys mean', async ({ project }) => {
    const session = await openShell(project);
    const { pid } = await nodeOf(project);
    await waitForPrompt(session);
    session.type('half a line');
    await session.waitForScreen('half a line');
    kill(pid, 'SIGINT');
    await session.waitForScreen(/half a line\^C\n\$/);
    session.enter('sleep 302');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 302', 'the command');
    kill(pid, 'SIGQUIT');
    await session.waitForScreen('Quit');
    expect(await session.run('echo alive')).toEqual(['alive']);
  });

  test.for([['SIGTERM', 143], ['SIGHUP', 129]] as const)('%s ends the shell, its jobs and devshell with %i, and restores the terminal', async ([signal, code], { project }) => {
    const { outer, settings } = await openOuter(project);
    outer.enter(`${devshell()}; echo "ended with $?"`);
    await outer.waitForStatus(/watching [1-9]/);
    await outer.run('sleep 303 &');
    outer.enter('sleep 304');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 304', 'the command');
    kill((await nodeOf(project)).pid, signal);
    await outer.waitForScreen(`ended with ${code}`);
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('stty -g')).toEqual([settings]);
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('TERM ends a shell that ignores it and hang-ups too', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\ntrap '' HUP TERM\n" });
    const session = await openShell(project);
    kill((await nodeOf(project)).pid, 'SIGTERM');
    expect((await session.exit).exitCode).toBe(143);
    await project.waitForNoProcess();
  });

  test('TSTP gives the terminal back, and fg takes it again', async ({ project }) => {
    const { outer, settings } = await openOuter(project);
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    await outer.run('mine=kept');
    for (const round of [1, 2]) {
      kill((await nodeOf(project)).pid, 'SIGTSTP');
      await outer.waitForScreen(/Stopped.*\n\$/);
      expect(await outer.run('stty -g')).toEqual([settings]);
      outer.enter('seq 1001 1060');
      await outer.waitForScreen((rows) => rows[22] === '1060' && rows[23]?.trim() === '$');
      await project.write('devshell.toml', `[env]\nGREETING = "round ${round}"\n`);
      outer.enter('clear; fg');
      await outer.waitForStatus(/watching|ready|building|reloaded/);
      await waitUntil(async () => (await outer.run('echo $mine $GREETING')).join() === `kept round ${round}`, { what: 'the reload', everyMs: 50 });
      await outer.waitForStatus(/watching|reloaded/);
    }
    outer.enter('exit 7');
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('echo $?')).toEqual(['7']);
    expect(await outer.run('stty -g')).toEqual([settings]);
  });

  test('a start in the background leaves the terminal alone and waits for fg', async ({ project }) => {
    const { outer, settings } = await openOuter(project);
    outer.enter(`${devshell()} &`);
    await nodeOf(project);
    await waitUntil(async () => (await outer.run('jobs')).join().includes('Stopped'), { what: 'it waits', everyMs: 50 });
    expect((await outer.run('stty -g')).at(-1)).toBe(settings);
    outer.enter('clear; fg');
    await outer.waitForStatus(/watching [1-9]/);
    expect(await outer.run('echo $GREETING')).toEqual(['hello']);
    outer.enter('exit');
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('stty -g')).toEqual([settings]);
  });

  test('CONT in the background changes nothing on the terminal', async ({ project }) => {
    const { outer, settings } = await openOuter(project);
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    const { pid } = await nodeOf(project);
    kill(pid, 'SIGTSTP');
    await outer.waitForScreen('Stopped');
    outer.enter('clear; bg');
    await outer.waitForScreen('devshell &');
    await outer.run(':');
    await project.write('devshell.toml', '[env]\nGREETING = "from the background"\n');
    for (let round = 0; round < 5; round++) expect((await outer.run('stty -g')).at(-1)).toBe(settings);
    expect(outer.statusRow()).not.toMatch(/watching|ready|building/);
    outer.enter('clear; fg');
    await outer.waitForStatus(/watching|ready|building|reloaded/);
    expect(await inputBlocks(pid)).toBe(false);
    await waitUntil(async () => (await outer.run('echo $GREETING')).join() === 'from the background', { what: 'the reload', everyMs: 50 });
    outer.enter('exit');
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('stty -g')).toEqual([settings]);
  });

  test('KILL to the shell while devshell is stopped ends it at fg, with the terminal as it was', async ({ project }) => {
    const { outer, settings } = await openOuter(project);
    for (let round = 1; round <= 3; round++) {
      outer.enter(`clear; ${devshell()}`);
      await outer.waitForStatus(/watching [1-9]/);
      kill((await nodeOf(project)).pid, 'SIGTSTP');
      await outer.waitForScreen('Stopped');
      kill((await shellOf(project)).pid, 'SIGKILL');
      outer.enter('clear; fg; echo "ended with $?"');
      await outer.waitForScreen('ended with 137');
      await waitForOnly(project, [outer.pid]);
      expect(await outer.run('stty -g')).toEqual([settings]);
    }
  });

  test('a window closed while devshell is stopped ends everything', async ({ project }) => {
    const { outer } = await openOuter(project);
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    kill((await nodeOf(project)).pid, 'SIGTSTP');
    await outer.waitForScreen('Stopped');
    outer.hangUp();
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('a closed window ends everything', async ({ project }) => {
    const session = await openShell(project);
    await session.run('sleep 305 &');
    session.enter('vim -u NONE file');
    await session.waitForScreen(() => session.terminal.isAlternate);
    session.hangUp();
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([]);
  });
});
