// The stored environments of one project as one devshell sees them: is there one for what is here now, and which was the last that was good.

import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '../../model/environment.ts';
import type { Observation } from '../../model/input.ts';
import { inputPath } from '../../model/input.ts';
import type { Sights } from '../../watch/sights.ts';
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
  /** What was seen of inputs in this thread. */
  readonly sights: Sights;
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

/** What must hold for an entry to be current, though more may have to: `never` is one of another devshell, or of other variables. */
type Condition = readonly Observation[] | 'never';

export class EnvironmentCache {
  readonly #options: CacheOptions;
  readonly #key: UserKey;
  readonly #store: EnvironmentStore;
  readonly #place: string;
  readonly #library: string;
  readonly #told: (note: string) => void;
  readonly #conditions = new Map<string, Condition>();

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
    const inspection = new Inspection(this.#options.sights);
    const others: CacheEntry[] = [];
    for (const path of this.#store.paths(this.#place, this.#told)) {
      if (wanted === 'current' && (await this.#isRefuted(path, inspection, signal))) continue;
      const entry = this.#store.read(path, this.#place, this.#told);
      if (entry === undefined) continue;
      const refutation = await this.#refutationOf(entry, inspection, signal);
      if (refutation === undefined) {
        this.#store.touch(path, Date.now());
        return this.#current(entry, inspection, signal);
      }
      this.#conditions.set(path, refutation);
      if (wanted === 'any') others.push(entry);
    }
    const last = others.find((entry) => this.#hasSameOuter(entry)) ?? others[0];
    return last === undefined ? { kind: 'nothing' } : this.#stale(last, inspection, signal);
  }

  /** Keeps an environment for later, if evaluating again would give the same. */
  async keep(built: Built, signal: AbortSignal): Promise<Kept> {
    const { kind: _, observations, reuse, ...rest } = built;
    if (reuse?.kind !== 'reusable') return { kind: 'unshared', why: reuse?.reason ?? 'the builder does not say what it depends on' };
    const inputs = await new Inspection(this.#options.sights).describe(observations, signal);
    const paths = inputs.flatMap(({ input, fingerprint }, index) => (fingerprint === observations[index]?.fingerprint ? [] : [inputPath(input)]));
    if (paths.length > 0) return { kind: 'changed', paths };
    const { variables, named = [] } = reuse;
    const outer = { variables, named, digest: outerDigest(variables, named, this.#options.base, this.#key) };
    try {
      const path = this.#store.write({ place: this.#place, library: this.#library, outer, inputs, built: { ...rest, reuse }, storedAtMs: Date.now() });
      this.#conditions.set(path, observations.filter((seen) => !this.#isOfSettings(seen)));
      return { kind: 'stored' };
    } catch (error) {
      return { kind: 'unwritable', why: (error as Error).message };
    }
  }

  /** Whether what was seen is still so. */
  holds(observations: readonly Observation[], signal: AbortSignal): Promise<boolean> {
    return new Inspection(this.#options.sights).holds(observations, signal);
  }

  /** Shared by those who would evaluate the same; whoever has another outer environment is not waited for. Throws what the file system says. */
  lock(): BuildLock {
    const { state, base } = this.#options;
    const world = this.#key.digest('world', JSON.stringify([this.#place, this.#library, outerDigest('all', [], base, this.#key)]));
    const directory = join(turnsDirectory(state), world.slice(0, 16));
    prepareDirectory(state, directory);
    return new BuildLock(directory);
  }

  /** Known without reading the entry again, which for ten thousand inputs takes longer than looking at them. */
  async #isRefuted(path: string, inspection: Inspection, signal: AbortSignal): Promise<boolean> {
    const condition = this.#conditions.get(path);
    if (condition === undefined) return false;
    if (condition === 'never') return true;
    const other = await inspection.firstOther(condition, signal);
    if (other !== undefined) this.#conditions.set(path, [{ input: other.input, fingerprint: other.fingerprint }]);
    return other !== undefined;
  }

  /** Why an entry is not current; undefined where it is. */
  async #refutationOf(entry: CacheEntry, inspection: Inspection, signal: AbortSignal): Promise<Condition | undefined> {
    if (entry.library !== this.#library || !this.#hasSameOuter(entry)) return 'never';
    const other = await inspection.firstOther(entry.inputs.filter((seen) => !this.#isOfSettings(seen)), signal);
    return other === undefined ? undefined : [{ input: other.input, fingerprint: other.fingerprint }];
  }

  async #current(entry: CacheEntry, inspection: Inspection, signal: AbortSignal): Promise<Found> {
    const ofSettings = entry.inputs.filter((seen) => this.#isOfSettings(seen));
    if (await inspection.holds(ofSettings, signal)) return { kind: 'current', built: builtOf(entry, entry.inputs), settings: 'same' };
    return { kind: 'current', built: builtOf(entry, await inspection.present(entry.inputs, signal)), settings: 'changed' };
  }

  /** The user's own settings say nothing of the environment: a change there is no reason to evaluate. */
  #isOfSettings({ input }: Pick<SeenInput, 'input'>): boolean {
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
