// The four properties of the reload machine, over random histories, and the scenes that taught us something.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Effect, ReloadEvent, ReloadState } from '../../src/model/reload.ts';
import { cancelRounds, initialState, maxRounds, step, trialMs } from '../../src/model/reload.ts';

/** A world around the machine: files with versions, at most one build, a shell that applies what is published. */
class World {
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

type Act = (world: World) => void;
const path = fc.constantFrom('a', 'b', 'c');
const act: fc.Arbitrary<Act> = fc.oneof(
  path.map((name): Act => (world) => world.edit(name)),
  fc.constant<Act>((world) => world.endBuild('built')),
  fc.constant<Act>((world) => world.endBuild('failed')),
  fc.constant<Act>((world) => world.prompt()),
  fc.constant<Act>((world) => world.rest()),
  fc.constant<Act>((world) => world.send({ kind: 'Pause' })),
  fc.constant<Act>((world) => world.send({ kind: 'Resume', nowMs: world.nowMs })),
  fc.constant<Act>((world) => world.send({ kind: 'Rebuild', nowMs: world.nowMs })),
  path.map((name): Act => (world) => world.send({ kind: 'StartedStale', paths: [name], nowMs: world.nowMs })),
);
const history = fc.array(fc.tuple(act, fc.integer({ min: 11, max: 500 })), { maxLength: 60 });

function play(acts: readonly (readonly [Act, number])[], afterEach: (world: World) => void = () => undefined): World {
  const world = new World();
  for (const [one, afterMs] of acts) {
    one(world);
    afterEach(world);
    world.nowMs += afterMs;
  }
  return world;
}

describe('the reload machine', () => {
  it('never runs two builds at once', () => {
    fc.assert(fc.property(history, (acts) => void play(acts)), { numRuns: 2000 });
  });

  it('forgets no change: left alone, the shell ends in what the files say', () => {
    fc.assert(
      fc.property(history, (acts) => {
        const world = play(acts);
        world.nowMs += 1000;
        world.send({ kind: 'Resume', nowMs: world.nowMs });
        world.edit('a');
        for (let more = 0; more < 3 * maxRounds && world.running !== undefined; more++) {
          world.nowMs += 100;
          world.endBuild('built');
        }
        world.prompt();
        expect(world.shell).toBe(world.content());
        expect(world.state.phase.kind).toBe('idle');
      }),
      { numRuns: 2000 },
    );
  });

  it('publishes nothing that is older than what it knows to have changed, except for a build that changes its own inputs', () => {
    fc.assert(
      fc.property(history, (acts) => {
        play(acts, (world) => {
          const last = world.told.at(-1);
          if (last?.kind === 'publish' && world.state.watching.kind === 'watching') expect(world.published?.id).toBe(world.content());
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves no outdated script waiting while it builds or after that build failed', () => {
    fc.assert(
      fc.property(history, (acts) => {
        play(acts, (world) => {
          if (world.state.phase.kind !== 'ready') expect(world.published).toBeUndefined();
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('cancels a build whose inputs change, and builds once for everything that changed', () => {
    const world = new World();
    world.edit('a');
    world.nowMs += 20;
    world.edit('b');
    world.nowMs += 20;
    world.edit('c');
    expect(world.told.filter(({ kind }) => kind === 'cancel')).toHaveLength(1);
    world.endBuild('built');
    expect(world.running).toMatchObject({ generation: 3, read: 'a1,b1,c1' });
    world.endBuild('built');
    world.prompt();
    expect(world.shell).toBe('a1,b1,c1');
  });

  it('says nothing of a build that gives what the shell already runs in', () => {
    const world = new World();
    world.send({ kind: 'Rebuild', nowMs: world.nowMs });
    world.endBuild('built');
    expect(world.told.at(-1)).toEqual({ kind: 'tell', what: 'unchanged', generation: 2 });
    expect(world.published).toBeUndefined();
  });

  it('keeps the applied environment when a script was withdrawn in the very moment in which the shell read it', () => {
    const world = new World();
    world.edit('a');
    world.endBuild('built');
    const { published } = world;
    world.nowMs += 100;
    world.edit('a');
    expect(world.published).toBeUndefined();
    world.send({ kind: 'Applied', generation: published?.generation ?? 0, id: published?.id ?? '' });
    expect(world.state.applied.id).toBe('a1');
    expect(world.state.phase.kind).toBe('building');
  });

  it('tries a build that seems to change its own input once more when all is quiet, then names and stops it, and keeps its last result', () => {
    const world = new World();
    world.edit('a');
    let builds = 0;
    for (; world.running !== undefined && builds < 100; world.rest()) {
      builds++;
      world.nowMs += 50;
      world.edit('generated');
      world.nowMs += 50;
      world.endBuild('built');
    }
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)).toEqual({ kind: 'tell-self-changing', paths: ['generated'] });
    expect(world.state.phase.kind).toBe('ready');
  });

  it('names and stops a build whose own change is noticed only after it has ended', () => {
    const world = new World();
    world.edit('a');
    let builds = 0;
    for (; world.running !== undefined && builds < 100; world.rest()) {
      builds++;
      const atMs = world.nowMs + 40;
      world.nowMs += 50;
      world.endBuild('built');
      world.files.set('generated', builds);
      world.nowMs += 30;
      world.send({ kind: 'Changed', changes: [{ path: 'generated', atMs }], nowMs: world.nowMs });
    }
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)).toEqual({ kind: 'tell-self-changing', paths: ['generated'] });
  });

  it.each(['while a build runs', 'in the moment it has ended'])('leaves nobody behind who saves again and again %s', (when) => {
    for (let saves = 1; saves < 3 * maxRounds; saves++) {
      const world = new World();
      world.edit('a');
      for (let save = 0; save < saves; save++) {
        world.nowMs += 50;
        if (when === 'while a build runs') world.edit('a');
        world.endBuild('built');
        if (when !== 'while a build runs') world.edit('a');
      }
      for (let quiet = 0; quiet < 3; quiet++, world.rest()) world.endBuild('built');
      world.prompt();
      expect(world.shell).toBe(world.content());
      expect(world.told.some(({ kind }) => kind === 'tell-self-changing')).toBe(false);
    }
  });

  it('tells that nothing is left to make up for when the user asks for a build while paused', () => {
    const world = new World();
    world.send({ kind: 'Pause' });
    world.edit('a');
    world.send({ kind: 'Rebuild', nowMs: world.nowMs });
    expect(world.told.filter(({ kind }) => kind === 'tell-paused').at(-1)).toEqual({ kind: 'tell-paused', paused: true, changed: [] });
    expect(world.running).toMatchObject({ read: 'a1' });
  });

  it('remembers over a pause what was to be tried once more', () => {
    const world = new World();
    world.edit('a');
    while (!world.trialDue) {
      world.nowMs += 50;
      world.edit('a');
      world.endBuild('built');
    }
    world.send({ kind: 'Pause' });
    world.rest();
    expect(world.running).toBeUndefined();
    world.send({ kind: 'Resume', nowMs: world.nowMs });
    world.endBuild('built');
    world.prompt();
    expect(world.shell).toBe(world.content());
  });

  it('lets a build finish that was cancelled often enough, so that steady saving does not keep it from ever ending', () => {
    const world = new World();
    world.edit('a');
    let cancels = 0;
    for (let save = 0; save < 12; save++) {
      world.nowMs += 50;
      world.edit('a');
      cancels += world.running?.cancelled === true ? 1 : 0;
      world.endBuild('built');
    }
    expect(cancels).toBeGreaterThanOrEqual(cancelRounds);
    expect(world.told.some(({ kind }) => kind === 'publish')).toBe(true);
  });

  it('builds for a change made after the build that was stopped for changing its own input', () => {
    const world = new World();
    world.edit('a');
    for (; world.running !== undefined; world.rest()) {
      world.nowMs += 50;
      world.edit('a');
      world.endBuild('built');
    }
    world.nowMs += 1000;
    world.edit('a');
    expect(world.running).toBeDefined();
  });
});
