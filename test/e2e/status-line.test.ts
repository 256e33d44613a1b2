// What the user sees of the reload: the states in the bottom row, the other modes, and the error view.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, gated, hold, openGated, openShell, release } from './support-3.ts';

/** Cells of the bottom row that are drawn in a colour. */
function colouredCells(session: TerminalSession): number {
  const { active } = session.terminal.emulator.buffer;
  const line = active.getLine(active.baseY + session.terminal.emulator.rows - 1);
  let count = 0;
  for (let x = 0; x < session.terminal.emulator.cols; x++) if (line?.getCell(x)?.isFgDefault() === false) count++;
  return count;
}

describe('the status row', () => {
  test('is there under a prompt that ends in an emoji, behind which more could have come', async ({ project }) => {
    await configure(project);
    await project.writeBashrc("PS1='\u{1f600}'\n");
    const session = project.open();
    await session.waitForScreen('\u{1f600}');
    await session.waitForStatus('watching');
    session.enter('clear');
    await session.waitForScreen((rows) => rows[0] === '\u{1f600}' && rows[1] === '' && rows.at(-1)?.includes('watching') === true);
  });

  test('shows each state, by word and symbol', async ({ project }) => {
    const session = await openGated(project);
    await session.waitForStatus(/^ ● watching \d+ inputs$/);
    await hold(project);
    await project.write('values', 'A=2\nB=1\n');
    await session.waitForStatus(/^ [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] building +values$/);
    const seen = new Set<string>();
    await session.waitForStatus(([row = '']) => seen.add(row[1]!).size > 3);
    await session.waitForStatus(/building 1\.\ds {2}values/);
    await release(project);
    await session.waitForStatus(/^ ✓ ready \+1 ~1 {2}Enter or Alt-Ctrl-R$/);
    session.enter('');
    await session.waitForStatus(/^ ✓ reloaded in [\d.]+m?s {2}\+1 ~1$/);
    await session.waitForStatus(/^ ● watching/);

    await project.write('build.sh', 'echo it went wrong >&2; exit 3\n');
    await project.write('values', 'A=3\n');
    await session.waitForStatus(/^ ✗ failed devshell\.toml:2:\d+: exec exited with 3: it went wrong {2}Alt-Ctrl-E/);
    await project.write('build.sh', gated);
    await hold(project);
    await project.write('values', 'A=4\n');
    await session.waitForStatus(/stale, building/);
    await release(project);
    await session.waitForStatus(/ready/);
    expect(await session.run('echo $A')).toEqual(['4']);

    session.press('Alt-Ctrl-D');
    await session.waitForStatus(/^ ‖ paused {2}Alt-Ctrl-D resumes$/);
    await project.write('values', 'A=5\n');
    await session.waitForStatus(/^ ‖ paused, 1 changed {2}Alt-Ctrl-D resumes$/);
    session.press('Alt-Ctrl-D');
    await session.waitForStatus(/ready/);
    session.press('Alt-Ctrl-R');
    await session.waitForStatus(/reloaded/);
    await session.run('A=mine');
    await project.write('values', 'A=6\n');
    await session.waitForStatus('ready');
    session.enter('');
    await session.waitForStatus(/reloaded.*kept A/);
    await project.write('values', 'A=6 \n');
    await session.waitForStatus('unchanged');
  });

  test('says blocked when the project is denied, keeps the environment, and recovers when it is allowed', async ({ project }) => {
    const session = await openShell(project);
    expect(await session.run(devshell('deny -q'))).toEqual([]);
    await session.waitForStatus(/^ ■ blocked .* is denied {2}devshell allow$/);
    await project.write('devshell.toml', '[env]\nGREETING = "while denied"\n');
    expect(await session.run('echo $GREETING')).toEqual(['hello']);
    expect((await session.run(`${devshell('status')} | head -1`)).join()).toMatch(/^state +blocked/);
    await session.run(devshell('allow -q'));
    await session.waitForStatus(/ready|reloaded|watching/);
    await waitUntil(async () => (await session.run('echo $GREETING'))[0] === 'while denied', { what: 'the allowed environment', everyMs: 50 });
    await session.waitForStatus('watching');
  });

  test('says that the hook is lost when another shell takes the place of the first', async ({ project }) => {
    const session = await openShell(project);
    session.enter('exec bash --norc');
    await session.waitForScreen(/bash-5|\$/);
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    await session.waitForStatus(/hook lost/);
  });

  test('is cut to the width, by what characters are wide, and never wraps', async ({ project }) => {
    const session = await openShell(project);
    await project.write('devshell.toml', `[env]\nGREETING = 界界界界界界界界🎉🎉🎉🎉é\n`);
    await session.waitForStatus('failed');
    for (const columns of [80, 61, 60, 41, 40, 33, 20]) {
      session.resize(columns, 24);
      await session.waitForStatus(/failed/);
      session.enter('clear; stty size');
      await session.waitForScreen(new RegExp(`23 ${columns}\\n`));
      await session.waitForStatus(/failed/);
      expect(session.screen().filter((row) => row.includes('failed'))).toHaveLength(1);
    }
  });

  test('survives clear, reset, a full screen program and output to the last row', async ({ project }) => {
    const session = await openShell(project);
    session.enter('clear');
    await session.waitForScreen((rows) => rows[0]?.startsWith('$') === true && rows.at(-1)!.includes('watching'));
    session.enter('reset');
    await session.waitForScreen((rows) => rows[0]?.startsWith('$') === true && rows.at(-1)!.includes('watching'), { deadlineMs: 20_000 });
    session.enter('seq 100 | less');
    await session.waitForScreen((rows) => session.terminal.isAlternate && rows[22]?.startsWith(':') === true);
    await session.waitForStatus('watching');
    session.type('q');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await session.waitForStatus('watching');
    expect(await session.run('tput lines; tput cols')).toEqual(['23', '80']);
  });

  test('has colours, and none under NO_COLOR', async ({ createProject }) => {
    const [plain, coloured] = [await createProject(), await createProject()];
    const broken = '[env\n';
    for (const [project, env] of [[plain, { NO_COLOR: '1' }], [coloured, {}]] as const) {
      await configure(project);
      const session = project.open([], { env });
      await session.waitForStatus(/watching [1-9]/);
      await project.write('devshell.toml', broken);
      await session.waitForStatus(/^ ✗ failed/);
      if (project === plain) expect(colouredCells(session)).toBe(0);
      else expect(colouredCells(session)).toBeGreaterThan(0);
    }
  });
});

describe('the error view', () => {
  test('shows all of it over the program, moves, and gives back what was there', async ({ project }) => {
    const session = await openShell(project);
    await session.run('echo kept on the screen');
    const lines = Array.from({ length: 60 }, (_, index) => `detail ${index + 1}`);
    await project.write('lines', `${lines.join('\n')}\n`);
    await project.write('devshell.toml', '[load]\nexec = [{ run = "cat lines >&2; exit 1", format = "dotenv" }]\n');
    await session.waitForStatus('failed');
    const before = session.screen().filter((row) => row.trim() !== '');
    session.press('Alt-Ctrl-E');
    await session.waitForScreen('any other key returns');
    expect(session.row(0)).toContain('exec exited with 1: detail 60');
    expect(session.screen().join('\n')).toContain('cat lines >&2; exit 1');
    session.press('PageDown');
    await session.waitForScreen((rows) => rows[0]?.startsWith('detail') === true);
    // As a held key arrives: many in one chunk.
    session.type('\x1b[B\x1b[B\x1bOBj\x1b[6~\x1b[6~\x1b[6~');
    await session.waitForScreen((rows) => rows.includes('detail 60'));
    session.type('\x1b[5~\x1b[5~\x1b[5~\x1b[5~\x1b[5~');
    await session.waitForScreen((rows) => rows[0]?.includes('exec exited') === true);
    session.resize(100, 30);
    await session.waitForScreen((rows) => rows.length === 30 && rows.at(-1)!.includes('any other key returns'));
    session.resize(80, 24);
    await session.waitForScreen((rows) => rows.length === 24 && rows.at(-1)!.includes('any other key returns'));
    session.type('x');
    // The row is erased and drawn again on the way back, which a reader may see in two pieces.
    await session.waitForScreen((rows) => isDeepStrictEqual(rows.filter((row) => row.trim() !== ''), before));
    expect(await session.run('echo the key is not typed')).toEqual(['the key is not typed']);
  });

  test('holds the output of a program back, and loses none of it', async ({ project }) => {
    const session = await openShell(project);
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    session.enter('while [ ! -e go ]; do sleep 0.02; done; seq 3000; touch done');
    session.press('Alt-Ctrl-E');
    await session.waitForScreen('any other key returns');
    await project.write('go', '');
    expect(session.screen().join('\n')).not.toMatch(/^\d+$/m);
    session.press('Enter');
    await session.waitForScreen((rows) => rows.includes('3000'));
    const numbers = session.terminal.lines().filter((line) => /^\d+$/.test(line)).map(Number);
    expect(numbers).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1));
  });

  test('can be left on the way out: the shell may end under it', async ({ project }) => {
    const session = await openShell(project);
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    session.enter('while [ ! -e go ]; do sleep 0.02; done; exit 5');
    session.press('Alt-Ctrl-E');
    await session.waitForScreen('any other key returns');
    await project.write('go', '');
    expect((await session.exit).exitCode).toBe(5);
    expect(session.terminal.isAlternate).toBe(false);
  });
});
