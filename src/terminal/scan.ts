// Finds the next byte that is more than text: ESC, SO, SI, and C2, with which the C1 controls begin in UTF-8.

/** Up to here a loop is faster than asking for the next occurrence. */
export const nearby = 40;

export class Scanner {
  #chunk: Buffer = Buffer.alloc(0);
  #escape = 0;
  #c2 = 0;
  #shiftOut = 0;
  #shiftIn = 0;

  begin(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#escape = this.#c2 = this.#shiftOut = this.#shiftIn = -1;
  }

  /** The index of the first special byte from `at` on, or the chunk's length. SI is left out beyond a short distance where nothing is shifted. */
  next(at: number, shifted: boolean): number {
    const chunk = this.#chunk;
    const end = chunk.length;
    const near = Math.min(end, at + nearby);
    for (let index = at; index < near; index++) {
      const byte = chunk[index] as number;
      if (byte === 0x1b || byte === 0xc2 || (byte & 0xfe) === 0x0e) return index;
    }
    return near === end ? end : this.#far(near, shifted);
  }

  /** Each search goes on to its next hit once, not again for every hit of another. */
  #far(at: number, shifted: boolean): number {
    if (this.#escape < at) this.#escape = this.#find(0x1b, at);
    if (this.#c2 < at) this.#c2 = this.#find(0xc2, at);
    if (this.#shiftOut < at) this.#shiftOut = this.#find(0x0e, at);
    const first = Math.min(this.#escape, this.#c2, this.#shiftOut);
    if (!shifted) return first;
    if (this.#shiftIn < at) this.#shiftIn = this.#find(0x0f, at);
    return Math.min(first, this.#shiftIn);
  }

  #find(byte: number, at: number): number {
    const found = this.#chunk.indexOf(byte, at);
    return found < 0 ? this.#chunk.length : found;
  }
}

/** How many bytes of an unfinished UTF-8 character stand at the end of `chunk`. */
export function unfinishedLength(chunk: Uint8Array, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = chunk[end - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < sequenceLength(byte) ? back : 0;
  }
  return 0;
}

/** How many bytes at the beginning of `chunk` complete the character that `held` is the beginning of; 0 if it is none, or nothing follows it. */
export function missingLength(held: Uint8Array, chunk: Uint8Array): number {
  const first = held.length === 0 ? 0 : (held[0] as number);
  // C2 may begin a control.
  const missing = first > 0xc2 ? sequenceLength(first) - held.length : 0;
  if (missing >= chunk.length) return 0;
  for (let index = 0; index < missing; index++) if (((chunk[index] as number) & 0xc0) !== 0x80) return 0;
  return missing;
}

/** Bytes of a UTF-8 character by its first byte. */
function sequenceLength(first: number): number {
  if (first >= 0xf0) return first < 0xf5 ? 4 : 1;
  if (first >= 0xe0) return 3;
  return first >= 0xc2 ? 2 : 1;
}

/** Bytes of the well-formed character at `at`, or 1. */
export function characterLength(chunk: Uint8Array, at: number, end: number): number {
  const length = sequenceLength(chunk[at] as number);
  if (at + length > end) return 1;
  for (let more = 1; more < length; more++) if (((chunk[at + more] as number) & 0xc0) !== 0x80) return 1;
  return length;
}

/** The code point of the well-formed character of `length` bytes at `at`; U+FFFD for what is none. */
export function codePointAt(chunk: Uint8Array, at: number, length: number): number {
  const first = chunk[at] as number;
  if (length === 1) return first < 0x80 ? first : 0xfffd;
  let point = first & (0xff >> (length + 1));
  for (let more = 1; more < length; more++) point = (point << 6) | ((chunk[at + more] as number) & 0x3f);
  return point > 0x10_ffff ? 0xfffd : point;
}
