// What the program has made of the terminal, as far as the status row must know: margins, modes, the save slots, the column.

import { closeLink, home, plainStyle } from './escapes.ts';
import { Margins } from './margins.ts';
import type { Position } from './margins.ts';
import { ModeSet } from './mode-set.ts';
import { ascii, defaultCharset, graphics } from './slot.ts';
import type { Charset, Slot } from './slot.ts';
import { Style } from './style.ts';

export type MouseEncoding = 'none' | 'x10' | 'utf8' | 'sgr' | 'urxvt' | 'pixels';

/** Private modes that a program may leave on and that would trouble whoever uses the terminal next. */
export const strayModes: readonly number[] = [1, 5, 9, 45, 66, 69, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 2004, 2026, 2031, 2048];

export class Program {
  readonly margins: Margins;
  readonly style = new Style();
  #sideMargins = false;
  #screen: 'main' | 'alternate' = 'main';
  /** The slot of this screen is the program's. */
  #held = false;
  #slots: Record<'main' | 'alternate', Slot> = { main: { kind: 'unset' }, alternate: { kind: 'unset' } };
  /** Screens on which the status row was drawn, so that the slot no longer holds what it held. */
  drawnOn = new Set<'main' | 'alternate'>();
  charset: Charset = defaultCharset;
  /** Private modes that are on, of those that matter. */
  readonly modes = new ModeSet(strayModes);
  cursorHidden = false;
  linkOpen = false;
  insertMode = false;
  newLineMode = false;
  applicationKeypad = false;
  tabStops: 'usual' | 'custom' = 'usual';
  /** Margins have to be set before the next absolute move: they may not be in force on this screen. */
  marginsDue = false;
  /** No margins are in force, for the size has just changed. */
  marginsLoose = false;
  /** The scroll region of the main screen while the alternate one is shown. */
  mainRegion: { readonly top: number; readonly bottom: number } | undefined;
  /** The row moved or went while the main screen was not shown: it still stands there. */
  rowLeftOnMain = false;
  /** How many times the kitty keyboard protocol was pushed, per screen. */
  keyboards: Record<'main' | 'alternate', number> = { main: 0, alternate: 0 };
  /** Between a prompt mark and the line that is accepted only the shell writes. */
  prompting = false;
  /** `inside`: a devshell that runs in this one has a row of its own. */
  rowOf: 'us' | 'inside' = 'us';
  /** The most columns the cursor can stand from the left, kept while the region reaches the last row. */
  column = 0;
  dirty = true;
  /** There is something in the row on the main screen. */
  rowShown = false;
  /** Where in the chunk an absolute move ended, and where to (0: right before it); -1: nowhere. */
  movedAt = -1;
  movedRow = 1;
  movedColumn = 1;
  /** What was printed last before the row was drawn, until the program writes again. */
  beforeDraw: Uint8Array | undefined;
  /** The main screen is shown again, and nothing has gone to a new line since. */
  backFromAlternate = false;
  /** By which mode the alternate screen was entered. */
  screenMode = 1049;

  constructor(columns: number, rows: number) {
    this.margins = new Margins(columns, rows);
  }

  get columns(): number {
    return this.margins.columns;
  }

  get rows(): number {
    return this.margins.rows;
  }

  get screen(): 'main' | 'alternate' {
    return this.#screen;
  }

  /** The cursor stays where it is. */
  showScreen(screen: 'main' | 'alternate', position: Position): void {
    this.#screen = screen;
    this.#held = this.slot.kind === 'program';
    this.margins.restore(position);
    this.column = position.columnHigh;
  }

  get slot(): Slot {
    return this.#slots[this.#screen];
  }

  set slot(slot: Slot) {
    const { position } = this;
    this.#slots[this.#screen] = slot;
    this.#held = slot.kind === 'program';
    this.margins.restore(position);
    this.column = position.columnHigh;
  }

  /** Where the cursor can be, as far as it is known. */
  get position(): Position {
    if (this.follows) return this.margins.position;
    return { rowLow: 1, rowHigh: this.rows, columnLow: 0, columnHigh: Math.min(this.column, this.columns) };
  }

  /** Where the cursor is, is followed exactly: for a smaller region's sake, or because its place cannot be saved before drawing the row. */
  get follows(): boolean {
    const { mainRegion } = this;
    return this.margins.partial || this.#held || (mainRegion !== undefined && mainRegion.bottom < this.margins.rows);
  }

  /** The cursor can be put back where it is, in the style that it has, without the save slot. */
  get placeKnown(): boolean {
    return this.follows && this.margins.exact && !this.margins.originMode && this.style.known;
  }

  get plainCharset(): boolean {
    return this.charset.shift === 0 && !graphics.has(this.charset.g0);
  }

  get defaultCharset(): boolean {
    return this.charset.shift === 0 && this.charset.g0 === ascii;
  }

  /** The most columns the cursor can stand from the left; the width or more: it may be in pending wrap. */
  get farthest(): number {
    return this.follows ? this.margins.columnHigh : this.column;
  }

  get mouse(): MouseEncoding {
    const { modes } = this;
    if (!(modes.has(9) || modes.has(1000) || modes.has(1001) || modes.has(1002) || modes.has(1003))) return 'none';
    if (this.modes.has(1016)) return 'pixels';
    if (this.modes.has(1006)) return 'sgr';
    if (this.modes.has(1015)) return 'urxvt';
    return this.modes.has(1005) ? 'utf8' : 'x10';
  }

  /** What was saved is not the program's, but left by drawing the row: nothing was saved means home. */
  get restoresDrawing(): boolean {
    return this.slot.kind === 'unset' && this.drawnOn.has(this.screen);
  }

  /** What restoring comes to where nothing was saved. */
  unsavedPlace(): string {
    return `${plainStyle}${this.linkOpen ? closeLink : ''}${this.defaultCharset ? '' : '\x0f\x1b(B'}${this.margins.originMode ? '\x1b[?6l' : ''}${home}`;
  }

  /** DECSLRM: what moves the cursor sideways, or wraps it, is no longer followed. */
  startSideMargins(): void {
    this.#sideMargins = true;
    this.margins.lose();
  }

  endSideMargins(): void {
    if (this.#sideMargins) this.margins.lose();
    this.#sideMargins = false;
  }

  /** Where the last absolute move went. */
  get movedTo(): Position {
    const row = Math.min(this.movedRow, this.rows);
    const column = Math.min(this.movedColumn, this.columns) - 1;
    return { rowLow: row, rowHigh: row, columnLow: column, columnHigh: column };
  }

  save(by: 'save' | 'alternate', position = this.position): void {
    const { margins, charset, linkOpen } = this;
    this.slot = { kind: 'program', by, position, charset, style: this.style.save(), linkOpen };
    margins.restore(position);
    margins.scrolled = false;
  }

  restore(): void {
    const { slot } = this;
    if (slot.kind === 'program') {
      this.margins.restoreSaved(slot.position);
      this.column = slot.position.columnHigh;
      this.charset = slot.charset;
      this.style.restore(slot.style);
      // Not every terminal ends by it what was begun since.
      this.linkOpen ||= slot.linkOpen;
      if (this.prompting && slot.by === 'save') this.slot = { kind: 'released' };
    } else {
      this.margins.lose();
      this.column = this.columns;
      this.charset = defaultCharset;
      if (slot.kind === 'unset') this.linkOpen = false;
      if (slot.kind === 'unset') this.style.reset();
      else this.style.lose();
    }
  }

  /** Back from the alternate screen a program that goes on in new lines no longer counts on where it came from. */
  releaseAlternate(): void {
    const { slot } = this;
    this.backFromAlternate = false;
    if (slot.kind === 'program' && slot.by === 'alternate') this.slot = { kind: 'released' };
  }

  /** A prompt: whatever a program saved, or left half done, is nobody's any more. */
  prompted(): void {
    this.prompting = true;
    // However it has ended.
    this.rowOf = 'us';
    this.releaseSlot();
    this.modes.set(2026, false);
  }

  /** Whatever was saved, nobody counts on it any more. */
  releaseSlot(): void {
    if (this.slot.kind === 'program') this.slot = { kind: 'released' };
  }

  home(): void {
    this.margins.home();
    this.column = 0;
  }

  move(row: number, column: number): void {
    this.margins.moveToRow(row);
    this.moveToColumn(column);
  }

  moveToColumn(column: number): void {
    this.margins.moveToColumn(column);
    this.column = Math.min(column, this.columns - 1);
  }

  /** Where the cursor is, is no longer known. */
  moveAnywhere(): void {
    this.margins.lose();
    this.column = this.columns;
  }

  /** RIS. */
  reset(): void {
    this.margins.originMode = false;
    this.margins.autowrap = true;
    this.margins.reset();
    this.home();
    this.#screen = 'main';
    this.#held = false;
    this.style.reset();
    this.#slots = { main: { kind: 'unset' }, alternate: { kind: 'unset' } };
    this.mainRegion = undefined;
    this.drawnOn.clear();
    this.charset = defaultCharset;
    this.modes.clear();
    this.keyboards = { main: 0, alternate: 0 };
    this.cursorHidden = this.linkOpen = this.insertMode = this.newLineMode = this.applicationKeypad = this.marginsDue = this.marginsLoose = false;
    this.tabStops = 'usual';
    this.dirty = true;
  }

  /** DECSTR: the cursor stays. */
  softReset(): void {
    this.column = this.farthest;
    this.margins.originMode = false;
    this.margins.reset();
    // Not every terminal does that.
    this.style.lose();
    this.slot = { kind: 'unset' };
    this.charset = defaultCharset;
    this.insertMode = this.cursorHidden = this.applicationKeypad = false;
    this.endSideMargins();
    for (const mode of [1, 69]) this.modes.set(mode, false);
    this.dirty = true;
  }

  /**
   * A line that was shorter than both widths has nothing to reflow: the cursor stays in its column. Of any other nothing is known,
   * but that drawing the row costs no pending wrap that setting the margins has not cost already.
   */
  resize(columns: number, rows: number): void {
    this.column = columns === this.columns || this.farthest < Math.min(columns, this.columns) - 1 ? this.farthest : columns - 1;
    this.mainRegion = undefined;
    this.margins.columns = columns;
    this.margins.rows = rows;
    this.margins.reset();
    this.margins.lose();
    this.margins.columnHigh = this.column;
    this.dirty = true;
  }
}
