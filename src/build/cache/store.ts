// The directory of stored environments: reading, writing, and keeping it small. The most recently used come first and stay longest.

import { lstatSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheEntry } from './entry.ts';
import { decodeEntry, encodeEntry } from './entry.ts';
import { foreignness, readPrivateFile, removeLeftovers, writePrivateFile } from '../../system/private-file.ts';
import { keepOutOfGit } from '../../system/state-directory.ts';
import type { UserKey } from './user-key.ts';

/** Of one state directory. */
export interface StoreLimits {
  readonly entries: number;
  readonly bytes: number;
}

const defaultLimits: StoreLimits = { entries: 24, bytes: 48 * 1024 * 1024 };
const entrySuffix = '.env.json';

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

export class EnvironmentStore {
  readonly #state: string;
  readonly #directory: string;
  readonly #key: UserKey;
  readonly #limits: StoreLimits;
  /** What was found damaged, or to be nobody's. */
  readonly #unusable = new Set<string>();

  constructor(state: string, key: UserKey, limits: StoreLimits = defaultLimits) {
    this.#state = state;
    this.#directory = cacheDirectory(state);
    this.#key = key;
    this.#limits = limits;
  }

  /** Those of one place, the most recently used first. What an entry says of its inputs never changes under one path. */
  paths(place: string, told: (note: string) => void): readonly string[] {
    const why = foreignDirectory(this.#directory);
    if (why === 'missing') return [];
    if (why !== undefined) {
      told(`the cache is not used: ${this.#directory} ${why}`);
      return [];
    }
    const prefix = join(this.#directory, `${this.#placeId(place)}-`);
    return storedFiles(this.#state).flatMap(({ path }) => (path.startsWith(prefix) ? [path] : []));
  }

  /** One that cannot be used is told of, and gives way to the next that is written. */
  read(path: string, place: string, told: (note: string) => void): CacheEntry | undefined {
    const entry = this.#read(path, told);
    return entry?.place === place ? entry : undefined;
  }

  /** Returns the path. Throws what the file system says. */
  write(entry: CacheEntry): string {
    prepareDirectory(this.#state, this.#directory);
    // Whatever stands there: a directory as well, and of a link only the link.
    for (const path of this.#unusable) rmSync(path, { recursive: true, force: true });
    this.#unusable.clear();
    const { library, outer, inputs } = entry;
    const variant = this.#key.digest('variant', JSON.stringify([library, outer, inputs.map(({ input, fingerprint }) => [input, fingerprint])]));
    const path = join(this.#directory, `${this.#placeId(entry.place)}-${variant.slice(0, 20)}${entrySuffix}`);
    writePrivateFile(path, encodeEntry(entry, this.#key));
    this.#evict();
    return path;
  }

  /** It was used just now: others go before it. */
  touch(path: string, nowMs: number): void {
    try {
      utimesSync(path, nowMs / 1000, nowMs / 1000);
    } catch {
      // Somebody has just removed it, or may not write here: it was of use all the same.
    }
  }

  #read(path: string, told: (note: string) => void): CacheEntry | undefined {
    const found = readPrivateFile(path, this.#limits.bytes);
    if (found.kind === 'missing') return undefined;
    const decoded = found.kind === 'foreign' ? ({ kind: 'unusable', why: found.why } as const) : decodeEntry(found.bytes, this.#key);
    if (decoded.kind === 'entry') return decoded.entry;
    if (decoded.kind === 'unusable') this.#unusable.add(path);
    told(`a stored environment is ignored: ${path} ${decoded.why}`);
    return undefined;
  }

  #placeId(place: string): string {
    return this.#key.digest('place', place).slice(0, 12);
  }

  #evict(): void {
    let bytes = 0;
    for (const [index, file] of storedFiles(this.#state).entries()) {
      bytes += file.bytes;
      if (index > 0 && (index >= this.#limits.entries || bytes > this.#limits.bytes)) rmSync(file.path, { force: true });
    }
    removeLeftovers(this.#directory);
  }
}

export function cacheDirectory(state: string): string {
  return join(state, 'cache');
}

/** Every stored environment of a state directory, the most recently used first. */
export function storedFiles(state: string): readonly StoredFile[] {
  const directory = cacheDirectory(state);
  const files: StoredFile[] = [];
  for (const name of namesIn(directory)) {
    if (!name.endsWith(entrySuffix)) continue;
    const path = join(directory, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) files.push({ path, bytes: stats.size, usedAtMs: stats.mtimeMs });
  }
  return files.sort((a, b) => b.usedAtMs - a.usedAtMs || (a.path < b.path ? -1 : 1));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    // Not there, or not to be read: nothing is stored then.
    return [];
  }
}

/** `missing`, or why it is not the user's alone; undefined where it is. */
function foreignDirectory(directory: string): string | undefined {
  try {
    const stats = lstatSync(directory, { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    return stats.isDirectory() ? foreignness(stats)?.why : 'is not a directory';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOTDIR' ? 'missing' : `cannot be looked at: ${message}`;
  }
}

/** Makes a directory of the cache, and the state directory around it, for the user alone. */
export function prepareDirectory(state: string, directory: string): void {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const shared = foreignness(statSync(state));
  if (shared !== undefined) throw new Error(`${state} ${shared.why}`);
  keepOutOfGit(state);
  for (const path of [cacheDirectory(state), directory]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const foreign = foreignDirectory(path);
    if (foreign !== undefined) throw new Error(`${path} ${foreign}`);
  }
}
