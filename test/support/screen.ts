// The terminal of a test: @xterm/headless, told apart into rows and lines.
import xterm from '@xterm/headless';
import type { Terminal } from '@xterm/headless';

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  /** Lines kept above the screen. */
  readonly scrollback?: number;
  /** What the terminal answers: cursor reports, device attributes ... */
  readonly onAnswer: (answer: Uint8Array) => void;
  /** The screen may look different now. */
  readonly onChange: () => void;
}

/** Bytes in, rows out. A row is what stands between two edges, a line what the program wrote between two line ends. */
export class Screen {
  /** For what is not offered here: colours, modes, cells. */
  readonly emulator: Terminal;
  #title = '';
  #bells = 0;
  #unparsed = 0;
  #whenParsed: (() => void)[] = [];
  readonly #onChange: () => void;

  constructor({ columns, rows, scrollback = 20_000, onAnswer, onChange }: ScreenOptions) {
    this.#onChange = onChange;
    this.emulator = new xterm.Terminal({ cols: columns, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
    this.emulator.onData((text) => onAnswer(Buffer.from(text, 'utf8')));
    this.emulator.onBinary((text) => onAnswer(Buffer.from(text, 'latin1')));
    this.emulator.onTitleChange((title) => (this.#title = title));
    this.emulator.onBell(() => this.#bells++);
  }

  write(bytes: Uint8Array): void {
    this.#unparsed++;
    this.emulator.write(bytes, () => {
      this.#unparsed--;
      this.#onChange();
      if (this.#unparsed === 0) for (const resolve of this.#whenParsed.splice(0)) resolve();
    });
  }

  /** Resolves once everything written so far is on the screen. */
  async parsed(): Promise<void> {
    if (this.#unparsed > 0) await new Promise<void>((resolve) => this.#whenParsed.push(resolve));
  }

  /** What is seen, from top to bottom, without the blanks at the right. */
  rows(): string[] {
    const { baseY } = this.emulator.buffer.active;
    return this.rowsBetween(baseY, baseY + this.emulator.rows);
  }

  /** Row `n` as it is seen; 0 is the top, negative numbers count from the bottom. */
  row(n: number): string {
    const { baseY } = this.emulator.buffer.active;
    const index = n < 0 ? this.emulator.rows + n : n;
    return this.rowsBetween(baseY + index, baseY + index + 1)[0] ?? '';
  }

  /** Everything still known, scrollback first; rows that were broken at the right edge are joined again. */
  lines(): string[] {
    const { active } = this.emulator.buffer;
    return this.linesBetween(0, active.length);
  }

  /** Rows by their place in the scrollback and the screen together. */
  rowsBetween(from: number, to: number): string[] {
    const { active } = this.emulator.buffer;
    const rows: string[] = [];
    for (let y = from; y < to; y++) rows.push(active.getLine(y)?.translateToString(true) ?? '');
    return rows;
  }

  /** Like `rowsBetween`, joined where a line was broken at the edge. */
  linesBetween(from: number, to: number): string[] {
    const { active } = this.emulator.buffer;
    const lines: string[] = [];
    for (let y = from; y < to; y++) {
      const continues = active.getLine(y + 1)?.isWrapped === true && y + 1 < to;
      const text = active.getLine(y)?.translateToString(!continues) ?? '';
      const begun = y > from && active.getLine(y)?.isWrapped === true ? (lines.pop() ?? '') : '';
      lines.push(begun + text);
    }
    return lines;
  }

  /** Where the cursor stands on the screen, from 0. */
  get cursor(): { readonly row: number; readonly column: number } {
    const { cursorX, cursorY } = this.emulator.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** The cursor's row as `rowsBetween` counts. */
  get cursorPlace(): number {
    const { baseY, cursorY } = this.emulator.buffer.active;
    return baseY + cursorY;
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === 'alternate';
  }

  get title(): string {
    return this.#title;
  }

  get bells(): number {
    return this.#bells;
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.#onChange();
  }

  dispose(): void {
    this.emulator.dispose();
  }
}

/** Rows in a frame, for people: in a failure and in the scene. */
export function framed(rows: readonly string[], columns: number): string {
  const edge = '-'.repeat(columns);
  return [`+${edge}+`, ...rows.map((row) => `|${row}${' '.repeat(Math.max(0, columns - row.length))}|`), `+${edge}+`].join('\n');
}
