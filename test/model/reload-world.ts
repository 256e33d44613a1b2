// What the reload machine is tested in.

import type { Effect, ReloadEvent, ReloadState } from '../../src/model/reload-state.ts';
import { initialState, trialMs } from '../../src/model/reload-state.ts';
import { step } from '../../src/model/reload.ts';

/** A world around the machine: files with versions, at most one build, a shell that applies what is published. */
export class World {
  state: ReloadState = initialState({ generation: 1, id: 'v0' });
  nowMs = 1000;
  /** Version of each file on disk. */
  readonly files = new Map<string, number>();
  /** What the running build has read. */
  running: { generation: number; read: string; cancelled: boolean } | undefined;
  readonly built = new Map<number, string>();
  published: { generation: number; id: string } | undefined;
  shell = 'v0';
  readonly told: Effect[] = [];
  trialDue = false;

  content(): string {
    const set = [...this.files].sort().map(([path, version]) => `${path}${version}`);
    return set.length === 0 ? 'v0' : set.join();
  }

  send(event: ReloadEvent): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  edit(path: string): void {
    this.files.set(path, (this.files.get(path) ?? 0) + 1);
    this.send({ kind: 'Changed', changes: [{ path, atMs: this.nowMs }], nowMs: this.nowMs });
  }

  endBuild(result: 'built' | 'failed'): void {
    const build = this.running;
    if (build === undefined) return;
    this.running = undefined;
    this.built.set(build.generation, build.read);
    const kind = build.cancelled ? 'cancelled' : result;
    this.send({ kind: 'BuildEnded', generation: build.generation, result: kind === 'built' ? { kind, id: build.read } : { kind }, nowMs: this.nowMs });
  }

  /** It is quiet for a while. */
  rest(): void {
    if (!this.trialDue) return;
    this.trialDue = false;
    this.nowMs += trialMs;
    this.send({ kind: 'TrialDue', nowMs: this.nowMs });
  }

  prompt(): void {
    if (this.published === undefined) return;
    this.shell = this.published.id;
    this.send({ kind: 'Applied', ...this.published });
  }

  #perform(effect: Effect): void {
    this.told.push(effect);
    if (effect.kind === 'wait-for-trial') this.trialDue = true;
    if (effect.kind === 'build') {
      if (this.running !== undefined) throw new Error('two builds at once');
      this.running = { generation: effect.build.generation, read: this.content(), cancelled: false };
    } else if (effect.kind === 'cancel' && this.running?.generation === effect.generation) this.running.cancelled = true;
    else if (effect.kind === 'publish') this.published = { generation: effect.generation, id: this.built.get(effect.generation) ?? '' };
    else if (effect.kind === 'withdraw' && this.published?.generation === effect.generation) this.published = undefined;
  }
}
