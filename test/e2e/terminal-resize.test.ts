// Sizes that change faster than anybody can follow: in the end there is one status row, and the program has the right size.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, openShell, seeded, waitForProcess, waitForPrompt } from './support-3.ts';
import { marginsOf, numbersShown, statusRows, upTo, waitForSize } from './support-4.ts';

interface Storm {
  readonly sizes?: number;
  /** How many of them stay for about as long as devshell waits until it takes its row again. */
  readonly pauses?: number;
  readonly beforeEach?: () => void;
}

/** Two hundred sizes, some of them too small for a row, and back to 80 by 24. */
async function storm(session: TerminalSession, seed: number, { sizes = 200, pauses = 0, beforeEach = () => undefined }: Storm = {}): Promise<void> {
  const random = seeded(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  for (let turn = 0; turn < sizes; turn++) {
    const tiny = random() < 0.1;
    beforeEach();
    session.resize(tiny ? between(1, 25) : between(20, 140), tiny ? between(1, 5) : between(4, 60));
    await sleep(random() < pauses / sizes ? between(96, 112) : between(0, 12));
  }
  beforeEach();
  session.resize(80, 24);
}

async function expectOneRow(session: TerminalSession): Promise<void> {
  await session.waitForStatus('watching');
  await session.waitForScreen(() => marginsOf(session).bottom === 23);
  // What has run into the row is a line of the program.
  expect(statusRows(session).filter((row) => !/n\d+/.test(row))).toEqual([session.statusRow()]);
}

/**
 * What margins do that were written for one size and are read in another, because the sizes stood still for long enough (this machine may have
 * other things to do) and then changed while the margins were on their way.
 */
class LateMargins {
  /** How often the row was taken. */
  taken = 0;
  /** The numbers that were printed while margins of a lower screen were in force: below these a line stands still, and the next takes its place. */
  readonly hidden: { readonly after: number; readonly to: number }[] = [];
  readonly #session: TerminalSession;
  #openAfter: number | undefined;

  constructor(session: TerminalSession) {
    this.#session = session;
    const { emulator } = session.terminal;
    emulator.parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => {
      this.end();
      const rows = typeof bottom === 'number' && bottom > 0 ? bottom : emulator.rows;
      if (top === 1 && rows < emulator.rows) this.taken++;
      if (rows < emulator.rows - 1) this.#openAfter = this.#lastNumber();
      return false;
    });
  }

  /** The margins are others now, or the size is. */
  end(): void {
    if (this.#openAfter !== undefined) this.hidden.push({ after: this.#openAfter, to: this.#lastNumber() });
    this.#openAfter = undefined;
  }

  #lastNumber(): number {
    const { terminal } = this.#session;
    for (let place = terminal.cursorPlace; place >= 0; place--) {
      const found = /^n(\d+)/.exec(terminal.rowsBetween(place, place + 1)[0] ?? '')?.[1];
      if (found !== undefined) return Number(found);
    }
    return 0;
  }
}

/**
 * Each number from the first on can be read; not in a line of its own at most one for each time that the row was there. Lost are none but
 * those that late margins hid.
 */
function expectNumbers(session: TerminalSession, first: number, late: LateMargins): void {
  const alone = new Set(numbersShown(session, 'n'));
  const last = Math.max(...alone);
  expect(last).toBeGreaterThan(first + 200);
  const others = upTo(last).filter((number) => number > first && !alone.has(number));
  const text = session.terminal.lines().join('\n');
  const lost = others.filter((number) => !new RegExp(`n${number}(?!\\d)`).test(text));
  expect(lost.filter((number) => !late.hidden.some(({ after, to }) => number > after && number <= to))).toEqual([]);
  expect(others.length - lost.length).toBeLessThanOrEqual(1 + late.taken);
}

describe('two hundred sizes', () => {
  // What is on its way to the terminal when that changes its size comes too late for us to help it: there a line may run into the row.
  test.for([
    ['without a pause', { sizes: 200 }],
    ['with pauses', { sizes: 100, pauses: 25 }],
  ] as const)('%s, while the shell prints: nothing printed is lost, and there is one status row, on the screen and above', async ([, sizes], { project }) => {
    const session = await openShell(project);
    session.enter('clear; for ((i = 1; ; i++)); do echo n$i; ((i % 10)) || { [ -e stop ] && break; sleep 0.01; }; done');
    await session.waitForScreen('n40');
    const first = Math.max(...numbersShown(session, 'n'));
    session.terminal.emulator.clear();
    const late = new LateMargins(session);
    await storm(session, 1, { ...sizes, beforeEach: () => late.end() });
    await waitForSize(project, '23 80');
    await project.write('stop', '');
    await waitForPrompt(session);
    await expectOneRow(session);
    expect(await session.run('stty size')).toEqual(['23 80']);
    expectNumbers(session, first, late);
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
    // Not readline: at a dumb terminal's prompt each change of the size writes behind the end of its memory (bash 5.2, without devshell as well).
    session.enter('sleep 309');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 309', 'the program');
    await storm(session, 4);
    await waitForSize(project, '24 80');
    session.press('Ctrl-C');
    await waitForPrompt(session);
    session.enter('stty size');
    await session.waitForScreen('24 80\n');
    expect(session.bytes.subarray(before).toString('latin1')).not.toContain('\x1b');
  });
});
