import { describe, expect, it } from 'vitest';
import { OverlayKeys } from '../../src/session/overlay-keys.ts';
import type { OverlayKey } from '../../src/session/overlay-keys.ts';

const rows = 24;
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** What a text means, one word for each key, and what is left. */
function read(...chunks: string[]): string {
  const keys = new OverlayKeys();
  const words: string[] = [];
  for (const chunk of chunks) {
    const { keys: found, rest } = keys.push(bytes(chunk), rows);
    words.push(...found.map(word));
    if (rest.length > 0) words.push(`rest ${JSON.stringify(Buffer.from(rest).toString('latin1'))}`);
  }
  if (keys.held) words.push(`held: ${word(keys.flush())}`);
  return words.join(', ');
}

function word(key: OverlayKey): string {
  if (key.kind === 'move') return `move ${key.lines}`;
  return key.kind === 'answer' ? `answer ${JSON.stringify(Buffer.from(key.bytes).toString('latin1'))}` : key.kind;
}

describe('in the error view', () => {
  it.each([
    ['Up', '\x1b[A\x1bOAk\x1b[1;2A\x1b[107u\x1b[57419u\x1b[27;1;107~', Array(7).fill('move -1').join(', ')],
    ['Down', '\x1b[B\x1bOBj\x1b[1;1:2B\x1b[106;1u', Array(5).fill('move 1').join(', ')],
    ['the pages', '\x1b[5~\x1b[6~ \x1b[32u\x1b[57422;129u', 'move -22, move 22, move 22, move 22, move 22'],
    ['Home', '\x1b[H\x1bOH\x1b[1~\x1b[7~\x1b[57423u', Array(5).fill('move -Infinity').join(', ')],
    ['End', '\x1b[F\x1bOF\x1b[4~\x1b[8~\x1b[1;5F', Array(5).fill('move Infinity').join(', ')],
    ['the wheel', '\x1b[<64;3;4M\x1b[<69;3;4M\x1b[M`!!\x1b[97;3;4M', 'move -3, move 3, move -3, move 3'],
    ['a mouse that does something else', '\x1b[<0;3;4M\x1b[<0;3;4m\x1b[<35;3;4M\x1b[M !!\x1b[32;3;4M', Array(5).fill('nothing').join(', ')],
    ['a release, a modifier by itself', '\x1b[101;7:3u\x1b[57443;3u\x1b[1;1:3A\x1b[5;1:3~\x1b[57358u', Array(5).fill('nothing').join(', ')],
    ['answers', '\x1b[3;4R\x1b[?62;4c\x1b[>1;2c\x1b[0n\x1b[?2026;2$y\x1b[?1u\x1b[8;24;80t', '\x1b[3;4R \x1b[?62;4c \x1b[>1;2c \x1b[0n \x1b[?2026;2$y \x1b[?1u \x1b[8;24;80t'.split(' ').map((one) => `answer ${JSON.stringify(one)}`).join(', ')],
    ['answers in strings', '\x1b]11;rgb:00/00/00\x07\x1bP>|xterm(379)\x1b\\', `answer "\\u001b]11;rgb:00/00/00\\u0007", answer ${JSON.stringify('\x1bP>|xterm(379)\x1b\\')}`],
    ['the window entered and left', '\x1b[I\x1b[O', 'answer "\\u001b[I", answer "\\u001b[O"'],
  ])('%s', (_title, text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each(['q', '\r', '\x03', '\x1bq', '\x1b\x05', '\x1b[Z', '\x1b[15~', '\x1b[101;7u', '\x1bOP', '\x1b[106;5u', '\xc3\xa9', '\xe7\x95\x8c'])('%j closes it, whole', (key) => {
    expect(read(`${key}ls\r`)).toBe('close, rest "ls\\r"');
  });

  it('a lone Escape closes it when nothing follows', () => {
    expect(read('\x1b')).toBe('held: close');
    expect(read('\x1b\x1b[A')).toBe('close, rest "\\u001b[A"');
    expect(read('\x1b', '[', 'B')).toBe('move 1');
    expect(read('\x1b]')).toBe('held: close');
  });

  it('a paste is one key, whatever is in it and however it is cut', () => {
    const paste = '\x1b[200~jjq\x1b[A\x1b[20\r\x1b[201~';
    expect(read(`${paste}after`)).toBe('nothing, close, rest "after"');
    expect(read(...paste)).toBe('nothing, close');
  });

  it('everything is the same in any pieces', () => {
    const text = '\x1b[A\x1b[1;1:3A\x1b[<64;3;4M\x1b[M`!!\x1b]11;rgb:00/00/00\x1b\\\x1b[?62c\x1b[6~ j\x1bOB';
    const whole = read(text);
    expect(whole.split(', ')).toHaveLength(10);
    for (let at = 1; at < text.length; at++) expect(read(text.slice(0, at), text.slice(at))).toBe(whole);
    expect(read(...text)).toBe(whole);
  });

  it('an answer without end is given to the program and not kept', () => {
    const keys = new OverlayKeys();
    let answered = 0;
    for (let chunk = 0; chunk < 40; chunk++) for (const key of keys.push(bytes(`${chunk === 0 ? '\x1b]52;c;' : ''}${'A'.repeat(65_536)}`), rows).keys) if (key.kind === 'answer') answered += key.bytes.length;
    expect(answered).toBeGreaterThan(1 << 20);
  });
});
