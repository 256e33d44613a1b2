// OSC, DCS, APC, PM and SOS: passed on as they come, however long; only what the status row must know of them is looked at.

import { markNumber } from '../model/mark.ts';
import type { Program } from './program.ts';

export type StringKind = 'osc' | 'dcs' | 'other';

/** What a devshell inside says when it has drawn its row: nobody counts on what the save slot holds now. Other terminals know nothing of it. */
const drawn = `${markNumber};drawn`;
export const drawnInside: Uint8Array = new TextEncoder().encode(`\x1b]${drawn}\x07`);

/** How much of an OSC is kept to look at. */
const headSize = 4096;

const decoder = new TextDecoder();

/**
 * Where the string that goes on at `at` ends: the index of BEL (OSC only), ESC, CAN, SUB, or of the C2 that begins a C1 control; or `end`.
 * A lone C2 at the very end is left for the next chunk.
 */
export function stringEnd(chunk: Uint8Array, at: number, end: number, bell: boolean): number {
  for (let index = at; index < end; index++) {
    const byte = chunk[index] as number;
    if (byte === 0x1b || byte === 0x18 || byte === 0x1a || (byte === 0x07 && bell)) return index;
    if (byte === 0xc2) {
      const next = index + 1 < end ? (chunk[index + 1] as number) : 0;
      if (next >= 0x80 && next < 0xa0) return index;
    }
  }
  return end;
}

export class Strings {
  readonly #program: Program;
  readonly #prefix: Uint8Array;
  readonly #head = new Uint8Array(headSize);
  #headLength = 0;
  kind: StringKind | undefined;

  constructor(program: Program, nonce: string) {
    this.#program = program;
    this.#prefix = new TextEncoder().encode(`${markNumber};${nonce};`);
  }

  /** Whether the body of an OSC at `at` begins as one of our marks does; `unsure` if the chunk ends before that is known. */
  isMark(chunk: Uint8Array, at: number, end: number): 'yes' | 'no' | 'unsure' {
    const length = Math.min(this.#prefix.length, end - at);
    for (let index = 0; index < length; index++) if (chunk[at + index] !== this.#prefix[index]) return 'no';
    return length === this.#prefix.length ? 'yes' : 'unsure';
  }

  open(kind: StringKind): void {
    this.kind = kind;
    this.#headLength = 0;
  }

  keep(chunk: Uint8Array, at: number, end: number): void {
    const length = Math.min(headSize - this.#headLength, end - at);
    this.#head.set(chunk.subarray(at, at + length), this.#headLength);
    this.#headLength += length;
  }

  /** The string has ended; gives the window title if it set one. */
  close(): string | undefined {
    const { kind } = this;
    this.kind = undefined;
    if (kind !== 'osc') {
      // Images come this way, and may cover the status row.
      this.#program.dirty = true;
      return undefined;
    }
    const head = this.#head.subarray(0, this.#headLength);
    if (head[0] === 0x38 && head[1] === 0x3b) this.#link(head);
    else if ((head[0] === 0x30 || head[0] === 0x32) && head[1] === 0x3b) return decoder.decode(head.subarray(2));
    else if (head[0] === 0x31 && head[1] === 0x33 && head[2] === 0x33) this.#program.dirty = true;
    else if (head[0] === 0x37 && decoder.decode(head) === drawn) this.#program.releaseSlot();
    return undefined;
  }

  /** `8;parameters;address`: an empty address closes the link. */
  #link(head: Uint8Array): void {
    const address = head.indexOf(0x3b, 2) + 1;
    this.#program.linkOpen = address > 0 && address < head.length;
  }
}
