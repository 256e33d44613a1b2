// Watches inputs: tells which of them no longer hold what was last seen there, once per settled burst, whatever the kernel keeps to itself.
import { type Change, inputKey, type Observation } from '../model/input.ts';
import type { Problem } from '../model/problem.ts';
import { openChokidar, type OpenDirectoryEvents } from './directory-events.ts';
import { differs, type Entry, isSettled, know, newEntry, readyMs, takeChange } from './entry.ts';
import { limitProblem, watchFailure } from './limit.ts';
import { Lookout } from './lookout.ts';
import { type Burst, dueMs, hold, holdMs, lastCallMs, restMs, stir } from './settle.ts';
import { Sights } from './sights.ts';
import { forEachInSlices } from './slices.ts';
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

export class InputWatcher {
  readonly #options: WatchOptions;
  readonly #listener: WatchListener;
  readonly #sights: Sights;
  readonly #lookout: Lookout;
  readonly #turns = new Turns();
  readonly #told = new Set<string>();
  #entries = new Map<string, Entry>();
  readonly #pending = new Set<Entry>();
  #burst: Burst | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #afterFlush: (() => void)[] = [];

  /** @param sights shared with those who build from the same inputs; of others nothing is kept in it. */
  constructor(options: WatchOptions, listener: WatchListener, sights = new Sights(), open: OpenDirectoryEvents = openChokidar) {
    this.#options = options;
    this.#listener = listener;
    this.#sights = sights;
    this.#lookout = new Lookout({
      stirred: (entry) => this.#stir(entry),
      limited: (code) => this.#hurry(code),
    }, sights, open);
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
      try {
        const news = await this.#replace(observations, within);
        await this.#lookout.examine(news, within);
        for (const entry of news) if (differs(entry)) this.#stir(entry);
      } finally {
        this.#restLater(0);
      }
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
    await this.#lookout.close();
  }

  /** Returns what is to be examined: not what was seen before, under watch, as it was observed now; whoever observed it has looked as well. */
  async #replace(observations: readonly Observation[], signal: AbortSignal): Promise<readonly Entry[]> {
    const baseline = new Map<string, Observation>();
    await forEachInSlices(observations, (observation) => {
      const key = inputKey(observation.input);
      const other = baseline.get(key);
      const torn = other !== undefined && other.fingerprint !== observation.fingerprint;
      baseline.set(key, torn ? { ...observation, fingerprint: `${other.fingerprint} ${observation.fingerprint}` } : observation);
    }, signal);
    const entries = new Map<string, Entry>();
    const news: Entry[] = [];
    for (const [key, { input, fingerprint }] of baseline) {
      const entry = this.#entries.get(key) ?? newEntry(input);
      if (entry.known !== fingerprint || !isSettled(entry)) news.push(entry);
      know(entry, fingerprint);
      entries.set(key, entry);
    }
    for (const [key, entry] of this.#entries) if (!entries.has(key)) this.#drop(entry);
    this.#entries = entries;
    this.#sights.retain(entries);
    return news;
  }

  #drop(entry: Entry): void {
    this.#pending.delete(entry);
    this.#lookout.drop(entry);
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
    // Timers come before events in a turn of the loop: after a stall, the events that wait in the kernel are to be heard first.
    this.#flushTimer = setTimeout(() => setImmediate(() => this.#flushNow()), Math.max(0, this.#quietInMs(this.#burst)));
  }

  #flushNow(): void {
    this.#flushTimer = undefined;
    if (this.#burst !== undefined && this.#quietInMs(this.#burst) > 1) this.#flushLater();
    else this.#inBackground((within) => this.#flush(within));
  }

  #quietInMs(burst: Burst): number {
    return dueMs(burst, this.#options) - performance.now();
  }

  async #flush(signal: AbortSignal): Promise<void> {
    const burst = this.#burst;
    const entries = [...this.#pending];
    this.#pending.clear();
    this.#burst = undefined;
    try {
      await this.#lookout.examine(entries, signal);
      if (burst !== undefined) this.#settle(entries.filter(differs), burst);
    } finally {
      for (const done of this.#afterFlush.splice(0)) done();
    }
  }

  /** Reports what differs, or waits once more while it stirs or looks half-done and there is still time. */
  #settle(differing: readonly Entry[], burst: Burst): void {
    if (differing.length === 0) return;
    const nowMs = performance.now();
    const isLastCall = nowMs >= lastCallMs(burst, this.#options);
    const untilMs = differing.reduce((ms, entry) => Math.max(ms, readyMs(entry, nowMs, this.#options.settleMs, holdMs(this.#options))), nowMs);
    if (isLastCall || (untilMs === nowMs && this.#burst === undefined)) return this.#report(differing);
    for (const entry of differing) this.#pending.add(entry);
    this.#burst = hold(burst, this.#burst, untilMs);
    this.#flushLater();
  }

  #report(entries: readonly Entry[]): void {
    this.#listener.changed(entries.flatMap((entry) => (entry.sight === undefined ? [] : [takeChange(entry, entry.sight)])));
  }

  async #survey(signal: AbortSignal): Promise<number> {
    const { stirred, tookMs } = await this.#lookout.survey(this.#entries.values(), signal);
    for (const entry of stirred) if (differs(entry)) this.#stir(entry);
    return tookMs;
  }

  #restLater(tookMs: number): void {
    clearTimeout(this.#sweepTimer);
    if (this.#turns.closed) return;
    const waitMs = restMs(tookMs, this.#options.sweepMs, this.#lookout.limited ? 'alone' : 'beside');
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
      this.#tell(watchFailure(error));
    });
  }

  /** Resolves when nothing waits to be reported, or after the longest wait of a burst. */
  async #flushed(signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + this.#options.maxWaitMs;
    while (this.#pending.size > 0 && performance.now() < endMs) {
      await this.#turns.race(signal, new Promise<void>((resolve) => this.#afterFlush.push(resolve)));
    }
  }

  /** A limit of the system is told once; from then on the sweep has to be quick. */
  #hurry(code: string): void {
    if (this.#tell(limitProblem(code, this.#options.sweepMs))) this.#restLater(0);
  }

  #tell(problem: Problem): boolean {
    if (this.#turns.closed || this.#told.has(problem.message)) return false;
    this.#told.add(problem.message);
    this.#listener.problem(problem);
    return true;
  }
}
