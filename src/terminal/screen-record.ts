// What was written to the alternate screen since that was last known to be empty, so that it can be written once more.

import { moveTo, plainStyle, setMargins } from './escapes.ts';
import type { Charset } from './slot.ts';

/** Longer than this it would take a slow terminal too long to show again. */
const longestRecord = 4 << 20;
const blockSize = 64 << 10;

/** How the terminal was set when its screen was empty; rows counted from the first, and nothing else that matters for painting was in force. */
export interface EmptyScreen {
  /** Sequences that lead from the plain style to the one in force, in which the screen was cleared; undefined: those of the entrance. */
  readonly style: string | undefined;
  readonly charset: Charset;
  readonly top: number;
  readonly bottom: number;
  readonly autowrap: boolean;
  readonly insertMode: boolean;
  readonly newLineMode: boolean;
  /** Whether the cursor may be saved between. */
  readonly slot: 'free' | 'taken';
  /** Rows and columns from 1; or where it was when the alternate screen was entered; or it is not known. */
  readonly cursor: { readonly row: number; readonly column: number } | 'as at the entrance' | undefined;
}

/** The bytes that bring it back, on an alternate screen that shows anything else; `row` draws the status row. */
export function emptyAgain(screen: EmptyScreen, row: string): string {
  const { style = '', top, bottom, cursor } = screen;
  const place = typeof cursor === 'object' ? moveTo(cursor.row, cursor.column) : '';
  return `\x1b[?6l\x1b[4l${plainStyle}${style}\x1b[2J${row}${setMargins(top, bottom)}${settings(screen)}${place}`;
}

/** The same by leaving and entering it, which puts the cursor where only the terminal knows. */
export function enteredAgain(screen: EmptyScreen, row: string): string {
  return `\x1b[?6l\x1b[4l${setMargins(screen.top, screen.bottom)}\x1b[?1049l\x1b[?1049h${row}${settings(screen)}`;
}

function settings({ style, charset, autowrap, insertMode, newLineMode }: EmptyScreen): string {
  const mode = (name: string, on: boolean): string => `\x1b[${name}${on ? 'h' : 'l'}`;
  const g1 = charset.g1 === undefined ? '' : `\x1b)${String.fromCharCode(charset.g1)}`;
  const characters = `\x1b(${String.fromCharCode(charset.g0)}${g1}${charset.shift === 1 ? '\x0e' : '\x0f'}`;
  const inStyle = style === undefined ? '' : `${plainStyle}${style}`;
  return `${mode('?7', autowrap)}${mode('4', insertMode)}${mode('20', newLineMode)}${inStyle}${characters}`;
}

export class ScreenRecord {
  #screen: EmptyScreen | undefined;
  #blocks: Buffer[] = [];
  #length = 0;

  /** Off: nothing is written to the alternate screen, or it is not known on what. */
  get on(): boolean {
    return this.#screen !== undefined;
  }

  get screen(): EmptyScreen | undefined {
    return this.#screen;
  }

  get written(): Buffer {
    return Buffer.concat(this.#blocks, this.#length);
  }

  begin(screen: EmptyScreen): void {
    this.#screen = screen;
    this.#blocks.splice(1);
    this.#length = 0;
  }

  /** What was written is not enough, or of no use, any more. */
  end(): void {
    this.#screen = undefined;
    this.#blocks = [];
    this.#length = 0;
  }

  /** Copied: whoever owns the bytes may use their place again, and small buffers kept for long are dear. */
  add(slice: Uint8Array): void {
    if (this.#screen === undefined) return;
    if (this.#length + slice.length > longestRecord) return this.end();
    for (let from = 0; from < slice.length; ) {
      const at = this.#length % blockSize;
      const index = (this.#length - at) / blockSize;
      const block = (this.#blocks[index] ??= Buffer.allocUnsafeSlow(blockSize));
      const part = slice.subarray(from, from + blockSize - at);
      block.set(part, at);
      this.#length += part.length;
      from += part.length;
    }
  }
}
