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

const c1 = one('\u009b3;3H', '\u009b2J', '\u009b1;31m', '\u009bK', '\u0085', '\u0084', '\u008d', '\u0088', '\u009d0;title\u009c', '\u0090q#0~~\u009c', '\u009fGa=T;AAAA\u009c', '\u009b2;4r', '\u0098x\u009c');
const tabs = one('\x1bH', '\x1b[g', '\x1b[0g', '\x1b[3g', '\t', '\t', '\x1b[I', '\x1b[2I', '\x1b[Z', '\x1b[?5W', '\x1b[W', '\x1b[2W');
const sideMargins = one('\x1b[?69h', '\x1b[?69l', '\x1b[?69h\x1b[3;10s', '\x1b[?69h\x1b[2;4r\x1b[5;15s', '\x1b[?69h\x1b[3;10s\x1b[?69l', "\x1b[2'}", "\x1b[2'~", '\x1b6', '\x1b9', '\x1b[2 @', '\x1b[2 A');
const images = one('\x1bPq"1;1;8;12#0;2;0;0;0#0!8~-!8~\x1b\\', '\x1bP0;1;0q#1!4?$-\x1b\\', '\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\', '\x1b_Gm=1;QUFB\x1b\\\x1b_Gm=0;QUFB\x1b\\', '\x1b]1337;File=inline=1:QUFB\x07', '\x1bPtmux;\x1b\x1b]0;t\x07\x1b\\');
const emoji = one('\u{1f600}', '👩‍👩‍👧', '🇩🇪', '☺️', '❤', '👍🏽', '1️⃣', '\u200d', '\ufe0f', '\u{1f3fb}', '\u00ad', 'क्षि', '\u202e', '各', '\u{20000}', 'ﬁ', 'ｶﾞ');
const areas = one('\x1b[1"q', '\x1b[2"q', '\x1b[0"q', '\x1b[?J', '\x1b[?2J', '\x1b[?K', '\x1b[?1K', '\x1b[?2K', '\x1b[2;2;5;10$z', '\x1b[1;1;;80$z', '\x1b[46;1;1;9;9$x', '\x1b[1;1;3;5;1;4;4;1$v', '\x1b[1;1;9;9;1;4$r', '\x1b[1;1;9;9;7$t', '\x1b[1;1;9;9${', '\x1b[1;1;1;1;9;9*y', '\x1b[2*x', '\x1bV', '\x1bW');
const colours = fc.oneof(
  style,
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 }).map((codes) => `\x1b[${codes.join(';')}m`),
  fc.constantFrom(21, 22, 23, 24, 25, 27, 28, 29, 30, 37, 39, 40, 47, 49, 53, 55, 90, 97, 100, 107).map((code) => `\x1b[${code}m`),
  one('\x1b[38;2;1;2;3m', '\x1b[48;5;17;1m', '\x1b[0;38:5:9;4m', '\x1b[1;;31m', '\x1b[>4;2m', '\x1b[?4m', '\x1b[58;5;3m', '\x1b[59m', '\x1b[#{', '\x1b[31;m'),
);
const updates = one('\x1b[?2026h', '\x1b[?2026l', '\x1b[?2026h\x1b[H\x1b[2Jframe\x1b[?2026l', '\x1b[?2026$p', '\x1b[?2026;25h', '\x1b[?25;2026l');
const queries = one('\x1b[6n', '\x1b[?6n', '\x1b[5n', '\x1b[c', '\x1b[>c', '\x1b[=c', '\x1b[>q', '\x1b[?25$p', '\x1b[4$p', '\x1b[14t', '\x1b[16t', '\x1b[18t', '\x1b[19t', '\x1b]10;?\x07', '\x1b]11;?\x1b\\', '\x1b]4;1;?\x07', '\x1b]52;c;?\x07', '\x1b[?u', '\x1b[>1u', '\x1b[<u', '\x1b[=5;1u', '\x1b[?2048h', '\x1b[?996n', '\x1bP+q544e\x1b\\', '\x1bP$qm\x1b\\', '\x1b[x', '\x1b[21t', '\x05', '\x1b[?1016h', '\x1b[22;0t', '\x1b[23;0t');
/** What a program writes that has saved the cursor and does not put it back for long. */
const held = fc.oneof(word, newline, text('\r\n'), move, row.map((r) => `\x1b[${r};1H`), colours, colours, erase, scroll, wide, charset, text('\x1b8'), text('\x1b7'));

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
  'the cursor stays saved': fc.oneof(
    { arbitrary: one('\x1b7', '\x1b[s', '\x1b[?1048h', '\x1b[?1049h\x1b[H\x1b[2J\x1b[?1049l', '\x1b[?1049h\x1b7'), weight: 1 },
    { arbitrary: fc.oneof(held, held, held, margins), weight: 12 },
  ),
  'saved cursor (SCOSC, SCORC)': fc.oneof(word, newline, move, colours, one('\x1b[s', '\x1b[u', '\x1b[s\x1b[5;5Hx\x1b[u', '\x1b[1s')),
  'styles (SGR)': fc.oneof(word, newline, move, colours, colours, erase, one('\x1b7', '\x1b8')),
  'tab stops (HTS, TBC, CHT, CBT)': fc.oneof(word, newline, move, tabs, tabs, margins),
  'left and right margins (?69), columns (DECIC, DECDC, SL, SR)': fc.oneof(word, newline, move, scroll, sideMargins),
  'selective erasing, protection, rectangles': fc.oneof(word, newline, move, style, areas, areas),
  'synchronised updates (2026)': fc.oneof(word, newline, move, erase, updates),
  'emoji, joined, marked and unjoined': fc.oneof(word, emoji, emoji, newline, move, one('\x1b[3b', '\x1b[K', '\x1b7', '\x1b8')),
  'images (sixel, kitty, iTerm2)': fc.oneof(word, newline, move, scroll, images, images),
  'queries': fc.oneof(word, newline, move, queries, queries),
  '8-bit controls (C1)': fc.oneof(word, newline, move, c1, c1),
  'broken, cut and 8-bit sequences': fc.oneof(word, newline, move, broken),
};

const savingAndRestoring = one('\x1b7', '\x1b7', '\x1b8', '\x1b8', '\x1b[s', '\x1b[u', '\x1b[?1048h', '\x1b[?1048l');
const screens = one('\x1b[?47h', '\x1b[?47l', '\x1b[?1047h', '\x1b[?1047l', '\x1b[?1049h', '\x1b[?1049l', '\x1b[?1049h\x1b[H\x1b[2J');
const originMode = one('\x1b[?6h', '\x1b[?6l');
const nearEdge = fc.tuple(row, fc.integer({ min: 17, max: 20 })).map(([r, c]) => `\x1b[${r};${c}H`);

/** Features that meet in one stream; each of them has a class of its own above. */
const combinations: Record<string, fc.Arbitrary<string>> = {
  'regions, origin mode, the saved cursor': fc.oneof(word, newline, text('\n'), move, margins, originMode, savingAndRestoring, scroll, style),
  'wide, marked, repeated at the edge of a region': fc.oneof(
    word, newline, wide, wide, text('\u0301'), nearEdge, nearEdge, margins, one('\x1b[b', '\x1b[3b'), one('\x1b[?7l', '\x1b[?7h'), one('\x1b[4h', '\x1b[4l'), one('\x1b[2@', '\x1b[P', '\x1b[X', '\x1b[K'),
  ),
  'screens, saved cursors, regions, resets': fc.oneof(
    { arbitrary: fc.oneof(word, newline, move, margins, savingAndRestoring, screens, screens, style), weight: 7 },
    { arbitrary: one('\x1bc', '\x1b[!p', '\x1b[?3l', '\x1b#8', '\x1b[?6h', '\x1b[?6l'), weight: 1 },
  ),
  'links, pictures, updates, titles below a region': fc.oneof(
    word, newline, move, margins, osc, one('\x1b]8;;http://x\x07', '\x1b]8;;\x07', '\x1b]8;id=1;http://x\x1b\\'), images, updates, savingAndRestoring,
  ),
};

export const streamClasses: readonly (readonly [string, Streams])[] = [
  ...Object.entries(classes).map(([name, atoms]): [string, Streams] => [name, many(atoms, 40).map((stream) => Buffer.from(guarded(stream)))]),
  // Something is saved from the beginning: a stream that restores what was not saved differs for a reason that is known, and hides others.
  ...Object.entries(combinations).map(([name, atoms]): [string, Streams] => [name, many(atoms, 40).map((stream) => Buffer.from(guarded(`\x1b7${stream}`)))]),
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
