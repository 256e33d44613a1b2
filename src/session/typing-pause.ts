// A pause in what is typed: so long that nothing came, and by then nothing waits in the kernel either.

export class TypingPause {
  readonly #longMs: number;
  readonly #over: () => void;
  #timer: NodeJS.Timeout | undefined;
  #look: NodeJS.Immediate | undefined;

  constructor(longMs: number, over: () => void) {
    this.#longMs = longMs;
    this.#over = over;
  }

  /** It begins now. */
  restart(): void {
    this.stop();
    // Timers come before input in a turn of the loop: on a busy machine, what was typed in time is to be heard first.
    this.#timer = setTimeout(() => {
      this.#look = setImmediate(this.#over);
    }, this.#longMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#look);
  }
}
