// What people read on standard output: cut to the terminal, coloured where that is wanted, whole and plain in a pipe.

import { printable } from '../config/printable.ts';
import type { Origin } from '../model/provenance.ts';
import type { StyledText } from '../terminal/styled-text.ts';
import { renderText, textWidth } from '../terminal/styled-text.ts';
import type { Context } from './context.ts';

export type Line = StyledText;

/** `whole` leaves it to the terminal to break what is too long. */
export function writeLines(lines: readonly Line[], { env, terminal, write }: Context, length: 'cut' | 'whole'): void {
  const columns = terminal.stdout && length === 'cut' ? process.stdout.columns || 80 : Infinity;
  const palette = terminal.stdout && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? 'colour' : 'plain';
  write(lines.map((line) => `${renderText(safe(line), columns, palette).trimEnd()}\n`).join(''));
}

/** For programs: exact, and laid out for people who look all the same. */
export function writeJson(value: unknown, { write }: Context): void {
  write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Nothing reaches the terminal but what can be seen. */
function safe(line: Line): Line {
  return line.map(({ text, style }) => ({ text: printable(text), style }));
}

/** Cells side by side, each column as wide as its widest cell; the last one is as long as it is. */
export function table(rows: readonly (readonly Line[])[], indent: number): Line[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, widthOf(cell))));
  return rows.map((row) => {
    const cells = row.flatMap((cell, index): Line => {
      const left = index === row.length - 1 ? 0 : (widths[index] ?? 0) - widthOf(cell) + ((widths[index] ?? 0) === 0 ? 0 : 2);
      return [...cell, { text: ' '.repeat(left), style: 'plain' }];
    });
    return [{ text: ' '.repeat(indent), style: 'plain' }, ...cells];
  });
}

function widthOf(cell: Line): number {
  return textWidth(safe(cell).map(({ text }) => text).join(''));
}

/** `devshell.toml:3`, as far as it is known. */
export function placeText(origin: Origin | undefined): string {
  if (origin === undefined) return 'devshell';
  return origin.file === undefined ? '' : origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`;
}

/** The layer by the name that stands in devshell.toml. */
export function layerText(origin: Origin | undefined): string {
  if (origin === undefined) return '';
  const { layer, command } = origin;
  if (layer === 'env' || layer === 'shell') return `[${layer}]`;
  return command === undefined ? layer : `${layer}: ${command}`;
}

/** `devshell.toml:3 [env]`. */
export function originText(origin: Origin | undefined): string {
  return [placeText(origin), layerText(origin)].filter(Boolean).join(' ');
}
