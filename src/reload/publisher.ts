// Puts the script where the shell finds it, and takes it away again. The only writer of these files.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplyMode } from '../model/settings.ts';
import { writePrivateFile } from '../system/private-file.ts';

/** `auto`: the prompt applies it by itself; `manual`: only the key does. */
const fileNames: Record<ApplyMode, string> = { auto: 'pending-env.sh', manual: 'held-env.sh' };

export class Publisher {
  readonly #directory: string;
  #published: { readonly generation: number; readonly mode: ApplyMode } | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Atomic: the file is never seen half-written, and nobody else can read it from its first byte. */
  async publish(text: string, generation: number, mode: ApplyMode): Promise<void> {
    writePrivateFile(join(this.#directory, fileNames[mode]), text);
    const before = this.#published;
    this.#published = { generation, mode };
    if (before !== undefined && before.mode !== mode) await this.#remove(before.mode);
  }

  /** Does nothing when a newer generation has taken the place. */
  async withdraw(generation: number): Promise<void> {
    const { mode, generation: current } = this.#published ?? {};
    if (mode === undefined || current !== generation) return;
    this.#published = undefined;
    await this.#remove(mode);
  }

  async #remove(mode: ApplyMode): Promise<void> {
    await rm(join(this.#directory, fileNames[mode]), { force: true });
  }
}
