// Waits for something to happen in a directory: the kernel's event where it comes, a look from time to time behind it.

import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

/** No event tells that a process was killed, ms. */
const pollMs = 200;

export class Waiting {
  readonly #watcher: FSWatcher | undefined;
  #state: 'calm' | 'stirred' = 'calm';
  #wake: () => void = () => undefined;

  constructor(directory: string) {
    this.#watcher = open(directory, () => {
      this.#state = 'stirred';
      this.#wake();
    });
  }

  /** Resolves when it is time to look again. Rejects with the reason of `signal`. */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, this.#state === 'stirred' ? 0 : pollMs);
      this.#wake = done;
      signal.addEventListener('abort', done);
    });
    this.#state = 'calm';
    signal.throwIfAborted();
  }

  close(): void {
    this.#watcher?.close();
  }
}

function open(directory: string, stirred: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(directory, stirred);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // At a limit of the system, the looks from time to time are enough.
    return undefined;
  }
}
