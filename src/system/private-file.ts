// Files that only the user can have written. Mostly synchronous: a few of them are read before every prompt, and a thread pool costs more than that.

import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, linkSync, lstatSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { chmod, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Why something counts as somebody else's. */
export interface Foreignness {
  readonly fault: 'link' | 'no file' | 'unreadable' | 'too large' | SharedFault;
  /** Goes on from the path. */
  readonly why: string;
}

type SharedFault = 'other user' | 'open to others';

export type PrivateFile =
  | { readonly kind: 'missing' }
  /** Somebody else could have written it, or it is not a file at all. */
  | ({ readonly kind: 'foreign' } & Foreignness)
  | { readonly kind: 'read'; readonly bytes: Buffer };

/** A symbolic link, a FIFO, a file of somebody else's or one that others may write is foreign, and is not read. */
export function readPrivateFile(path: string, maxBytes: number): PrivateFile {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    if (code === 'ELOOP') return { kind: 'foreign', fault: 'link', why: 'is a symbolic link' };
    return { kind: 'foreign', fault: 'unreadable', why: `cannot be read: ${message}` };
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return { kind: 'foreign', fault: 'no file', why: 'is not a regular file' };
    const shared = foreignness(stats);
    if (shared !== undefined) return { kind: 'foreign', ...shared };
    if (stats.size > maxBytes) return { kind: 'foreign', fault: 'too large', why: `is larger than ${maxBytes} bytes` };
    return { kind: 'read', bytes: readFileSync(fd) };
  } finally {
    closeSync(fd);
  }
}

/** Why what bears these attributes may be somebody else's; undefined where it is the user's alone. */
export function foreignness(stats: { readonly uid: number; readonly mode: number }): (Foreignness & { readonly fault: SharedFault }) | undefined {
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user) return { fault: 'other user', why: `belongs to another user (${stats.uid}, not ${user})` };
  return (stats.mode & 0o022) === 0 ? undefined : { fault: 'open to others', why: 'can be written by others' };
}

/** Of files that are still being written, or were when their writer was killed. */
const temporarySuffix = '.new';
/** What a writer that was killed has left is removed after this, ms. */
const leftoverMs = 3_600_000;

function temporaryFor(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}${temporarySuffix}`;
}

/** In place of an earlier one, whole or not at all, and private from the first byte. Not synced to the disk: what it holds can be made again. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The same where nothing is there yet: of several processes one writes it, and the others are told false. */
export function createPrivateFile(path: string, text: string): boolean {
  const temporary = temporaryFor(path);
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** The same for what nobody can make again: it is on the disk when this resolves. */
export async function writeLastingFile(path: string, text: string, mode = 0o600): Promise<void> {
  const temporary = temporaryFor(path);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (mode !== 0o600) await chmod(temporary, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Removes what writers that were killed have left in a directory. */
export function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const leftAtMs = name.endsWith(temporarySuffix) ? lstatSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (leftAtMs !== undefined && Date.now() - leftAtMs > leftoverMs) rmSync(path, { force: true });
  }
}
