// Files that only the user can have written. Synchronous: a few of them are read before every prompt, and a thread pool costs more than that.

import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export type PrivateFile =
  | { readonly kind: 'missing' }
  /** Somebody else could have written it, or it is not a file at all. */
  | { readonly kind: 'foreign'; readonly why: string }
  | { readonly kind: 'read'; readonly bytes: Buffer };

/** A symbolic link, a FIFO, a file of somebody else's or one that others may write is foreign, and is not read. */
export function readPrivateFile(path: string, maxBytes: number): PrivateFile {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'foreign', why: code === 'ELOOP' ? 'is a symbolic link' : `cannot be read: ${message}` };
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return { kind: 'foreign', why: 'is not a regular file' };
    const why = foreignness(stats);
    if (why !== undefined) return { kind: 'foreign', why };
    if (stats.size > maxBytes) return { kind: 'foreign', why: `is larger than ${maxBytes} bytes` };
    return { kind: 'read', bytes: readFileSync(fd) };
  } finally {
    closeSync(fd);
  }
}

/** Why what bears these attributes may be somebody else's; undefined where it is the user's alone. */
export function foreignness(stats: { readonly uid: number; readonly mode: number }): string | undefined {
  const user = process.geteuid?.();
  if (user !== undefined && stats.uid !== user) return `belongs to another user (${stats.uid})`;
  return (stats.mode & 0o022) === 0 ? undefined : 'can be written by others';
}

export const temporarySuffix = '.new';

/** Whole or not at all, and private from the first byte. What a `kill -9` leaves of it ends in `.new`. */
export function writePrivateFile(path: string, text: string): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${temporarySuffix}`;
  try {
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
