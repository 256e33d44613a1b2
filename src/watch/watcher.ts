// Watches inputs: tells which of them no longer hold what was last seen there, once per settled burst, whatever the kernel keeps to itself.
import { type Change, type Fingerprint, type Input, inputKey, type Observation } from '../model/input.ts';
import type { Problem } from '../model/problem.ts';
import { openChokidar, type OpenDirectoryEvents } from './directory-events.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { limitProblem, watchFailure } from './limit.ts';
import { type Step, Tracer } from './route.ts';
import { type Burst, dueMs, hold, holdMs, lastCallMs, restMs, stir } from './settle.ts';
import { changedAtMs, hasStirred, looksVanished, lookAt, type Sight, visitedDirectories } from './sight.ts';
import { forEachInSlices } from './slices.ts';
import { errorCode, isExhausted } from './stamp.ts';
import { Turns } from './turns.ts';

export interface WatchOptions {
  /** Quiet time after the last event of the kernel; 25 is right for most. */
  readonly settleMs: number;
  /** The longest wait after the first event of a burst, even if events keep coming; 500. */
  readonly maxWaitMs: number;
  /** Pause between two stat sweeps, 1500; longer where a sweep takes so long that it would use more than 0.2 % of a processor. */
  readonly sweepMs: number;
}

export interface WatchListener {
  changed(changes: readonly Change[]): void;
  problem(problem: Problem): void;
}

/** One input and what is known of it. */
interface Entry {
  readonly input: Input;
  /** What the listener knows: the baseline, or what was last reported. */
  known: Fingerprint;
  sight: Sight | undefined;
  /** The way to it that is watched. */
  steps: readonly Step[];
  /** When it was last found as `known` says, in ms since the epoch; 0 for never. */
  confirmedMs: number;
  /** When it was first found missing or empty in this burst, on the monotonic clock. */
  vanishedMs: number | undefined;
}

/** A way that changes while it is traced is traced again this often; after that the sweep goes on with it. */
const maximumRounds = 8;

export class InputWatcher {
  readonly #options: WatchOptions;
  readonly #listener: WatchListener;
  readonly #watches: DirectoryWatches<Entry>;
  readonly #turns = new Turns();
  readonly #told = new Set<string>();
  #entries = new Map<string, Entry>();
  readonly #pending = new Set<Entry>();
  #burst: Burst | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #afterFlush: (() => void)[] = [];

  constructor(options: WatchOptions, listener: WatchListener, open: OpenDirectoryEvents = openChokidar) {
    this.#options = options;
    this.#listener = listener;
    this.#watches = new DirectoryWatches<Entry>(
      { stirred: (entry) => this.#stir(entry), limited: (code) => this.#tell(limitProblem(code, this.#options.sweepMs)) },
      open,
    );
  }

  /** How many inputs are watched. */
  get count(): number {
    return this.#entries.size;
  }

  /**
   * Watches exactly these inputs, each from what was observed there; an input observed twice with different content counts as changed.
   * Resolves when events flow for all of them and what already differs has been reported. Rejects with the reason of `signal`, or after
   * `close`; the new set is kept then, and the sweep goes on with what was not finished.
   */
  async watch(observations: readonly Observation[], signal: AbortSignal): Promise<void> {
    await this.#turns.take(signal, async (within) => {
      this.#restLater(0);
      await this.#replace(observations, within);
      const entries = [...this.#entries.values()];
      await this.#examine(entries, within);
      for (const entry of entries) if (differs(entry)) this.#stir(entry);
    });
    await this.#flushed(signal);
  }

  /** Stats every input now, reads what stirred, and reports what changed before it resolves. Rejects like `watch`. */
  async sweep(signal: AbortSignal): Promise<void> {
    await this.#turns.take(signal, (within) => this.#survey(within));
    await this.#flushed(signal);
  }

  /** Releases everything. Nothing is called any more, and what was waiting rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#sweepTimer);
    await this.#turns.close();
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#sweepTimer);
    this.#pending.clear();
    this.#entries.clear();
    for (const done of this.#afterFlush.splice(0)) done();
    await this.#watches.close();
  }

  async #replace(observations: readonly Observation[], signal: AbortSignal): Promise<void> {
    const baseline = new Map<string, Observation>();
    await forEachInSlices(observations, (observation) => {
      const key = inputKey(observation.input);
      const other = baseline.get(key);
      const torn = other !== undefined && other.fingerprint !== observation.fingerprint;
      baseline.set(key, torn ? { ...observation, fingerprint: `${other.fingerprint} ${observation.fingerprint}` } : observation);
    }, signal);
    const entries = new Map<string, Entry>();
    for (const [key, { input, fingerprint }] of baseline) {
      const entry = this.#entries.get(key) ?? newEntry(input);
      entry.known = fingerprint;
      entries.set(key, entry);
    }
    for (const [key, entry] of this.#entries) if (!entries.has(key)) this.#drop(entry);
    this.#entries = entries;
  }

  #drop(entry: Entry): void {
    this.#pending.delete(entry);
    this.#watches.place(entry, []);
  }

  /** Makes sure that the ways to `entries` are watched, and only then looks at those that stirred: nothing falls in between. */
  async #examine(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    let open = entries;
    for (let round = 0; round < maximumRounds && open.length > 0; round++) {
      await this.#guard(open, signal);
      const further: Entry[] = [];
      await forEachInSlices(open, (entry) => this.#look(entry, further, signal), signal);
      open = further;
    }
  }

  async #guard(entries: readonly Entry[], signal: AbortSignal): Promise<void> {
    this.#watches.verify(entries);
    for (let round = 0; round < maximumRounds; round++) {
      const tracer = new Tracer();
      await forEachInSlices(entries, (entry) => {
        this.#watches.place(entry, tracer.steps(entry.input, visitedDirectories(entry.sight)));
      }, signal);
      if ((await this.#watches.arm(signal)) === 'steady') return;
    }
  }

  #look(entry: Entry, further: Entry[], signal: AbortSignal): void | Promise<void> {
    try {
      if (entry.sight !== undefined && !hasStirred(entry.input, entry.sight)) return this.#see(entry, entry.sight);
      const sight = lookAt(entry.input, signal);
      if (!(sight instanceof Promise)) return this.#see(entry, sight);
      return sight.then((seen) => {
        if (!sameNames(visitedDirectories(entry.sight), visitedDirectories(seen))) further.push(entry);
        this.#see(entry, seen);
      }, (error: unknown) => this.#overlook(entry, error));
    } catch (error) {
      return this.#overlook(entry, error);
    }
  }

  #see(entry: Entry, sight: Sight): void {
    entry.sight = sight;
    if (!looksVanished(entry.input, sight)) entry.vanishedMs = undefined;
    if (!differs(entry)) entry.confirmedMs = Date.now();
  }

  /** The process had nothing left to look with: the next sweep looks again. */
  #overlook(entry: Entry, error: unknown): void {
    if (!isExhausted(error)) throw error;
    entry.sight = undefined;
    this.#tell(limitProblem(errorCode(error) ?? 'EMFILE', this.#options.sweepMs));
  }

  #stir(entry: Entry): void {
    if (this.#turns.closed) return;
    this.#pending.add(entry);
    this.#burst = stir(this.#burst, performance.now());
    this.#flushLater();
  }

  /** One timer per burst: it is set again when it finds the burst going on, not at each event. */
  #flushLater(): void {
    if (this.#flushTimer !== undefined || this.#burst === undefined || this.#turns.closed) return;
    const waitMs = Math.max(0, dueMs(this.#burst, this.#options) - performance.now());
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined;
      if (this.#burst !== undefined && dueMs(this.#burst, this.#options) - performance.now() > 1) this.#flushLater();
      else this.#inBackground((within) => this.#flush(within));
    }, waitMs);
  }

  async #flush(signal: AbortSignal): Promise<void> {
    const burst = this.#burst;
    const entries = [...this.#pending];
    this.#pending.clear();
    this.#burst = undefined;
    if (burst !== undefined) {
      await this.#examine(entries, signal);
      this.#settle(entries.filter(differs), burst);
    }
    if (this.#pending.size === 0) for (const done of this.#afterFlush.splice(0)) done();
  }

  /** Reports what differs, or waits once more if it looks half-done and there is still time. */
  #settle(differing: readonly Entry[], burst: Burst): void {
    const nowMs = performance.now();
    const untilMs = nowMs >= lastCallMs(burst, this.#options) ? nowMs : Math.max(...differing.map((entry) => this.#readyMs(entry, nowMs)));
    const goesOn = this.#burst !== undefined && nowMs < lastCallMs(burst, this.#options);
    if (differing.length > 0 && (untilMs > nowMs || goesOn)) {
      for (const entry of differing) this.#pending.add(entry);
      this.#burst = hold(burst, this.#burst, untilMs);
      this.#flushLater();
    } else if (differing.length > 0) this.#report(differing);
  }

  /** When `entry` may be reported as it is now. */
  #readyMs(entry: Entry, nowMs: number): number {
    if (entry.sight?.steady === false) return nowMs + this.#options.settleMs;
    if (entry.sight === undefined || !looksVanished(entry.input, entry.sight)) return nowMs;
    entry.vanishedMs ??= nowMs;
    return entry.vanishedMs + holdMs(this.#options);
  }

  #report(entries: readonly Entry[]): void {
    const changes: Change[] = [];
    for (const entry of entries) {
      if (entry.sight === undefined) continue;
      const { fingerprint } = entry.sight;
      const madeMs = changedAtMs(entry.sight);
      // What is older than the last look came here by a rename further up, or by another link.
      const atMs = madeMs !== undefined && madeMs >= entry.confirmedMs ? madeMs : Date.now();
      Object.assign(entry, { known: fingerprint, confirmedMs: Date.now(), vanishedMs: undefined });
      changes.push({ input: entry.input, fingerprint, atMs });
    }
    this.#listener.changed(changes);
  }

  /** Stats everything, looks at what stirred, and stirs what differs; resolves to the milliseconds of work. */
  async #survey(signal: AbortSignal): Promise<number> {
    const stirred: Entry[] = [];
    const tracer = new Tracer();
    const spentMs = await forEachInSlices(this.#entries.values(), (entry) => {
      if (this.#hasMoved(entry, tracer)) stirred.push(entry);
    }, signal);
    const verifiedMs = await this.#watches.verifyAll(signal);
    await this.#examine(stirred, signal);
    for (const entry of stirred) if (differs(entry)) this.#stir(entry);
    return spentMs + verifiedMs;
  }

  #hasMoved(entry: Entry, tracer: Tracer): boolean {
    if (entry.sight === undefined || differs(entry) || hasStirred(entry.input, entry.sight)) return true;
    // What was missing is missing still, but perhaps somewhere else: a directory on the way may have become another.
    if (typeof entry.sight.stamps !== 'string') return false;
    this.#watches.place(entry, tracer.steps(entry.input, []));
    return this.#watches.wanting;
  }

  #restLater(tookMs: number): void {
    clearTimeout(this.#sweepTimer);
    if (this.#turns.closed) return;
    const waitMs = restMs(tookMs, this.#options.sweepMs, this.#watches.limited ? 'alone' : 'beside');
    this.#sweepTimer = setTimeout(() => this.#inBackground(async (within) => {
      let spentMs = 0;
      try {
        spentMs = await this.#survey(within);
      } finally {
        this.#restLater(spentMs);
      }
    }), waitMs);
  }

  #inBackground(work: (within: AbortSignal) => Promise<void>): void {
    this.#turns.take(undefined, work).catch((error: unknown) => {
      if (!this.#turns.closed) this.#tell(watchFailure(error));
    });
  }

  /** Resolves when nothing waits to be reported, or after the longest wait of a burst. */
  async #flushed(signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + this.#options.maxWaitMs;
    while (this.#pending.size > 0 && performance.now() < endMs) {
      await this.#turns.race(signal, new Promise<void>((resolve) => this.#afterFlush.push(resolve)));
    }
  }

  #tell(problem: Problem): void {
    if (this.#told.has(problem.message)) return;
    this.#told.add(problem.message);
    this.#listener.problem(problem);
  }
}

function newEntry(input: Input): Entry {
  return { input, known: '', sight: undefined, steps: [], confirmedMs: 0, vanishedMs: undefined };
}

function differs(entry: Entry): boolean {
  return entry.sight !== undefined && entry.sight.fingerprint !== entry.known;
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}
