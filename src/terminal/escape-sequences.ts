// ESC and one character (or intermediates and one): the few that move the cursor, save it, reset, or change the characters' set.

import type { ControlSequences } from './control-sequences.ts';
import { bytes, moveToRow, setMargins } from './escapes.ts';
import { saveCursorAt, setDueMargins } from './mode-changes.ts';
import type { Program } from './program.ts';
import { emptyRowAnyway } from './row-erasing.ts';
import type { Splicer } from './sink.ts';

export class EscapeSequences {
  readonly #program: Program;
  readonly #splicer: Splicer;
  readonly #control: ControlSequences;

  constructor(program: Program, splicer: Splicer, control: ControlSequences) {
    this.#program = program;
    this.#splicer = splicer;
    this.#control = control;
  }

  /** `final` is the character after ESC, or the C1 control's equivalent; the sequence stands from `at` to `end`. */
  plain(final: number, at: number, end: number): void {
    const program = this.#program;
    if (program.marginsDue && (final === 0x44 || final === 0x45 || final === 0x4d)) setDueMargins(program, this.#splicer, at);
    switch (final) {
      case 0x37: // 7
        return saveCursorAt(program, this.#splicer, at);
      case 0x38: // 8
        return this.#control.restore(at, end);
      case 0x44: // D
        return this.lineFeed(at, end, '');
      case 0x45: // E
        this.lineFeed(at, end, '\r');
        return program.moveToColumn(0);
      case 0x4d: // M
        return program.margins.reverseIndex();
      case 0x48: // H
        program.tabStops = 'custom';
        return;
      case 0x63: // c
        return this.#reset(at, end);
      case 0x36: // 6
        return program.margins.maybeMoveColumns(-1);
      case 0x39: // 9
        return program.margins.maybeMoveColumns(1);
      case 0x6e: // n
      case 0x6f: // o
        program.charset = { ...program.charset, shift: final === 0x6e ? 2 : 3 };
        return;
      case 0x3d: // =
      case 0x3e: // >
        program.applicationKeypad = final === 0x3d;
    }
  }

  intermediate(first: number, final: number, end: number): void {
    const program = this.#program;
    if (first === 0x28) this.#designate(final);
    else if (first === 0x29) this.#designateShifted(final);
    else if (first === 0x25) program.charset = { g0: 0x42, g1: undefined, shift: 0 };
    else if (first === 0x23 && final === 0x38) this.#align(end);
  }

  #designate(g0: number): void {
    if (this.#program.charset.g0 !== g0) this.#program.charset = { ...this.#program.charset, g0 };
  }

  #designateShifted(g1: number): void {
    if (this.#program.charset.g1 !== g1) this.#program.charset = { ...this.#program.charset, g1 };
  }

  shift(level: 0 | 1): void {
    if (this.#program.charset.shift !== level) this.#program.charset = { ...this.#program.charset, shift: level };
  }

  /**
   * LF, VT, FF, IND, NEL from `at` to `end`. On the last row below a smaller region it moves nothing in a terminal of that many rows:
   * the cursor is put where it is, which like the line feed takes it out of pending wrap.
   */
  lineFeed(at: number, end: number, before: string): void {
    const { margins, newLineMode } = this.#program;
    if (margins.atLastRowBelow) {
      const carriageReturn = newLineMode && before === '' ? '\r' : before;
      this.#splicer.replace(at, end, bytes(`${carriageReturn}${moveToRow(margins.rows)}`));
      margins.unwrap();
    }
    margins.index();
  }

  #reset(at: number, end: number): void {
    emptyRowAnyway(this.#program, this.#splicer, at);
    this.#program.reset();
    this.#splicer.record.end();
    this.#splicer.insert(end, bytes(setMargins(1, this.#program.margins.rows)));
  }

  /** DECALN fills the status row as well, and puts the cursor at home as setting margins does. Half of the terminals reset them by it. */
  #align(end: number): void {
    const program = this.#program;
    const { margins } = program;
    program.dirty = true;
    program.style.lose();
    if (margins.originMode) program.marginsDue = true;
    else this.#splicer.insert(end, bytes(setMargins(margins.top, margins.bottom)));
    program.home();
  }
}
