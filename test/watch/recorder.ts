// A temporary directory, a watcher of inputs in it, and everything the watcher says.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type Change, type Input, inputKey, inputPath, type Observation } from '../../src/model/input.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { OpenDirectoryEvents } from '../../src/watch/directory-events.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { Sights } from '../../src/watch/sights.ts';
import { InputWatcher, type WatchOptions } from '../../src/watch/watcher.ts';

/** Never aborted. */
export const forever: AbortSignal = new AbortController().signal;

export const patience = { timeout: 20_000, interval: 2 } as const;

export interface Call {
  readonly changes: readonly Change[];
  /** When the listener was called, in ms since the epoch. */
  readonly atMs: number;
}

export class Recorder {
  readonly root: string = realpathSync(mkdtempSync(join(tmpdir(), 'devshell-watch-')));
  readonly calls: Call[] = [];
  readonly problems: Problem[] = [];
  readonly watcher: InputWatcher;

  /** The sweep comes every minute unless a test is about it: what is seen is then seen through the kernel's events. */
  constructor(options: Partial<WatchOptions> = {}, open?: OpenDirectoryEvents) {
    const listener = {
      changed: (changes: readonly Change[]) => void this.calls.push({ changes, atMs: Date.now() }),
      problem: (problem: Problem) => void this.problems.push(problem),
    };
    const all = { settleMs: 25, maxWaitMs: 500, sweepMs: 60_000, ...options };
    this.watcher = open === undefined ? new InputWatcher(all, listener) : new InputWatcher(all, listener, new Sights(), open);
  }

  /** `name` below the temporary directory. */
  at(name: string): string {
    return join(this.root, name);
  }

  file(name: string): Input {
    return { kind: 'file', path: this.at(name) };
  }

  /** Writes a file, with the directories above it. */
  async write(name: string, content: string): Promise<void> {
    await mkdir(dirname(this.at(name)), { recursive: true });
    await writeFile(this.at(name), content);
  }

  /** Watches `inputs` from what they hold now. */
  async watch(...inputs: readonly Input[]): Promise<readonly Observation[]> {
    const observations = await observe(inputs);
    await this.watcher.watch(observations, forever);
    return observations;
  }

  get changes(): readonly Change[] {
    return this.calls.flatMap((call) => call.changes);
  }

  /** The paths that were reported, relative to the temporary directory, one list per call. */
  get told(): readonly (readonly string[])[] {
    return this.calls.map((call) => call.changes.map((change) => inputPath(change.input).slice(this.root.length + 1)).sort());
  }

  /** The last fingerprint that was reported for `input`. */
  last(input: Input): string | undefined {
    return this.changes.findLast((change) => inputKey(change.input) === inputKey(input))?.fingerprint;
  }

  /** Waits until what was last reported of `input` is what it holds. */
  async converged(input: Input): Promise<void> {
    await expect.poll(async () => this.last(input) === (await fingerprint(input, forever)), patience).toBe(true);
  }

  /** Resolves when everything that has happened so far in the temporary directory has been dealt with. */
  async quiet(): Promise<void> {
    await this.watcher.sweep(forever);
    const before = this.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    await this.watcher.sweep(forever);
    if (this.calls.length !== before) await this.quiet();
  }

  /** Long enough for every event on its way to be dealt with, and nothing else: no sweep helps. */
  async rest(): Promise<void> {
    let before: number;
    do {
      before = this.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
    } while (this.calls.length !== before);
  }

  async dispose(): Promise<void> {
    await this.watcher.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function observe(inputs: readonly Input[]): Promise<Observation[]> {
  return Promise.all(inputs.map(async (input) => ({ input, fingerprint: await fingerprint(input, forever) })));
}
