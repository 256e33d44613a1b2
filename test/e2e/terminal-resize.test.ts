// Sizes that change faster than anybody can follow: in the end there is one status row, and the program has the right size.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, openShell, seeded, waitForPrompt } from './support-3.ts';
import { marginsOf, numbersShown, statusRows, upTo, waitForSize } from './support-4.ts';

/** Less than devshell waits for another size before it takes its row again, ms. */
const shortMs = 80;

/** Two hundred sizes, some of them too small for a row, and back to 80 by 24. How many came late: this machine may have had other things to do. */
async function storm(session: TerminalSession, seed: number): Promise<number> {
  let late = 0;
  let lastMs = performance.now();
  const random = seeded(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  for (let turn = 0; turn < 200; turn++) {
    const tiny = random() < 0.1;
    session.resize(tiny ? between(1, 25) : between(20, 140), tiny ? between(1, 5) : between(4, 60));
    await sleep(between(0, 12));
    if (performance.now() - lastMs > shortMs) late++;
    lastMs = performance.now();
  }
  session.resize(80, 24);
  return late;
}

async function expectOneRow(session: TerminalSession, where: 'everywhere' | 'on the screen' = 'everywhere'): Promise<void> {
  await session.waitForStatus('watching');
  await session.waitForScreen(() => marginsOf(session).bottom === 23);
  const rows = where === 'everywhere' ? statusRows(session) : session.screen().filter((row) => row.includes('watching'));
  // What has run into the row is a line of the program.
  expect(rows.filter((row) => !/n\d+/.test(row))).toEqual([session.statusRow()]);
}

/** Each number from the first on can be read, and at most one of them not in a line of its own. */
function expectNumbers(session: TerminalSession, first: number): void {
  const alone = new Set(numbersShown(session, 'n'));
  const last = Math.max(...alone);
  expect(last).toBeGreaterThan(first + 200);
  const others = upTo(last).filter((number) => number > first && !alone.has(number));
  expect(others.length).toBeLessThanOrEqual(1);
  expect(session.terminal.lines().join('\n')).toContain(others[0] === undefined ? `n${last}` : `n${others[0]}`);
}

describe('two hundred sizes', () => {
  // What is on its way to the terminal when that changes its size comes too late for us to help it: there a line may run into the row. That is once,
  // unless the sizes stop for so long that the row is taken again; such a storm is tried anew.
  test('while the shell prints: nothing printed is lost, and there is one status row, on the screen and above', async ({ project }) => {
    const session = await openShell(project);
    let late = 1;
    for (let seed = 1; late > 0; seed++) {
      await project.run('rm', ['-f', project.path('stop')]);
      session.enter('clear; for ((i = 1; ; i++)); do echo n$i; ((i % 10)) || { [ -e stop ] && break; sleep 0.01; }; done');
      await session.waitForScreen('n40');
      const first = Math.max(...numbersShown(session, 'n'));
      session.terminal.emulator.clear();
      late = await storm(session, seed);
      await waitForSize(project, '23 80');
      await project.write('stop', '');
      await waitForPrompt(session);
      await expectOneRow(session, late === 0 ? 'everywhere' : 'on the screen');
      expect(await session.run('stty size')).toEqual(['23 80']);
      if (late === 0) expectNumbers(session, first);
    }
  });

  test('while the shell waits with a half-typed line', async ({ project }) => {
    const session = await openShell(project);
    await session.run('seq 40');
    session.type('echo half');
    await session.waitForScreen('$ echo half');
    await storm(session, 2);
    await waitForSize(project, '23 80');
    await session.waitForScreen(() => session.row(session.terminal.cursor.row).endsWith('$ echo half'));
    await expectOneRow(session);
    session.enter(' a line');
    await session.waitForScreen('\nhalf a line\n$');
    expect(await session.run('stty size')).toEqual(['23 80']);
  });

  test.for([
    ['vim', 'vim -u NONE -c "set nocompatible ruler" text', ':set lines?\r', /lines=23/, ':q!\r'],
    ['less', 'less -X -S text', '=', /lines 1-2\d/, 'q'],
    ['less on the alternate screen', 'less -S text', '=', /lines 1-2\d/, 'q'],
  ] as const)('under %s', async ([, command, ask, answer, leave], { project }) => {
    const session = await openShell(project);
    await project.write('text', upTo(200).map((number) => `row ${number}\n`).join(''));
    await session.run('echo before');
    session.enter(command);
    await session.waitForScreen((rows) => rows[0] === 'row 1' || rows.includes('row 20'));
    await storm(session, 3);
    await waitForSize(project, '23 80');
    session.press('Ctrl-L');
    await session.waitForScreen((rows) => rows.slice(0, 22).every((row, index) => row === `row ${index + 1}`));
    session.type(ask);
    await session.waitForScreen(answer);
    await session.waitForStatus('watching');
    session.type(leave);
    await waitForPrompt(session);
    await expectOneRow(session);
    expect(await session.run('stty size')).toEqual(['23 80']);
    expect(session.terminal.isAlternate).toBe(false);
  });
});

describe('a size that is no size', () => {
  test('one by one, too narrow, too low, and back: with the text that was there', async ({ project }) => {
    const session = await openShell(project);
    for (const [columns, rows] of [[1, 1], [19, 24], [80, 3], [2, 40], [200, 1]] as const) {
      session.enter('clear');
      await session.waitForScreen((all) => all[0]?.startsWith('$') === true && all.slice(1, -1).every((row) => row === ''));
      session.resize(columns, rows);
      await waitForSize(project, `${rows} ${columns}`);
      session.resize(80, 24);
      await waitForSize(project, '23 80');
      await expectOneRow(session);
      expect(await session.run('stty size; echo here')).toEqual(['23 80', 'here']);
    }
  });

  test('is the program’s alone on a dumb terminal', async ({ project }) => {
    await configure(project);
    const session = project.open([], { env: { TERM: 'dumb' } });
    await waitForPrompt(session);
    const before = session.bytes.length;
    await storm(session, 4);
    await waitForSize(project, '24 80');
    session.enter('stty size');
    await session.waitForScreen('24 80\n');
    expect(session.bytes.subarray(before).toString('latin1')).not.toContain('\x1b');
  });
});
