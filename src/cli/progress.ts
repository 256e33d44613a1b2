// Says what the first build does, when it takes long enough to wonder; on standard error, and gone when it is done.

import { duration } from '../model/status.ts';
import type { Context } from './context.ts';

/** A build shorter than this shows nothing, ms. */
const quietMs = 400;
const tickMs = 200;

export class Progress {
  readonly #context: Context;
  readonly #mode: 'silent' | 'terse' | 'verbose';
  readonly #startedAtMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #life: 'building' | 'ended' = 'building';
  /** What is being done: a layer, or the waiting for another devshell. */
  #what = 'building';
  /** The last line that a tool has printed, as it came. */
  #last = '';
  /** What takes the line away; empty while there is none. */
  #eraser = '';

  constructor(context: Context, mode: 'silent' | 'terse' | 'verbose') {
    this.#context = context;
    this.#mode = mode;
    if (mode === 'terse' && context.env['TERM'] !== 'dumb') this.#timer = setInterval(() => void this.#show(), tickMs);
  }

  /** The tools of one layer have nothing to say of the next. */
  stage(what: string): void {
    this.#what = what;
    this.#last = '';
  }

  output(text: string): void {
    if (this.#mode === 'verbose') this.#context.warn(text);
    this.#last = text.trimEnd().split('\n').at(-1) || this.#last;
  }

  end(): void {
    clearInterval(this.#timer);
    this.#life = 'ended';
    if (this.#eraser !== '') this.#context.warn(this.#eraser);
  }

  /** Its words are loaded when they are first needed: most builds are over before. */
  async #show(): Promise<void> {
    const tookMs = performance.now() - this.#startedAtMs;
    if (tookMs < quietMs || !this.#context.terminal.stderr) return;
    const [{ default: escapes }, { default: stripAnsi }, { renderText }] = await Promise.all([
      import('ansi-escapes'),
      import('strip-ansi'),
      import('../terminal/styled-text.ts'),
    ]);
    if (this.#life === 'ended') return;
    this.#eraser = escapes.cursorLeft + escapes.eraseEndLine;
    const text = `devshell: ${this.#what} ${duration(tookMs)}  ${stripAnsi(this.#last)}`;
    this.#context.warn(this.#eraser + renderText([{ text, style: 'plain' }], (process.stderr.columns || 80) - 1, 'plain'));
  }
}
