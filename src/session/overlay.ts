// The error view while it is open: which part of the text is shown, and what the keys do to it.

import type { Palette, Segment } from '../terminal/styled-text.ts';
import { renderText } from '../terminal/styled-text.ts';
import { errorPage, wrapLines } from './error-view.ts';
import { OverlayKeys } from './overlay-keys.ts';

export interface OverlayOptions {
  readonly lines: readonly Segment[];
  readonly palette: Palette;
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly write: (bytes: Uint8Array) => void;
  /** What the terminal answers to the program, which waits for it. */
  readonly answer: (bytes: Uint8Array) => void;
  /** A key was pressed that closes the view. */
  readonly close: () => void;
}

/** How long the beginning of a key waits for its rest, ms. */
const heldMs = 50;

export class Overlay {
  readonly #options: OverlayOptions;
  readonly #keys = new OverlayKeys();
  #top = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OverlayOptions) {
    this.#options = options;
  }

  draw(): void {
    const { lines, size, palette, write } = this.#options;
    const { columns, rows } = size();
    const wrapped = wrapLines(lines, columns);
    this.#top = Math.max(0, Math.min(wrapped.length - (rows - 1), this.#top));
    const page = errorPage(wrapped, this.#top, columns, rows);
    const text = page.map((line, row) => `\x1b[${row + 1};1H\x1b[m\x1b[K${renderText(line, columns, palette)}`).join('');
    write(Buffer.from(text));
  }

  /** What follows the key that closes the view belongs to the program, or to the session's keys. */
  typed(chunk: Uint8Array): Uint8Array {
    clearTimeout(this.#timer);
    const { columns, rows } = this.#options.size();
    const last = wrapLines(this.#options.lines, columns).length - (rows - 1);
    const before = this.#top;
    const { keys, rest } = this.#keys.push(chunk, rows);
    for (const key of keys) {
      if (key.kind === 'close') this.#options.close();
      else if (key.kind === 'answer') this.#options.answer(key.bytes);
      else if (key.kind === 'move') this.#top = Math.max(0, Math.min(last, this.#top + key.lines));
    }
    if (keys.some(({ kind }) => kind === 'close')) return rest;
    if (this.#top !== before) this.draw();
    if (this.#keys.held) this.#timer = setTimeout(() => this.#alone(), heldMs);
    return rest;
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #alone(): void {
    const key = this.#keys.flush();
    if (key.kind === 'answer') this.#options.answer(key.bytes);
    else this.#options.close();
  }
}
