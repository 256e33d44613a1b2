// The output filter: what the program writes, on its way to a terminal that has one row more than the program knows of.
// Bytes in, slices out; no I/O and no clock. It also knows when the status row may be drawn, and how.

import { bytes, eraseBelow, loosenMargins } from './escapes.ts';
import { Parser } from './parser.ts';
import { Program } from './program.ts';
import type { MouseEncoding } from './program.ts';
import { joins, lastCharacter, mayGoOn } from './last-character.ts';
import { leaveProgram, reenterProgram } from './leaving.ts';
import { enterOverlay, keepingOf, leaveByRecord, leaveOverlay, repeatRecord } from './overlay-screen.ts';
import type { Again, Keeping } from './overlay-screen.ts';
import { abandonRow, drawRow, drawRowFrom, releaseRow, reserveRow, resizeRow, rowText } from './screen.ts';
import type { RowPlace } from './screen.ts';
import type { FilterSink } from './sink.ts';
import type { Palette, StyledText } from './styled-text.ts';

export type { FilterSink } from './sink.ts';

export type Reserve = 'bottom' | 'none';

export interface FilterOptions {
  /** The size of the outer terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly reserve: Reserve;
  /** The session's secret: only marks that carry it are ours. */
  readonly nonce: string;
}

/** What the terminal has to be told before anything else can be right. */
type Repair = 'none' | 'reserve' | 'resize' | 'release' | 'abandon';

export class OutputFilter {
  readonly #program: Program;
  readonly #parser: Parser;
  #rows: number;
  #reserve: Reserve;
  #repair: Repair;
  #size: 'settled' | 'changing' = 'settled';
  #loosening: 'due' | 'done' = 'done';
  #keeping: Keeping = 'slot';
  /** What leaving the error view writes again. */
  #again: Again | undefined;

  constructor(options: FilterOptions) {
    this.#rows = options.rows;
    this.#reserve = options.reserve;
    this.#repair = options.reserve === 'bottom' ? 'reserve' : 'none';
    this.#program = new Program(options.columns, this.programRows);
    this.#parser = new Parser(this.#program, options.nonce);
    this.#parser.splicer.rewriting = options.reserve === 'bottom';
  }

  /** The size that the program's terminal must have. */
  get programRows(): number {
    return this.#reserve === 'bottom' ? this.#rows - 1 : this.#rows;
  }

  get reserve(): Reserve {
    return this.#reserve;
  }

  /** No sequence of the program is open: bytes of our own may go between. */
  get ground(): boolean {
    return this.#parser.ground;
  }

  get screen(): 'main' | 'alternate' {
    return this.#program.screen;
  }

  /** How the program has asked for mouse reports; the key filter must know. */
  get mouse(): MouseEncoding {
    return this.#program.mouse;
  }

  /** Since the last prompt mark readline has begun to read a line and has not ended: it brackets that by the mode of bracketed paste. */
  get readsLine(): boolean {
    return this.#program.prompting && this.#program.modes.has(2004);
  }

  /** Something reads a line like a prompt, or any program wants pastes bracketed, and no prompt mark came before. */
  get readsUnmarked(): boolean {
    return !this.#program.prompting && this.#program.modes.has(2004);
  }

  /** The row was damaged, or never drawn. */
  get dirty(): boolean {
    return this.#reserve === 'bottom' && (this.#program.dirty || this.#repair !== 'none');
  }

  /** What the program wrote. Every slice is handed out before this returns. */
  push(chunk: Uint8Array, out: FilterSink): void {
    const before = this.repair();
    if (before !== undefined) out.bytes(before);
    if (chunk.length > 0) this.#parser.push(chunk, out);
    const after = this.repair();
    if (after !== undefined) out.bytes(after);
  }

  /** The program has ended: a sequence that it left unfinished goes out. */
  end(out: FilterSink): void {
    this.#parser.end(out);
  }

  /** The outer terminal has a new size. Resize the program's terminal first, then write what `repair` gives. */
  resize(columns: number, rows: number): void {
    this.#rows = rows;
    this.#parser.splicer.record.end();
    this.#resizeProgram(columns);
    if (this.#reserve === 'bottom' && this.#repair === 'none') this.#repair = 'resize';
    else if (this.#repair === 'release') this.#repair = 'abandon';
  }

  /**
   * More sizes may follow: until `settle` no margins are set, for those of one size make lines stand still in the next, and no row is drawn.
   * A resize has dropped the margins; a terminal without any loses nothing. Write what `repair` gives.
   */
  unsettle(): void {
    this.#size = 'changing';
    if (this.#reserve === 'bottom') this.#loosening = 'due';
  }

  /** The size has stayed the same for a while: write what `repair` gives. */
  settle(): void {
    this.#size = 'settled';
  }

  /** Takes the row or gives it back. The program's terminal must get the size of `programRows`; write what `repair` gives. */
  setReserve(reserve: Reserve): void {
    if (reserve === this.#reserve) return;
    this.#repair = reserve === 'bottom' ? 'reserve' : this.#repair === 'reserve' ? 'none' : 'release';
    this.#resizeProgram(this.#program.columns, reserve);
  }

  #resizeProgram(columns: number, reserve = this.#reserve): void {
    const had = this.#reserve === 'bottom';
    this.#reserve = reserve;
    this.#parser.splicer.rewriting = reserve === 'bottom';
    this.#program.resize(columns, this.programRows);
    if (had && this.screen === 'alternate') this.#program.rowLeftOnMain = true;
  }

  /** What must be written at once, or undefined: nothing, or not before the sequence that is open has ended (`push` then does it). */
  repair(): Uint8Array | undefined {
    const repair = this.#repaired();
    if (repair !== undefined) this.#parser.splicer.record.add(repair);
    return repair;
  }

  #repaired(): Uint8Array | undefined {
    if (!this.#parser.ground) return undefined;
    if (this.#size === 'changing') return this.#loosening === 'due' ? this.#loosen() : undefined;
    if (this.#repair === 'none') return undefined;
    const place = this.#place();
    const repair = this.#repair;
    this.#repair = 'none';
    this.#loosening = 'done';
    this.#program.marginsLoose = false;
    this.#oldRowGone();
    this.#program.drawnOn.add(this.#program.screen);
    switch (repair) {
      case 'reserve':
        return reserveRow(place);
      case 'resize':
        return resizeRow(place);
      case 'release':
        return releaseRow(place);
      case 'abandon':
        return abandonRow(place);
    }
  }

  /** Margins that were on their way when the size changed are in force now, and are those of another size. The old row is below the cursor. */
  #loosen(): Uint8Array {
    const { oldRow, screen } = this.#place();
    this.#loosening = 'done';
    this.#program.marginsLoose = true;
    this.#oldRowGone();
    this.#program.drawnOn.add(screen);
    return bytes(screen === 'main' && oldRow === 'there' ? `${loosenMargins}${eraseBelow}` : loosenMargins);
  }

  #oldRowGone(): void {
    if (this.screen === 'main') this.#program.rowShown = false;
  }

  /**
   * The row may be drawn now: nothing is open, the save slot is not the program's (or holds just this place, or the place is known without it),
   * the cursor cannot be in pending wrap (which most terminals lose), no character is half done, and no mode would make the text come out otherwise.
   * While output flows it is better to wait after an emoji: what belongs to it may follow.
   */
  drawable(output: 'flowing' | 'quiet' = 'flowing'): boolean {
    const program = this.#program;
    if (this.#reserve !== 'bottom' || this.#size === 'changing' || !this.#parser.ground) return false;
    if (this.#slotTaken && !program.placeKnown) return false;
    if (program.modes.has(2026) || program.modes.has(69) || program.linkOpen || !program.plainCharset) return false;
    const { printed } = this.#parser;
    return program.farthest < program.columns && !joins(printed) && (output === 'quiet' || !mayGoOn(printed));
  }

  /** The bytes that draw `line`. Only while `drawable`. */
  draw(line: StyledText, palette: Palette): Uint8Array {
    const repair = this.repair();
    const program = this.#program;
    const drawn = this.#slotTaken ? drawRowFrom(program, line, this.#place(), palette) : drawRow(line, this.#place(), palette);
    if (!this.#slotTaken) program.drawnOn.add(program.screen);
    program.dirty = false;
    if (program.screen === 'main') program.rowShown = true;
    program.beforeDraw ??= lastCharacter(this.#parser.printed);
    return repair === undefined ? drawn : Buffer.concat([repair, drawn]);
  }

  /** The shell has accepted a line (where it does not say so itself, as readline does by ending bracketed paste). */
  endPrompt(): void {
    this.#program.prompting = false;
  }

  /** What ends the session for the terminal: the program's modes, its screen, our row. */
  leave(): Uint8Array {
    this.#parser.splicer.record.end();
    return leaveProgram(this.#program, this.#place(), this.#reserve === 'bottom');
  }

  /** After `leave`, when the session goes on: what the program had. The row follows with `repair`. */
  reenter(): Uint8Array {
    if (this.#reserve === 'bottom') this.#repair = 'resize';
    this.#program.dirty = true;
    return reenterProgram(this.#program);
  }

  /** A screen of our own over the program's, whose output must wait until `leaveOverlay`. Only while `ground`. */
  enterOverlay(sharesSlot: boolean): Uint8Array {
    const program = this.#program;
    this.#again = repeatRecord(program, this.#parser.splicer.record);
    this.#keeping = keepingOf(program, sharesSlot, this.#again === undefined ? 'none' : 'kept');
    if (this.#keeping === 'slot' || this.#keeping === 'repaint') program.drawnOn.add(program.screen);
    return enterOverlay(program, this.#keeping);
  }

  /** What was there is there again, or the screen is empty: the program has to paint it. */
  leaveOverlay(line: StyledText, palette: Palette): { readonly bytes: Uint8Array; readonly left: 'as it was' | 'empty' } {
    const program = this.#program;
    program.dirty = true;
    program.beforeDraw ??= lastCharacter(this.#parser.printed);
    const again = this.#parser.splicer.record.on ? this.#again : undefined;
    this.#again = undefined;
    if (again === undefined) {
      return { bytes: leaveOverlay(program, this.#keeping, this.#reserve === 'bottom'), left: program.screen === 'main' ? 'as it was' : 'empty' };
    }
    const row = this.#reserve === 'bottom' && this.#size === 'settled' ? rowText(line, this.#place(), palette) : '';
    if (again.from === 'entrance') program.drawnOn.add('alternate');
    return { bytes: leaveByRecord(program, again, row), left: 'as it was' };
  }

  get #slotTaken(): boolean {
    return this.#program.slot.kind === 'program' && !this.#parser.atSlot;
  }

  #place(): RowPlace {
    const { columns, screen, margins, rowShown } = this.#program;
    const { top, bottom, originMode, autowrap } = margins;
    return { rows: this.#rows, columns, screen, top, bottom, originMode, autowrap, oldRow: rowShown ? 'there' : 'gone' };
  }
}
