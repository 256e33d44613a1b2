// Who evaluates, where several shells want the same: turns, numbered one after the other. A turn is a file; the highest number counts.
//
// A number is taken by linking a complete record to its name, which only one can do, and only when the turn before has ended or its holder
// is dead, which stays so for ever. The highest file is never removed. So there are never two holders, whoever is killed at whatever point.

import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Observation } from '../../model/input.ts';
import type { Problem } from '../../model/problem.ts';
import { Heartbeat, silentMs } from '../../system/heartbeat.ts';
import type { ProcessIdentity } from '../../system/process-identity.ts';
import { livenessOf, self } from '../../system/process-identity.ts';
import { createPrivateFile, readPrivateFile, removeLeftovers, writePrivateFile } from '../../system/private-file.ts';
import { Waiting } from './waiting.ts';

/** What came of a turn, for those who waited. */
export type TurnEnd =
  /** There is an environment in the store. */
  | { readonly kind: 'stored' }
  /** There is a result that cannot be shared: who wants one must evaluate. */
  | { readonly kind: 'unshared' }
  /** There is no result; the next in line takes over. */
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly observations: readonly Observation[] };

export type Taken =
  | { readonly kind: 'held'; readonly turn: Turn }
  | { readonly kind: 'busy'; readonly number: number }
  /** Nothing can be locked here (a read-only or full disk, a file system without links). */
  | { readonly kind: 'unavailable'; readonly why: string };

type TurnRecord = { readonly state: 'held'; readonly by: ProcessIdentity } | { readonly state: 'ended'; readonly end: TurnEnd };

/** So many turns are kept for those who have yet to read how they ended. */
const keptTurns = 4;
const maxRecordBytes = 64 * 1024 * 1024;

export class Turn {
  readonly #path: string;
  readonly #heartbeat: Heartbeat;

  constructor(path: string) {
    this.#path = path;
    this.#heartbeat = new Heartbeat(path);
  }

  /** Says what came of it. Where that cannot be written, those who wait find nothing there. */
  end(end: TurnEnd): void {
    this.#heartbeat.stop();
    try {
      writePrivateFile(this.#path, JSON.stringify({ state: 'ended', end } satisfies TurnRecord));
    } catch {
      rmSync(this.#path, { force: true });
    }
  }
}

export class BuildLock {
  readonly #directory: string;

  /** @param directory of those who could share a result; made by the caller. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  take(): Taken {
    try {
      for (;;) {
        const highest = this.#numbers()[0] ?? 0;
        if (highest > 0 && this.#isHeld(highest)) return { kind: 'busy', number: highest };
        const path = this.#path(highest + 1);
        if (!createPrivateFile(path, JSON.stringify({ state: 'held', by: self() } satisfies TurnRecord))) continue;
        const numbers = this.#numbers();
        if (numbers[0] === highest + 1) {
          this.#tidy(numbers);
          return { kind: 'held', turn: new Turn(path) };
        }
        // Others went through several turns while this process stood still between looking and claiming.
        rmSync(path, { force: true });
      }
    } catch (error) {
      return { kind: 'unavailable', why: (error as Error).message };
    }
  }

  /** Resolves when the turn is over: with how it ended, or `abandoned` where its holder is gone without a word. Rejects with the reason of `signal`. */
  async ended(number: number, signal: AbortSignal): Promise<TurnEnd | { readonly kind: 'abandoned' }> {
    const waiting = new Waiting(this.#directory);
    try {
      for (;;) {
        const record = this.#record(number);
        if (record?.state === 'ended') return record.end;
        if (record === undefined || !this.#isHeld(number)) return { kind: 'abandoned' };
        await waiting.next(signal);
      }
    } finally {
      waiting.close();
    }
  }

  /** Somebody evaluates now. */
  get busy(): boolean {
    const highest = this.#numbers()[0];
    return highest !== undefined && this.#isHeld(highest);
  }

  #isHeld(number: number): boolean {
    const record = this.#record(number);
    if (record?.state !== 'held') return false;
    const stats = statSync(this.#path(number), { throwIfNoEntry: false });
    // In the future as well: the clock of another machine may be ahead of this one, and would keep a dead holder for as long.
    if (stats === undefined || Math.abs(Date.now() - stats.mtimeMs) > silentMs) return false;
    return livenessOf(record.by) !== 'gone';
  }

  #record(number: number): TurnRecord | undefined {
    const found = readPrivateFile(this.#path(number), maxRecordBytes);
    if (found.kind !== 'read') return undefined;
    try {
      return JSON.parse(found.bytes.toString('utf8')) as TurnRecord;
    } catch {
      // Records appear whole; one that does not was never ours.
      return undefined;
    }
  }

  #tidy(numbers: readonly number[]): void {
    for (const number of numbers.slice(keptTurns)) rmSync(this.#path(number), { force: true });
    removeLeftovers(this.#directory);
  }

  /** The highest first. */
  #numbers(): readonly number[] {
    return readdirSync(this.#directory)
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
      .sort((a, b) => b - a);
  }

  #path(number: number): string {
    return join(this.#directory, String(number));
  }
}
