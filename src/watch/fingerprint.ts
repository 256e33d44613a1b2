// What an input holds right now, as one short string.
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync, type BigIntStats } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createHash, hash } from 'blake3-wasm';
import { type Fingerprint, fileFingerprint, type Input } from '../model/input.ts';
import { type Walk, walkGlob } from './glob.ts';
import { isExecutable } from './executable.ts';
import { type Stamp, readStamp, sameStamp, stampFrom, wordFor } from './stamp.ts';

/** One reading of a file or a directory. */
export interface Reading {
  readonly fingerprint: Fingerprint;
  /** Taken before the content was read: what changes later has another one. */
  readonly stamp: Stamp;
  /** False if the content changed while it was read. */
  readonly steady: boolean;
}

/** blake3-wasm 2.1.5 hashes up to here in one call; 3.0.0 would be wrong above it. */
const oneShotBytes = 1024 * 1024;
/** About 0.4 ms of reading and hashing: no stall between two turns of the loop. */
const chunkBytes = 256 * 1024;

/** Hex blake3 of `bytes`. */
export function fingerprintBytes(bytes: Uint8Array): Fingerprint {
  if (bytes.length <= oneShotBytes) return Buffer.from(hash(bytes)).toString('hex');
  const hasher = createHash();
  for (let at = 0; at < bytes.length; at += oneShotBytes) hasher.update(bytes.subarray(at, at + oneShotBytes));
  return hasher.digest('hex');
}

/** The fingerprint of a set of names, in whatever order they are given; what no list of other names can have. */
export function fingerprintNames(names: readonly string[]): Fingerprint {
  return fingerprintBytes(Buffer.from(`names ${JSON.stringify([...names].sort())}`));
}

/** What a file of no bytes gives. */
export const emptyFingerprint: Fingerprint = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262';

/**
 * Reads `input` now. A file counts by its bytes and by whether we may run it, links followed; a directory in its place by its names. Sockets, FIFOs and devices are
 * `unreadable` and are not opened (`/dev/null` is empty, as it reads). A directory input that is a file is `missing`.
 * A glob counts by the paths that `listGlob` gives, and so is never `missing`.
 * Rejects with the reason of `signal`, or when the process is out of descriptors or memory.
 */
export async function fingerprint(input: Input, signal: AbortSignal): Promise<Fingerprint> {
  signal.throwIfAborted();
  if (input.kind === 'glob') return fingerprintWalk(await walkGlob(input.root, input.pattern, input.ignore ?? [], signal));
  return (await readInput(input, signal)).fingerprint;
}

/** The files below `root` that match `pattern` and none of `ignore`, as sorted absolute paths; see `walkGlob`. */
export async function listGlob(root: string, pattern: string, ignore: readonly string[]): Promise<readonly string[]> {
  return (await walkGlob(root, pattern, ignore)).paths;
}

export function fingerprintWalk(walk: Walk): Fingerprint {
  return fingerprintNames(walk.paths);
}

/** Reads a file or directory input: at once while it is small (10 us a file, 40 when asynchronous), in turns of the loop when it is big. */
export function readInput(input: Exclude<Input, { kind: 'glob' }>, signal: AbortSignal): Reading | Promise<Reading> {
  try {
    const stats = statSync(input.path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return without('missing');
    if (stats.isDirectory()) return readNames(input.path, stats);
    if (input.kind === 'directory') return without('missing');
    if (stats.isFile()) return readContent(input.path, signal);
    return { fingerprint: isNull(stats) ? emptyFingerprint : 'unreadable', stamp: stampFrom(stats), steady: true };
  } catch (error) {
    return without(wordFor(error));
  }
}

function without(word: 'missing' | 'unreadable'): Reading {
  return { fingerprint: word, stamp: word, steady: true };
}

/** Some blank a file out by a link to /dev/null. */
function isNull(stats: BigIntStats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync('/dev/null', { bigint: true }).rdev;
}

function readNames(path: string, stats: BigIntStats): Reading {
  const stamp = stampFrom(stats);
  try {
    const found = fingerprintNames(readdirSync(path));
    return { fingerprint: found, stamp, steady: sameStamp(stamp, readStamp(path)) };
  } catch (error) {
    const word = wordFor(error);
    return { fingerprint: word, stamp: word === 'missing' ? word : stamp, steady: true };
  }
}

/** One buffer for every small file: the bytes are hashed before the next file is read. */
const buffer = Buffer.allocUnsafe(oneShotBytes + 1);

function readContent(path: string, signal: AbortSignal): Reading | Promise<Reading> {
  // The file may have become a FIFO since it was looked at: O_NONBLOCK keeps the open from waiting for a writer.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  let handedOver = false;
  try {
    const stats = fstatSync(fd, { bigint: true });
    const stamp = stampFrom(stats);
    if (!stats.isFile()) return { fingerprint: 'unreadable', stamp, steady: false };
    const length = readUpTo(fd, buffer);
    if (length <= oneShotBytes) return reading(fd, stats, fingerprintBytes(buffer.subarray(0, length)));
    handedOver = true;
    return streamContent(fd, stats, signal);
  } catch (error) {
    const word = wordFor(error);
    return { fingerprint: word, stamp: word === 'missing' ? word : readStamp(path), steady: true };
  } finally {
    if (!handedOver) closeSync(fd);
  }
}

/** @param stats of the file before it was read. */
function reading(fd: number, stats: BigIntStats, content: Fingerprint): Reading {
  const stamp = stampFrom(stats);
  return { fingerprint: fileFingerprint(content, isExecutable(stats)), stamp, steady: sameStamp(stamp, stampFrom(fstatSync(fd, { bigint: true }))) };
}

/** Reads from the start of the file until `target` is full or the file ends; the size that stat gives is 0 below /proc. */
function readUpTo(fd: number, target: Buffer): number {
  let length = 0;
  while (length < target.length) {
    const count = readSync(fd, target, length, target.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** Hashes the whole file from its start, a chunk per turn of the loop, and closes `fd`. */
async function streamContent(fd: number, stats: BigIntStats, signal: AbortSignal): Promise<Reading> {
  const hasher = createHash();
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let at = 0; ; ) {
      const count = readSync(fd, chunk, 0, chunk.length, at);
      if (count === 0) break;
      hasher.update(chunk.subarray(0, count));
      at += count;
      await nextTurn();
      signal.throwIfAborted();
    }
    return reading(fd, stats, hasher.digest('hex'));
  } catch (error) {
    signal.throwIfAborted();
    return without(wordFor(error));
  } finally {
    hasher.dispose();
    closeSync(fd);
  }
}
