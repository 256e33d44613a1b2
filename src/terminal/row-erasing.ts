// Clearing the screen moves what is on it into the scrollback of some terminals (tmux, VTE): the status row must not be among it.

import { bytes, moveTo, plainStyle, restoreCursor, saveCursor } from './escapes.ts';
import type { Program } from './program.ts';
import type { Splicer } from './sink.ts';

const eraseLine = '\x1b[K';

/** Empties the row before the sequence at `at` clears the screen, if that can be done without the program's noticing. */
export function emptyRow(program: Program, splicer: Splicer, at: number): void {
  if (!needed(program, splicer)) return;
  const { originMode, rows } = program.margins;
  const row = moveTo(rows + 1, 1);
  if (program.movedAt === at && !originMode) {
    splicer.insert(at, bytes(`${row}${eraseLine}${moveTo(program.movedRow, program.movedColumn)}`));
  } else if (program.slot.kind !== 'program' && !originMode && program.farthest < program.columns) {
    splicer.insert(at, bytes(`${saveCursor}${row}${plainStyle}${eraseLine}${restoreCursor}`));
    program.drawnOn.add(program.screen);
  } else return;
  program.rowShown = false;
}

/** The same before a sequence after which nothing of cursor and style is left. */
export function emptyRowAnyway(program: Program, splicer: Splicer, at: number): void {
  if (!needed(program, splicer)) return;
  splicer.insert(at, bytes(`\x1b[?6l${plainStyle}${moveTo(program.margins.rows + 1, 1)}${eraseLine}`));
  program.rowShown = false;
}

function needed(program: Program, splicer: Splicer): boolean {
  return splicer.rewriting && program.screen === 'main' && program.rowShown;
}
