// How a process says that it is at work to those who cannot see it: it touches a file from time to time.

import { utimesSync } from 'node:fs';

const everyMs = 2000;
/** Who is silent for so long does not run: stopped, asleep, or dead where nobody can see it. */
export const silentMs = 15_000;

export class Heartbeat {
  readonly #timer: NodeJS.Timeout;

  constructor(path: string) {
    this.#timer = setInterval(() => beat(path), everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** For how long a file was not touched, by the clock of whoever looks: that of whoever touches it may go otherwise. */
export class Silence {
  #mtimeMs: number | undefined;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  ms(mtimeMs: number | undefined, nowMs: number): number {
    if (mtimeMs !== this.#mtimeMs) {
      this.#mtimeMs = mtimeMs;
      this.#sinceMs = nowMs;
    }
    return nowMs - this.#sinceMs;
  }
}

function beat(path: string): void {
  try {
    const nowS = Date.now() / 1000;
    utimesSync(path, nowS, nowS);
  } catch {
    // Removed by the user, or the disk is gone: others will not wait then.
  }
}
