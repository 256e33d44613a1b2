// The builder with a memory: what was evaluated once is not evaluated again while nothing changes, and by one of those who want the same.

import type { Configuration } from '../../config/configuration.ts';
import type { Answer } from '../../config/trust.ts';
import { readAnswer, trustFiles } from '../../config/trust.ts';
import type { BuildOutcome, BuildRequest, ShellBuilder } from '../../model/builder.ts';
import type { Observation } from '../../model/input.ts';
import { Sights } from '../../watch/sights.ts';
import type { ProjectBuilderOptions } from '../project-builder.ts';
import type { BuildLock, Turn, TurnEnd } from './build-lock.ts';
import type { Found } from './environment-cache.ts';
import { EnvironmentCache } from './environment-cache.ts';
import type { Built } from './entry.ts';
import { UserKey } from './user-key.ts';

export interface CachingBuilderOptions extends ProjectBuilderOptions {
  /** Which devshell this is: what it evaluates, another may evaluate otherwise. */
  readonly library: string;
  /** What has just been read of trust, for the first look into the cache; a build reads it again, since it is an input. */
  readonly answer?: Answer | undefined;
}

type Log = (text: string) => void;

/** What the files say now of the cache and of the session; undefined where they have mistakes. */
type Present = Pick<Configuration, 'cache' | 'trust' | 'settings'> | undefined;

export class CachingBuilder implements ShellBuilder {
  readonly settingsFiles: readonly string[];
  readonly #options: CachingBuilderOptions & { readonly sights: Sights };
  readonly #said = new Set<string>();
  #cache: EnvironmentCache | 'not opened' | 'unusable' = 'not opened';
  #allowedBy: 'path' | 'content' = 'path';
  #log: Log = () => undefined;
  /** The last result here could not be shared: nobody is waited for then. */
  #shares: 'perhaps' | 'no' = 'perhaps';
  #answer: Answer | undefined;

  constructor(options: CachingBuilderOptions) {
    this.#options = { ...options, sights: options.sights ?? new Sights() };
    this.#answer = options.answer;
    this.settingsFiles = [options.userSettingsFile];
  }

  /** What a session may start with at once: what is right for now, or, where the configuration wants that, what was right before something changed. */
  async enter(log: Log, signal: AbortSignal): Promise<Found> {
    const cache = await this.#open(log);
    if (cache === undefined) return { kind: 'nothing' };
    const found = await cache.find('any', signal);
    if (found.kind === 'nothing') return found;
    const present = found.kind === 'current' && found.settings === 'same' ? undefined : await this.#present();
    if (found.kind === 'current') {
      const built = this.#withSettings(found, present);
      return built === undefined ? { kind: 'nothing' } : { ...found, built: this.#overridden(built) };
    }
    if (present !== undefined && present.cache !== 'auto') return { kind: 'nothing' };
    if (await this.#isDisowned(found.changed, present)) return { kind: 'nothing' };
    const settings = present?.settings ?? found.built.settings;
    return { ...found, built: this.#overridden({ ...found.built, settings }) };
  }

  /** Where content is what is allowed, code of before the last answer is not run again, not even for a while. */
  async #isDisowned(changed: readonly string[], present: Present): Promise<boolean> {
    if (this.#allowedBy === 'path') return present?.trust === 'content';
    const answers = await trustFiles(this.#options.root, this.#options.dataDirectory);
    return changed.some((path) => answers.includes(path));
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    if (request.evaluate === 'anew') this.#options.sights.clear();
    try {
      const outcome = await this.#build(request, signal);
      return outcome.kind === 'built' ? this.#overridden(outcome) : outcome;
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' };
      throw error;
    }
  }

  async #build(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    const cache = await this.#open(request.log);
    if (cache === undefined) return this.#evaluate(request, signal);
    const hit = await this.#stored(cache, request, signal);
    if (hit !== undefined) return hit;
    if ((await this.#present())?.cache === 'off') return this.#evaluate(request, signal);
    return this.#evaluateOnce(cache, request, signal);
  }

  /** Waits for whoever evaluates the same just now, or does it itself. */
  async #evaluateOnce(cache: EnvironmentCache, request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    const lock = this.#lock(cache);
    // Where nobody can be told to wait nothing can be stored either.
    if (lock === undefined) return this.#evaluate(request, signal);
    while (this.#shares === 'perhaps') {
      const taken = lock.take();
      if (taken.kind === 'held') return this.#inTurn(taken.turn, cache, request, signal);
      if (taken.kind === 'unavailable') this.#unwritable(taken.why);
      // Whoever asks for it anew does not want what another began earlier.
      if (taken.kind === 'unavailable' || request.evaluate === 'anew') break;
      request.stage?.('waiting for another devshell');
      const end = await lock.ended(taken.number, signal);
      const shared = (await this.#stored(cache, request, signal)) ?? (await this.#sharedFailure(end, cache, request, signal));
      if (shared !== undefined) return shared;
      if (end.kind === 'unshared') break;
    }
    const outcome = await this.#evaluate(request, signal);
    await this.#endOf(outcome, cache, signal);
    return outcome;
  }

  async #inTurn(turn: Turn, cache: EnvironmentCache, request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    let end: TurnEnd = { kind: 'cancelled' };
    try {
      // Another may have ended between the look and the turn.
      const hit = await this.#stored(cache, request, signal);
      if (hit !== undefined) {
        end = { kind: 'stored' };
        return hit;
      }
      const outcome = await this.#evaluate(request, signal);
      end = await this.#endOf(outcome, cache, signal);
      return outcome;
    } finally {
      turn.end(end);
    }
  }

  async #stored(cache: EnvironmentCache, request: BuildRequest, signal: AbortSignal): Promise<Built | undefined> {
    if (request.evaluate === 'anew') return undefined;
    const found = await cache.find('current', signal);
    if (found.kind !== 'current') return undefined;
    const built = this.#withSettings(found, found.settings === 'same' ? undefined : await this.#present());
    if (built === undefined) return undefined;
    tellObserved(built.observations, request);
    this.#log('taken from the cache: nothing it depends on has changed\n');
    return built;
  }

  /** What failed for another a moment ago fails here as well, unless something has changed since. */
  async #sharedFailure(end: TurnEnd | { readonly kind: 'abandoned' }, cache: EnvironmentCache, request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome | undefined> {
    if (end.kind !== 'failed' || !(await cache.holds(end.observations, signal))) return undefined;
    tellObserved(end.observations, request);
    this.#log('another devshell has just tried, and failed\n');
    return end;
  }

  /** Stores what can be stored, and says what those who wait may expect. */
  async #endOf(outcome: BuildOutcome, cache: EnvironmentCache, signal: AbortSignal): Promise<TurnEnd> {
    switch (outcome.kind) {
      case 'failed':
        return outcome;
      case 'blocked':
      case 'cancelled':
        return { kind: 'cancelled' };
      case 'built':
        return this.#keep(outcome, cache, signal);
    }
  }

  async #keep(outcome: Built, cache: EnvironmentCache, signal: AbortSignal): Promise<TurnEnd> {
    const kept = await cache.keep(outcome, signal);
    this.#shares = outcome.reuse?.kind === 'reusable' ? 'perhaps' : 'no';
    switch (kept.kind) {
      case 'stored':
        return kept;
      case 'changed':
        this.#log(`cache: not stored, since ${kept.paths.slice(0, 5).join(', ')} changed while it was built\n`);
        return { kind: 'cancelled' };
      case 'unshared':
        this.#note(`not stored: ${kept.why}`);
        return kept;
      case 'unwritable':
        this.#unwritable(kept.why);
        return { kind: 'unshared' };
    }
  }

  /** Loaded only where something is to be evaluated: the start is not to pay for it otherwise. */
  async #evaluate(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    const { ProjectBuilder } = await import('../project-builder.ts');
    return new ProjectBuilder({ ...this.#options, overrides: {} }).build(request, signal);
  }

  /** undefined where the user's settings, as they are now, want something else than what is stored, or have mistakes that a build is to name. */
  #withSettings({ built, settings }: Extract<Found, { kind: 'current' }>, present: Present): Built | undefined {
    if (settings === 'same') return built;
    const isAllowed = this.#allowedBy === 'content' || present?.trust === 'path';
    return present === undefined || present.cache === 'off' || !isAllowed ? undefined : { ...built, settings: present.settings };
  }

  /** What the command line says is not part of what is stored. */
  #overridden(built: Built): Built {
    return { ...built, settings: { ...built.settings, ...this.#options.overrides } };
  }

  /** undefined where nothing may be taken from it or put into it: trust comes first, as ever. */
  async #open(log: Log): Promise<EnvironmentCache | undefined> {
    const { root, dataDirectory } = this.#options;
    this.#log = log;
    const answer = this.#answer ?? (await readAnswer(root, dataDirectory).catch(() => undefined));
    this.#answer = undefined;
    this.#allowedBy = answer?.files === undefined ? 'path' : 'content';
    if (answer?.trust !== 'allowed' || this.#cache === 'unusable') return undefined;
    if (this.#cache !== 'not opened') return this.#cache;
    try {
      this.#cache = new EnvironmentCache(this.#options, UserKey.obtain(dataDirectory), (note) => this.#note(note));
      return this.#cache;
    } catch (error) {
      this.#cache = 'unusable';
      this.#note(`the cache is not used: ${(error as Error).message}`);
      return undefined;
    }
  }

  #lock(cache: EnvironmentCache): BuildLock | undefined {
    try {
      return cache.lock();
    } catch (error) {
      this.#unwritable((error as Error).message);
      return undefined;
    }
  }

  /** What the system says of the file it tried is another each time. */
  #unwritable(why: string): void {
    this.#note('nothing can be stored, nor shared with other shells', why);
  }

  async #present(): Promise<Present> {
    const [{ InputReader }, { loadConfiguration }] = await Promise.all([import('../input-reader.ts'), import('../../config/load.ts')]);
    const reader = new InputReader(() => undefined);
    const loaded = await loadConfiguration(this.#options.root, this.#options.userSettingsFile, (path) => reader.read(path)).catch(() => undefined);
    if (loaded?.kind !== 'loaded') return undefined;
    return loaded.configuration;
  }

  /** Once: a disk that is full stays so for many builds. */
  #note(text: string, detail = ''): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#log(`cache: ${text}${detail === '' ? '' : `: ${detail}`}\n`);
  }
}

function tellObserved(observations: readonly Observation[], request: BuildRequest): void {
  for (const observation of observations) request.observed(observation);
}
