// The short list of control sequences that mean something else on a screen with one row more, and what is sent instead.

import { bytes, moveToRow, nothing, setMargins } from './escapes.ts';
import { repeatCharacter } from './last-character.ts';
import { changeModes, saveCursorAt, setMarginsBeforeSaving, setDueMargins, suspectMargins } from './mode-changes.ts';
import { changeWindow, clampRectangle } from './page-size.ts';
import { Parameters } from './parameters.ts';
import type { Program } from './program.ts';
import { recordCleared } from './record-start.ts';
import { emptyRow } from './row-erasing.ts';
import type { Splicer } from './sink.ts';

const code = (text: string): number => text.charCodeAt(0);

/** What a final means here, whatever stands before it: 0 nothing, 1 much, 2 that pending wrap may be over, 3 a style, 4 a character again. */
export const interesting = new Uint8Array(128);
for (const final of 'ABCDEFGHIJLMSTWZ`adefghjklrstu') interesting[code(final)] = 1;
for (const final of '@KPX') interesting[code(final)] = 2;
interesting[code('m')] = 3;
interesting[code('b')] = 4;

/** Finals that depend on the margins without putting the cursor anywhere for sure. */
const vertical = new Uint8Array(128);
for (const final of 'ABEFLMSTdek') vertical[code(final)] = 1;

export class ControlSequences {
  readonly #program: Program;
  readonly #splicer: Splicer;
  readonly #parameters = new Parameters();
  #at = 0;
  #end = 0;

  constructor(program: Program, splicer: Splicer) {
    this.#program = program;
    this.#splicer = splicer;
  }

  /** A sequence without intermediates that begins at `at`; its parameters begin at `start`, its final is at `final`. */
  plain(chunk: Uint8Array, at: number, start: number, final: number): void {
    this.#read(chunk, at, start, final, final + 1);
    const { prefix, malformed } = this.#parameters;
    const byte = chunk[final] as number;
    if (malformed) return;
    if (this.#program.marginsDue && prefix === 0 && vertical[byte] === 1) setDueMargins(this.#program, this.#splicer, at);
    if (prefix === 0) this.#dispatch(byte);
    else if (prefix === 0x3f) this.#dispatchPrivate(byte);
    else if (byte === code('u')) this.#keyboard(prefix);
  }

  /** REP, after `printed` as far as that is known. */
  repeat(chunk: Uint8Array, at: number, start: number, final: number, printed: Uint8Array | undefined): void {
    this.#read(chunk, at, start, final, final + 1);
    if (this.#parameters.malformed || this.#parameters.prefix !== 0) return;
    const { margins, beforeDraw } = this.#program;
    const count = Math.min(this.#parameters.at(0, 1), margins.columns * margins.rows);
    // Drawing the row came between: the terminal would repeat a character of ours. Below a smaller region it might wrap onto the row.
    const character = beforeDraw ?? (margins.rowLow > margins.bottom ? printed : undefined);
    if (character !== undefined) this.#replace(`${repeatCharacter(margins, character, count)}${nothing}`);
    else for (let more = count; more > 0; more--) margins.print(0, 2);
    this.#program.column += 2 * Math.min(count, margins.columns);
  }

  /** A sequence whose intermediates begin at `intermediate`. */
  intermediate(chunk: Uint8Array, at: number, start: number, intermediate: number, final: number): void {
    this.#read(chunk, at, start, intermediate, final + 1);
    const name = String.fromCharCode(...chunk.subarray(intermediate, final + 1));
    const { prefix, malformed } = this.#parameters;
    if (malformed || prefix !== 0) return;
    if (name === '!p' || name === '"p') return this.#softReset();
    // XTPOPSGR, under both of its names.
    if (name === '#}' || name === '#q') return this.#program.style.lose();
    clampRectangle(this.#program, this.#splicer, this.#parameters, name, this.#at, this.#end);
  }

  #read(chunk: Uint8Array, at: number, start: number, end: number, after: number): void {
    this.#at = at;
    this.#end = after;
    this.#parameters.read(chunk, start, end);
  }

  #dispatch(byte: number): void {
    switch (byte) {
      case 0x48: // H
      case 0x66: // f
        return this.#moveTo();
      case 0x64: // d
        return this.#moveToRow();
      case 0x42: // B
      case 0x45: // E
      case 0x65: // e
        return this.#moveDown(byte);
      case 0x4a: // J
        return this.#erase();
      case 0x72: // r
        return this.#setMargins();
      case 0x73: // s
        return this.#save();
      case 0x75: // u
        return this.restore(this.#at, this.#end);
      case 0x74: // t
        return changeWindow(this.#program, this.#splicer, this.#parameters, this.#at, this.#end);
      case 0x68: // h
      case 0x6c: // l
        return this.#modes(byte === 0x68);
      case 0x57: // W
      case 0x67: // g
        this.#program.tabStops = 'custom';
        return;
      default:
        return this.#moveAcross(byte);
    }
  }

  #dispatchPrivate(byte: number): void {
    if (byte === 0x4a) this.#erase();
    else if (byte === 0x68 || byte === 0x6c) this.#modes(byte === 0x68);
    else if (byte === 0x72 || byte === 0x73) this.#program.margins.lose(); // XTRESTORE, XTSAVE: which modes come back is not known.
  }

  #modes(on: boolean): void {
    const { prefix, count } = this.#parameters;
    if (!on && prefix === 0x3f && count === 1 && this.#parameters.at(0, 0) === 1048) return this.restore(this.#at, this.#end);
    if (on && prefix === 0x3f && (this.#parameters.has(1048) || this.#parameters.has(1049))) setMarginsBeforeSaving(this.#program, this.#splicer, this.#at);
    if (prefix === 0x3f && this.#parameters.has(3)) emptyRow(this.#program, this.#splicer, this.#at);
    changeModes(this.#program, this.#splicer, this.#parameters, on, this.#end);
  }

  #replace(text: string): void {
    this.#splicer.replace(this.#at, this.#end, bytes(text));
  }

  #setMarginsHere(): void {
    const { margins, marginsDue } = this.#program;
    if (!marginsDue) return;
    this.#program.marginsDue = false;
    this.#splicer.insert(this.#at, bytes(setMargins(margins.top, margins.bottom)));
  }

  #moveTo(): void {
    const { margins } = this.#program;
    const row = this.#parameters.at(0, 1);
    const column = this.#parameters.at(1, 1);
    this.#setMarginsHere();
    if (row > margins.rows && !margins.originMode) this.#replace(`\x1b[${margins.rows};${column}H`);
    this.#program.move(row, column - 1);
    this.#program.movedAt = this.#end;
    this.#program.movedRow = Math.min(row, margins.rows);
    this.#program.movedColumn = column;
  }

  #moveToRow(): void {
    const { margins } = this.#program;
    const row = this.#parameters.at(0, 1);
    if (row > margins.rows && !margins.originMode) this.#replace(moveToRow(margins.rows));
    margins.moveToRow(row);
    this.#program.column = Math.min(this.#program.column, margins.columns - 1);
  }

  /** CUD, CNL, VPR: terminals differ in whether the margin stops them, and none must reach the status row. */
  #moveDown(byte: number): void {
    const { margins } = this.#program;
    const count = this.#parameters.at(0, 1);
    const prefix = byte === 0x45 ? '\r' : '';
    if (margins.partial) this.#moveDownBelow(count, byte, prefix);
    else if (count >= margins.rows - 1) this.#replace(`${prefix}${moveToRow(margins.rows)}`);
    else if (byte === 0x65) this.#replace(`\x1b[${count}B`);
    if (byte === 0x65) margins.moveRowsFreely(count);
    else margins.moveRows(count);
    if (byte === 0x45) this.#program.moveToColumn(0);
    else this.#program.column = Math.min(this.#program.column, margins.columns - 1);
  }

  #moveDownBelow(count: number, byte: number, prefix: string): void {
    const { rowLow, rowHigh, rows, originMode } = this.#program.margins;
    if (rowLow !== rowHigh || originMode || rowHigh + count <= rows) return;
    const room = rows - rowHigh;
    if (byte === 0x65 || room === 0) this.#replace(`${prefix}${moveToRow(rows)}`);
    else this.#replace(`${prefix}\x1b[${room}B`);
  }

  #moveAcross(byte: number): void {
    const { margins, columns } = this.#program;
    const count = this.#parameters.at(0, 1);
    switch (byte) {
      case 0x41: // A
      case 0x6b: // k
        if (byte === 0x41) margins.moveRows(-count);
        else margins.maybeMoveRows(-count);
        this.#program.column = Math.min(this.#program.column, columns - 1);
        return;
      case 0x46: // F
        margins.moveRows(-count);
        return this.#program.moveToColumn(0);
      case 0x47: // G
      case 0x60: // `
        return this.#program.moveToColumn(count - 1);
      case 0x43: // C
      case 0x61: // a
        margins.moveColumns(count);
        this.#program.column = Math.min(this.#program.column + count, columns - 1);
        return;
      case 0x44: // D
      case 0x6a: // j
        if (byte === 0x44) margins.moveColumns(-count);
        else margins.maybeMoveColumns(-count);
        if (this.#program.modes.has(45)) margins.lose();
        this.#program.column = Math.min(this.#program.column, columns - 1);
        return;
      case 0x49: // I
        for (let more = Math.min(count, columns); more > 0; more--) margins.tab(this.#program.tabStops);
        this.#program.column = Math.max(this.#program.column, columns - 1);
        return;
      case 0x5a: // Z
        return margins.backTab();
      case 0x4c: // L
      case 0x4d: // M
        // Outside the region they do nothing, except in tmux, where they would move the status row.
        if (margins.partial && margins.rowLow > margins.bottom) this.#replace(nothing);
        margins.maybeUnwrap();
        return margins.moveToLineStart();
      case 0x53: // S
      case 0x54: // T
        return margins.maybeUnwrap();
    }
  }

  #erase(): void {
    this.#program.margins.maybeUnwrap();
    const what = this.#parameters.at(0, 0);
    if (what !== 0 && what !== 2) return;
    const { movedAt, movedRow, movedColumn } = this.#program;
    const whole = what === 2 || (movedAt === this.#at && movedRow === 1 && movedColumn === 1);
    if (whole) emptyRow(this.#program, this.#splicer, this.#at);
    this.#program.rowShown = false;
    this.#program.dirty = true;
    if (whole && this.#parameters.prefix === 0 && this.#program.screen === 'alternate') recordCleared(this.#program, this.#splicer, this.#at, this.#end);
  }

  #setMargins(): void {
    const program = this.#program;
    const { margins } = program;
    const top = this.#parameters.at(0, 1);
    const bottom = Math.min(this.#parameters.at(1, margins.rows), margins.rows);
    // Top and bottom the wrong way round reset the margins in some terminals and mean nothing in most.
    if (top >= bottom) return this.#replace(nothing);
    const explicit = this.#parameters.at(0, 0) === top && this.#parameters.at(1, 0) === bottom;
    if (!explicit) this.#replace(setMargins(top, bottom));
    program.marginsDue = program.marginsLoose = false;
    margins.set(top, bottom);
    program.column = 0;
  }

  /** `CSI s`, which sets left and right margins where these are allowed. */
  #save(): void {
    if (this.#program.modes.has(69)) this.#program.startSideMargins();
    else saveCursorAt(this.#program, this.#splicer, this.#at);
  }

  /** DECRC and its likes. With nothing saved it means home; the slot then still holds what drawing the row has left there. */
  restore(at: number, end: number): void {
    const program = this.#program;
    if (program.restoresDrawing) {
      this.#splicer.replace(at, end, bytes(program.unsavedPlace()));
      program.margins.originMode = false;
      program.restore();
      return program.home();
    }
    program.restore();
  }

  /** Where margins are reset by it, a line feed on the last row would reach the status row: they are needed at once. */
  #softReset(): void {
    this.#program.softReset();
    suspectMargins(this.#program, this.#splicer, this.#end);
  }

  /** The kitty keyboard protocol: `CSI > flags u` pushes, `CSI < count u` pops. */
  #keyboard(prefix: number): void {
    const { keyboards, screen } = this.#program;
    if (prefix === 0x3e) keyboards[screen]++;
    else if (prefix === 0x3c) keyboards[screen] = Math.max(0, keyboards[screen] - this.#parameters.at(0, 1));
  }
}
