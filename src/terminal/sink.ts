// Where filtered output goes, and the splicer that cuts a chunk only where something is changed.

import { ScreenRecord } from './screen-record.ts';

/** What the filter hands out, in order. Slices of the chunk that was pushed are not copied: write them before changing it. */
export interface FilterSink {
  bytes(slice: Uint8Array): void;
  /** The payload of one of our marks (what stands between `ESC ]` and its end); its bytes are not in the output. */
  mark(payload: string): void;
  /** An answer for the program, to be written to its terminal. */
  reply(bytes: Uint8Array): void;
  /** The program set the window title. */
  title?(text: string): void;
}

const nothing = Buffer.alloc(0);

const stringTerminator = Buffer.from('\x1b\\');

export class Splicer {
  /** While it is on, what goes out is kept in it. */
  readonly record = new ScreenRecord();
  #chunk: Buffer = nothing;
  #sink: FilterSink | undefined;
  #from = 0;
  /** Off: only `remove` and `add` do anything. */
  rewriting = true;
  /** Where a sequence begins that also ends what is open in the terminal (a string, a sequence cut short); -1: nowhere. */
  openAt = -1;

  begin(chunk: Buffer, sink: FilterSink): void {
    this.#chunk = chunk;
    this.#sink = sink;
    this.#from = 0;
  }

  /** Everything up to `end` that was not changed goes out. */
  flush(end: number): void {
    if (end > this.#from) {
      const whole = this.#from === 0 && end === this.#chunk.length;
      this.#out(whole ? this.#chunk : this.#chunk.subarray(this.#from, end));
    }
    this.#from = Math.max(this.#from, end);
  }

  /** What goes out next stands for the sequence at `at`: if that would have ended something, it is ended. */
  separate(at: number): void {
    this.flush(at);
    if (this.openAt !== at) return;
    this.openAt = -1;
    this.#out(stringTerminator);
  }

  /** `bytes` go out before what stands at `at`. */
  insert(at: number, bytes: Uint8Array): void {
    if (this.rewriting) this.add(at, bytes);
  }

  /** The same, even where nothing is rewritten. */
  add(at: number, bytes: Uint8Array): void {
    this.separate(at);
    this.#out(bytes);
  }

  /** `bytes` instead of what stands from `at` to `end`. */
  replace(at: number, end: number, bytes: Uint8Array): void {
    if (!this.rewriting) return;
    this.insert(at, bytes);
    this.#from = end;
  }

  remove(at: number, end: number): void {
    this.separate(at);
    this.#from = end;
  }

  reply(bytes: Uint8Array): void {
    this.#sink?.reply(bytes);
  }

  #out(bytes: Uint8Array): void {
    this.#sink?.bytes(bytes);
    if (this.record.on) this.record.add(bytes);
  }

  /** Lets go of the chunk; what stands from `end` on comes again at the beginning of the next. */
  finish(end: number): void {
    this.flush(end);
    this.openAt = this.openAt === end && end < this.#chunk.length ? 0 : -1;
    this.#chunk = nothing;
    this.#sink = undefined;
  }
}
