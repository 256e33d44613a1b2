// Knows whether the shell sits at its prompt with nothing accepted: the only moment in which it may be nudged.
// Exact, not guessed: an Enter that no prompt has answered yet means that a line may be running, and unknown means no.

/** An Enter forwarded so shortly before a prompt mark arrived may have been read after the mark was written. */
const inFlightMs = 250;

export class PromptTracker {
  /** When each Enter that no prompt has answered was forwarded, ms on a monotonic clock. */
  #unanswered: number[] = [];
  #seen = false;

  get atPrompt(): boolean {
    return this.#seen && this.#unanswered.length === 0;
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
    this.#unanswered.shift();
    if (typeahead === false) this.#unanswered = this.#unanswered.filter((at) => nowMs - at < inFlightMs);
    if (typeahead === true && this.#unanswered.length === 0) this.#unanswered.push(nowMs);
  }
}
