// Where the state is shown: what the configuration says, or what the user has said since, whichever came last.

import type { StatusMode } from '../model/settings.ts';

/** A build that began before the user's word was in the files may still tell of the mode before: so long it is waited, ms. */
const lateMs = 1000;

export class LineChoice {
  readonly #show: (mode: StatusMode) => void;
  #configured: StatusMode;
  #chosenAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(configured: StatusMode, show: (mode: StatusMode) => void) {
    this.#configured = configured;
    this.#show = show;
  }

  /** The user's word, for this session: it holds until the configuration says something new. */
  choose(mode: StatusMode, nowMs: number): void {
    clearTimeout(this.#timer);
    this.#chosenAtMs = nowMs;
    this.#show(mode);
  }

  /** Settings as a build found them; they may have changed in something else. */
  configured(mode: StatusMode, nowMs: number): void {
    if (mode === this.#configured) return;
    clearTimeout(this.#timer);
    this.#configured = mode;
    const leftMs = this.#chosenAtMs + lateMs - nowMs;
    if (leftMs <= 0) this.#show(mode);
    else this.#timer = setTimeout(() => this.#show(mode), leftMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
