// Streams of terminal output by feature, for the oracle.

import fc from 'fast-check';
import type { Cut } from './pieces.ts';

export type Streams = fc.Arbitrary<Buffer>;

/** A screen small enough that everything meets its edges. */
export const oracleSize = { columns: 20, rows: 8 };

const row = fc.integer({ min: 0, max: 12 });
const column = fc.integer({ min: 0, max: 26 });
const count = fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 10 }).map(String), fc.constant('999'));
const text = (value: string): fc.Arbitrary<string> => fc.constant(value);
const one = (...values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const word = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'abcdefghij XYZ.,') });
const newline = one('\r\n', '\r\n', '\r\n', '\n', '\r', '\t', '\b');
const move = fc.oneof(
  fc.tuple(row, column).map(([r, c]) => `\x1b[${r};${c}H`),
  fc.tuple(row, column).map(([r, c]) => `\x1b[${r};${c}f`),
  row.map((r) => `\x1b[${r}d`),
  fc.tuple(count, fc.constantFrom(...'ABCDEFGIZ`ae')).map(([n, final]) => `\x1b[${n}${final}`),
  one('\x1b[H', '\x1b[999;999H', '\x1b[;5H'),
);
const style = one('\x1b[m', '\x1b[1;31m', '\x1b[42m', '\x1b[38;5;123m', '\x1b[7m', '\x1b[38:2::1:2:3m');
const erase = one('\x1b[J', '\x1b[0J', '\x1b[2J', '\x1b[1J', '\x1b[K', '\x1b[1K', '\x1b[2K', '\x1b[3X', '\x1b[?J', '\x1b[H\x1b[2J', '\x1b[P', '\x1b[2@');
const scroll = one('\x1b[L', '\x1b[2L', '\x1b[M', '\x1b[3M', '\x1b[S', '\x1b[2S', '\x1b[T', '\x1bM', '\x1bD', '\x1bE', '\x0b', '\x0c');
const margins = fc.oneof(
  fc.tuple(row, row).map(([top, bottom]) => `\x1b[${top};${bottom}r`),
  row.map((top) => `\x1b[${top}r`),
  one('\x1b[r', '\x1b[;r', '\x1b[2;4r', '\x1b[1;3r', '\x1b[3;6r', '\x1b[5;3r'),
);
/** Returned to where it was: what is restored was saved by the stream itself. */
const around = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(one('7|8', '[s|[u', '[?1048h|[?1048l'), inner).map(([pair, body]) => {
    const [save, restore] = pair.split('|') as [string, string];
    return `\x1b${save}${body}\x1b${restore}`;
  });
const alternate = (inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(one('1049', '1047', '47'), inner).map(([mode, body]) => `\x1b[?${mode}h${body}\x1b[?${mode}l`);
const many = (atoms: fc.Arbitrary<string>, maxLength = 12): fc.Arbitrary<string> => fc.array(atoms, { minLength: 1, maxLength }).map((parts) => parts.join(''));
const wide = one('漢', '字', 'é', 'e\u0301', 'ａ', '한', '\u2500\u2502', '→', '¥', '\u00a0', '£x');
const charset = one('\x1b(0qqx\x1b(B', '\x1b)0', '\x0eqq\x0f', '\x1b(0', '\x1b(B', '\x0e', '\x0f', '\x1b(A#');
const osc = one('\x1b]0;title\x07', '\x1b]2;a title\x1b\\', '\x1b]7;file:///x\x07', '\x1b]133;A\x07', '\x1b]8;;http://x\x07link\x1b]8;;\x07', '\x1b]52;c;?\x07', '\x1b]7717;other;prompt;0;0\x07');
const dcs = one('\x1bPq#0~~@@\x1b\\', '\x1bP$qr\x1b\\', '\x1bP+q544e\x1b\\', '\x1b_Gf=24;AAAA\x1b\\', '\x1b^pm\x1b\\', '\x1bXsos\x1b\\', '\x1bP1;2|abc\x18', '\x1b]0;cut\x1a');
const broken = one('\x1b[5\n;3H', '\x1b[\x7f2J', '\x1b\r7\x1b8', '\x1b[3?5H', '\x1b[1;2', '\x1b[', '\x1b', '\x1b[5\x18', '\u009b3;3H', '\u0085', '\u0084', '\x1b[ q', '\x1b[!', '\x1b[>c', '\x1b[?25$p');

/** The classes of the table in docs/terminal.md; the wording there is this. */
const classes: Record<string, fc.Arbitrary<string>> = {
  'text and line ends': fc.oneof(word, newline),
  'long lines at the right edge': fc.oneof(fc.string({ minLength: 10, maxLength: 70, unit: fc.constantFrom(...'abcdef ') }), newline, text('\r\n')),
  'cursor moves': fc.oneof(word, newline, move),
  'erasing (ED, EL, ECH, DCH, ICH)': fc.oneof(word, newline, move, erase, style),
  'scrolling (IL, DL, SU, SD, RI, IND, NEL)': fc.oneof(word, newline, move, scroll),
  'margins (DECSTBM)': fc.oneof(word, newline, move, scroll, margins),
  'below a smaller region': fc.oneof(
    { arbitrary: one('\x1b[1;3r', '\x1b[2;4r', '\x1b[1;6r'), weight: 1 },
    { arbitrary: fc.oneof(word, newline, text('\n'), text('\x1bD'), text('\x1b[B'), row.map((r) => `\x1b[${r};1H`), wide, text('\x1b[7;18H'), text('\x1b[9E')), weight: 6 },
  ),
  'origin mode (DECOM)': fc.oneof(word, newline, move, margins, one('\x1b[?6h', '\x1b[?6l')),
  'saved cursor (DECSC, SCOSC, ?1048)': fc.oneof(word, newline, move, around(many(fc.oneof(word, move, style), 4)), one('\x1b7', '\x1b7', '\x1b[s')),
  'restored without being saved': fc.oneof(word, newline, move, one('\x1b8', '\x1b[u', '\x1b[?1048l')),
  'alternate screens (47, 1047, 1049)': fc.oneof(word, newline, move, alternate(many(fc.oneof(word, newline, move, erase, style, scroll)))),
  'resets (RIS, DECSTR)': fc.oneof(word, newline, move, margins, style, erase, one('\x1bc', '\x1b[!p', '\x1b[!p\x1b[?3;4l\x1b[4l\x1b>', '\x1bc\x1b[!p')),
  'alignment test (DECALN) and ?3': fc.oneof(word, newline, move, margins, one('\x1b#8', '\x1b[?3h', '\x1b[?3l')),
  'modes (DECAWM, IRM, DECTCEM, LNM, 2026)': fc.oneof(word, newline, move, one('\x1b[?7l', '\x1b[?7h', '\x1b[4h', '\x1b[4l', '\x1b[?25l', '\x1b[?25h', '\x1b[20h', '\x1b[20l', '\x1b[?2026hx\x1b[?2026l', '\x1b[?1h', '\x1b[?2004h', '\x1b[?1000;1006h')),
  'repeat (REP)': fc.oneof(word, newline, move, count.filter((n) => n !== '999').map((n) => `\x1b[${n}b`)),
  'character sets': fc.oneof(word, newline, move, charset),
  'wide and combining characters': fc.oneof(word, wide, wide, newline, move),
  'OSC': fc.oneof(word, newline, move, osc),
  'DCS, APC, PM, SOS': fc.oneof(word, newline, move, dcs),
  'broken, cut and 8-bit sequences': fc.oneof(word, newline, move, broken),
};

export const streamClasses: readonly (readonly [string, Streams])[] = [
  ...Object.entries(classes).map(([name, atoms]): [string, Streams] => [name, many(atoms, 40).map((stream) => Buffer.from(guarded(stream)))]),
  ['everything together', many(fc.oneof(...Object.values(classes)), 60).map((stream) => Buffer.from(guarded(stream)))],
  ['any bytes', fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes))],
];

/** @xterm/headless 6.0.0 throws in a timer when everything above the last row is erased with `ESC [ 1 J`. */
function guarded(stream: string): string {
  return stream.replaceAll('\x1b[1J', '\x1b[1K');
}

export const cutting: fc.Arbitrary<Cut[]> = fc.array(
  fc.record({ length: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 60 })), draw: fc.constantFrom('draw' as const, 'leave' as const) }),
  { minLength: 1, maxLength: 30 },
);
