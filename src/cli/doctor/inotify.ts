// How much of what the system allows for watching files this user's processes have taken.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

export interface InotifyUse {
  readonly instances: number;
  readonly watches: number;
}

/** Looks no longer than this, ms: a machine may run thousands of processes. */
const budgetMs = 200;

export function readLimit(name: 'max_user_watches' | 'max_user_instances' | 'max_queued_events'): number | undefined {
  try {
    const value = Number(readFileSync(`/proc/sys/fs/inotify/${name}`, 'utf8'));
    return Number.isInteger(value) ? value : undefined;
  } catch {
    // Another system than Linux.
    return undefined;
  }
}

/** Of the processes that may be looked at, which are the user's own; undefined where that takes too long. */
export function inotifyUse(): InotifyUse | undefined {
  const endMs = performance.now() + budgetMs;
  const use = { instances: 0, watches: 0 };
  for (const pid of listed('/proc').filter((name) => /^\d+$/.test(name))) {
    if (performance.now() > endMs) return undefined;
    for (const fd of listed(`/proc/${pid}/fd`)) {
      if (!isInotify(`/proc/${pid}/fd/${fd}`)) continue;
      use.instances++;
      use.watches += (textOf(`/proc/${pid}/fdinfo/${fd}`).match(/^inotify /gm) ?? []).length;
    }
  }
  return use;
}

function listed(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Gone by now, or somebody else's.
    return [];
  }
}

function isInotify(path: string): boolean {
  try {
    return readlinkSync(path) === 'anon_inode:inotify';
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
