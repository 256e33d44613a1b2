// The stored environments of one project as one devshell sees them: is there one for what is here now, and which was the last that was good.

import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '../../model/environment.ts';
import type { Observation } from '../../model/input.ts';
import { inputPath } from '../../model/input.ts';
import type { Sight } from '../../watch/sight.ts';
import { BuildLock } from './build-lock.ts';
import type { Built, CacheEntry, SeenInput } from './entry.ts';
import { outerDigest } from './entry.ts';
import { Inspection } from './inspection.ts';
import { cacheDirectory, EnvironmentStore, prepareDirectory } from './store.ts';
import type { UserKey } from './user-key.ts';

export interface CacheOptions {
  readonly root: string;
  readonly state: string;
  readonly base: Variables;
  readonly userSettingsFile: string;
  readonly dataDirectory: string;
  /** Which devshell this is: what it evaluates, another may evaluate otherwise. */
  readonly library: string;
}

export type Found =
  /** Evaluating now would give the same environment. `settings`: whether those of the session are as well. */
  | { readonly kind: 'current'; readonly built: Built; readonly settings: 'same' | 'changed' }
  /** Something is not as it was: `changed` are the paths, none where it is the outer environment or devshell itself. `built` has the inputs as they are now. */
  | { readonly kind: 'stale'; readonly built: Built; readonly changed: readonly string[] }
  | { readonly kind: 'nothing' };

export type Kept =
  | { readonly kind: 'stored' }
  /** These inputs are not as they were when they were read. */
  | { readonly kind: 'changed'; readonly paths: readonly string[] }
  /** It cannot be known what it depends on. */
  | { readonly kind: 'unshared'; readonly why: string }
  | { readonly kind: 'unwritable'; readonly why: string };

export class EnvironmentCache {
  readonly #options: CacheOptions;
  readonly #key: UserKey;
  readonly #store: EnvironmentStore;
  readonly #place: string;
  readonly #library: string;
  readonly #told: (note: string) => void;
  /** What the last inspection read. */
  #sights: ReadonlyMap<string, Sight> = new Map();

  /** @param told of entries that are ignored, and why. */
  constructor(options: CacheOptions, key: UserKey, told: (note: string) => void) {
    const { root, state, userSettingsFile, dataDirectory } = options;
    this.#options = options;
    this.#key = key;
    this.#told = told;
    this.#store = new EnvironmentStore(state, key);
    // Everything that decides which files are read, or is handed to layers, beside what they read and the variables.
    this.#library = key.digest('library', options.library);
    this.#place = JSON.stringify([hostname(), process.arch, root, state, userSettingsFile, dataDirectory]);
  }

  /** @param wanted `current`: nothing stale is looked for. */
  async find(wanted: 'current' | 'any', signal: AbortSignal): Promise<Found> {
    const inspection = new Inspection(this.#sights);
    const others: CacheEntry[] = [];
    for (const { path, entry } of this.#store.entries(this.#place, this.#told)) {
      if (await this.#isCurrent(entry, inspection, signal)) {
        this.#store.touch(path, Date.now());
        return this.#current(entry, inspection, signal);
      }
      if (wanted === 'any') others.push(entry);
    }
    const last = others.find((entry) => this.#hasSameOuter(entry)) ?? others[0];
    return last === undefined ? { kind: 'nothing' } : this.#stale(last, inspection, signal);
  }

  /** Keeps an environment for later, if evaluating again would give the same. */
  async keep(built: Built, signal: AbortSignal): Promise<Kept> {
    const { kind: _, observations, reuse, ...rest } = built;
    if (reuse?.kind !== 'reusable') return { kind: 'unshared', why: reuse?.reason ?? 'the builder does not say what it depends on' };
    const inspection = new Inspection(this.#sights);
    const inputs = await inspection.describe(observations, signal);
    this.#sights = inspection.sights;
    const paths = inputs.flatMap(({ input, fingerprint }, index) => (fingerprint === observations[index]?.fingerprint ? [] : [inputPath(input)]));
    if (paths.length > 0) return { kind: 'changed', paths };
    const { variables, named = [] } = reuse;
    const outer = { variables, named, digest: outerDigest(variables, named, this.#options.base, this.#key) };
    try {
      this.#store.write({ place: this.#place, library: this.#library, outer, inputs, built: { ...rest, reuse }, storedAtMs: Date.now() });
      return { kind: 'stored' };
    } catch (error) {
      return { kind: 'unwritable', why: (error as Error).message };
    }
  }

  /** Whether what was seen is still so. */
  holds(observations: readonly Observation[], signal: AbortSignal): Promise<boolean> {
    return new Inspection(this.#sights).holds(observations.map((observation) => ({ ...observation, stamps: null })), signal);
  }

  /** Shared by those who would evaluate the same; whoever has another outer environment is not waited for. Throws what the file system says. */
  lock(): BuildLock {
    const { state, base } = this.#options;
    const world = this.#key.digest('world', JSON.stringify([this.#place, this.#library, outerDigest('all', [], base, this.#key)]));
    const directory = join(turnsDirectory(state), world.slice(0, 16));
    prepareDirectory(state, directory);
    return new BuildLock(directory);
  }

  async #isCurrent(entry: CacheEntry, inspection: Inspection, signal: AbortSignal): Promise<boolean> {
    const inputs = entry.inputs.filter((seen) => !this.#isOfSettings(seen));
    return entry.library === this.#library && this.#hasSameOuter(entry) && (await inspection.holds(inputs, signal));
  }

  async #current(entry: CacheEntry, inspection: Inspection, signal: AbortSignal): Promise<Found> {
    const ofSettings = entry.inputs.filter((seen) => this.#isOfSettings(seen));
    if (await inspection.holds(ofSettings, signal)) return { kind: 'current', built: builtOf(entry, entry.inputs), settings: 'same' };
    return { kind: 'current', built: builtOf(entry, await inspection.present(entry.inputs, signal)), settings: 'changed' };
  }

  /** The user's own settings say nothing of the environment: a change there is no reason to evaluate. */
  #isOfSettings({ input }: SeenInput): boolean {
    return input.kind === 'file' && input.path === this.#options.userSettingsFile;
  }

  #hasSameOuter({ outer: { variables, named, digest } }: CacheEntry): boolean {
    return outerDigest(variables, named, this.#options.base, this.#key) === digest;
  }

  async #stale(entry: CacheEntry, inspection: Inspection, signal: AbortSignal): Promise<Found> {
    const now = await inspection.present(entry.inputs, signal);
    const changed = now.flatMap(({ input, fingerprint }, index) => (fingerprint === entry.inputs[index]?.fingerprint ? [] : [inputPath(input)]));
    return { kind: 'stale', built: builtOf(entry, now), changed };
  }
}

/** Where the turns of everybody who shares this state directory are. */
export function turnsDirectory(state: string): string {
  return join(cacheDirectory(state), 'turns');
}

function builtOf(entry: CacheEntry, inputs: readonly Pick<SeenInput, 'input' | 'fingerprint'>[]): Built {
  return { kind: 'built', ...entry.built, observations: inputs.map(({ input, fingerprint }) => ({ input, fingerprint })) };
}
