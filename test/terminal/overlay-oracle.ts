// The differential oracle of the error view: a stream through the filter into a terminal, and the same with the view opened over the alternate screen,
// painted and closed in between. Everything must be the same, right afterwards and at the end.

import { OutputFilter } from '../../src/terminal/filter.ts';
import { Screen, statusText } from './oracle.ts';
import type { Size } from './oracle.ts';
import type { Piece } from './pieces.ts';

export interface OverlayRun {
  /** undefined: the same. */
  readonly difference: string | undefined;
  /** How often the view was closed and everything was there again, and whether then the program would have been asked to paint, which ends the run. */
  readonly restored: number;
  readonly refused: 0 | 1;
}

/** What a program can do without a place or a character of its own: what it saved, and what it printed last. */
const probes = ['\x1b[2b', '\x1b8saved', '\x1b[2b', '\n\n\n\n\n\n\n\n\n\n\n\n', '\x1b[5;5H', '\x0elqk\x0f'].map((text) => Buffer.from(text));

class Side {
  readonly screen: Screen;
  readonly filter: OutputFilter;
  readonly #rows: number;
  readonly #sink = { bytes: (slice: Uint8Array) => this.screen.write(slice), mark: () => undefined, reply: () => undefined };

  constructor(size: Size) {
    this.screen = new Screen(size);
    this.filter = new OutputFilter({ ...size, reserve: 'bottom', nonce: 'n' });
    this.#rows = size.rows;
  }

  push({ bytes, draw }: Piece): void {
    // A buffer of its own, as it comes from a PTY.
    this.filter.push(Buffer.from(bytes), this.#sink);
    if (draw === 'draw' && this.filter.drawable()) this.screen.write(this.filter.draw(statusText, 'colour'));
  }

  describe(): string[] {
    return this.screen.describe(this.#rows - 1);
  }
}

/** The view is opened after every piece whose number is in `openAfter`, if the alternate screen is shown and no sequence is open. */
export function runOverlayOracle(pieces: readonly Piece[], size: Size, openAfter: ReadonlySet<number>): OverlayRun {
  const [left, over] = [new Side(size), new Side(size)];
  let restored = 0;
  const compare = (where: string): OverlayRun | undefined => {
    const difference = differenceOf(left.describe(), over.describe());
    return difference === undefined ? undefined : { difference: `${where}\n${difference}`, restored, refused: 0 };
  };
  try {
    for (const [index, piece] of pieces.entries()) {
      left.push(piece);
      over.push(piece);
      if (!openAfter.has(index) || over.filter.screen === 'main' || !over.filter.ground) continue;
      if (openAndClose(over, size) === 'empty') return { difference: undefined, restored, refused: 1 };
      restored++;
      const found = compare(`after piece ${index}`);
      if (found !== undefined) return found;
    }
    for (const bytes of probes) {
      left.push({ bytes, draw: 'leave' });
      over.push({ bytes, draw: 'leave' });
      const found = compare(`after ${JSON.stringify(bytes.toString())}`);
      if (found !== undefined) return found;
    }
    return { difference: undefined, restored, refused: 0 };
  } finally {
    left.screen.dispose();
    over.screen.dispose();
  }
}

function openAndClose({ screen, filter }: Side, { rows, columns }: Size): 'as it was' | 'empty' {
  screen.write(filter.enterOverlay(false));
  for (let row = 1; row <= rows; row++) screen.write(Buffer.from(`\x1b[${row};1H\x1b[m\x1b[K\x1b[31;44m${'error '.repeat(columns).slice(0, columns)}`));
  const { bytes, left } = filter.leaveOverlay(statusText, 'colour');
  screen.write(bytes);
  return left;
}

function differenceOf(expected: readonly string[], actual: readonly string[]): string | undefined {
  const lines = Array.from({ length: Math.max(expected.length, actual.length) }, (_, index) => index);
  const different = lines.find((index) => expected[index] !== actual[index]);
  return different === undefined ? undefined : `without ${expected[different] ?? '-'}\nwith    ${actual[different] ?? '-'}`;
}
