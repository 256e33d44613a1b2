// Says what the first build does, when it takes long enough to wonder; on standard error, and gone when it is done.

import type { Context } from './context.ts';
import { duration } from '../model/status.ts';

/** A build shorter than this shows nothing, ms. */
const quietMs = 400;
const tickMs = 200;

export class Progress {
  readonly #context: Context;
  readonly #mode: 'silent' | 'terse' | 'verbose';
  readonly #startedAtMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #last = '';
  #shown = false;

  constructor(context: Context, mode: 'silent' | 'terse' | 'verbose') {
    this.#context = context;
    this.#mode = mode;
    if (mode === 'terse' && context.terminal.stderr && context.env['TERM'] !== 'dumb') this.#timer = setInterval(() => this.#show(), tickMs);
  }

  output(text: string): void {
    if (this.#mode === 'verbose') this.#context.warn(text);
    this.#last = printable(text.trimEnd().split('\n').at(-1) ?? '') || this.#last;
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#shown) this.#context.warn('\r\x1b[K');
  }

  #show(): void {
    const tookMs = performance.now() - this.#startedAtMs;
    if (tookMs < quietMs) return;
    this.#shown = true;
    const width = (process.stderr.columns || 80) - 1;
    this.#context.warn(`\r\x1b[K${`devshell: building ${duration(tookMs)}  ${this.#last}`.slice(0, width)}`);
  }
}

/** What a tool prints must not steer the terminal. */
function printable(text: string): string {
   
  return text.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\x00-\x1f\x7f-\x9f]/g, '');
}
