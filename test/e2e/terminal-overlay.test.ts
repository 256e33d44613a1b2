// The error view over everything that may stand on a screen: what was there is there again, and nobody has noticed.
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { processInfo, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { Tmux } from '../support/tmux.ts';
import { configure, devshell, nodeOf, waitForProcess, waitForPrompt } from './support-3.ts';
import { fileOf, memoryOf, openFailed, statusRows, upTo, waitForSize } from './support-4.ts';

async function openView(session: TerminalSession): Promise<void> {
  session.press('Alt-Ctrl-E');
  await session.waitForScreen('any other key returns');
}

async function closeView(session: TerminalSession, key = 'q'): Promise<void> {
  session.type(key);
  await session.waitForScreen((rows) => !rows.join('\n').includes('any other key returns'));
  await session.waitForStatus('failed');
}

const shown = (session: TerminalSession) => ({ rows: session.screen(), cursor: session.terminal.cursor, alternate: session.terminal.isAlternate });

describe('the error view', () => {
  test('over a half-typed line: screen and cursor are as before, and the line goes on', async ({ project }) => {
    const session = await openFailed(project);
    await session.run('printf "\\e[31mred "; seq 30');
    await waitForPrompt(session);
    session.type('echo half');
    await session.waitForScreen('$ echo half');
    const before = shown(session);
    await openView(session);
    expect(session.screen().join('\n')).not.toContain('$ echo half');
    await closeView(session);
    expect(shown(session)).toEqual(before);
    session.type(' line\r');
    await session.waitForScreen('\nhalf line\n$');
  });

  test('moves by lines, pages, to both ends, by the wheel, in every spelling and in any pieces; everything else returns', async ({ project }) => {
    const session = await openFailed(project, 100);
    const top = (text: string | RegExp): Promise<string> => session.waitForRow(0, text);
    await openView(session);
    await top('exec exited');
    session.press('End');
    await session.waitForRow(-3, 'detail 100');
    session.press('Home');
    await top('exec exited');
    // The first rows of the text are the problem, its place and its remedy.
    session.press('PageDown');
    const page = await top(/^detail \d+$/);
    const first = Number(page.slice(7));
    for (const [keys, by] of [['j', 1], ['\x1b[B', 1], ['\x1bOB', 1], ['k', -1], ['\x1b[106;1u', 1], ['\x1b[1;1:2B', 1], ['\x1b[<65;9;9M', 3], ['\x1b[<64;9;9M', -3], ['\x1b[27;1;106~', 1]] as const) {
      session.type(keys);
      await top(`detail ${first + by}`);
      session.type('\x1b[H');
      await top('exec exited');
      session.press('PageDown');
      await top(`detail ${first}`);
    }
    for (const piece of ['\x1b', '[', '6', '~']) {
      session.type(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await top(`detail ${first + 22}`);
    // A keyboard that tells of releases: the one of the key that opened the view does not close it.
    session.type('\x1b[101;7:3u\x1b[57443;1:3u\x1b[1;1:3B\x1b[H');
    await top('exec exited');
    for (const key of ['q', '\x1b', '\r', '\x03', '\x1b\x05', '\x1b[101;7u', '\x1b[200~ls\rls\r\x1b[201~']) {
      await closeView(session, key);
      await openView(session);
    }
    // What is typed behind the key that closes it is for the shell.
    await closeView(session, 'qecho typed $((6*7))\r');
    await session.waitForScreen('\ntyped 42\n$');
    expect(session.screen().join('\n')).not.toMatch(/\$ (ls|q|j)/);
  });

  test('over vim: every row is as it was, its message among them, and vim knows nothing of keys or changes', async ({ project }) => {
    const session = await openFailed(project);
    await session.run('echo kept on the main screen');
    await project.write('text', upTo(80).map((number) => `row ${number}\n`).join(''));
    session.enter('vim -u NONE -c "set nocompatible number ruler showmode" +40 text');
    await session.waitForScreen((rows) => session.terminal.isAlternate && rows.join('\n').includes('row 40') && rows[22]?.includes('40,') === true);
    // A message is not painted again by vim, whoever asks it to.
    session.type(':echo "a mess" . "age"\r');
    await session.waitForRow(22, /^a message/);
    const message = shown(session);
    for (const keys of ['q', '\x1b[B\x1b[6~q']) {
      await openView(session);
      await closeView(session, keys);
      expect(shown(session)).toEqual(message);
    }
    session.type('A and more');
    await session.waitForScreen(/row 40 and more\n[^]*-- INSERT --/);
    const before = shown(session);
    await openView(session);
    await closeView(session);
    expect(shown(session)).toEqual(before);
    session.type('!');
    await session.waitForScreen('row 40 and more!');
    session.press('Escape');
    await session.waitForScreen((rows) => !rows.join('\n').includes('-- INSERT --'));
    session.type(':set lines? columns?\r');
    await session.waitForScreen(/lines=23\s+columns=80/);
    session.type(':q!\r');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await waitForPrompt(session);
    expect(session.screen().join('\n')).toContain('kept on the main screen');
    expect(statusRows(session)).toHaveLength(1);
  });

  test('over a program that paints once and never again: it gets no signal, and what it wrote meanwhile follows', async ({ project }) => {
    const session = await openFailed(project);
    await project.write('painter', `trap 'echo winch >> signals' WINCH
printf '\\e[?1049h\\e[2;22r\\e[5;5H\\e[1;32mpainted once\\e[m\\e[12;1Hscrolled\\e[22;1H\\n\\n\\e[?25l\\e[5;9H\\e7\\e[44m\\e[9;9Hhere'
until [ -e go ]; do sleep 0.05; done
printf ' meanwhile'; touch gone
read -rsn1; printf '\\e8saved'
read -rsn1; printf '\\e[m\\e[?25h\\e[r\\e[?1049l'; cat signals; echo "no more signals"`);
    session.enter('bash painter');
    await session.waitForRow(8, 'here');
    expect([2, 9].map((row) => session.row(row))).toEqual(['    painted once', 'scrolled']);
    const before = shown(session);
    await openView(session);
    await closeView(session);
    expect(shown(session)).toEqual(before);
    await openView(session);
    await project.write('go', '');
    await waitUntil(async () => (await project.read('gone').catch(() => undefined)) === '', { what: 'the program to go on' });
    await closeView(session);
    await session.waitForRow(8, /^ {8}here meanwhile$/);
    expect({ ...shown(session), rows: session.screen().toSpliced(8, 1) }).toEqual({ ...before, rows: before.rows.toSpliced(8, 1), cursor: { ...before.cursor, column: 22 } });
    session.type('x');
    await session.waitForRow(4, /^ {8}saved$/);
    session.type('x');
    await session.waitForScreen(/cat: signals: No such file or directory\nno more signals\n\$/);
  });

  test('over less, which began where only the terminal knew', async ({ project }) => {
    const session = await openFailed(project);
    session.enter('clear; seq 5');
    await session.waitForScreen(/^1\n2\n3\n4\n5\n\$/);
    await project.write('text', upTo(12).map((number) => `row ${number}\n`).join(''));
    session.enter('less text');
    await session.waitForScreen(/row 12\n[^]*\(END\)/);
    const before = shown(session);
    for (const key of ['q', '\x1b']) {
      await openView(session);
      await closeView(session, key);
      expect(shown(session)).toEqual(before);
    }
    session.type('q');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await waitForPrompt(session);
    expect(session.screen().slice(0, 6)).toEqual(expect.arrayContaining(['1', '2', '3', '4', '5']));
  });

  test('in tmux, over vim with a message', async ({ project }) => {
    await configure(project);
    await using tmux = await Tmux.start({ command: 'bash', args: ['-c', devshell()], cwd: project.root, env: project.environment() });
    await tmux.waitForScreen(/watching [1-9]/);
    await project.write('devshell.toml', '[env\n');
    await tmux.waitForScreen('failed');
    await project.write('text', upTo(80).map((number) => `row ${number}\n`).join(''));
    await tmux.enter('vim -u NONE -c "set nocompatible" +40 text');
    await tmux.waitForScreen('row 40');
    await tmux.enter(':echo "a mess" . "age"');
    await tmux.waitForScreen(/\na message[^]*failed/);
    const before = await tmux.screen();
    const place = await tmux.ask('#{cursor_x} #{cursor_y} #{scroll_region_upper} #{scroll_region_lower}');
    for (const key of ['q', 'Enter']) {
      await tmux.press('M-C-e');
      await tmux.waitForScreen('any other key returns');
      await tmux.press(key);
      await waitUntil(async () => JSON.stringify(await tmux.screen()) === JSON.stringify(before), { what: 'the screen of before' });
      expect(await tmux.ask('#{cursor_x} #{cursor_y} #{scroll_region_upper} #{scroll_region_lower}')).toBe(place);
    }
    await tmux.enter(':q!');
    await tmux.waitForScreen(/\$\s*\n[^]*failed/);
  });

  test('over a program that has saved the cursor: both its places are right afterwards', async ({ project }) => {
    const session = await openFailed(project);
    session.enter("clear; printf '\\e[5;10H\\e[32m\\e7\\e[m\\e[12;20H\\e[4hnow'; read -rsn1; printf 'here'; printf '\\e8saved\\e[4l\\e[20;1H'; read -rsn1");
    await session.waitForRow(11, 'now');
    await waitUntil(() => session.terminal.cursor.column === 22, { what: 'the cursor behind the word' });
    await openView(session);
    session.type('\x1b');
    await session.waitForScreen((rows) => rows[11]?.includes('now') === true);
    session.type('x');
    await session.waitForRow(4, /^ {9}saved$/);
    expect(session.row(11)).toBe(`${' '.repeat(19)}nowhere`);
    session.type('x');
    await waitForPrompt(session);
  });

  test('in the middle of a resize, over the shell and over vim', async ({ project }) => {
    const session = await openFailed(project);
    await session.run('seq 10');
    for (const inVim of [false, true]) {
      if (inVim) {
        await project.write('text', upTo(80).map((number) => `row ${number}\n`).join(''));
        session.enter('vim -u NONE text');
        await session.waitForScreen(() => session.terminal.isAlternate && session.screen().includes('row 20'));
      }
      await openView(session);
      for (const [columns, rows] of [[100, 30], [40, 10], [30, 3], [1, 1], [90, 20]] as const) {
        session.resize(columns, rows);
        if (columns > 30) await session.waitForScreen((all) => all.length === rows && all.at(-1)?.includes('return') === true);
      }
      await waitForSize(project, '19 90');
      await closeView(session);
      expect(session.screen().filter((row) => row.includes('failed')), String(inVim)).toHaveLength(1);
      if (inVim) {
        await session.waitForScreen((rows) => rows.filter((row) => row.startsWith('row ')).length === 18);
        session.type(':q!\r');
      }
      await session.waitForScreen(() => !session.terminal.isAlternate);
      await waitForPrompt(session);
      session.resize(80, 24);
      await session.waitForStatus('failed');
      expect(await session.run('stty size')).toEqual(['23 80']);
    }
  });

  test('lets answers through to the program that asked, and keeps a flood waiting outside of memory', async ({ project }) => {
    const session = await openFailed(project);
    session.enter('stty raw -echo; touch reading; head -c 6 > answer; stty sane; seq 500000; touch done');
    await waitUntil(async () => (await project.read('reading').catch(() => undefined)) === '', { what: 'the program to read' });
    await openView(session);
    session.type('\x1b[5;7');
    session.type('R');
    expect((await fileOf(project, 'answer', 6)).toString()).toBe('\x1b[5;7R');
    const seq = await waitForProcess(project, ({ commandLine }) => commandLine === 'seq 500000', 'the flood');
    const { pid } = await nodeOf(project);
    const before = await memoryOf(pid);
    // It has written what the kernel takes, and sleeps.
    await waitUntil(async () => (await processInfo(seq.pid))?.state === 'S', { what: 'the flood to wait' });
    for (let key = 0; key < 50; key++) session.type(key % 2 === 0 ? '\x1b[6~' : '\x1b[5~');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await processInfo(seq.pid))?.state).toBe('S');
    expect((await memoryOf(pid)) - before).toBeLessThan(20 << 20);
    session.press('Alt-Ctrl-E');
    await waitUntil(async () => (await project.read('done').catch(() => undefined)) === '', { what: 'the flood to end', deadlineMs: 50_000 });
    await waitForPrompt(session);
    const text = session.bytes.toString('latin1').replace(/\x1b7[^]*?\x1b8/g, '');
    const numbers = text.slice(text.lastIndexOf('\x1b[?1049l')).match(/(?<=^|[^\d])\d+(?=\r)/g) ?? [];
    expect(numbers.length).toBe(500_000);
    expect(numbers.at(-1)).toBe('500000');
    expect(join(...session.screen().slice(-4, -2))).toContain('500000');
  });
});
