// The parameters of one control sequence, read into a place that is used again for the next.

const limit = 32;
const largest = 0x7fffffff;

export class Parameters {
  /** One of `<=>?`, or 0. */
  prefix = 0;
  count = 0;
  /** A private marker in the middle: terminals ignore such a sequence. */
  malformed = false;
  readonly #values = new Int32Array(limit);

  /** Reads the bytes 0x30 to 0x3f between `start` and `end`; of sub-parameters (after a colon) only the first counts. */
  read(chunk: Uint8Array, start: number, end: number): void {
    const first = start < end ? (chunk[start] as number) : 0;
    this.prefix = first >= 0x3c ? first : 0;
    this.malformed = false;
    let index = 0;
    let value = 0;
    let sub = false;
    for (let at = this.prefix === 0 ? start : start + 1; at < end; at++) {
      const byte = chunk[at] as number;
      if (byte <= 0x39) {
        if (!sub) value = Math.min(largest, value * 10 + byte - 0x30);
      } else if (byte === 0x3b) {
        if (index < limit) this.#values[index++] = value;
        value = 0;
        sub = false;
      } else if (byte === 0x3a) {
        sub = true;
      } else {
        this.malformed = true;
      }
    }
    if (index < limit) this.#values[index++] = value;
    this.count = index;
  }

  /** The value at `index`, or `fallback` where it is missing or 0. */
  at(index: number, fallback: number): number {
    const value = index < this.count ? (this.#values[index] as number) : 0;
    return value === 0 ? fallback : value;
  }

  has(value: number): boolean {
    for (let index = 0; index < this.count; index++) if (this.#values[index] === value) return true;
    return false;
  }

  /** All values, for rewriting; allocates. */
  values(): number[] {
    return [...this.#values.subarray(0, this.count)];
  }
}
