// Which changes are news: not what the running build has read in this very form, nor what has been told already.

import { type Change, inputKey, type Observation } from '../model/input.ts';

export class News {
  /** What the running build has read; empty between builds. */
  #read = new Map<string, string>();
  /** What was told last of each input, until a build reads something else there. */
  readonly #told = new Map<string, string>();

  /** A build begins: what it reads is to be told here. */
  begin(): (observation: Observation) => void {
    const read = (this.#read = new Map<string, string>());
    return ({ input, fingerprint }) => {
      const key = inputKey(input);
      read.set(key, fingerprint);
      if (this.#told.get(key) !== fingerprint) this.#told.delete(key);
    };
  }

  /** The build has ended: what it read may be undone by what it did afterwards. */
  end(): void {
    this.#read = new Map();
  }

  /** Those of `changes` that are to be told. Watching from what a build saw brings up once more what was told while it ran. */
  of(changes: readonly Change[]): readonly Change[] {
    const news = changes.filter(({ input, fingerprint }) => {
      const key = inputKey(input);
      return this.#read.get(key) !== fingerprint && this.#told.get(key) !== fingerprint;
    });
    for (const { input, fingerprint } of news) this.#told.set(inputKey(input), fingerprint);
    return news;
  }
}
