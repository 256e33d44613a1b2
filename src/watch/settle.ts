// When a burst of events is over, and how long the sweep rests: pure arithmetic on milliseconds of one monotonic clock.

export interface SettleOptions {
  /** Quiet time after the last event. */
  readonly settleMs: number;
  /** The longest time from the first event until something is told, even if events keep coming. */
  readonly maxWaitMs: number;
}

/** Events that belong together. */
export interface Burst {
  readonly firstMs: number;
  readonly lastMs: number;
  /** Not over before this, because something looks half-done. */
  readonly heldUntilMs: number;
}

/** `burst` with one more event; undefined for none so far. */
export function stir(burst: Burst | undefined, nowMs: number): Burst {
  return burst === undefined ? { firstMs: nowMs, lastMs: nowMs, heldUntilMs: nowMs } : { ...burst, lastMs: Math.max(burst.lastMs, nowMs) };
}

/** The burst that was thought to be over goes on, together with what `later` brought meanwhile. */
export function hold(burst: Burst, later: Burst | undefined, untilMs: number): Burst {
  return { firstMs: burst.firstMs, lastMs: later?.lastMs ?? burst.lastMs, heldUntilMs: untilMs };
}

/** When the burst is over if nothing else happens. */
export function dueMs(burst: Burst, options: SettleOptions): number {
  return Math.min(Math.max(burst.lastMs + options.settleMs, burst.heldUntilMs), lastCallMs(burst, options));
}

/** From here on what is found is told, however half-done it looks. */
export function lastCallMs(burst: Burst, options: SettleOptions): number {
  return burst.firstMs + options.maxWaitMs;
}

/**
 * How long a file that is missing or empty is waited for before that is told: three more settle times, so that a deletion is told after
 * four (100 ms by default). Editors truncate or rename away and write again within a few.
 */
export function holdMs(options: SettleOptions): number {
  return 3 * options.settleMs;
}

/** Beside kernel events the sweep may take 0.2 % of a processor; alone, 5 %. */
const restPerWork = { beside: 500, alone: 20 } as const;
const aloneMs = 1_000;

/** The pause after a sweep that took `tookMs`: `beside` the kernel's events, or `alone` without them. */
export function restMs(tookMs: number, sweepMs: number, place: 'beside' | 'alone'): number {
  const wishedMs = place === 'alone' ? Math.min(sweepMs, aloneMs) : sweepMs;
  return Math.max(wishedMs, restPerWork[place] * tookMs);
}
