// What inputs hold now, each looked at once however many stored environments ask for it; a stat spares the reading where nothing stirred.

import type { Fingerprint, Observation } from '../../model/input.ts';
import { inputKey } from '../../model/input.ts';
import { forEachInSlices } from '../../watch/slices.ts';
import type { Sight } from '../../watch/sight.ts';
import type { Sights } from '../../watch/sights.ts';
import type { Stamp } from '../../watch/stamp.ts';
import { readStamp } from '../../watch/stamp.ts';
import type { SeenInput, Stamps } from './entry.ts';

/** With the stamps that were stored with it, where there are any. */
export type SeenBefore = Observation & Partial<Pick<SeenInput, 'stamps'>>;

/** One look at the files: what it has seen counts as long as it lasts. */
export class Inspection {
  readonly #sights: Sights;
  readonly #seen = new Map<string, Fingerprint>();

  /** @param sights what was seen earlier in this thread: it still counts where a stat says so. */
  constructor(sights: Sights) {
    this.#sights = sights;
  }

  /** The first of them that does not hold any more what was seen; undefined where all do. */
  async firstOther(inputs: readonly SeenBefore[], signal: AbortSignal): Promise<SeenBefore | undefined> {
    let other: SeenBefore | undefined;
    const visit = (now: Fingerprint, seen: SeenBefore): void => {
      if (now !== seen.fingerprint) other ??= seen;
    };
    await this.#each(inputs, visit, () => other !== undefined, signal);
    return other;
  }

  /** Whether every one of them still holds what was seen. */
  async holds(inputs: readonly SeenBefore[], signal: AbortSignal): Promise<boolean> {
    return (await this.firstOther(inputs, signal)) === undefined;
  }

  /** What each of them holds now, in their order. */
  async present(inputs: readonly SeenBefore[], signal: AbortSignal): Promise<readonly Observation[]> {
    const present: Observation[] = [];
    await this.#each(inputs, (fingerprint, { input }) => void present.push({ input, fingerprint }), () => false, signal);
    return present;
  }

  /** What they hold now, with the stamps by which that can be told again. */
  async describe(observations: readonly Observation[], signal: AbortSignal): Promise<readonly SeenInput[]> {
    const described: SeenInput[] = [];
    await forEachInSlices(
      observations,
      ({ input }) => {
        const sight = this.#sights.look(input, signal);
        const add = (known: Sight): void => void described.push({ input, fingerprint: known.steady ? known.fingerprint : 'unsteady', stamps: stampsOf(known) });
        return sight instanceof Promise ? sight.then(add) : add(sight);
      },
      signal,
    );
    return described;
  }

  async #each(inputs: readonly SeenBefore[], visit: (now: Fingerprint, seen: SeenBefore) => void, enough: () => boolean, signal: AbortSignal): Promise<void> {
    await forEachInSlices(
      inputs,
      (seen) => {
        if (enough()) return undefined;
        const now = this.#now(seen, signal);
        return now instanceof Promise ? now.then((found) => visit(found, seen)) : visit(now, seen);
      },
      signal,
    );
  }

  #now({ input, fingerprint, stamps = null }: SeenBefore, signal: AbortSignal): Fingerprint | Promise<Fingerprint> {
    const key = inputKey(input);
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const take = (sight: Sight): Fingerprint => {
      this.#seen.set(key, sight.fingerprint);
      return sight.fingerprint;
    };
    // What this thread has seen itself is newer, and compared without making a text of it.
    const stored = this.#sights.has(input) ? undefined : sightBy({ input, fingerprint, stamps });
    if (stored !== undefined) this.#sights.learn(input, stored);
    const sight = stored ?? this.#sights.look(input, signal);
    return sight instanceof Promise ? sight.then(take) : take(sight);
  }
}

/** Git's rule for its index: equal stamps mean equal content, unless they were taken so soon after the change that a second one could hide behind them. */
function stampsOf({ young, steady, stamps }: Sight): Stamps {
  if (young || !steady) return null;
  return stamps instanceof Map ? [...(stamps as ReadonlyMap<string, Stamp>)].map(([path, stamp]) => [path, stampText(stamp)] as const) : stampText(stamps as Stamp);
}

/** What was seen when these stamps were taken, if a stat gives the same now. */
function sightBy({ input, fingerprint, stamps }: SeenInput): Sight | undefined {
  if (stamps === null) return undefined;
  const paths = typeof stamps !== 'string' ? stamps : input.kind === 'glob' ? undefined : ([[input.path, stamps]] as const);
  const present = paths?.map(([path, text]) => [path, readStamp(path), text] as const);
  if (present === undefined || present.some(([, stamp, text]) => stampText(stamp) !== text)) return undefined;
  const now = new Map(present.map(([path, stamp]) => [path, stamp]));
  const only = input.kind === 'glob' ? undefined : now.get(input.path);
  return { fingerprint, steady: true, young: false, stamps: only ?? now };
}

function stampText(stamp: Stamp): string {
  if (typeof stamp === 'string') return stamp;
  const { dev, ino, size, mtimeNs, ctimeNs } = stamp;
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
