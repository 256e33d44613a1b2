// Where the state is shown: what the configuration says, or what the user has said since, whichever came last.

import type { StatusMode } from '../model/settings.ts';

export class LineChoice {
  readonly #show: (mode: StatusMode) => void;
  #configured: StatusMode;
  /** Of the latest build that has begun. */
  #begun = 0;
  /** Of the latest one that had begun when the user chose: it may have read the files as they were before. */
  #before = 0;

  constructor(configured: StatusMode, show: (mode: StatusMode) => void) {
    this.#configured = configured;
    this.#show = show;
  }

  /** A build begins, and will read the files as they are now. */
  began(generation: number): void {
    this.#begun = Math.max(this.#begun, generation);
  }

  /** The user's word, for this session: it holds until the configuration says something new. */
  choose(mode: StatusMode): void {
    this.#before = this.#begun;
    this.#show(mode);
  }

  /** Settings as that build found them; they may have changed in something else. */
  configured(mode: StatusMode, generation: number): void {
    if (mode === this.#configured) return;
    this.#configured = mode;
    if (generation > this.#before) this.#show(mode);
  }
}
