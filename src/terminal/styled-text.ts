// A line of text with styles, cut to the columns it may take and turned into bytes.

import type { StatusStyle } from '../model/status.ts';
import { graphemeWidth } from './width.ts';

export interface Segment {
  readonly text: string;
  readonly style: StatusStyle;
}

export type StyledText = readonly Segment[];

/** `plain` where NO_COLOR is set. */
export type Palette = 'colour' | 'plain';

const sgr: Readonly<Record<StatusStyle, string>> = {
  plain: '',
  strong: '\x1b[1m',
  dim: '\x1b[2m',
  good: '\x1b[32m',
  bad: '\x1b[1;31m',
  warn: '\x1b[33m',
  active: '\x1b[36m',
};

/** Made when first needed: it takes 5 ms (Node 20). */
let segmenter: Intl.Segmenter | undefined;
const plainAscii = /^[\x20-\x7e]*$/;
/** Latin letters, dashes, quotes, arrows, symbols and Braille: each is a grapheme by itself. What our own words are made of. */
const singles = /^[\x20-\x7e\xa1-\u02ff\u2010-\u2027\u2190-\u28ff]*$/;

/** Line ends become one space, other control characters their picture, what could reorder or hide text is shown as U+FFFD. */
export function visible(text: string): string {
  return text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/\t/g, ' ')
    .replace(/[\x00-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\x7f/g, '\u2421')
    .replace(/[\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd')
    .toWellFormed();
}

function graphemesOf(text: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (singles.test(text)) return Array.from(text, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** Columns that a terminal gives to `text`. */
export function textWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** The graphemes of `text` that fit into `columns`. */
function fitting(text: string, columns: number): string {
  if (plainAscii.test(text)) return text.slice(0, columns);
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemesOf(text)) {
    used += graphemeWidth(segment);
    if (used > columns) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** The line cut to `columns`, with an ellipsis in the last one if something had to go; control characters made visible. */
export function cutText(line: StyledText, columns: number): StyledText {
  const shown = line.map(({ text, style }) => ({ text: visible(text), style }));
  if (shown.reduce((sum, { text }) => sum + textWidth(text), 0) <= columns) return shown;
  const kept: Segment[] = [];
  let left = columns - 1;
  for (const { text, style } of shown) {
    const part = fitting(text, left);
    kept.push({ text: part, style });
    left -= textWidth(part);
    if (part.length < text.length) {
      if (columns > 0) kept.push({ text: '…', style });
      break;
    }
  }
  return kept;
}

/** `text` in as many lines as it takes at `columns`, control characters made visible. One grapheme at least stands in each. */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = visible(text);
  do {
    const [first] = graphemesOf(rest);
    const part = fitting(rest, columns) || (first?.segment ?? '');
    lines.push(part);
    rest = rest.slice(part.length);
  } while (rest !== '');
  return lines;
}

/** The line as a terminal wants it, at most `columns` wide; ends in the default style. */
export function renderText(line: StyledText, columns: number, palette: Palette): string {
  return cutText(line, columns)
    .filter(({ text }) => text !== '')
    .map(({ text, style }) => (palette === 'colour' && sgr[style] !== '' ? `${sgr[style]}${text}\x1b[m` : text))
    .join('');
}
