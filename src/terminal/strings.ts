// OSC, DCS, APC, PM and SOS: passed on as they come, however long; only what the status row must know of them is looked at.

import { markNumber } from '../model/mark.ts';
import type { Program } from './program.ts';

export type StringKind = 'osc' | 'dcs' | 'other';

/** What a devshell inside says. Other terminals know nothing of it. */
const drawn = new TextEncoder().encode(`${markNumber};drawn`);
const begins = new TextEncoder().encode(`${markNumber};begins`);
const ends = new TextEncoder().encode(`${markNumber};ends`);
/** It has drawn its row: nobody counts on what the save slot holds now. */
export const drawnInside: Uint8Array = spoken(drawn);
/** The row and the keys are its own from now on, and are no longer. */
export const insideBegins: Uint8Array = spoken(begins);
export const insideEnds: Uint8Array = spoken(ends);

function spoken(body: Uint8Array): Uint8Array {
  return new Uint8Array([0x1b, 0x5d, ...body, 0x07]);
}

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

const iTerm = new TextEncoder().encode('1337;');
const iTermImage = new TextEncoder().encode('1337;File=');

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
    for (let index = at; index < end && this.#headLength < headSize; index++) this.#head[this.#headLength++] = chunk[index] as number;
  }

  /** The string has ended; gives the window title if it set one. */
  close(): string | undefined {
    const { kind } = this;
    const first = this.#head[0];
    const second = this.#head[1];
    const length = this.#headLength;
    this.kind = undefined;
    // Images come by strings other than OSC, and by one of these; they may cover the status row.
    const picture = kind === 'osc' ? this.#begins(iTermImage) : kind === 'dcs' ? this.#isSixel() : this.#isKittyImage();
    if (kind !== 'osc' || this.#begins(iTerm)) this.#program.dirty = true;
    if (picture) this.#program.moveAnywhere();
    if (kind === 'osc') this.#hearInside();
    if (kind !== 'osc' || length < 2 || second !== 0x3b) return undefined;
    if (first === 0x38) this.#link();
    return first === 0x30 || first === 0x32 ? decoder.decode(this.#head.subarray(2, length)) : undefined;
  }

  #hearInside(): void {
    if (this.#is(drawn)) this.#program.releaseSlot();
    else if (this.#is(begins)) this.#program.rowOf = 'inside';
    else if (this.#is(ends)) this.#program.rowOf = 'us';
  }

  #is(text: Uint8Array): boolean {
    return this.#headLength === text.length && this.#begins(text);
  }

  #begins(text: Uint8Array): boolean {
    if (this.#headLength < text.length) return false;
    for (let index = 0; index < text.length; index++) if (this.#head[index] !== text[index]) return false;
    return true;
  }

  /** Numbers and a q; the cursor ends up behind or below the picture. */
  #isSixel(): boolean {
    let index = 0;
    while (index < this.#headLength && (this.#head[index] as number) >= 0x30 && (this.#head[index] as number) <= 0x3b) index++;
    return index < this.#headLength && this.#head[index] === 0x71;
  }

  /** APC G: one that shows a picture, or may, since it is one of several parts. */
  #isKittyImage(): boolean {
    if (this.#headLength === 0 || this.#head[0] !== 0x47) return false;
    return /^G([^;]*,)?(a=[Tp]|m=)/.test(decoder.decode(this.#head.subarray(0, Math.min(this.#headLength, 200))));
  }

  /** `8;parameters;address`: an empty address closes the link. */
  #link(): void {
    const address = this.#head.indexOf(0x3b, 2) + 1;
    this.#program.linkOpen = address > 2 && address < this.#headLength;
  }
}
