// One thing at a time, and an end to all of it.

/** Runs work in the order it comes, each after the one before has ended, until it is closed. */
export class Turns {
  readonly #closing = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Runs `work` when its turn has come. Its signal is aborted by `signal`, and by `close`; then this rejects with the reason. */
  take<Result>(signal: AbortSignal | undefined, work: (within: AbortSignal) => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(() => this.#within(signal, work));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** What `promise` gives, unless `signal` or `close` comes first. */
  race<Result>(signal: AbortSignal, promise: Promise<Result>): Promise<Result> {
    return this.#within(signal, (within) => new Promise<Result>((resolve, reject) => {
      within.addEventListener('abort', () => reject(within.reason as Error), { once: true });
      promise.then(resolve, reject);
    }));
  }

  /** Aborts what runs and refuses what waits; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closing.abort(new DOMException('the watcher is closed', 'AbortError'));
    await this.#last;
  }

  /** Not `AbortSignal.any`: what it makes of a signal that lives as long as the session is never freed (Node 20). */
  async #within<Result>(signal: AbortSignal | undefined, work: (within: AbortSignal) => Promise<Result>): Promise<Result> {
    const within = new AbortController();
    const sources = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const stop = (): void => within.abort(sources.find((source) => source.aborted)?.reason);
    for (const source of sources) source.addEventListener('abort', stop);
    try {
      if (sources.some((source) => source.aborted)) stop();
      within.signal.throwIfAborted();
      return await work(within.signal);
    } finally {
      for (const source of sources) source.removeEventListener('abort', stop);
    }
  }
}
