// A build that changes its own inputs, and a user who only seems to: the one is named and stopped, the other never left behind.

import { describe, expect, it } from 'vitest';
import { maxRounds, maxSlowRounds, slowBuildMs } from '../../src/model/reload-state.ts';
import { World } from './reload-world.ts';

/** Ends what begins by itself, until all is quiet: how many builds that were. */
function buildsUntilQuiet(world: World, during: () => void): number {
  let builds = 0;
  for (; world.running !== undefined && builds < 100; world.rest()) {
    builds++;
    during();
  }
  return builds;
}

/** Its last build was changed under so often that it is to be tried once more. */
function suspected(): World {
  const world = new World();
  world.edit('a');
  while (!world.trialDue) {
    world.nowMs += 50;
    world.edit('a');
    world.endBuild('built');
  }
  return world;
}

describe('the reload machine', () => {
  it('tries a build that seems to change its own input once more when all is quiet, then names and stops it, and keeps its last result', () => {
    const world = new World();
    world.edit('a');
    const builds = buildsUntilQuiet(world, () => {
      world.nowMs += 50;
      world.edit('generated');
      world.nowMs += 50;
      world.endBuild('built');
    });
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)).toEqual({ kind: 'tell-self-changing', paths: ['generated'] });
    expect(world.state.phase.kind).toBe('ready');
  });

  it('names and stops a build whose own change is noticed only after it has ended', () => {
    const world = new World();
    world.edit('a');
    const builds = buildsUntilQuiet(world, () => {
      const atMs = world.nowMs + 40;
      world.nowMs += 50;
      world.endBuild('built');
      world.files.set('generated', world.nowMs);
      world.nowMs += 30;
      world.send({ kind: 'Changed', changes: [{ path: 'generated', atMs }], nowMs: world.nowMs });
    });
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)).toEqual({ kind: 'tell-self-changing', paths: ['generated'] });
  });

  it('tries a suspected build once, however many pieces the news of what it changed comes in', () => {
    const world = new World();
    world.edit('a');
    const builds = buildsUntilQuiet(world, () => {
      const atMs = world.nowMs + 40;
      world.nowMs += 50;
      world.endBuild('built');
      for (const path of ['generated', 'another']) {
        world.nowMs += 30;
        if (world.running === undefined) world.send({ kind: 'Changed', changes: [{ path, atMs }], nowMs: world.nowMs });
      }
    });
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)?.kind).toBe('tell-self-changing');
  });

  it('names and stops a build whose own change is noticed only while the next one runs', () => {
    const world = new World();
    world.edit('a');
    let writtenAtMs = 0;
    const builds = buildsUntilQuiet(world, () => {
      world.nowMs += 50;
      // What the build before wrote towards its end is heard of now.
      world.send({ kind: 'Changed', changes: [{ path: 'generated', atMs: writtenAtMs === 0 ? world.nowMs : writtenAtMs }], nowMs: world.nowMs });
      world.nowMs += 50;
      writtenAtMs = world.nowMs;
      world.nowMs += 20;
      world.endBuild('built');
      if (world.trialDue) writtenAtMs = 0;
    });
    expect(builds).toBeLessThanOrEqual(maxRounds + 2);
    expect(world.told.at(-1)).toEqual({ kind: 'tell-self-changing', paths: ['generated'] });
  });

  it('builds at once for a user who saves while a suspected build is to be tried once more', () => {
    const world = suspected();
    world.nowMs += 100;
    world.edit('b');
    expect(world.running).toBeDefined();
    world.endBuild('built');
    world.rest();
    expect(world.running).toBeUndefined();
    world.prompt();
    expect(world.shell).toBe(world.content());
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

  it('loses no save of a user who saves whenever a slow build begins, and stops one that does so itself all the same', () => {
    const saving = (saves: number): World => {
      const world = new World();
      world.edit('a');
      let save = 0;
      buildsUntilQuiet(world, () => {
        world.nowMs += 50;
        if (save++ < saves) world.edit('a');
        world.nowMs += slowBuildMs;
        world.endBuild('built');
      });
      world.prompt();
      return world;
    };
    for (let saves = 1; saves < maxSlowRounds; saves++) {
      const world = saving(saves);
      expect(world.shell).toBe(world.content());
      expect(world.told.some(({ kind }) => kind === 'tell-self-changing')).toBe(false);
    }
    expect(saving(Infinity).told).toContainEqual({ kind: 'tell-self-changing', paths: ['a'] });
  });

  it('never takes for the build’s what is saved elsewhere while it is tried once more, whether it changes its own inputs or not', () => {
    for (const changesItself of [false, true]) {
      const world = new World();
      world.edit('a');
      for (let rounds = 0; !world.trialDue; rounds++) {
        world.nowMs += 50;
        world.edit('generated');
        world.endBuild('built');
      }
      world.rest();
      world.nowMs += 20;
      if (changesItself) world.edit('generated');
      world.edit('saved');
      world.endBuild('built');
      expect(world.running?.read).toContain('saved1');
      if (changesItself) world.edit('generated');
      world.nowMs += 50;
      world.endBuild('built');
      world.rest();
      expect(world.running).toBeUndefined();
      world.prompt();
      expect(world.shell).toContain('saved1');
      expect(world.told.filter(({ kind }) => kind === 'tell-self-changing')).toEqual(changesItself ? [{ kind: 'tell-self-changing', paths: ['generated'] }] : []);
    }
  });

  it('stops a build that changes another of its inputs each time, when it has gone through them', () => {
    for (const count of [1, 2, 7, 30]) {
      const world = new World();
      world.edit('a');
      let builds = 0;
      for (; world.running !== undefined && builds < 1000; world.rest()) {
        builds++;
        world.nowMs += 50;
        world.edit(`generated ${builds % count}`);
        world.endBuild('built');
      }
      expect(builds).toBeLessThanOrEqual(maxRounds + 2 + count);
      expect(world.told.at(-1)?.kind).toBe('tell-self-changing');
    }
  });

  it('remembers over a pause what was to be tried once more', () => {
    const world = suspected();
    world.send({ kind: 'Pause' });
    world.rest();
    expect(world.running).toBeUndefined();
    world.send({ kind: 'Resume', nowMs: world.nowMs });
    world.endBuild('built');
    world.prompt();
    expect(world.shell).toBe(world.content());
  });

  it('builds for a change made after the build that was stopped for changing its own input', () => {
    const world = new World();
    world.edit('a');
    buildsUntilQuiet(world, () => {
      world.nowMs += 50;
      world.edit('a');
      world.endBuild('built');
    });
    world.nowMs += 1000;
    world.edit('a');
    expect(world.running).toBeDefined();
  });
});
