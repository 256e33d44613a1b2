// Where filtered output goes, and the splicer that cuts a chunk only where something is changed.

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

export class Splicer {
  #chunk: Buffer = nothing;
  #sink: FilterSink | undefined;
  #from = 0;
  /** Off: only `remove` does anything. */
  rewriting = true;

  begin(chunk: Buffer, sink: FilterSink): void {
    this.#chunk = chunk;
    this.#sink = sink;
    this.#from = 0;
  }

  /** Everything up to `end` that was not changed goes out. */
  flush(end: number): void {
    if (end > this.#from) {
      const whole = this.#from === 0 && end === this.#chunk.length;
      this.#sink?.bytes(whole ? this.#chunk : this.#chunk.subarray(this.#from, end));
    }
    this.#from = Math.max(this.#from, end);
  }

  /** `bytes` go out before what stands at `at`. */
  insert(at: number, bytes: Uint8Array): void {
    if (!this.rewriting) return;
    this.flush(at);
    this.#sink?.bytes(bytes);
  }

  /** `bytes` instead of what stands from `at` to `end`. */
  replace(at: number, end: number, bytes: Uint8Array): void {
    if (!this.rewriting) return;
    this.insert(at, bytes);
    this.#from = end;
  }

  remove(at: number, end: number): void {
    this.flush(at);
    this.#from = end;
  }

  reply(bytes: Uint8Array): void {
    this.#sink?.reply(bytes);
  }

  /** Lets go of the chunk. */
  finish(end: number): void {
    this.flush(end);
    this.#chunk = nothing;
    this.#sink = undefined;
  }
}
