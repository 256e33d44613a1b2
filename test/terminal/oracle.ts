// The differential oracle: a stream in a terminal of R-1 rows, and the same stream through the filter, cut anywhere and with the status row
// drawn in between, in a terminal of R rows. The upper R-1 rows, the scrollback, the cursor and the modes must be the same.

import headless from '@xterm/headless';
import type { Terminal as HeadlessTerminal } from '@xterm/headless';
import { OutputFilter } from '../../src/terminal/filter.ts';
import type { StyledText } from '../../src/terminal/styled-text.ts';
import { joinPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';

export interface Size {
  readonly columns: number;
  /** Of the outer terminal. */
  readonly rows: number;
}

export interface Run {
  /** undefined: the same. */
  readonly difference: string | undefined;
  /** Only the marks differ that a row continues the one above it, by which terminals join lines when copying. */
  readonly kind: 'none' | 'wrap mark' | 'screen';
  readonly draws: number;
  /** How often a draw was wanted and not possible. */
  readonly refused: number;
}

interface Internals {
  readonly _core: {
    writeSync(data: Uint8Array): void;
    readonly coreService: { readonly decPrivateModes: Record<string, unknown>; readonly isCursorHidden: boolean };
    readonly _bufferService: { readonly buffer: { readonly scrollTop: number; readonly scrollBottom: number } };
  };
}

const scrollback = 1000;

export class Screen {
  readonly #terminal: HeadlessTerminal;

  constructor({ columns, rows }: Size) {
    this.#terminal = new headless.Terminal({ cols: columns, rows, scrollback, allowProposedApi: true, logLevel: 'off' });
  }

  write(bytes: Uint8Array): void {
    (this.#terminal as unknown as Internals)._core.writeSync(bytes);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  /** The text of row `row` of the screen, from 0. */
  rowText(row: number): string {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + row)?.translateToString(true) ?? '';
  }

  get cursor(): string {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return `${cursorY};${cursorX}`;
  }

  /** Everything that must be the same, as text; the rows from `rows` on are left out. */
  describe(rows: number): string[] {
    const { active, normal } = this.#terminal.buffer;
    const { coreService } = (this.#terminal as unknown as Internals)._core;
    return [
      `${active.type} cursor ${this.cursor} base ${normal.baseY}`,
      `modes ${JSON.stringify(this.#terminal.modes)} ${JSON.stringify(coreService.decPrivateModes)} ${coreService.isCursorHidden}`,
      ...this.#lines(normal, rows).map((line, index) => `main ${index - normal.baseY}: ${line}`),
      ...(active.type === 'alternate' ? this.#lines(active, rows).map((line, index) => `alternate ${index}: ${line}`) : []),
    ];
  }

  #lines(buffer: HeadlessTerminal['buffer']['active'], rows: number): string[] {
    return Array.from({ length: buffer.baseY + rows }, (_, index) => {
      const line = buffer.getLine(index);
      if (line === undefined) return 'none';
      let text = line.isWrapped ? '>' : ' ';
      let style = '';
      for (let column = 0; column < line.length; column++) {
        const cell = line.getCell(column);
        if (cell === undefined) continue;
        const now = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor(), cell.isBold(), cell.isInverse(), Math.sign(cell.isUnderline())].join();
        if (now !== style) text += now === '0,-1,0,-1,0,0,0' ? '{}' : `{${now}}`;
        style = now;
        text += cell.getWidth() === 0 ? '' : cell.getChars() || '_';
      }
      return text;
    });
  }
}

export const statusText: StyledText = [
  { text: ' ● ', style: 'good' },
  { text: 'STATUS 漢字', style: 'plain' },
];

/** The pieces through the filter, drawn in between where that is wanted and possible; how often it was, and was not. */
export function filterPieces(pieces: readonly Piece[], size: Size, write: (bytes: Uint8Array) => void): { draws: number; refused: number } {
  const filter = new OutputFilter({ ...size, reserve: 'bottom', nonce: 'n' });
  const sink = { bytes: write, mark: () => undefined, reply: () => undefined };
  let [draws, refused] = [0, 0];
  for (const { bytes, draw } of pieces) {
    // A buffer of its own, as it comes from a PTY.
    filter.push(Buffer.from(bytes), sink);
    if (draw === 'leave') continue;
    if (!filter.drawable()) refused++;
    else {
      write(filter.draw(statusText, 'colour'));
      draws++;
    }
  }
  filter.end(sink);
  return { draws, refused };
}

export function runOracle(pieces: readonly Piece[], size: Size): Run {
  const plain = new Screen({ ...size, rows: size.rows - 1 });
  const outer = new Screen(size);
  try {
    plain.write(joinPieces(pieces));
    const out: Uint8Array[] = [];
    const counts = filterPieces(pieces, size, (bytes) => void out.push(bytes));
    // At once, as the other: where a write ends makes a difference in xterm.js 6.0.0 (a wide character at the edge without autowrap).
    outer.write(Buffer.concat(out));
    const difference = compare(plain.describe(size.rows - 1), outer.describe(size.rows - 1));
    return { difference, kind: difference === undefined ? 'none' : kindOf(difference), ...counts };
  } finally {
    plain.dispose();
    outer.dispose();
  }
}

function compare(expected: readonly string[], actual: readonly string[]): string | undefined {
  const lines = Math.max(expected.length, actual.length);
  const differences = Array.from({ length: lines }, (_, index) => index)
    .filter((index) => expected[index] !== actual[index])
    .map((index) => `plain    ${expected[index] ?? '-'}\nfiltered ${actual[index] ?? '-'}`);
  return differences.find((one) => kindOf(one) === 'screen') ?? differences[0];
}

function kindOf(difference: string): 'wrap mark' | 'screen' {
  const [plain, filtered] = difference.split('\n').map((line) => line.slice(9).replace(/: [ >]/, ': '));
  return plain === filtered ? 'wrap mark' : 'screen';
}
