// What one stat tells about a path: enough to know that nothing stirred there, without reading it.
import { type BigIntStats, lstatSync, statSync } from 'node:fs';

/** The words stand for a path that is not there, and for one that may not be looked at. */
export type Stamp = FileStamp | 'missing' | 'unreadable';

/** The mode is left out: a chmod shows in `ctimeNs`, and whether it matters is found by looking anew. */
export interface FileStamp {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** The errors by which the system says that nothing is there. A loop of links leads nowhere as well. */
const missingCodes: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

/** The process (or the machine) ran out of something: it says nothing about the file. */
const exhaustedCodes: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN']);

/** The word for a path that cannot be used because of `error`; throws what is not about the path. */
export function wordFor(error: unknown): 'missing' | 'unreadable' {
  const code = errorCode(error);
  if (code === undefined || exhaustedCodes.has(code)) throw error;
  return missingCodes.has(code) ? 'missing' : 'unreadable';
}

export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** True for the errors that come from a limit of the process or of the machine. */
export function isExhausted(error: unknown): boolean {
  const code = errorCode(error);
  return code !== undefined && exhaustedCodes.has(code);
}

export function stampFrom(stats: BigIntStats): FileStamp {
  return { dev: stats.dev, ino: stats.ino, size: stats.size, mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs };
}

/** The stamp of what `path` leads to, links followed. Synchronous: about 3 us, where an asynchronous stat takes 40. */
export function readStamp(path: string): Stamp {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? 'missing' : stampFrom(stats);
  } catch (error) {
    return wordFor(error);
  }
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.ino === b.ino && a.dev === b.dev;
}

/** Coarse clocks of file systems tick every 1 to 10 ms; ext3 and FAT count whole seconds. */
const tickMs = 20;
const wholeSecondMs = 2_000;

/**
 * True while a second change could hide behind the same stamp, because the clock that stamps files may not have ticked since.
 * `nowMs` in ms since the epoch. A stamp from the far future (a server's clock) is not young: it would never grow old.
 */
export function isYoung(stamp: Stamp, nowMs: number): boolean {
  if (typeof stamp === 'string') return false;
  const windowMs = stamp.ctimeNs % 1_000_000_000n === 0n ? wholeSecondMs : tickMs;
  return Math.abs(nowMs - changedMs(stamp)) < windowMs;
}

/** When what bears the stamp was last changed, in ms since the epoch. */
export function changedMs(stamp: FileStamp): number {
  return Number(stamp.ctimeNs / 1_000n) / 1_000;
}

/**
 * Which directory stands at `path`, itself and not what a link leads to; undefined for anything else.
 * The time of birth is part of it: ext4 gives the number of a deleted directory to the next one.
 */
export function directoryIdentity(path: string): string | undefined {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}:${stats.birthtimeNs}` : undefined;
  } catch {
    return undefined;
  }
}
