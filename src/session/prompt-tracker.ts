// Knows whether the shell sits at its prompt with nothing accepted: the only moment in which it may be nudged.
// Exact, not guessed: an Enter that no prompt has answered yet means that a line may be running, and unknown means no.

/** An Enter forwarded so shortly before a prompt mark arrived may have been read after the mark was written. */
const inFlightMs = 250;
/** A shell that reads a line takes what waits for it, and shows it when that ends the line, within this time; if it reads on, there was no Enter. */
const readMs = 20;

export class PromptTracker {
  /** When each Enter that no prompt has answered was forwarded, ms on a monotonic clock. */
  #unanswered: number[] = [];
  /** Of those, what the last prompt left open: a program may have read it before, or the shell may still read it. When that prompt came. */
  #open: number[] = [];
  #seen = false;

  get atPrompt(): boolean {
    return this.#seen && this.#unanswered.length + this.#open.length === 0;
  }

  /** `count` keys that accept a line were forwarded to the shell. */
  accepted(count: number, nowMs: number): void {
    for (let more = count; more > 0; more--) this.#unanswered.push(nowMs);
  }

  /**
   * The shell is about to show a prompt. It says whether input was already waiting, where it can tell:
   * if none was, everything forwarded before has been consumed, by it or by the programs it ran.
   */
  prompted(typeahead: boolean | undefined, nowMs: number): void {
    this.#seen = true;
    const left = [...this.#open, ...this.#unanswered].slice(1);
    if (typeahead === undefined) return this.#leave(left, []);
    const open = typeahead ? left : left.filter((at) => nowMs - at < inFlightMs);
    const count = typeahead ? Math.max(1, open.length) : open.length;
    this.#leave([], Array.from({ length: count }, () => nowMs));
  }

  /** The shell has begun to read a line since its last prompt and is seen to be still at it. */
  reading(nowMs: number): void {
    this.#open = this.#open.filter((at) => nowMs - at < readMs);
  }

  #leave(unanswered: number[], open: number[]): void {
    this.#unanswered = unanswered;
    this.#open = open;
  }
}
