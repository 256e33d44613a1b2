// The bytes that reserve the bottom row of the terminal, draw in it, move it when the size changes, and give everything back.

import { bytes, closeLink, eraseBelow, freeLastRow, moveTo, plainStyle, restoreCursor, saveCursor, setMargins } from './escapes.ts';
import { strayModes } from './program.ts';
import type { Program } from './program.ts';
import { renderText } from './styled-text.ts';
import type { Palette, StyledText } from './styled-text.ts';

/** A row below the last of any terminal, which is the last then: where the size has changed since, that one is still the best place to draw in. */
const beyondLast = 9999;

/** The outer terminal, and what of its state drawing has to go around. */
export interface RowPlace {
  readonly rows: number;
  readonly columns: number;
  readonly screen: 'main' | 'alternate';
  /** The scroll region of the program, which may have set one in answer to a new size. */
  readonly top: number;
  readonly bottom: number;
  /** The row on the main screen is still that of before. */
  readonly oldRow: 'there' | 'gone';
  /** Rows are counted from the top margin: it is switched off while drawing. */
  readonly originMode: boolean;
  readonly autowrap: boolean;
}

/** Draws between saving and restoring the cursor; not all terminals keep origin mode in the slot. */
function aside(place: RowPlace, text: string): string {
  const [before, after] = place.originMode ? ['\x1b[?6l', '\x1b[?6h'] : ['', ''];
  return `${saveCursor}${before}${text}${after}${restoreCursor}`;
}

/** Takes the bottom row: what stands there moves up, the cursor with it. */
export function reserveRow(place: RowPlace): Uint8Array {
  const free = place.screen === 'main' ? '\x1bD\x1b[A' : '';
  return bytes(`${free}${aside(place, setMargins(place.top, place.bottom))}`);
}

/** After the terminal changed its size, by which it has dropped its margins. The old row, if it is still there, is below the cursor. */
export function resizeRow(place: RowPlace): Uint8Array {
  const margins = aside(place, setMargins(place.top, place.bottom));
  if (place.screen === 'alternate') return bytes(margins);
  return bytes(`${freeLastRow}${eraseOld(place)}${margins}`);
}

function eraseOld({ screen, oldRow }: RowPlace): string {
  return screen === 'main' && oldRow === 'there' ? eraseBelow : '';
}

/**
 * One column is left free, so that nothing can wrap, and nothing is padded, so that nothing reflows.
 * Autowrap is off: the terminal may have become narrower since, where the row would run on over what is above it.
 */
export function rowText(line: StyledText, place: RowPlace, palette: Palette): string {
  const [before, after] = place.autowrap ? ['\x1b[?7l', '\x1b[?7h'] : ['', ''];
  return `${moveTo(beyondLast, 1)}${before}${plainStyle}${renderText(line, place.columns - 1, palette)}\x1b[K${after}`;
}

export function drawRow(line: StyledText, place: RowPlace, palette: Palette): Uint8Array {
  return bytes(aside(place, rowText(line, place, palette)));
}

/** The same without the save slot, where cursor and style are known. */
export function drawRowFrom(program: Program, line: StyledText, place: RowPlace, palette: Palette): Uint8Array {
  const { margins, style } = program;
  return bytes(`${rowText(line, place, palette)}${moveTo(margins.rowLow, margins.columnLow + 1)}${style.sequences()}`);
}

export function releaseRow(place: RowPlace): Uint8Array {
  return bytes(aside(place, `${moveTo(place.rows, 1)}${plainStyle}\x1b[K${setMargins(1, place.rows)}`));
}

/** After a resize that leaves no room for the row. */
export function abandonRow(place: RowPlace): Uint8Array {
  return bytes(`${aside(place, setMargins(place.top, place.bottom))}${eraseOld(place)}`);
}

/**
 * Everything that a program may have left, and the row: for when nothing is known any more.
 * Saving the cursor first makes leaving the alternate screen harmless where none is shown.
 */
export function leaveTerminal({ rows }: { readonly rows: number }): Uint8Array {
  const modes = strayModes.map((mode) => `\x1b[?${mode}l`).join('');
  const styles = `\x1b[?7h\x1b[?25h\x1b[4l\x1b[20l\x1b>\x0f\x1b(B${closeLink}${plainStyle}`;
  const row = `${moveTo(rows, 1)}\x1b[K${setMargins(1, rows)}`;
  return bytes(`\x1b\\${styles}${modes}\x1b[<9u${saveCursor}\x1b[?1049l\x1b[<9u${saveCursor}\x1b[?6l${row}${restoreCursor}\x1b[?6l${restoreCursor}`);
}
