// What comes from the terminal: answers to what programs ask, the mouse in every encoding, and keys; in any pieces.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, greeting, openShell, waitForPrompt } from './support-3.ts';
import { fileOf, openFailed } from './support-4.ts';

/** A program in raw mode that keeps what it reads in the file `heard`, after it has printed `modes`. */
async function listening(project: Project, session: TerminalSession, modes = ''): Promise<void> {
  await project.write('heard', '');
  session.enter(`stty raw -echo; printf '${modes}<%s>' ready; cat >> heard`);
  await session.waitForScreen('<ready>');
}

/** Sends a text in one piece, and cut in two at every place, or at every one but right behind an ESC. How often that is. */
async function sendInPieces(session: TerminalSession, text: string, places: 'every' | 'not behind ESC' = 'every'): Promise<number> {
  const bytes = Buffer.from(text, 'latin1');
  let times = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (places === 'not behind ESC' && bytes[at - 1] === 0x1b) continue;
    times++;
    for (const piece of [bytes.subarray(0, at), bytes.subarray(at)]) {
      session.send(piece);
      await sleep(2);
    }
  }
  return times;
}

/** Each text, as often as it was sent, is what the program has heard. */
async function expectHeard(project: Project, texts: readonly (readonly [string, number])[]): Promise<void> {
  const expected = texts.map(([text, times]) => text.repeat(times)).join('');
  await fileOf(project, 'heard', expected.length);
  await sleep(100);
  expect((await fileOf(project, 'heard', 0)).toString('latin1')).toBe(expected);
}

describe('an answer', () => {
  test.for([
    ['where the cursor is', '\x1b[12;40R', '\x1b[12;40R'],
    ['DA1', '\x1b[?62;1;4;22c', '\x1b[?62;1;4;22c'],
    ['DA2', '\x1b[>41;379;0c', '\x1b[>41;379;0c'],
    ['DA3', '\x1bP!|7E565445\x1b\\', '\x1bP!|7E565445\x1b\\'],
    ['DECRQM', '\x1b[?2026;2$y\x1b[4;2$y', '\x1b[?2026;2$y\x1b[4;2$y'],
    ['XTVERSION', '\x1bP>|XTerm(379)\x1b\\', '\x1bP>|XTerm(379)\x1b\\'],
    ['colours', '\x1b]10;rgb:ffff/ffff/ffff\x07\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\', '\x1b]10;rgb:ffff/ffff/ffff\x07\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\'],
    ['the clipboard', '\x1b]52;c;aGVsbG8gd29ybGQ=\x07', '\x1b]52;c;aGVsbG8gd29ybGQ=\x07'],
    ['the kitty keyboard', '\x1b[?31u', '\x1b[?31u'],
    ['the size in pixels, of one row less', '\x1b[4;480;640t', '\x1b[4;460;640t'],
    ['the size of a cell', '\x1b[6;20;8t', '\x1b[6;20;8t'],
    ['a new size (2048), of one row less', '\x1b[48;24;80;480;640t', '\x1b[48;23;80;460;640t'],
    ['status and settings', '\x1b[0n\x1bP1$r0m\x1b\\\x1b[?997;1n', '\x1b[0n\x1bP1$r0m\x1b\\\x1b[?997;1n'],
    ['the window', '\x1b[I\x1b[O\x1b[1t\x1b[3;10;20t', '\x1b[I\x1b[O\x1b[1t\x1b[3;10;20t'],
  ] as const)('reaches the program that asked, in any pieces: %s', async ([, sent, heard], { project }) => {
    const session = await openShell(project, greeting, [], { answers: 'test' });
    await listening(project, session);
    await expectHeard(project, [[heard, await sendInPieces(session, sent)]]);
  });

  test('is asked for in the program’s own words, in any pieces, but for the size in characters, which we know', async ({ project }) => {
    const session = await openShell(project, greeting, [], { answers: 'test' });
    const queries = ['\x1b[6n', '\x1b[c', '\x1b[>c', '\x1b[=c', '\x1b[?2026$p', '\x1b[>q', '\x1b]10;?\x07', '\x1b]11;?\x1b\\', '\x1b]52;c;?\x07', '\x1b[?u', '\x1b[14t', '\x1b[16t', '\x1bP+q544e\x1b\\', '\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\'];
    await project.write('ask.mjs', `
      import { writeSync } from 'node:fs';
      const wait = () => new Promise((done) => setTimeout(done, 2));
      for (const query of ${JSON.stringify([...queries, '\x1b[18t'])}) {
        for (let at = 0; at < query.length; at++) {
          writeSync(1, '<'); await wait(); writeSync(1, query.slice(0, at)); await wait(); writeSync(1, query.slice(at)); writeSync(1, '>');
        }
      }
      writeSync(1, 'asked\\n');`);
    const before = session.bytes.length;
    session.enter("stty raw -echo; node ask.mjs; head -c 50 > heard; stty sane");
    const text = (): string => session.bytes.subarray(before).toString('latin1').replace(/\x1b7\x1b\[24;1H[^]*?\x1b8/g, '');
    await waitUntil(() => text().includes('>asked'), { what: 'all questions', deadlineMs: 50_000 });
    for (const query of queries) expect(text().split(`<${query}>`).length - 1, JSON.stringify(query)).toBe(query.length);
    // Where the sequence could have ended another one, ST stands in its place, which does that and nothing else.
    expect(text().match(/<(?:\x1b\\)?>/g), 'what the terminal is not asked').toHaveLength(5);
    expect((await fileOf(project, 'heard', 50)).toString()).toBe('\x1b[8;23;80t'.repeat(5));
  });

  test('of a real emulator is right for one row less', async ({ project }) => {
    const session = await openShell(project);
    let asked = 0;
    const ask = async (query: string, end: string): Promise<string> => {
      session.enter(`clear; printf '${query}'; IFS= read -rs -t 5 -d '${end}' a; printf '%q\\n' "$a" > heard; clear; echo asked $((${++asked}))`);
      await session.waitForScreen(`asked ${asked}\n`);
      await waitForPrompt(session);
      return (await project.read('heard')).trimEnd();
    };
    expect(await ask('\\033[999;999H\\033[6n', 'R')).toBe("$'\\E[23;80'");
    expect(await ask('\\033[18t', 't')).toBe("$'\\E[8;23;80'");
    expect(await ask('\\033P$qr\\033\\\\', '\\')).toBe("$'\\EP1$r1;23r\\E'");
    expect(await ask('\\033[c', 'c')).toMatch(/^\$'\\E\[\?1;2'$/);
    expect(await ask('\\033[>c', 'c')).toMatch(/^\$'\\E\[>\d+;\d+;\d+'$/);
    expect(await ask('\\033[?2004$p', 'y')).toMatch(/^\$'\\E\[\?2004;\d\$'$/);
  });
});

describe('the mouse', () => {
  const button = (code: number, column: number, row: number, encoding: BufferEncoding): string => `\x1b[M${Buffer.from(String.fromCharCode(code + 32, column + 32, row + 32), encoding).toString('latin1')}`;
  test.for([
    ['SGR', '\\033[?1002;1006h', (code: number, row: number, up: boolean) => `\x1b[<${code};100;${row}${up ? 'm' : 'M'}`],
    ['urxvt', '\\033[?1002;1015h', (code: number, row: number, up: boolean) => `\x1b[${(up ? 3 : code) + 32};100;${row}M`],
    ['X10', '\\033[?1002h', (code: number, row: number, up: boolean) => button(up ? 3 : code, 100, row, 'latin1')],
    ['UTF-8', '\\033[?1002;1005h', (code: number, row: number, up: boolean) => button(up ? 3 : code, 200, row, 'utf8')],
  ] as const)('does not see the status row, and everything else as it is, in any pieces: %s', async ([, modes, report], { project }) => {
    const session = await openShell(project, greeting, [], { columns: 220, answers: 'test' });
    await listening(project, session, modes);
    const heard: [string, number][] = [];
    // An ESC at the end of a chunk goes out at once, and then the report has to follow it, whatever it says.
    const send = async (sent: string, expected = sent): Promise<void> => void heard.push([expected, await sendInPieces(session, sent, 'not behind ESC')]);
    for (const row of [1, 12, 23]) await send(`${report(0, row, false)}${report(0, row, true)}`);
    // In the row: a press and its release are nobody's; a drag that began above ends at the last row of the program.
    await send(`${report(0, 24, false)}${report(0, 24, true)}.`, '.');
    await send(`${report(0, 20, false)}${report(32, 24, false)}${report(0, 24, true)}`, `${report(0, 20, false)}${report(32, 23, false)}${report(0, 23, true)}`);
    await send(`${report(65, 24, false)}.`, '.');
    await send(report(65, 23, false));
    await expectHeard(project, heard);
  });

  test('in pixels passes as it is', async ({ project }) => {
    const session = await openShell(project, greeting, [], { answers: 'test' });
    await listening(project, session, '\\033[?1002;1016h');
    await expectHeard(project, [['\x1b[<0;639;479M', await sendInPieces(session, '\x1b[<0;639;479M')]]);
  });
});

describe('keys', () => {
  test('that are changed: the new ones are ours, the old ones the program’s, in every spelling', async ({ project }) => {
    await configure(project, `${greeting}[keys]\nerror = "F9"\npause = "Alt-X"\n`);
    const session = project.open([], { answers: 'test' });
    await session.waitForStatus(/watching [1-9]/);
    await listening(project, session, '\\033[>1u');
    const old = ['\x1b\x05', '\x1b\x04', '\x1b[101;7u', '\x1b[100;7u', '\x1b[27;7;101~', '\x1b[27;7;100~', '\x1b[105;5u', '\x1b[20;2~', '\x1b[120;7u'];
    const heard: [string, number][] = [];
    for (const key of old) heard.push([key, await sendInPieces(session, key)]);
    await expectHeard(project, heard);
    for (const [key, state] of [['\x1bx', 'paused'], ['\x1b[120;3u', 'watching'], ['\x1b[27;3;120~', 'paused'], ['\x1b[120;3:1u\x1b[120;3:3u', 'watching']] as const) {
      session.send(Buffer.from(key, 'latin1'));
      await session.waitForStatus(state);
    }
    await expectHeard(project, heard);
  });

  test('that show the error do so in every spelling, and not inside a paste, however that is cut', async ({ project }) => {
    const session = await openFailed(project);
    await listening(project, session, '\\033[?2004h');
    for (const key of ['\x1b\x05', '\x1b[101;7u', '\x1b[101;7:1u', '\x1b[27;7;101~']) {
      session.type(key);
      await session.waitForScreen('any other key returns');
      session.type('q');
      await session.waitForStatus('failed');
    }
    const pasted = '\x1b[200~a\x1b\x05b\x1b[101;7uc\x1b[27;7;101~d\x1b[201~';
    const times = await sendInPieces(session, pasted);
    await expectHeard(project, [[pasted, times]]);
    expect(session.statusRow()).toContain('failed');
    session.hangUp();
  });

  test('of a program that speaks the kitty protocol reach it as they are', async ({ project }) => {
    const session = await openShell(project);
    await listening(project, session, '\\033[>31u');
    const keys = '\x1b[97;1:1;97u\x1b[97;1:3u\x1b[57441;2u\x1b[13;1:1u\x1b[27u\x1b[99;5u\x1b[1;1:1A\x1b[5;3~';
    await expectHeard(project, [[keys, await sendInPieces(session, keys)]]);
    session.hangUp();
  });
});
