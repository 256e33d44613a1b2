// Reads inputs on behalf of one build and remembers what was seen: the fingerprint of the very bytes that were used.

import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Fingerprint, Input, Observation } from '../model/input.ts';
import { fileFingerprint, inputKey } from '../model/input.ts';
import { isExecutable } from '../watch/executable.ts';
import { fingerprint, fingerprintBytes } from '../watch/fingerprint.ts';
import { isPattern } from '../watch/glob.ts';
import { lookAt, type Sight } from '../watch/sight.ts';
import { Sights } from '../watch/sights.ts';
import { forEachInSlices } from '../watch/slices.ts';

export class InputReader {
  readonly #seen = new Map<string, Observation>();
  readonly #told: (observation: Observation) => void;
  /** None: everything is read. */
  #sights: Sights | undefined;

  /** @param sights what was seen before: where a stat says that it is still so, `observe` does not read it again. */
  constructor(told: (observation: Observation) => void, sights = new Sights()) {
    this.#told = told;
    this.#sights = sights;
  }

  /** From now on everything is read, whatever a stat says: who writes through a mapping of the file leaves no trace in it for a while. */
  readAll(): void {
    this.#sights = undefined;
  }

  get observations(): readonly Observation[] {
    return [...this.#seen.values()];
  }

  /** The content of a file, or undefined where there is none. Throws what the file system says otherwise. */
  async read(path: string): Promise<Uint8Array | undefined> {
    const input: Input = { kind: 'file', path };
    try {
      const { bytes, stats } = await readRegularFile(path);
      this.#record(input, fileFingerprint(fingerprintBytes(bytes), isExecutable(stats)));
      return bytes;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      // A directory, say, where a file was wanted: what the watcher would see there is what counts.
      this.#record(input, missing ? 'missing' : await fingerprint(input, AbortSignal.any([])));
      if (missing) return undefined;
      throw error;
    }
  }

  /** What was seen of a file that this build has read. */
  fingerprintOf(path: string): Fingerprint {
    return this.#seen.get(inputKey({ kind: 'file', path }))?.fingerprint ?? 'missing';
  }

  /** What it holds, without making it an input. */
  async peek(input: Input, signal: AbortSignal): Promise<Fingerprint> {
    return (await this.#look(input, signal)).fingerprint;
  }

  /** Makes something an input of this build without using its content. */
  async observe(input: Input, signal: AbortSignal): Promise<Fingerprint> {
    const seen = await this.peek(input, signal);
    this.#record(input, seen);
    return seen;
  }

  /**
   * The files that match a pattern; each is an input, and so is the set. Without a wildcard it is what stands there, file, directory or nothing.
   * Returns the paths.
   */
  async observePattern(root: string, pattern: string, ignore: readonly string[], signal: AbortSignal): Promise<string[]> {
    if (!isPattern(pattern)) {
      const path = resolve(root, pattern);
      await this.observe({ kind: 'file', path }, signal);
      return [path];
    }
    const input = { kind: 'glob', root, pattern, ignore } as const;
    const { fingerprint: seen, walk } = await this.#look(input, signal);
    this.#record(input, seen);
    const paths = walk?.paths ?? [];
    await forEachInSlices(paths, (path) => this.#observeFile({ kind: 'file', path }, signal), signal);
    return [...paths];
  }

  /** At once where that can be done at once: of ten thousand, each turn of the loop counts. */
  #observeFile(input: Input, signal: AbortSignal): void | Promise<void> {
    const sight = this.#look(input, signal);
    if (!(sight instanceof Promise)) return this.#record(input, sight.fingerprint);
    return sight.then((seen) => this.#record(input, seen.fingerprint));
  }

  #look(input: Input, signal: AbortSignal): Sight | Promise<Sight> {
    if (this.#sights === undefined) return lookAt(input, signal);
    return input.kind === 'glob' ? this.#sights.find(input, signal) : this.#sights.look(input, signal);
  }

  /** The first look counts: a file that changes between two reads of one build is a change. */
  #record(input: Input, seen: Fingerprint): void {
    const key = inputKey(input);
    if (this.#seen.has(key)) return;
    const observation: Observation = { input, fingerprint: seen };
    this.#seen.set(key, observation);
    this.#told(observation);
  }
}

/** A FIFO or a device in place of a file must not hold a build up. */
async function readRegularFile(path: string): Promise<{ readonly bytes: Uint8Array; readonly stats: Stats }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw Object.assign(new Error(`${path} is not a regular file`), { code: stats.isDirectory() ? 'EISDIR' : 'EINVAL' });
    return { bytes: await file.readFile(), stats };
  } finally {
    await file.close();
  }
}
