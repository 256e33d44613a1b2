// Where a record of the alternate screen begins: the screen has just become empty, and it is known how the terminal is set.

import type { Program } from './program.ts';
import type { EmptyScreen } from './screen-record.ts';
import type { Splicer } from './sink.ts';

/** The alternate screen was entered by the sequence that ends at `end`. Not every terminal clears it in the colour that is in force. */
export function recordEntered(program: Program, splicer: Splicer, end: number): void {
  splicer.record.end();
  begin(program, splicer, end, program.style.save() === '' ? '' : undefined, 'as at the entrance');
}

/**
 * All of the alternate screen was cleared by the sequence from `at` to `end`.
 * What was kept until now is kept on if a record from here would know less of the cursor or of what the program has saved.
 */
export function recordCleared(program: Program, splicer: Splicer, at: number, end: number): void {
  const known = program.movedAt === at || program.placeKnown;
  if (splicer.record.on && (!known || program.slot.kind === 'program')) return;
  const { rowLow: row, columnLow } = program.movedAt === at ? program.movedTo : program.position;
  if (program.style.known) begin(program, splicer, end, program.style.sequences(), known ? { row, column: columnLow + 1 } : undefined);
}

function begin(program: Program, splicer: Splicer, end: number, style: EmptyScreen['style'], cursor: EmptyScreen['cursor']): void {
  const { charset, margins, modes, insertMode, newLineMode } = program;
  const { top, bottom, autowrap, originMode } = margins;
  if (charset.shift > 1 || originMode || program.linkOpen || modes.has(69) || modes.has(45)) return;
  const loose = program.marginsLoose && !margins.partial && top === 1;
  splicer.flush(end);
  splicer.record.begin({
    style, charset, top, bottom: loose && splicer.rewriting ? bottom + 1 : bottom,
    autowrap, insertMode, newLineMode, slot: program.slot.kind === 'program' ? 'taken' : 'free', cursor,
  });
}
