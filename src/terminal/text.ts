// Runs of text between sequences: how far right the cursor may be and, below a smaller scroll region, exactly where it is.

import type { EscapeSequences } from './escape-sequences.ts';
import { bytes } from './escapes.ts';
import { setDueMargins } from './mode-changes.ts';
import type { Program } from './program.ts';
import { characterLength, codePointAt, nearby } from './scan.ts';
import type { Splicer } from './sink.ts';
import { certainWidth, codePointWidth } from './width.ts';

const carriageReturn = bytes('\r');

export class Text {
  readonly #program: Program;
  readonly #splicer: Splicer;
  readonly #escape: EscapeSequences;

  constructor(program: Program, splicer: Splicer, escape: EscapeSequences) {
    this.#program = program;
    this.#splicer = splicer;
    this.#escape = escape;
  }

  /** The text of `chunk` from `at` to `end`, without any special byte. */
  run(chunk: Buffer, at: number, end: number): void {
    const program = this.#program;
    // A program that writes into the alternate screen without any absolute move needs its margins now.
    if (program.marginsDue) this.#setMargins(chunk, at);
    if (program.beforeDraw !== undefined) this.#rejoin(chunk, at, end, program.beforeDraw);
    if (program.backFromAlternate && chunk.subarray(at, end).includes(0x0a)) program.releaseAlternate();
    if (program.follows) this.#follow(chunk, at, end);
    else program.column = this.#advance(chunk, at, end, program.column);
  }

  /**
   * A short way for what coloured output is made of, styles and words in turn, from an ESC on; it takes half the time of the long one.
   * Gives where it ends: right behind a style. The text after that is left to `run`, with whatever may be cut by the end of the chunk.
   */
  coloured(chunk: Uint8Array, at: number): number {
    const program = this.#program;
    if (program.marginsDue || program.beforeDraw !== undefined || program.backFromAlternate || program.follows) return at;
    let { column } = program;
    let done = at;
    for (let index = at, until = Math.min(chunk.length, at + nearby); index < until; index++) {
      const byte = chunk[index] as number;
      if (byte >= 0x20) {
        if (byte === 0xc2) break;
        column += byte < 0x80 ? 1 : byte >= 0xc0 ? 2 : 0;
      } else if (byte === 0x1b) {
        done = this.#style(chunk, index, done);
        if (done <= index) return done;
        program.column = column;
        index = done - 1;
        until = Math.min(chunk.length, done + nearby);
      } else if (byte === 0x0d) column = 0;
      else if (byte !== 0x0a) break;
    }
    return done;
  }

  /** Takes note of the style that is set at `at`, and gives its end; `none` if it is something else or not whole. */
  #style(chunk: Uint8Array, at: number, none: number): number {
    const end = chunk.length;
    if (at + 2 >= end || chunk[at + 1] !== 0x5b) return none;
    let final = at + 2;
    while (final < end && (chunk[final] as number) >= 0x30 && (chunk[final] as number) < 0x3c) final++;
    if (final === end || chunk[final] !== 0x6d) return none;
    this.#program.style.add(chunk, at + 2, final);
    return final + 1;
  }

  #setMargins(chunk: Buffer, at: number): void {
    if (chunk[at] !== 0x0d) return setDueMargins(this.#program, this.#splicer, at);
    this.#program.moveToColumn(0);
    setDueMargins(this.#program, this.#splicer, at + 1);
  }

  /** A combining character that comes after the row was drawn needs the character it belongs to in front of it again. */
  #rejoin(chunk: Buffer, at: number, end: number, printed: Uint8Array): void {
    // Some terminals leave out what is no UTF-8.
    let first = at;
    while (first < end && (chunk[first] as number) >= 0x80 && characterLength(chunk, first, end) === 1) first++;
    if (first === end || printed.length === 0) return;
    const point = codePointAt(chunk, first, characterLength(chunk, first, end));
    if (point < 0x300 || codePointWidth(point) !== 0) return;
    const width = certainWidth(codePointAt(printed, 0, characterLength(printed, 0, printed.length)));
    // Inserting pushes the rest of the row on: what stands there now goes first.
    const room = this.#program.insertMode ? `\x1b[${width}P` : '';
    if (width > 0) this.#splicer.insert(at, Buffer.concat([bytes(`${'\b'.repeat(width)}${room}`), printed]));
  }

  /** The new upper bound of the column. No character takes more columns than bytes, nor more than two. */
  #advance(chunk: Buffer, at: number, end: number, before: number): number {
    const { columns } = this.#program.margins;
    const far = end - at > columns;
    let column = far ? columns : before;
    for (let index = far ? end - columns : at; index < end; index++) {
      const byte = chunk[index] as number;
      if (byte >= 0x20) column += byte < 0x80 ? 1 : byte >= 0xc0 ? 2 : 0;
      else if (byte === 0x0d) column = 0;
      else if (byte === 0x09) column = this.#tab(column, columns);
      else if (byte === 0x08) column = Math.max(0, Math.min(column, columns - 1) - (far ? 0 : 1));
    }
    return column;
  }

  #tab(column: number, columns: number): number {
    if (column >= columns) return column;
    return this.#program.tabStops === 'custom' ? columns - 1 : Math.min(columns - 1, (column | 7) + 1);
  }

  #follow(chunk: Buffer, at: number, end: number): void {
    let begun = false;
    for (let index = at; index < end; ) {
      const byte = chunk[index] as number;
      if (byte < 0x20) {
        this.#control(byte, index);
        index++;
        begun = false;
        continue;
      }
      const length = characterLength(chunk, index, end);
      const width = byte >= 0x80 && length === 1 ? -1 : certainWidth(codePointAt(chunk, index, length));
      // A mark without a character before it takes a column in some terminals (xterm.js 6.0.0).
      if (width === 0 && !begun) this.#print(0, 1, index);
      else this.#print(width < 0 ? 0 : width, width < 0 ? 2 : width, index);
      begun = true;
      index += length;
    }
  }

  #control(byte: number, at: number): void {
    const { margins, newLineMode, modes, tabStops } = this.#program;
    switch (byte) {
      case 0x0a:
      case 0x0b:
      case 0x0c:
        this.#escape.lineFeed(at, at + 1, '');
        if (newLineMode) margins.carriageReturn();
        return;
      case 0x0d:
        return margins.carriageReturn();
      case 0x09:
        return margins.tab(tabStops);
      case 0x08:
        margins.moveColumns(-1);
        if (modes.has(45)) margins.lose();
    }
  }

  /** On the last row below a smaller region a terminal of that many rows wraps within the row. */
  #print(least: number, most: number, at: number): void {
    const { margins } = this.#program;
    if (margins.wrapsWithinRow(least)) {
      this.#splicer.insert(at, carriageReturn);
      margins.carriageReturn();
    }
    margins.print(least, most);
  }
}
