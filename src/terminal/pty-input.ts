// What is written to a PTY: at once where the kernel takes it, else queued and tried again at growing intervals.
// The master of a PTY cannot be waited for through Node, and node-pty's own queue asks without a pause (79 % CPU while nobody reads).

import { writeSync } from 'node:fs';

/** Between two tries while the program does not read, ms. */
const leastWaitMs = 1;
const mostWaitMs = 50;
/** The kernel's buffer holds 4 KB: more at once gains nothing. */
const portion = 4096;

export class PtyInput {
  readonly #fd: number;
  readonly #queue: Uint8Array[] = [];
  #offset = 0;
  #waitMs = leastWaitMs;
  #timer: NodeJS.Timeout | undefined;
  /** When the program last took something, or there was nothing to take. */
  #progressAtMs = 0;
  #closed = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Bytes that the program has not been given yet. */
  get pendingBytes(): number {
    return this.#queue.reduce((sum, bytes) => sum + bytes.length, 0) - this.#offset;
  }

  /** How long nothing has been taken although there is something, ms. */
  get stuckMs(): number {
    return this.#queue.length === 0 ? 0 : performance.now() - this.#progressAtMs;
  }

  /** Forgets what has not been written yet. */
  clear(): void {
    this.#queue.length = 0;
    this.#offset = 0;
  }

  /** The bytes are kept, not copied, until they are written. */
  write(bytes: Uint8Array): void {
    if (this.#closed || bytes.length === 0) return;
    if (this.#queue.length === 0) {
      const written = this.#try(bytes.subarray(0, portion));
      if (written === bytes.length) return;
      this.#offset = written;
      this.#progressAtMs = performance.now();
    }
    this.#queue.push(bytes);
    if (this.#timer === undefined) this.#drain();
  }

  /** After this nothing is written: the descriptor may belong to something else. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #drain(): void {
    this.#timer = undefined;
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      const written = this.#try(first.subarray(this.#offset, this.#offset + portion));
      if (written === 0) return this.#wait();
      this.#waitMs = leastWaitMs;
      this.#progressAtMs = performance.now();
      this.#offset += written;
      if (this.#offset < first.length) continue;
      this.#queue.shift();
      this.#offset = 0;
    }
  }

  /** How many bytes were taken; 0 if the program has to read first. */
  #try(bytes: Uint8Array): number {
    if (this.#closed) return 0;
    try {
      return writeSync(this.#fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') this.close();
      return 0;
    }
  }

  #wait(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#drain(), this.#waitMs);
    this.#waitMs = Math.min(mostWaitMs, this.#waitMs * 2);
  }
}
