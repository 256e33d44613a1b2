// Tells the hook, by a file, that its prompts are not heard of any more: `PROMPT_COMMAND=...`, or a .bashrc that is read again, drops its line.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Hearing {
  readonly #file: string;
  #state: 'heard' | 'lost' = 'heard';

  /** `directory` is that of the session. */
  constructor(directory: string) {
    this.#file = join(directory, 'unheard');
  }

  /** The shell has told of its prompt: whatever it is sent from now on is meant for that. */
  heard(): void {
    if (this.#state === 'heard') return;
    this.#state = 'heard';
    rmSync(this.#file, { force: true });
  }

  /** Something reads a line and may be the prompt. The hook knows: it is, if its own line is gone; then it puts that back, and applies what is ready. */
  lost(): void {
    if (this.#state === 'lost') return;
    this.#state = 'lost';
    writeFileSync(this.#file, '', { mode: 0o600 });
  }
}
