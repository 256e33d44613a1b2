// The environments that were built, and what became of them: which one the shell runs in, which one it ran in before.

import type { BuildOutcome } from '../model/builder.ts';
import type { Environment } from '../model/environment.ts';
import type { ApplyReport } from '../model/mark.ts';
import type { Place } from '../model/problem.ts';
import type { Provenance } from '../model/provenance.ts';
import { noProvenance } from '../model/provenance.ts';
import type { Build } from '../model/reload-state.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** So many builds back a shell may still be busy applying one. */
const keptGenerations = 8;

export interface Finished {
  readonly build: Build;
  readonly environment: Environment;
  readonly provenance: Provenance | undefined;
  readonly initAt: Place | undefined;
  readonly tookMs: number;
}

export class Generations {
  readonly #finished = new Map<number, Finished>();
  #applied: Snapshot;
  #previous: Snapshot | undefined;
  #report: ApplyReport | undefined;

  /** What the shell was started with is generation 1. */
  constructor(initial: Omit<Extract<BuildOutcome, { kind: 'built' }>, 'kind'>, nowMs: number) {
    const first = { build: { generation: 1, changed: [], startedAtMs: nowMs }, provenance: initial.provenance, initAt: initial.initAt, tookMs: 0 };
    this.add({ ...first, environment: initial.environment });
    this.#applied = { generation: 1, environment: initial.environment, provenance: initial.provenance ?? noProvenance };
  }

  /** What the shell runs in. */
  get applied(): Snapshot {
    return this.#applied;
  }

  /** What it ran in before the last reload. */
  get previous(): Snapshot | undefined {
    return this.#previous;
  }

  /** What the shell said of the last reload. */
  get report(): ApplyReport | undefined {
    return this.#report;
  }

  add(finished: Finished): void {
    this.#finished.set(finished.build.generation, finished);
    this.#finished.delete(finished.build.generation - keptGenerations);
  }

  get(generation: number): Finished | undefined {
    return this.#finished.get(generation);
  }

  snapshot(generation: number): Snapshot | undefined {
    const finished = this.#finished.get(generation);
    return finished && { generation, environment: finished.environment, provenance: finished.provenance ?? noProvenance };
  }

  /** The shell says that it has merged one; undefined where that is none of ours. */
  take(report: ApplyReport): Finished | undefined {
    const snapshot = this.snapshot(report.generation);
    if (snapshot === undefined) return undefined;
    if (snapshot.generation !== this.#applied.generation) this.#previous = this.#applied;
    this.#applied = snapshot;
    this.#report = report;
    return this.#finished.get(report.generation);
  }
}
