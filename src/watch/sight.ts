// What was last seen of an input, and whether a mere stat says that it is still so.
import { contentOf, type Fingerprint, type Input } from '../model/input.ts';
import { emptyFingerprint, fingerprintWalk, readInput, type Reading } from './fingerprint.ts';
import { type Walk, walkGlob } from './glob.ts';
import { changedMs, isYoung, readStamp, sameStamp, type Stamp } from './stamp.ts';

export interface Sight {
  readonly fingerprint: Fingerprint;
  /** False if the input changed while it was looked at. */
  readonly steady: boolean;
  /** What a stat of each path gave: one for a file or a directory, one per directory that a glob looked into. */
  readonly stamps: Stamp | ReadonlyMap<string, Stamp>;
  /** True if a later change could bear the same stamps. */
  readonly young: boolean;
  /** Of a glob: what it found. */
  readonly walk?: Walk;
}

/** Looks at the content of `input`; at once where it can be read at once. */
export function lookAt(input: Input, signal: AbortSignal): Sight | Promise<Sight> {
  const nowMs = Date.now();
  if (input.kind === 'glob') return lookAtGlob(input, nowMs, signal);
  const reading = readInput(input, signal);
  return reading instanceof Promise ? reading.then((done) => sightOf(done, nowMs)) : sightOf(reading, nowMs);
}

function sightOf(reading: Reading, nowMs: number): Sight {
  return { fingerprint: reading.fingerprint, steady: reading.steady, stamps: reading.stamp, young: isYoung(reading.stamp, nowMs) };
}

async function lookAtGlob(input: Extract<Input, { kind: 'glob' }>, nowMs: number, signal: AbortSignal): Promise<Sight> {
  const walk = await walkGlob(input.root, input.pattern, input.ignore ?? [], signal);
  const young = [...walk.directories.values()].some((stamp) => isYoung(stamp, nowMs));
  return { fingerprint: fingerprintWalk(walk), steady: true, stamps: walk.directories, young, walk };
}

/** True if `input` may hold something else than `sight` says. Costs a stat, or one per directory of a glob. */
export function hasStirred(input: Input, sight: Sight): boolean {
  if (sight.young) return true;
  if (isWalk(sight.stamps)) return [...sight.stamps].some(([path, stamp]) => !sameStamp(readStamp(path), stamp));
  return input.kind === 'glob' || !sameStamp(readStamp(input.path), sight.stamps);
}

/** The directories that a glob looked into. */
export function visitedDirectories(sight: Sight | undefined): readonly string[] {
  return sight !== undefined && isWalk(sight.stamps) ? [...sight.stamps.keys()] : [];
}

/** True for what a file looks like in the middle of an editor's save. */
export function looksVanished(input: Input, sight: Sight): boolean {
  return input.kind === 'file' && (sight.fingerprint === 'missing' || contentOf(sight.fingerprint) === emptyFingerprint);
}

/** When what is seen was last changed, as the file system tells it, in ms since the epoch; undefined where nothing is there. */
export function changedAtMs(sight: Sight): number | undefined {
  const stamps: Iterable<Stamp> = isWalk(sight.stamps) ? sight.stamps.values() : [sight.stamps];
  let newestMs: number | undefined;
  for (const stamp of stamps) {
    if (typeof stamp !== 'string') newestMs = Math.max(newestMs ?? 0, changedMs(stamp));
  }
  return newestMs;
}

function isWalk(stamps: Sight['stamps']): stamps is ReadonlyMap<string, Stamp> {
  return stamps instanceof Map;
}
