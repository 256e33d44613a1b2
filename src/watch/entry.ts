// One watched input and what is known of it.
import type { Change, Fingerprint, Input } from '../model/input.ts';
import type { Step } from './route.ts';
import { changedAtMs, looksVanished, type Sight } from './sight.ts';

export interface Entry {
  readonly input: Input;
  /** What the listener knows: the baseline, or what was last reported. */
  known: Fingerprint;
  sight: Sight | undefined;
  /** The way to it that is watched. */
  steps: readonly Step[];
  /** When it was last found as `known` says, in ms since the epoch; 0 for never. */
  confirmedMs: number;
  /** Since when it has been missing or empty without that being reported, on the monotonic clock. */
  vanishedMs: number | undefined;
}

/** The clock that stamps files may be this much behind. */
const clockTickMs = 20;

export function newEntry(input: Input): Entry {
  return { input, known: '', sight: undefined, steps: [], confirmedMs: 0, vanishedMs: undefined };
}

/** True if it was seen to hold something that the listener does not know of. */
export function differs(entry: Entry): boolean {
  return entry.sight !== undefined && entry.sight.fingerprint !== entry.known;
}

/** True if it was seen as the listener knows it, for certain: what comes is told by the kernel, or found by the sweep. */
export function isSettled(entry: Entry): boolean {
  return entry.sight?.steady === true && !entry.sight.young && !differs(entry);
}

/** Watches from `fingerprint` on: where that is another than before, it has not been found so, and what is there may have been made long ago. */
export function know(entry: Entry, fingerprint: Fingerprint): void {
  if (entry.known !== fingerprint) entry.confirmedMs = 0;
  entry.known = fingerprint;
}

/** Takes in what was seen. */
export function see(entry: Entry, sight: Sight): void {
  entry.sight = sight;
  if (!differs(entry)) entry.confirmedMs = Date.now();
  if (!differs(entry) || !looksVanished(entry.input, sight)) entry.vanishedMs = undefined;
}

/** When `entry` may be reported as it was seen, on the monotonic clock: later than `nowMs` if it looks like the middle of a save. */
export function readyMs(entry: Entry, nowMs: number, settleMs: number, holdMs: number): number {
  if (entry.sight?.steady === false) return nowMs + settleMs;
  if (entry.sight === undefined || !looksVanished(entry.input, entry.sight)) return nowMs;
  entry.vanishedMs ??= nowMs;
  return entry.vanishedMs + holdMs;
}

/** The change that is to be reported, which the listener knows from then on. */
export function takeChange(entry: Entry, sight: Sight): Change {
  const madeMs = changedAtMs(sight);
  // What was made well before the last look came here by a rename further up, or by a link that leads elsewhere now.
  const atMs = madeMs !== undefined && madeMs >= entry.confirmedMs - clockTickMs ? madeMs : Date.now();
  entry.known = sight.fingerprint;
  entry.confirmedMs = Date.now();
  entry.vanishedMs = undefined;
  return { input: entry.input, fingerprint: sight.fingerprint, atMs };
}
