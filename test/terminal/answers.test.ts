// Questions to the terminal and its answers: the question reaches it, the answer reaches the program, and both are right for one row less.

import { describe, expect, it } from 'vitest';
import { KeyFilter } from '../../src/terminal/keys.ts';
import type { InputScreen } from '../../src/terminal/keys.ts';
import { Collected } from './collect.ts';

/** The outer terminal has 24 rows of 20 pixels. */
const screen: InputScreen = { rows: 24, reserve: 'bottom', mouse: 'none' };

/** [name, question, answer]: both pass as they are. */
const passing: readonly (readonly [string, string, string])[] = [
  ['cursor position (CPR)', '\x1b[6n', '\x1b[23;80R'],
  ['cursor position with page (DECXCPR)', '\x1b[?6n', '\x1b[?23;80;1R'],
  ['status (DSR)', '\x1b[5n', '\x1b[0n'],
  ['primary attributes (DA1)', '\x1b[c', '\x1b[?65;1;9c'],
  ['secondary attributes (DA2)', '\x1b[>c', '\x1b[>41;379;0c'],
  ['tertiary attributes (DA3)', '\x1b[=c', '\x1bP!|00000000\x1b\\'],
  ['a mode (DECRQM)', '\x1b[?2026$p', '\x1b[?2026;2$y'],
  ['an ANSI mode (DECRQM)', '\x1b[4$p', '\x1b[4;2$y'],
  ['name and version (XTVERSION)', '\x1b[>q', '\x1bP>|XTerm(379)\x1b\\'],
  ['a setting (DECRQSS)', '\x1bP$qm\x1b\\', '\x1bP1$r0m\x1b\\'],
  ['a capability (XTGETTCAP)', '\x1bP+q544e\x1b\\', '\x1bP1+r544e=787465726d\x1b\\'],
  ['the foreground (OSC 10)', '\x1b]10;?\x07', '\x1b]10;rgb:ffff/ffff/ffff\x07'],
  ['the background (OSC 11)', '\x1b]11;?\x1b\\', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
  ['a colour (OSC 4)', '\x1b]4;1;?\x07', '\x1b]4;1;rgb:cdcd/0000/0000\x07'],
  ['the clipboard (OSC 52)', '\x1b]52;c;?\x07', '\x1b]52;c;aGVsbG8=\x07'],
  ['the keyboard (kitty)', '\x1b[?u', '\x1b[?1u'],
  ['light or dark', '\x1b[?996n', '\x1b[?997;1n'],
  ['pictures (kitty)', '\x1b_Gi=31,s=1,v=1,a=q;AAAA\x1b\\', '\x1b_Gi=31;OK\x1b\\'],
  ['the size of a character (CSI 16t)', '\x1b[16t', '\x1b[6;20;10t'],
  ['the size of the monitor in pixels (CSI 15t)', '\x1b[15t', '\x1b[5;1080;1920t'],
  ['the size of the monitor in characters (CSI 19t)', '\x1b[19t', '\x1b[9;54;190t'],
  ['the title (CSI 21t)', '\x1b[21t', '\x1b]lbash\x1b\\'],
  ['focus (?1004)', '\x1b[?1004h', '\x1b[I'],
];

/** [name, question, answer, what the program gets]. */
const mended: readonly (readonly [string, string, string, string])[] = [
  ['the size in pixels (CSI 14t)', '\x1b[14t', '\x1b[4;480;800t', '\x1b[4;460;800t'],
  ['resize reports (?2048)', '\x1b[?2048h', '\x1b[48;24;80;480;800t', '\x1b[48;23;80;460;800t'],
];

function answered(answer: string, mouse: InputScreen['mouse'] = 'none', before = ''): { whole: string; cut: string[] } {
  const run = (pieces: readonly string[]): string => {
    const filter = new KeyFilter(new Map([['Alt-Ctrl-E', 'error']]));
    filter.setScreen({ ...screen, mouse });
    if (before !== '') filter.push(Buffer.from(before, 'latin1'));
    const out = pieces.flatMap((piece) => filter.push(Buffer.from(piece, 'latin1')).forward);
    return Buffer.concat([...out, ...filter.flush()]).toString('latin1');
  };
  // After a lone ESC nothing can be taken back: reports are cut anywhere else.
  const cuts = Array.from({ length: Math.max(0, answer.length - 2) }, (_, index) => index + 2);
  return { whole: run([answer]), cut: cuts.map((at) => run([answer.slice(0, at), answer.slice(at)])) };
}

describe('A question that a screen of one row less does not change', () => {
  it.each(passing)('goes out as it is, and its answer comes in as it is: %s', (_name, question, answer) => {
    expect(new Collected().push(question).text).toBe(question);
    const { whole, cut } = answered(answer);
    expect([whole, ...new Set(cut)]).toEqual([answer, answer]);
  });
});

describe('A question about size', () => {
  it.each(mended)('is answered for one row less: %s', (_name, question, answer, expected) => {
    expect(new Collected().push(question).text).toBe(question);
    const { whole, cut } = answered(answer);
    expect([whole, ...new Set(cut)]).toEqual([expected, expected]);
  });

  it('in characters is answered by devshell, since the terminal would count the row: CSI 18t', () => {
    const collected = new Collected().push('\x1b[18t');
    expect([collected.text, collected.replies]).toEqual(['\x1b\\', ['\x1b[8;23;80t']]);
  });
});

/** Encoding, then a press, a drag and a release: above the row, and in it. */
const utf8 = (value: number): string => Buffer.from(String.fromCodePoint(value)).toString('latin1');
const encodings: readonly (readonly [InputScreen['mouse'], string, (kind: 'press' | 'drag' | 'release', row: number) => string])[] = [
  ['x10', '', (kind, row) => `\x1b[M${{ press: ' ', drag: '@', release: '#' }[kind]}\xf0${String.fromCharCode(32 + row)}`],
  ['utf8', '', (kind, row) => `\x1b[M${{ press: ' ', drag: '@', release: '#' }[kind]}${utf8(332)}${utf8(32 + row)}`],
  ['sgr', '', (kind, row) => `\x1b[<${kind === 'drag' ? 32 : 0};300;${row}${kind === 'release' ? 'm' : 'M'}`],
  ['urxvt', '', (kind, row) => `\x1b[${{ press: 32, drag: 64, release: 35 }[kind]};300;${row}M`],
  ['pixels', '\x1b[6;20;10t', (kind, row) => `\x1b[<${kind === 'drag' ? 32 : 0};300;${row * 20}${kind === 'release' ? 'm' : 'M'}`],
  ['pixels', '\x1b[4;480;800t', (kind, row) => `\x1b[<${kind === 'drag' ? 32 : 0};300;${row * 20}${kind === 'release' ? 'm' : 'M'}`],
];

describe.each(encodings)('The mouse, in the encoding %s%j', (mouse, before, write) => {
  it('passes above the row', () => {
    for (const kind of ['press', 'drag', 'release'] as const) {
      const report = write(kind, 23);
      const { whole, cut } = answered(report, mouse, before);
      expect([whole, ...new Set(cut)]).toEqual([report, report]);
    }
  });

  it('is not there for the program when the row is pressed', () => {
    for (const kind of ['press', 'drag', 'release'] as const) expect(answered(write(kind, 24), mouse, before).whole).toBe('');
    expect(new Set(answered(write('press', 24), mouse, before).cut)).toEqual(new Set(['']));
  });

  it('is at the last row of the program when what began above ends in the row', () => {
    const pressed = `${before}${write('press', 9)}`;
    for (const kind of ['drag', 'release'] as const) expect(answered(write(kind, 24), mouse, pressed).whole).toBe(write(kind, 23));
  });
});

describe('The mouse in pixels', () => {
  it('passes as it is while nothing has told how high a row is, or since the size has changed', () => {
    expect(answered('\x1b[<0;300;475M', 'pixels').whole).toBe('\x1b[<0;300;475M');
    const filter = new KeyFilter(new Map());
    filter.setScreen({ ...screen, mouse: 'pixels' });
    filter.push(Buffer.from('\x1b[6;20;10t'));
    filter.setScreen({ ...screen, rows: 30, mouse: 'pixels' });
    expect(Buffer.concat(filter.push(Buffer.from('\x1b[<0;300;590M')).forward).toString()).toBe('\x1b[<0;300;590M');
  });
});
