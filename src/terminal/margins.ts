// The scroll region of the program and, while it is smaller than the screen, where the cursor can be.
// A line feed at the last row below such a region does nothing in a real terminal; with a status row behind it, it would walk onto that row.
// So the position is followed for as long as such a region lasts: it begins with the cursor at home, which is exact.

/** Rows count from 1, columns from 0; a column equal to the width means pending wrap. */
export interface Position {
  readonly rowLow: number;
  readonly rowHigh: number;
  readonly columnLow: number;
  readonly columnHigh: number;
}

export class Margins {
  columns: number;
  /** Rows that the program has. */
  rows: number;
  top = 1;
  bottom: number;
  rowLow = 1;
  rowHigh = 1;
  columnLow = 0;
  columnHigh = 0;
  autowrap = true;
  /** The cursor may have reached the end of the region and scrolled it, since this was set to false. */
  scrolled = false;
  originMode = false;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.bottom = rows;
  }

  /** A region that ends above the last row: only then the position is followed. */
  get partial(): boolean {
    return this.bottom < this.rows;
  }

  /** The cursor surely stands on the last row, below the region. */
  get atLastRowBelow(): boolean {
    return this.rowLow === this.rows && this.partial;
  }

  get position(): Position {
    const { rowLow, rowHigh, columnLow, columnHigh } = this;
    return { rowLow, rowHigh, columnLow, columnHigh };
  }

  /** The cursor is at `rowLow` and `columnLow`, and nowhere else. */
  get exact(): boolean {
    return this.rowLow === this.rowHigh && this.columnLow === this.columnHigh && this.columnHigh < this.columns;
  }

  set(top: number, bottom: number): void {
    this.top = top;
    this.bottom = bottom;
    this.home();
  }

  reset(): void {
    this.top = 1;
    this.bottom = this.rows;
  }

  home(): void {
    this.move(this.originMode ? this.top : 1, 0);
  }

  move(row: number, column: number): void {
    this.rowLow = this.rowHigh = row;
    this.columnLow = this.columnHigh = Math.min(column, this.columns - 1);
  }

  /** An absolute row as the program counts it. */
  moveToRow(row: number): void {
    const place = this.originMode ? Math.min(this.top + row - 1, this.bottom) : Math.min(row, this.rows);
    this.rowLow = this.rowHigh = place;
    this.unwrap();
  }

  moveToColumn(column: number): void {
    this.columnLow = this.columnHigh = Math.min(column, this.columns - 1);
  }

  restore(position: Position): void {
    this.rowLow = position.rowLow;
    this.rowHigh = position.rowHigh;
    this.columnLow = position.columnLow;
    this.columnHigh = position.columnHigh;
  }

  /** xterm.js takes a saved place along with the text that scrolls up (6.0.0); not all terminals keep pending wrap in it. */
  restoreSaved(position: Position): void {
    this.restore(position);
    if (this.scrolled) this.rowLow = 1;
    this.columnLow = Math.min(this.columnLow, this.columns - 1);
  }

  lose(): void {
    this.restore({ rowLow: 1, rowHigh: this.rows, columnLow: 0, columnHigh: this.columns });
  }

  #below(row: number): number {
    return row === this.bottom ? row : Math.min(row + 1, this.rows);
  }

  #above(row: number): number {
    return row === this.top ? row : Math.max(row - 1, 1);
  }

  index(): void {
    if (this.rowHigh >= this.bottom) this.scrolled = true;
    this.rowLow = this.#below(this.rowLow);
    this.rowHigh = this.#below(this.rowHigh);
    this.columnLow = Math.min(this.columnLow, this.columns - 1);
  }

  reverseIndex(): void {
    this.rowLow = this.#above(this.rowLow);
    this.rowHigh = this.#above(this.rowHigh);
    this.columnLow = Math.min(this.columnLow, this.columns - 1);
  }

  /** RI, in terminals that know it in this form. */
  maybeReverseIndex(): void {
    this.rowLow = this.#above(this.rowLow);
    this.maybeUnwrap();
  }

  /** Down by `count`, up if negative; stopped by the margin only from inside the region. */
  moveRows(count: number): void {
    const stop = (row: number): number => {
      if (count > 0) return Math.min(row + count, row <= this.bottom ? this.bottom : this.rows);
      return Math.max(row + count, row >= this.top ? this.top : 1);
    };
    this.rowLow = stop(this.rowLow);
    this.rowHigh = stop(this.rowHigh);
    this.unwrap();
  }

  moveColumns(count: number): void {
    this.unwrap();
    this.columnLow = Math.max(0, Math.min(this.columnLow + count, this.columns - 1));
    this.columnHigh = Math.max(0, Math.min(this.columnHigh + count, this.columns - 1));
  }

  /** Columns to the left or right, in terminals that know the sequence. */
  maybeMoveColumns(count: number): void {
    const { columnLow, columnHigh } = this;
    this.moveColumns(count);
    this.columnLow = Math.min(this.columnLow, columnLow);
    this.columnHigh = Math.max(this.columnHigh, columnHigh);
  }

  maybeMoveRows(count: number): void {
    const { rowLow, rowHigh } = this;
    this.moveRows(count);
    this.rowLow = Math.min(this.rowLow, rowLow);
    this.rowHigh = Math.max(this.rowHigh, rowHigh);
  }

  /** VPR: the region does not stop it, except in origin mode. */
  moveRowsFreely(count: number): void {
    const last = this.originMode ? this.bottom : this.rows;
    this.rowLow = Math.min(this.rowLow + count, last);
    this.rowHigh = Math.min(this.rowHigh + count, last);
    this.unwrap();
  }

  /** Out of pending wrap in some terminals. */
  maybeUnwrap(): void {
    this.columnLow = Math.min(this.columnLow, this.columns - 1);
  }

  /** IL and DL, which do nothing outside the region. */
  moveToLineStart(): void {
    if (this.rowHigh >= this.top && this.rowLow <= this.bottom) this.columnLow = 0;
  }

  /** Out of pending wrap, for sure. */
  unwrap(): void {
    this.columnLow = Math.min(this.columnLow, this.columns - 1);
    this.columnHigh = Math.min(this.columnHigh, this.columns - 1);
  }

  carriageReturn(): void {
    this.columnLow = this.columnHigh = 0;
  }

  /** To the next tab stop: every eighth column, or somewhere to the right. */
  tab(stops: 'usual' | 'custom'): void {
    const last = this.columns - 1;
    const next = (column: number): number => (column > last ? column : Math.min(last, (column | 7) + 1));
    this.columnHigh = stops === 'usual' ? next(this.columnHigh) : Math.max(this.columnHigh, last);
    this.columnLow = stops === 'usual' ? next(this.columnLow) : this.columnLow > last ? this.columnLow : Math.min(last, this.columnLow + 1);
  }

  backTab(): void {
    this.columnLow = 0;
  }

  /** The next character, at least `least` columns wide, wraps for sure. */
  surelyWraps(least: number): boolean {
    return this.autowrap && least > 0 && this.columnLow + least > this.columns;
  }

  /** The same on the last row below a smaller region: in a terminal of that many rows the row begins again. */
  wrapsWithinRow(least: number): boolean {
    return this.atLastRowBelow && this.surelyWraps(least);
  }

  /** A character of `least` to `most` columns. */
  print(least: number, most: number): void {
    if (most === 0) return;
    if (this.columnHigh + most <= this.columns) {
      this.columnLow += least;
      this.columnHigh += most;
    } else if (!this.autowrap) {
      this.columnLow = Math.min(this.columnLow + least, this.columns - 1);
      this.columnHigh = this.columns;
    } else if (this.surelyWraps(least)) {
      this.index();
      this.columnLow = least;
      this.columnHigh = most;
    } else {
      if (this.rowHigh >= this.bottom) this.scrolled = true;
      this.rowHigh = this.#below(this.rowHigh);
      this.columnLow = 0;
      this.columnHigh = this.columns;
    }
  }
}
