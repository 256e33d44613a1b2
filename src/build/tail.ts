// The last part of a text that may be of any length: the end of what a tool says is what tells why it failed.

export class Tail {
  readonly #limit: number;
  #text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(text: string): void {
    this.#text += text;
    // One character more than is given back tells that something is missing.
    if (this.#text.length > 2 * this.#limit) this.#text = this.#text.slice(-this.#limit - 1);
  }

  /** Whole lines, unless there is only one. */
  get text(): string {
    if (this.#text.length <= this.#limit) return this.#text;
    const end = this.#text.slice(-this.#limit);
    return end.slice(end.indexOf('\n') + 1) || end;
  }
}
