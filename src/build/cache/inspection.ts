// What inputs hold now, each looked at once however many stored environments ask for it; a stat spares the reading where nothing stirred.

import type { Fingerprint, Input, Observation } from '../../model/input.ts';
import { inputKey } from '../../model/input.ts';
import { forEachInSlices } from '../../watch/slices.ts';
import type { Sight } from '../../watch/sight.ts';
import { hasStirred, lookAt } from '../../watch/sight.ts';
import type { Stamp } from '../../watch/stamp.ts';
import { readStamp } from '../../watch/stamp.ts';
import type { SeenInput, Stamps } from './entry.ts';

/** One look at the files: what it has seen counts as long as it lasts. */
export class Inspection {
  readonly #before: ReadonlyMap<string, Sight>;
  readonly #seen = new Map<string, Fingerprint>();
  readonly #sights = new Map<string, Sight>();

  /** @param before what was seen earlier in this process: it still counts where a stat says so. */
  constructor(before: ReadonlyMap<string, Sight> = new Map()) {
    this.#before = before;
  }

  /** What was read, to be handed to a later inspection. */
  get sights(): ReadonlyMap<string, Sight> {
    return this.#sights;
  }

  /** Whether every one of them still holds what was seen; ends at the first that does not. */
  async holds(inputs: readonly SeenInput[], signal: AbortSignal): Promise<boolean> {
    let differing = 0;
    await this.#each(
      inputs,
      (now, seen) => {
        if (now !== seen.fingerprint) differing++;
      },
      () => differing > 0,
      signal,
    );
    return differing === 0;
  }

  /** What each of them holds now, in their order. */
  async present(inputs: readonly SeenInput[], signal: AbortSignal): Promise<readonly Observation[]> {
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
        const sight = this.#sight(input, signal);
        const add = (known: Sight): void => void described.push({ input, fingerprint: known.steady ? known.fingerprint : 'unsteady', stamps: stampsOf(known) });
        return sight instanceof Promise ? sight.then(add) : add(sight);
      },
      signal,
    );
    return described;
  }

  async #each(inputs: readonly SeenInput[], visit: (now: Fingerprint, seen: SeenInput) => void, enough: () => boolean, signal: AbortSignal): Promise<void> {
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

  #now({ input, fingerprint, stamps }: SeenInput, signal: AbortSignal): Fingerprint | Promise<Fingerprint> {
    const key = inputKey(input);
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    if (isUnstirred(input, stamps)) {
      this.#seen.set(key, fingerprint);
      return fingerprint;
    }
    const take = (sight: Sight): Fingerprint => {
      this.#seen.set(key, sight.fingerprint);
      return sight.fingerprint;
    };
    const sight = this.#sight(input, signal);
    return sight instanceof Promise ? sight.then(take) : take(sight);
  }

  #sight(input: Input, signal: AbortSignal): Sight | Promise<Sight> {
    const key = inputKey(input);
    const before = this.#before.get(key);
    const keep = (sight: Sight): Sight => {
      this.#sights.set(key, sight);
      return sight;
    };
    if (before !== undefined && !hasStirred(input, before)) return keep(before);
    const sight = lookAt(input, signal);
    return sight instanceof Promise ? sight.then(keep) : keep(sight);
  }
}

/** Git's rule for its index: equal stamps mean equal content, unless they were taken so soon after the change that a second one could hide behind them. */
function stampsOf({ young, steady, stamps }: Sight): Stamps {
  if (young || !steady) return null;
  return stamps instanceof Map ? [...(stamps as ReadonlyMap<string, Stamp>)].map(([path, stamp]) => [path, stampText(stamp)] as const) : stampText(stamps as Stamp);
}

function isUnstirred(input: Input, stamps: Stamps): boolean {
  if (stamps === null) return false;
  if (typeof stamps === 'string') return input.kind !== 'glob' && stampText(readStamp(input.path)) === stamps;
  return stamps.every(([path, stamp]) => stampText(readStamp(path)) === stamp);
}

function stampText(stamp: Stamp): string {
  if (typeof stamp === 'string') return stamp;
  const { dev, ino, size, mtimeNs, ctimeNs } = stamp;
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
