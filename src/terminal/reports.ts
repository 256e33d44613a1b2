// What the terminal reports about itself in the input, made right for a screen with one row less.

import type { MouseEncoding } from './program.ts';

export interface InputScreen {
  /** Rows of the outer terminal. */
  readonly rows: number;
  readonly reserve: 'bottom' | 'none';
  readonly mouse: MouseEncoding;
  /** Of a devshell inside, where it shows its row: then the keys are its own as well, and pass. */
  readonly rowOf?: 'us' | 'inside';
}

/** A report as it came: undefined to pass it on as it is, an empty text to drop it. */
export class Reports {
  #screen: InputScreen | undefined;
  /** Height of a row in pixels, as far as an answer of the terminal has told it since the screen got its size. */
  #rowPixels: number | undefined;
  /** A button is down that the program was told of. */
  #pressed = false;

  get screen(): InputScreen | undefined {
    return this.#screen;
  }

  set screen(screen: InputScreen | undefined) {
    if (screen?.rows !== this.#screen?.rows) this.#rowPixels = undefined;
    this.#screen = screen;
  }

  control(prefix: string, body: string, final: string): string | undefined {
    const { screen } = this;
    if (screen === undefined || screen.reserve === 'none') return undefined;
    const values = body.split(';').map(Number);
    if (final === 't' && prefix === '') return this.#size(values, screen.rows);
    const sgr = prefix === '<' && (final === 'M' || final === 'm') && screen.mouse === 'sgr';
    if (sgr) return this.#mouse(values, screen.rows, final === 'm' ? 'release' : 'press', (row) => `\x1b[<${values[0] ?? 0};${values[1] ?? 1};${row}${final}`);
    const height = this.#rowPixels;
    const pixels = prefix === '<' && (final === 'M' || final === 'm') && screen.mouse === 'pixels';
    if (pixels && height !== undefined) return this.#mouse(values, height * (screen.rows - 1) + 1, final === 'm' ? 'release' : 'press', (y) => `\x1b[<${values[0] ?? 0};${values[1] ?? 1};${y}${final}`);
    const urxvt = prefix === '' && final === 'M' && screen.mouse === 'urxvt' && values.length === 3;
    const released = ((values[0] ?? 0) & 3) === 3 ? 'release' : 'press';
    if (urxvt) return this.#mouse([(values[0] ?? 32) - 32, ...values.slice(1)], screen.rows, released, (row) => `\x1b[${values[0] ?? 0};${values[1] ?? 1};${row}M`);
    return undefined;
  }

  /** `ESC [ M` and three characters: button, column, row, each 32 more than it is. */
  legacyMouse(button: number, row: number, write: (row: number) => string): string | undefined {
    const { screen } = this;
    if (screen === undefined || screen.reserve === 'none') return undefined;
    return this.#mouse([button - 32, 1, row - 32], screen.rows, (button & 3) === 3 ? 'release' : 'press', (inside) => write(inside + 32));
  }

  /** A press in the status row is ours; a drag or release that ends there is seen at the last row, as at the edge of a window. */
  #mouse(values: readonly number[], rows: number, kind: 'press' | 'release', write: (row: number) => string): string | undefined {
    const [button = 0, , row = 1] = values;
    const moves = (button & 32) !== 0;
    const wheel = (button & 64) !== 0;
    const inside = row < rows;
    const known = this.#pressed;
    if (!moves && !wheel && (inside || kind === 'release')) this.#pressed = kind === 'press';
    if (inside) return undefined;
    return known && (moves || kind === 'release') ? write(rows - 1) : '';
  }

  /** `4;height;width` in pixels; `6;height;width` of one character; `48;rows;columns;height;width`, mode 2048. */
  #size(values: readonly number[], rows: number): string | undefined {
    const [kind, first = 0, second = 0, third = 0, fourth = 0] = values;
    const share = (pixels: number): number => Math.round((pixels * (rows - 1)) / rows);
    if (kind === 6 && first > 0) this.#rowPixels = first;
    const height = kind === 4 ? first : kind === 48 ? third : 0;
    if (height > 0) this.#rowPixels ??= Math.floor(height / rows);
    if (kind === 4) return `\x1b[4;${share(first)};${second}t`;
    if (kind === 48) return `\x1b[48;${first - 1};${second};${share(third)};${fourth}t`;
    return undefined;
  }
}
