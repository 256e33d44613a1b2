// Which output may be written a second time, and what is left of it.

import { describe, expect, it } from 'vitest';
import { repetition } from '../../src/terminal/repetition.ts';
import type { RepetitionStart } from '../../src/terminal/repetition.ts';
import { ScreenRecord } from '../../src/terminal/screen-record.ts';

const known: RepetitionStart = { cursor: 'known', g1: 'known' };

function repeated(text: string, start: Partial<RepetitionStart> = {}): string | undefined {
  return repetition(Buffer.from(text), { ...known, ...start })?.toString();
}

describe('Written again', () => {
  it.each([
    'text, \b\t\r\n\v\f漢字 é',
    '\x1b[H\x1b[2;3f\x1b[5d\x1b[4G\x1b[4`\x1b[A\x1b[2B\x1b[C\x1b[D\x1b[E\x1b[F\x1b[I\x1b[Z\x1b[2a\x1b[2e',
    '\x1b[J\x1b[1J\x1b[2J\x1b[K\x1b[?J\x1b[?2K\x1b[X\x1b[@\x1b[P\x1b[L\x1b[M\x1b[S\x1b[T\x1b[3 @\x1b[3 A',
    '\x1b[m\x1b[1;38;5;9m\x1b[38:2::1:2:3m\x1b[4:3m',
    '\x1b[2;5r\x1b[?6h\x1b[?7l\x1b[4h\x1b[20h',
    '\x1b7x\x1b8\x1b[sx\x1b[u\x1b[?1048hx\x1b[?1048l',
    '\x1bD\x1bE\x1bM\x1b#8\x1b(0lqk\x1b(B\x1b)0\x0eq\x0f',
    'x\x1b[5b',
    '\x1b]8;;http://x\x07link\x1b]8;;\x1b\\',
    '\x1bP0;1q#0~~\x1b\\\x1b]1337;File=name=eA==;inline=1:QUFB\x07\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\\x1b_Gi=3,a=T,q=2,m=1;AAAA\x1b\\\x1b_Gm=0;AAAA\x1b\\',
  ])('is what paints or moves: %j', (text) => {
    expect(repeated(text)).toBe(text);
  });

  it.each([
    ['\x07', 'a bell'],
    ['\x05', 'a question for the answerback'],
    ['\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?25$p\x1b[4$p\x1b[14t\x1b[>q\x1b[?u\x1b[x\x1bZ\x1b[?996n', 'questions'],
    ['\x1bP$qm\x1b\\\x1bP+q544e\x1b\\\x1b_Ga=q,i=1;AAAA\x1b\\', 'questions in strings'],
    ['\x1b]0;title\x07\x1b]7;file:///\x07\x1b]52;c;QQ==\x07\x1b]9;note\x07\x1b]777;notify;a;b\x1b\\\x1b]10;?\x07\x1b]133;A\x07\x1b]1337;SetMark\x07', 'titles, notes, the clipboard'],
    ['\x1b[?1h\x1b[?1000;1006h\x1b[?2004h\x1b[?25l\x1b[?2026h\x1b[?1004h\x1b=\x1b>', 'modes of keys, mouse and cursor'],
    ['\x1b[>1u\x1b[<u\x1b[=5u\x1b[>4;2m\x1b[2 q\x1b[22;0;0t\x1b[3J\x1b[i\x1b[2q', 'keyboards, shapes, titles, the scrollback, the printer'],
  ])('is nothing of %j: %s', (text) => {
    expect(repeated(`a${text}b`)).toBe('a\x1b\\b');
  });

  it('is of several modes the one that matters', () => {
    expect(repeated('\x1b[?1;7;25l')).toBe('\x1b[?7l');
    expect(repeated('\x1b[2;4h')).toBe('\x1b[4h');
  });

  it.each([
    ['\x1b8', 'nothing was saved'],
    ['\x1b[3b', 'nothing was printed'],
    ['\x1bH', 'where the tab stops were is not known'],
    ['\x1b[3g', 'the same'],
    ['\x1bc', 'a reset'],
    ['\x1b[!p', 'a soft one'],
    ['\x1b[?3h', 'another width'],
    ['\x1b[?69h', 'side margins'],
    ['\x1b[1"q', 'protection'],
    ['\x1b[#{', 'a stack of styles'],
    ['\x1b[?7s', 'a mode put aside'],
    ['\x1bn', 'characters that are not followed'],
    ['\u009b2J', 'not every terminal knows it'],
    ['\x1b]1337;File=name=eA==:QUFB\x07', 'a download'],
    ['\x1b_Ga=p,i=3;\x1b\\', 'a picture that was sent before'],
    ['\x1b_Ga=T,i=3;AAAA\x1b\\', 'a picture that is answered'],
    ['\x1b_Ga=T,t=t;AAAA\x1b\\', 'a file that is gone'],
    ['\x1bPtmux;\x1b\x1b]0;t\x07\x1b\\', 'what tmux hands on'],
    ['\x1bP1p\x1b\\', 'a drawing of another kind'],
    ['\x1b[5', 'cut short'],
    ['\x1b]0;cut', 'cut short'],
    ['\x1b[5\x1b[m', 'cut short'],
  ])('cannot be %j: %s', (text) => {
    expect(repeated(text)).toBeUndefined();
  });

  it('needs a place to begin at', () => {
    const start = { cursor: 'unknown' } as const;
    expect(repeated('x', start)).toBeUndefined();
    expect(repeated('\r\n', start)).toBeUndefined();
    expect(repeated('\x1b7', start)).toBeUndefined();
    expect(repeated('\x1b[m\x1b[2J', start)).toBeUndefined();
    expect(repeated('\x1b[m\x1b[2J\x1b[Hx', start)).toBe('\x1b[m\x1b[2J\x1b[Hx');
    expect(repeated('\x1b[rx', start)).toBe('\x1b[rx');
  });

  it('needs to know which characters are behind SO', () => {
    const start = { g1: 'unknown' } as const;
    expect(repeated('\x0eq\x0f', start)).toBeUndefined();
    expect(repeated('\x1b)0\x0eq\x0f', start)).toBe('\x1b)0\x0eq\x0f');
  });
});

describe('A record', () => {
  const screen = { style: '', charset: { g0: 0x42, g1: undefined, shift: 0 }, top: 1, bottom: 23, autowrap: true, insertMode: false, newLineMode: false, slot: 'free', cursor: undefined } as const;

  it('keeps what was written, whatever becomes of the buffers', () => {
    const record = new ScreenRecord();
    record.begin(screen);
    const buffer = Buffer.alloc(70_001);
    for (let turn = 0; turn < 5; turn++) record.add(buffer.fill(turn));
    const { written } = record;
    expect(written.length).toBe(5 * 70_001);
    for (let turn = 0; turn < 5; turn++) expect(written.subarray(turn * 70_001, (turn + 1) * 70_001).every((byte) => byte === turn)).toBe(true);
  });

  it('is given up when it has become too long, until the next begins', () => {
    const record = new ScreenRecord();
    const megabyte = Buffer.alloc(1 << 20);
    record.begin(screen);
    for (let turn = 0; turn < 4; turn++) record.add(megabyte);
    expect(record.on).toBe(true);
    record.add(Buffer.from('x'));
    expect(record.on).toBe(false);
    record.add(Buffer.from('y'));
    expect(record.written.length).toBe(0);
    record.begin(screen);
    record.add(Buffer.from('z'));
    expect(record.written.toString()).toBe('z');
  });
});
