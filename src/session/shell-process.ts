// What the kernel says of the shell, where it says anything: a second check before the shell is nudged.

import { readFileSync } from 'node:fs';
import { foreground } from '../terminal/foreground.ts';

export class ShellProcess {
  readonly pid: number;
  #commandLine: string | undefined;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Called when the hooks have said that they are in place: what runs now is what must go on running. */
  started(): void {
    this.#commandLine = read(`/proc/${this.pid}/cmdline`);
  }

  /** `exec` put another program in its place, which knows nothing of the hooks. Unknown means no. */
  wasReplaced(): boolean {
    const now = read(`/proc/${this.pid}/cmdline`);
    return this.#commandLine !== undefined && now !== undefined && now !== '' && now !== this.#commandLine;
  }

  /** Another process group owns the terminal: an editor that a key of readline started, say. Unknown means no. */
  isInBackground(): boolean {
    return foreground(this.pid) === 'no';
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not Linux, or gone already.
    return undefined;
  }
}
