// Looks at inputs, and keeps the ways to them watched: always in this order, so that nothing falls in between.
import type { OpenDirectoryEvents } from './directory-events.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { differs, type Entry, see } from './entry.ts';
import { Tracer } from './route.ts';
import { hasStirred, type Sight, visitedDirectories } from './sight.ts';
import type { Sights } from './sights.ts';
import { forEachInSlices } from './slices.ts';
import { errorCode, isExhausted } from './stamp.ts';

export interface LookoutListener {
  /** The kernel says that something happened on the way to `entry`. */
  stirred(entry: Entry): void;
  /** The system has a limit, by its error code. */
  limited(code: string): void;
}

/** A way that changes while it is traced is traced again this often; after that the sweep goes on with it. */
const maximumRounds = 8;

export class Lookout {
  readonly #listener: LookoutListener;
  readonly #sights: Sights;
  readonly #watches: DirectoryWatches<Entry>;

  constructor(listener: LookoutListener, sights: Sights, open: OpenDirectoryEvents) {
    this.#listener = listener;
    this.#sights = sights;
    this.#watches = new DirectoryWatches<Entry>(listener, open);
  }

  /** True while some directory cannot be watched for a limit of the system. */
  get limited(): boolean {
    return this.#watches.limited;
  }

  drop(entry: Entry): void {
    this.#watches.place(entry, []);
  }

  close(): Promise<void> {
    return this.#watches.close();
  }

  /** Watches the ways to `entries` and then looks at those that stirred since they were last seen. */
  async examine(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    let open = entries;
    for (let round = 0; round < maximumRounds && open.length > 0; round++) {
      await this.#guard(open, signal);
      const further: Entry[] = [];
      await forEachInSlices(open, (entry) => this.#look(entry, further, signal), signal);
      // A glob that looked into other directories than before has another way.
      open = further;
    }
  }

  /** Stats everything and looks at what stirred. `tookMs` is what it takes when nothing did. */
  async survey(entries: Iterable<Entry>, signal: AbortSignal): Promise<{ stirred: readonly Entry[]; tookMs: number }> {
    const stirred: Entry[] = [];
    const tracer = new Tracer();
    const startedMs = performance.now();
    await forEachInSlices(entries, (entry) => {
      if (this.#hasMoved(entry, tracer)) stirred.push(entry);
    }, signal);
    await this.#watches.verifyAll(signal);
    const tookMs = performance.now() - startedMs;
    await this.examine(stirred, signal);
    return { stirred, tookMs };
  }

  async #guard(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    await this.#watches.verify(entries, signal);
    for (let round = 0; round < maximumRounds; round++) {
      const tracer = new Tracer();
      await forEachInSlices(entries, (entry) => void this.#trace(entry, tracer), signal);
      if ((await this.#watches.arm(signal)) === 'steady') return;
    }
  }

  /** True if the way to `entry` is another than before. */
  #trace(entry: Entry, tracer: Tracer): boolean {
    return this.#watches.place(entry, tracer.steps(entry.input, visitedDirectories(entry.sight)));
  }

  #look(entry: Entry, further: Entry[], signal: AbortSignal): void | Promise<void> {
    try {
      const take = (seen: Sight): void => {
        if (!sameNames(visitedDirectories(entry.sight), visitedDirectories(seen))) further.push(entry);
        see(entry, seen);
      };
      const sight = this.#sights.look(entry.input, signal);
      return sight instanceof Promise ? sight.then(take).catch((error: unknown) => this.#overlook(entry, error)) : take(sight);
    } catch (error) {
      return this.#overlook(entry, error);
    }
  }

  /** The process had nothing left to look with: the next sweep looks again. */
  #overlook(entry: Entry, error: unknown): void {
    if (!isExhausted(error)) throw error;
    entry.sight = undefined;
    this.#listener.limited(errorCode(error) ?? 'EMFILE');
  }

  #hasMoved(entry: Entry, tracer: Tracer): boolean {
    if (entry.sight === undefined || differs(entry) || hasStirred(entry.input, entry.sight)) return true;
    // What was missing is still missing, but perhaps somewhere else: a directory on the way may have become another.
    return typeof entry.sight.stamps === 'string' && this.#trace(entry, tracer);
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 && b.length === 0) return true;
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}
