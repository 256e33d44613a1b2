// How many columns a terminal gives to a character: a compact table, since every package for it is slow to load.

/** First and last code points that are two columns wide in every terminal (East Asian Wide and Fullwidth, without emoji). */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0xa4cf], [0xa960, 0xa97c], [0xac00, 0xd7a3],
  [0xf900, 0xfaff], [0xfe10, 0xfe19], [0xfe30, 0xfe6f], [0xff01, 0xff60], [0xffe0, 0xffe6], [0x16fe0, 0x18cff], [0x1aff0, 0x1b2ff],
  [0x20000, 0x2fffd], [0x30000, 0x3fffd],
];

const zero = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;
const emoji = /^\p{Emoji_Presentation}$/u;
const maybeEmoji = /^\p{Extended_Pictographic}$/u;
const softHyphen = 0xad;

function isWide(codePoint: number): boolean {
  let low = 0;
  let high = wide.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = wide[middle] as readonly [number, number];
    if (codePoint < first) high = middle - 1;
    else if (codePoint > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Columns that every terminal agrees on, or -1 where they differ (emoji, some marks) and it may be anything from 0 to 2. */
export function certainWidth(codePoint: number): number {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0;
  if (codePoint < 0x7f) return 1;
  if (codePoint < 0x300) return codePoint === softHyphen ? -1 : 1;
  if (codePoint < 0x370) return 0;
  const text = String.fromCodePoint(codePoint);
  if (zero.test(text)) return codePoint >= 0x20d0 && codePoint <= 0x20f0 ? 0 : -1;
  if (emoji.test(text) || maybeEmoji.test(text)) return -1;
  return isWide(codePoint) ? 2 : 1;
}

/** Columns of a code point in a terminal of today. */
export function codePointWidth(codePoint: number): number {
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return 0;
  if (codePoint < 0x300) return 1;
  const text = String.fromCodePoint(codePoint);
  if (zero.test(text)) return 0;
  return isWide(codePoint) || emoji.test(text) ? 2 : 1;
}

/**
 * Columns of a grapheme. Terminals differ in whether parts joined by ZWJ are shown as one:
 * the sum is what the oldest of them need, so that a line cut by it never overflows.
 */
export function graphemeWidth(grapheme: string): number {
  let width = 0;
  for (const character of grapheme) width += codePointWidth(character.codePointAt(0) ?? 0);
  return grapheme.includes('\ufe0f') ? Math.max(2, width) : width;
}
