// `kill -9` at any moment: what is left is a usable terminal and nothing else.
import { readdir, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { kill, processesWith, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, nodeOf, openBash, openShell, seeded, sessionsOf, shellOf, waitForOnly, waitForProcess } from './support-3.ts';

/** A build with children of its own that takes a third of a second. */
const slowBuild = '[load]\nexec = [{ run = "sh ./slow.sh", format = "dotenv", inputs = ["stamp", "slow.sh"] }]\n';
const slowScript = 'sleep 0.15 & wait\nsh -c "sleep 0.15; :"\necho "STAMP=$(cat stamp)"\n';

async function prepareSlowBuild(project: Project, script = slowScript): Promise<void> {
  await project.write('stamp', '0');
  await project.write('slow.sh', script);
  await configure(project, slowBuild);
}

/** The terminal belongs to the outer shell again, as it was: its settings, its margins, its last row, its modes. */
async function expectUsable(session: TerminalSession, settings: string): Promise<void> {
  await waitUntil(async () => (await session.run('stty -g')).join() === settings, { what: 'the settings of the terminal to be back', everyMs: 50 });
  const [rows] = await session.run('stty size');
  expect(rows).toBe('24 80');
  // Were there margins, the last row would not take part.
  session.enter('seq 1001 1060');
  await session.waitForScreen((shown) => shown[22] === '1060' && shown[23]?.trim() === '$' && shown[0] === '1038');
  const { mouseTrackingMode, originMode, wraparoundMode, insertMode } = session.terminal.emulator.modes;
  expect({ mouseTrackingMode, originMode, wraparoundMode, insertMode, alternate: session.terminal.isAlternate }).toEqual({
    mouseTrackingMode: 'none',
    originMode: false,
    wraparoundMode: true,
    insertMode: false,
    alternate: false,
  });
}

describe('after kill -9', () => {
  test('of the build, of node or of bash at random moments nothing is left and the terminal is usable', { timeout: 120_000 }, async ({ project }) => {
    await prepareSlowBuild(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    const random = seeded(20_240_607);
    for (let round = 1; round <= 12; round++) {
      const victim = (['build', 'node', 'bash'] as const)[round % 3]!;
      outer.enter(`clear; ${devshell()}; echo "ended with $?"`);
      // What was killed before it was built is built now, beside the shell.
      await outer.waitForStatus(/watching [1-9]| ready /);
      expect(await sessionsOf(project), `round ${round}`).toHaveLength(1);
      const { pid: node } = await nodeOf(project);
      const { pid: shell } = await shellOf(project);
      await project.write('stamp', String(round));
      await sleep(random() * 450);
      if (victim === 'build') await killBuild(project, outer, round);
      else kill(victim === 'node' ? node : shell, 'SIGKILL');
      if (victim === 'build') outer.enter('exit');
      await outer.waitForScreen(`ended with ${victim === 'build' ? 0 : 137}`);
      await waitForOnly(project, [outer.pid]);
      expect(await sessionsOf(project), `round ${round}, ${victim}`).toEqual([]);
      await expectUsable(outer, settings);
    }
    expect(await readdir(`${project.base}/runtime`)).toEqual([]);
    expect(await readdir(`${project.base}/tmp`)).toEqual([]);
  });

  /** Whatever was killed, the next build mends it. */
  async function killBuild(project: Project, session: TerminalSession, round: number): Promise<void> {
    const running = (await processesWith(project.token)).filter(({ commandLine }) => commandLine.includes('slow.sh'));
    for (const { pid } of running.slice(0, 1)) kill(pid, 'SIGKILL');
    await project.write('stamp', `${round} again`);
    await waitUntil(async () => (await session.run('echo "is $STAMP"')).join() === `is ${round} again`, { what: 'the next environment', everyMs: 100 });
  }

  test('of node the shell that waited for it edits its line, and nobody takes its settings from it', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    for (let round = 1; round <= 4; round++) {
      outer.enter(`clear; ${devshell()}`);
      await outer.waitForStatus(/watching [1-9]/);
      kill((await nodeOf(project)).pid, 'SIGKILL');
      await outer.waitForScreen(/Killed[^$]*\$/);
      await waitForOnly(project, [outer.pid]);
      outer.enter('echo ro""und');
      const shown = await outer.waitForScreen((rows) => rows.some((row) => row.trimEnd() === 'round'));
      // A terminal that is not in the line editor's mode echoes what is typed, and then the editor does.
      expect(shown.filter((row) => row.includes('ro""und')), `round ${round}`).toHaveLength(1);
    }
  });

  test('of a node that is stopped nothing happens to the program that has the terminal by then', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    const { pid: node } = await nodeOf(project);
    kill(node, 'SIGTSTP');
    await outer.waitForScreen('Stopped');
    outer.enter(String.raw`printf '\e[?1049h\e[Hprogram'; stty raw -echo; sleep 305; stty -a | grep -o -- -isig`);
    const { pid: program } = await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 305', 'the program');
    kill(node, 'SIGKILL');
    await waitForOnly(project, [outer.pid, program]);
    expect(outer.terminal.isAlternate).toBe(true);
    kill(program, 'SIGKILL');
    await outer.waitForScreen('-isig');
  });

  test('of the build the line names it, and the environment stays', async ({ project }) => {
    await prepareSlowBuild(project, 'case $(cat stamp) in wait) sleep 600 ;; esac\necho "STAMP=$(cat stamp)"\n');
    const session = project.open();
    await session.waitForStatus(/watching [1-9]/);
    await project.write('stamp', 'wait');
    await session.waitForStatus('building');
    const { pid } = await waitForProcess(project, ({ commandLine }) => commandLine === 'sh ./slow.sh', 'the build');
    kill(pid, 'SIGKILL');
    await session.waitForStatus(/failed.*exec was ended by SIGKILL/);
    expect(await session.run('echo $STAMP')).toEqual(['0']);
    const left = (await processesWith(project.token)).filter(({ commandLine }) => commandLine.includes('sleep'));
    expect(left, 'what the build had started').toEqual([]);
    await project.write('stamp', 'done');
    await session.waitForStatus('ready');
    expect(await session.run('echo $STAMP')).toEqual(['done']);
  });

  test('of node the guard leaves the alternate screen and ends a build and a program', async ({ project }) => {
    await prepareSlowBuild(project, 'case $(cat stamp) in wait) trap "" TERM; sleep 600 ;; esac\necho "STAMP=$(cat stamp)"\n');
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    await project.write('stamp', 'wait');
    await outer.waitForStatus('building');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 600', 'the build');
    outer.enter("printf '\\e[?1049h\\e[?1002h\\e[?1006h\\e[2;5r\\e[?7l\\e[4hfull screen'; sleep 500");
    await outer.waitForScreen(() => outer.terminal.isAlternate);
    kill((await nodeOf(project)).pid, 'SIGKILL');
    await outer.waitForScreen(() => !outer.terminal.isAlternate);
    await waitForOnly(project, [outer.pid]);
    await expectUsable(outer, settings);
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('of node during the first build nothing of it goes on', async ({ project }) => {
    await prepareSlowBuild(project, 'sleep 600\n');
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    for (const command of ['', 'true', 'env']) {
      outer.enter(devshell(command));
      await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 600', 'the build');
      kill((await nodeOf(project)).pid, 'SIGKILL');
      await waitForOnly(project, [outer.pid]);
    }
    await expectUsable(outer, settings);
  });

  test('of node at random moments of its start the next start is not in the way of anything', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    const random = seeded(7);
    for (let round = 1; round <= 10; round++) {
      outer.enter(devshell());
      const { pid } = await nodeOf(project);
      await sleep(random() * 200);
      kill(pid, 'SIGKILL');
      await waitForOnly(project, [outer.pid]);
    }
    await expectUsable(outer, settings);
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    expect(await outer.run('echo $GREETING')).toEqual(['hello']);
  });

  test('of node and its guard the next start clears what they left', async ({ project }) => {
    const session = await openShell(project);
    const guard = await waitForProcess(project, ({ commandLine }) => commandLine.includes('guard.sh'), 'the guard');
    const [old] = await sessionsOf(project);
    kill(guard.pid, 'SIGKILL');
    kill((await nodeOf(project)).pid, 'SIGKILL');
    await session.exit;
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([old]);
    const next = project.open();
    await next.waitForStatus(/watching [1-9]/);
    const now = await sessionsOf(project);
    expect(now).toHaveLength(1);
    expect(now).not.toEqual([old]);
    expect(await next.run(`${devshell('status')} | head -1`)).toEqual(['state    watching 4 inputs']);
  });
});

describe('when the coordinator dies', () => {
  test('the shell lives, the line says so, and the end is the usual one', async ({ project }) => {
    const session = await openShell(project);
    await session.run('kept=mine');
    // The coordinator writes its log there and has nowhere else to go.
    await rm(project.path('.devshell/sessions'), { recursive: true });
    await project.write('devshell.toml', '[env]\nGREETING = "late"\n');
    await session.waitForStatus('not reloading');
    expect(await session.run('echo $GREETING $kept')).toEqual(['hello mine']);
    session.enter('exit 42');
    expect(await session.exit).toEqual({ exitCode: 42, signal: 0 });
    await project.waitForNoProcess();
  });
});
