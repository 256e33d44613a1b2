// The four properties of the reload machine, over random histories, and the scenes that taught us something.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelRounds, maxRounds } from '../../src/model/reload-state.ts';
import { World } from './reload-world.ts';

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

  it('tells that nothing is left to make up for when the user asks for a build while paused', () => {
    const world = new World();
    world.send({ kind: 'Pause' });
    world.edit('a');
    world.send({ kind: 'Rebuild', nowMs: world.nowMs });
    expect(world.told.filter(({ kind }) => kind === 'tell-paused').at(-1)).toEqual({ kind: 'tell-paused', paused: true, changed: [] });
    expect(world.running).toMatchObject({ read: 'a1' });
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
});
