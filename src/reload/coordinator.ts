// Drives the reload: feeds `step` with what happens and carries out what it answers, one effect after the other.

import type { BuildOutcome, Freshness, ShellBuilder } from '../model/builder.ts';
import { summarize } from '../model/environment.ts';
import { type Change, inputPath, type Observation } from '../model/input.ts';
import type { ApplyReport } from '../model/mark.ts';
import type { Place, Problem } from '../model/problem.ts';
import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import type { Build, Effect, ReloadEvent, ReloadState } from '../model/reload-state.ts';
import { initialState, trialMs } from '../model/reload-state.ts';
import { step } from '../model/reload.ts';
import { appliedCounts } from '../model/status.ts';
import type { Settings } from '../model/settings.ts';
import { bashScript } from '../script/bash.ts';
import type { Sights } from '../watch/sights.ts';
import { InputWatcher, type WatchOptions } from '../watch/watcher.ts';
import { BuildLog } from './build-log.ts';
import { Generations } from './generations.ts';
import { initNews } from './init-news.ts';
import { News } from './news.ts';
import { aboutOf, environmentId, resultOf, selfChanging, unexpected } from './outcome.ts';
import { Publisher } from './publisher.ts';

export interface CoordinatorOptions {
  readonly builder: ShellBuilder;
  /** The session's private directory: the script and the log go there. */
  readonly directory: string;
  /** What the shell was started with: generation 1. */
  readonly initial: Omit<Extract<BuildOutcome, { kind: 'built' }>, 'kind'>;
  /** A stale one is built anew at once. */
  readonly freshness?: Freshness | undefined;
  readonly watch: WatchOptions;
  /** What was seen of the inputs: shared with the builder, so that neither reads what the other has just read. */
  readonly sights?: Sights | undefined;
  readonly port: Port<ShellCommand, ShellEvent>;
  readonly now: () => number;
}

export class ShellCoordinator {
  readonly #options: CoordinatorOptions;
  readonly #publisher: Publisher;
  readonly #log: BuildLog;
  readonly #watcher: InputWatcher;
  readonly #lifetime = new AbortController();
  #state: ReloadState;
  #settings: Settings;
  #inputs: readonly Observation[];
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #problems: readonly Problem[] = [];
  /** The user asked for the next environment: it is applied at the next prompt even where others are held. */
  #asked = false;
  /** The user asked for a build: until one has ended, what was evaluated earlier will not do. */
  #evaluate: 'when-needed' | 'anew' = 'when-needed';
  readonly #generations: Generations;
  readonly #news = new News();
  readonly #reports = new Map<number, ApplyReport>();
  #queue: Promise<void> = Promise.resolve();
  #trial: NodeJS.Timeout | undefined;
  #shutdown: Promise<void> | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#publisher = new Publisher(options.directory);
    this.#log = new BuildLog(options.directory, options.now);
    this.#watcher = new InputWatcher(options.watch, {
      changed: (changes) => this.#changed(changes),
      problem: (problem) => this.#notice(problem, 'environment'),
    }, options.sights);
    this.#settings = options.initial.settings;
    this.#inputs = options.initial.observations;
    this.#generations = new Generations(options.initial, options.now());
    this.#state = initialState({ generation: 1, id: environmentId(options.initial.environment) });
  }

  /** Resolves when every input of the first environment is watched. */
  async start(): Promise<void> {
    const { port, freshness, now } = this.#options;
    port.onMessage((event) => this.#handle(event));
    if (freshness?.kind === 'stale') this.#dispatch({ kind: 'StartedStale', paths: freshness.changed, nowMs: now() });
    await this.#watch(this.#inputs);
  }

  #handle(event: ShellEvent): void {
    const nowMs = this.#options.now();
    switch (event.kind) {
      case 'Applied':
        return this.#appliedByShell(event.report);
      case 'SetPaused':
        return this.#dispatch(this.#pausing(event.to) ? { kind: 'Pause' } : { kind: 'Resume', nowMs });
      case 'Reload':
        return this.#reload(nowMs);
      case 'ListInputs':
        return this.#post({ kind: 'Inputs', request: event.request, inputs: this.#inputs.map(({ input }) => inputPath(input)) });
      case 'Explain':
        return this.#explain(event.request);
      case 'Exited':
        return void this.close();
    }
  }

  #explain(request: number): void {
    const { phase } = this.#state;
    const { applied, previous, report } = this.#generations;
    const ready = phase.kind === 'ready' ? this.#generations.snapshot(phase.generation) : undefined;
    this.#post({ kind: 'Explained', request, environments: { applied, previous, ready, report } });
  }

  #pausing(to: 'paused' | 'watching' | 'other'): boolean {
    return to === 'other' ? this.#state.watching.kind === 'watching' : to === 'paused';
  }

  /** What is held for the key is released; else the environment is built anew, and not held. */
  #reload(nowMs: number): void {
    this.#asked = true;
    if (this.#state.phase.kind === 'ready' && this.#settings.apply === 'manual') {
      const { generation } = this.#state.phase;
      return this.#enqueue(() => this.#publish(generation));
    }
    this.#evaluate = 'anew';
    this.#dispatch({ kind: 'Rebuild', nowMs });
  }

  #changed(changes: readonly Change[]): void {
    const news = this.#news.of(changes);
    const nowMs = this.#options.now();
    this.#dispatch({ kind: 'Changed', changes: news.map(({ input, atMs }) => ({ path: inputPath(input), atMs })), nowMs });
  }

  #appliedByShell(report: ApplyReport): void {
    const finished = this.#generations.take(report);
    if (finished === undefined) return;
    this.#reports.set(report.generation, report);
    this.#dispatch({ kind: 'Applied', generation: report.generation, id: environmentId(finished.environment) });
    if (finished.environment.init !== '') this.#enqueue(() => this.#tellInit(report, finished.initAt));
  }

  #dispatch(event: ReloadEvent): void {
    if (this.#lifetime.signal.aborted) return;
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'build':
        return this.#build(effect.build);
      case 'cancel':
        return this.#running?.abort.abort();
      case 'publish':
        return this.#enqueue(() => this.#publish(effect.generation));
      case 'withdraw':
        return this.#enqueue(() => this.#publisher.withdraw(effect.generation));
      case 'tell':
        return this.#enqueue(() => this.#tell(effect.what, effect.generation));
      case 'tell-applied':
        return this.#enqueue(() => this.#tellApplied(effect.generation));
      case 'tell-paused':
        return this.#post({ kind: 'Paused', paused: effect.paused, changed: effect.changed });
      case 'tell-self-changing':
        return this.#enqueue(() => this.#notice(selfChanging(effect.paths), 'build'));
      case 'wait-for-trial':
        return this.#waitForTrial();
    }
  }

  #waitForTrial(): void {
    clearTimeout(this.#trial);
    this.#trial = setTimeout(() => this.#dispatch({ kind: 'TrialDue', nowMs: this.#options.now() }), trialMs);
  }

  #build(build: Build): void {
    const abort = new AbortController();
    const { generation, changed, startedAtMs: sinceMs } = build;
    this.#post({ kind: 'Building', generation, changed, sinceMs, about: aboutOf(changed, this.#options.builder) });
    this.#log.note(`build ${build.generation}${build.changed.length === 0 ? '' : `, changed: ${build.changed.slice(0, 20).join(', ')}`}`);
    const request = {
      generation: build.generation,
      changed: build.changed,
      evaluate: this.#evaluate,
      log: (text: string) => this.#log.append(text),
      observed: this.#news.begin(),
    };
    const ended = this.#options.builder
      .build(request, AbortSignal.any([abort.signal, this.#lifetime.signal]))
      .catch((error: unknown): BuildOutcome => ({ kind: 'failed', problems: [unexpected(error)], observations: this.#inputs }))
      .then((outcome) => this.#built(build, outcome));
    this.#running = { abort, ended };
  }

  #built(build: Build, outcome: BuildOutcome): void {
    this.#running = undefined;
    this.#news.end();
    const nowMs = this.#options.now();
    const tookMs = nowMs - build.startedAtMs;
    this.#log.note(`build ${build.generation} ${outcome.kind} after ${tookMs} ms`);
    if (outcome.kind !== 'cancelled') this.#evaluate = 'when-needed';
    if (outcome.kind === 'failed' || outcome.kind === 'blocked') this.#log.problems((this.#problems = outcome.problems));
    if (outcome.kind === 'built') {
      const { environment, provenance, initAt } = outcome;
      this.#generations.add({ build, environment, provenance, initAt, tookMs });
      this.#adopt(outcome.settings, build.generation);
    }
    this.#dispatch({ kind: 'BuildEnded', generation: build.generation, result: resultOf(outcome), nowMs });
    if (outcome.kind !== 'cancelled') this.#enqueue(() => this.#watch(outcome.observations));
  }

  #adopt(settings: Settings, generation: number): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#post({ kind: 'SettingsChanged', generation, settings });
  }

  async #publish(generation: number): Promise<void> {
    const finished = this.#generations.get(generation);
    if (finished === undefined || !this.#isReady(generation)) return;
    const apply = this.#asked ? 'auto' : this.#settings.apply;
    this.#asked = false;
    try {
      await this.#publisher.publish(bashScript(finished.environment, generation, this.#generations.applied), generation, apply);
    } catch (error) {
      this.#problems = [{ message: `cannot write the environment for the shell: ${String(error)}`, file: this.#options.directory }];
      return this.#dispatch({ kind: 'PublishFailed', generation });
    }
    const summary = summarize(this.#generations.applied.environment, finished.environment);
    const { build, tookMs } = finished;
    this.#post({ kind: 'ReloadReady', generation, changed: build.changed, summary, tookMs, held: apply === 'manual' });
  }

  /** A withdrawal may already wait behind this publication. */
  #isReady(generation: number): boolean {
    return this.#state.phase.kind === 'ready' && this.#state.phase.generation === generation;
  }

  #tell(what: 'unchanged' | 'failed' | 'blocked', generation: number): void {
    const nowMs = this.#options.now();
    const tookMs = this.#generations.get(generation)?.tookMs ?? nowMs - (this.#state.lastBuild?.startedAtMs ?? nowMs);
    this.#asked = false;
    if (what === 'unchanged') return this.#post({ kind: 'Unchanged', tookMs });
    if (what === 'blocked') return this.#post({ kind: 'Blocked', problems: this.#problems });
    this.#post({ kind: 'BuildFailed', problems: this.#problems, tookMs });
  }

  #tellApplied(generation: number): void {
    const report = this.#reports.get(generation);
    this.#reports.delete(generation);
    if (report === undefined) return;
    this.#log.note(`generation ${generation} applied  ${appliedCounts(report)}`);
    this.#post({ kind: 'ReloadApplied', report, tookMs: this.#generations.get(generation)?.tookMs ?? 0 });
  }

  /** What init code prints goes to the log, since it may not disturb the prompt; what is wrong with it is told. */
  async #tellInit(report: ApplyReport, at: Place | undefined): Promise<void> {
    const { output, problem } = await initNews(this.#options.directory, report, at);
    this.#log.append(output);
    if (problem !== undefined) this.#notice(problem, 'environment');
  }

  async #watch(observations: readonly Observation[]): Promise<void> {
    this.#inputs = observations;
    await this.#watcher.watch(observations, this.#lifetime.signal);
    this.#post({ kind: 'WatchedFiles', count: this.#watcher.count });
  }

  #notice(problem: Problem, until: 'build' | 'environment'): void {
    this.#log.problems([problem]);
    this.#post({ kind: 'Notice', problem, until });
  }

  #post(command: ShellCommand): void {
    this.#options.port.post(command);
  }

  /** File work happens in the order in which `step` asked for it, so a withdrawal can never overtake its publication. */
  #enqueue(work: () => Promise<void> | void): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => {
      if (!this.#lifetime.signal.aborted) this.#notice(unexpected(error), 'environment');
    });
  }

  /** Ends the running build and everything that is watched; resolves when nothing of it is left. */
  close(): Promise<void> {
    this.#shutdown ??= this.#end();
    return this.#shutdown;
  }

  async #end(): Promise<void> {
    this.#lifetime.abort();
    clearTimeout(this.#trial);
    await this.#running?.ended;
    await this.#queue;
    await this.#watcher.close();
    this.#post({ kind: 'Shutdown' });
    this.#options.port.close();
  }
}
