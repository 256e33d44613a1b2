// A build of many inputs reads those that have changed, and nothing twice: what the watcher has read the builder does not read again.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CachingBuilder } from '../../src/build/cache/caching-builder.ts';
import { writeTrust } from '../../src/config/trust.ts';
import { type Change, inputPath, type Observation } from '../../src/model/input.ts';
import { lookAt } from '../../src/watch/sight.ts';
import { Sights } from '../../src/watch/sights.ts';
import { InputWatcher } from '../../src/watch/watcher.ts';
import { base, build, builder, never, root, runs, toml, valueOf, write } from './counted-project.ts';

const names = Array.from({ length: 300 }, (_, index) => `data/${index % 10}/${index}`);
let read: string[];
let sights: Sights;
let one: CachingBuilder;

beforeEach(async () => {
  read = [];
  sights = new Sights(undefined, (input, signal) => {
    read.push(inputPath(input));
    return lookAt(input, signal);
  });
  one = builder({ sights });
  write('values', 'A=1\n');
  write('devshell.toml', `${toml('cat values data/3/3')}[watch]\npaths = ["data/**"]\n`);
  for (const name of names) write(name, `B=${name}\n`);
  await grownOld(...names);
});

/** Until the clock that stamps files has gone on for certain. */
async function grownOld(...changed: readonly string[]): Promise<void> {
  const newestMs = Math.max(...changed.map((name) => statSync(join(root, name)).ctimeMs));
  await expect.poll(() => Date.now() - newestMs, { timeout: 20_000, interval: 5 }).toBeGreaterThan(25);
}

async function observationsOf(outcome = build(one)): Promise<readonly Observation[]> {
  const done = await outcome;
  return done.kind === 'built' ? done.observations : [];
}

const distinct = (): string[] => [...new Set(read.splice(0))].sort();

test('a build reads of many inputs only the one that has changed', async () => {
  const observations = await observationsOf();
  expect(observations.length).toBeGreaterThan(names.length);
  expect(new Set(read).size).toBe(read.length);
  for (const [name, text] of [['data/3/3', 'A=changed\n'], ['data/9/299', 'B=changed\n'], ['values', 'A=2\n']] as const) {
    read = [];
    write(name, text);
    await build(one);
    expect(distinct()).toEqual([join(root, name)]);
  }
  expect(valueOf(await build(one))).toBe('changed');
});

test('a build for a file that came or went reads nothing that was there before', async () => {
  await build(one);
  read = [];
  write('data/new', 'B=new\n');
  const observations = await observationsOf();
  expect(observations.map(({ input }) => inputPath(input))).toContain(join(root, 'data/new'));
  expect(distinct()).toEqual([join(root, 'data/**'), join(root, 'data/new')].sort());
});

test('a build that the user asks for reads everything', async () => {
  await build(one);
  read = [];
  await build(one, { evaluate: 'anew' });
  expect(distinct()).toEqual(expect.arrayContaining(names.map((name) => join(root, name))));
});

test('code that is allowed by its content is read before it runs, whatever was seen of it', async () => {
  write('devshell.toml', `trust = "content"\n${toml('cat values', 'inputs = ["data/3/*"]')}`);
  const code = ['devshell.toml', 'values', ...names.filter((name) => name.startsWith('data/3/'))];
  const look = async (path: string) => lookAt({ kind: 'file', path }, never);
  const before = new Map(await Promise.all(code.map(async (name) => [join(root, name), await look(join(root, name))] as const)));
  await writeTrust(root, 'allowed', join(base, 'data'), new Map([...before].map(([path, { fingerprint }]) => [path, fingerprint])));
  const blind = builder({ sights: new Sights(undefined, (input, signal) => before.get(inputPath(input)) ?? lookAt(input, signal)) });
  expect((await build(blind, { evaluate: 'anew' })).kind).toBe('built');
  write('data/3/3', 'A=other\n');
  expect((await build(blind, { evaluate: 'anew' })).kind).toBe('blocked');
  expect(runs()).toBe(1);
});

test('what a first build has seen, or found stored, a thread that goes on from there does not read', async () => {
  await build(builder());
  for (const anew of ['anew', 'when-needed'] as const) {
    const first = new Sights();
    const { observations } = (await build(builder({ sights: first }), { evaluate: anew })) as { observations: readonly Observation[] };
    const clone = structuredClone(first.all);
    read = [];
    sights = new Sights(clone, (input, signal) => {
      read.push(inputPath(input));
      return lookAt(input, signal);
    });
    for (const { input, fingerprint } of observations) expect((await sights.look(input, never)).fingerprint).toBe(fingerprint);
    expect(read.filter((path) => path.startsWith(join(root, 'data')))).toEqual([]);
    await build(builder({ sights }));
    expect(read.filter((path) => names.includes(path.slice(root.length + 1)))).toEqual([]);
  }
});

let watcher: InputWatcher | undefined;
afterEach(() => watcher?.close());

test('what the build has read the watcher does not read, and what the watcher has read the build does not', async () => {
  const changes: Change[] = [];
  watcher = new InputWatcher({ settleMs: 25, maxWaitMs: 500, sweepMs: 60_000 }, { changed: (more) => void changes.push(...more), problem: () => undefined }, sights);
  await watcher.watch(await observationsOf(), never);
  expect(new Set(read).size).toBe(read.length);
  read = [];
  write('data/3/3', 'A=changed\n');
  await expect.poll(() => changes.map(({ input }) => inputPath(input)), { timeout: 20_000 }).toEqual([join(root, 'data/3/3')]);
  await grownOld('data/3/3');
  await watcher.watch(await observationsOf(), never);
  expect(distinct()).toEqual([join(root, 'data/3/3')]);
  expect(changes).toHaveLength(1);
});
