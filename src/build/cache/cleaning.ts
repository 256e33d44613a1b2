// Empties the cache of a project, and says how much that was.

import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BuildLock } from './build-lock.ts';
import { turnsDirectory } from './environment-cache.ts';
import { cacheDirectory, storedFiles } from './store.ts';

export interface Cleaned {
  readonly environments: number;
  readonly bytes: number;
  /** Somebody evaluates right now; what coordinates that is kept. */
  readonly busy: 'yes' | 'no';
}

export function emptyCache(state: string): Cleaned {
  const directory = cacheDirectory(state);
  const turns = turnsDirectory(state);
  const environments = storedFiles(state).length;
  const before = sizeOf(directory);
  let busy: Cleaned['busy'] = 'no';
  for (const name of namesIn(turns)) {
    const one = join(turns, name);
    if (isBusy(one)) busy = 'yes';
    else rmSync(one, { recursive: true, force: true });
  }
  for (const name of namesIn(directory)) if (join(directory, name) !== turns) rmSync(join(directory, name), { recursive: true, force: true });
  if (busy === 'no') rmSync(directory, { recursive: true, force: true });
  return { environments, bytes: before - sizeOf(directory), busy };
}

/** Removes a directory with all that is in it; the bytes that were. Links are removed, never followed. */
export function removeTree(path: string): number {
  const bytes = sizeOf(path);
  rmSync(path, { recursive: true, force: true });
  return bytes;
}

function isBusy(turns: string): boolean {
  try {
    return new BuildLock(turns).busy;
  } catch {
    // Not a directory: nothing of ours.
    return false;
  }
}

/** The bytes of the files below; 0 where there is nothing. */
function sizeOf(path: string): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.size;
  return namesIn(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function namesIn(directory: string): readonly string[] {
  try {
    return lstatSync(directory).isDirectory() ? readdirSync(directory) : [];
  } catch {
    return [];
  }
}
