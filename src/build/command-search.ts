// Looks for commands on PATH on behalf of one build: where one is not found yet, its appearance is a change.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isCommand, searchDirectories } from '../config/search-path.ts';
import type { InputReader } from './input-reader.ts';

export class CommandSearch {
  readonly #searchPath: string;
  readonly #reader: InputReader;
  readonly #signal: AbortSignal;
  #wasAsked = false;

  constructor(searchPath: string, reader: InputReader, signal: AbortSignal) {
    this.#searchPath = searchPath;
    this.#reader = reader;
    this.#signal = signal;
  }

  /** Whether the result of the build depends on PATH for this. */
  get wasAsked(): boolean {
    return this.#wasAsked;
  }

  has = async (name: string): Promise<boolean> => {
    this.#wasAsked = true;
    for (const directory of searchDirectories(this.#searchPath)) {
      // The names alone: a program may be large, and an update of it is no change.
      await this.#reader.observe({ kind: 'glob', root: directory, pattern: name }, this.#signal);
      if (await isCommand(directory, name)) return true;
      // Downloaded first, made executable afterwards: what cannot be run yet counts with its mode.
      const path = join(directory, name);
      if (existsSync(path)) await this.#reader.observe({ kind: 'file', path }, this.#signal);
    }
    return false;
  };
}
