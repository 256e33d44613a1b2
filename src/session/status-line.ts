// Keeps the facts about the reload and turns them into the line; wakes up only when the line will change by itself.

import type { ShellCommand } from '../model/protocol.ts';
import type { StatusFacts, StatusKeys } from '../model/status.ts';
import { initialFacts, reduceStatus, shownMs, spinnerMs, statusState, statusWords } from '../model/status.ts';
import type { StyledText } from '../terminal/styled-text.ts';

export interface StatusLineOptions {
  readonly root: string;
  readonly keys: StatusKeys;
  readonly now: () => number;
  /** The line says something else now. */
  readonly changed: () => void;
}

export class StatusLine {
  readonly #options: StatusLineOptions;
  #facts: StatusFacts = initialFacts;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StatusLineOptions) {
    this.#options = options;
  }

  get facts(): StatusFacts {
    return this.#facts;
  }

  heard(command: ShellCommand): void {
    this.update(reduceStatus(this.#facts, command, this.#options.now()));
  }

  update(facts: StatusFacts): void {
    this.#facts = facts;
    this.#schedule();
    this.#options.changed();
  }

  /** The line, for a terminal. */
  text(): StyledText {
    const { root, keys, now } = this.#options;
    const { symbol, style, word, rest, hint } = statusWords(this.#facts, keys, root, now());
    const parts: StyledText = [
      { text: ` ${symbol} `, style },
      { text: word, style: style === 'dim' ? 'dim' : 'strong' },
      { text: rest === '' ? '' : ` ${rest}`, style: style === 'dim' ? 'dim' : 'plain' },
      { text: hint === '' ? '' : `  ${hint}`, style: 'dim' },
    ];
    return parts.filter(({ text }) => text !== '');
  }

  /** The same words without a style, for `devshell status`. */
  words(): string {
    return this.text()
      .slice(1)
      .map(({ text }) => text)
      .join('');
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Idle means no timer at all. */
  #schedule(): void {
    clearTimeout(this.#timer);
    const { activity } = this.#facts;
    const nowMs = this.#options.now();
    if (statusState(this.#facts, nowMs) === 'building') this.#wake(spinnerMs);
    else if (activity.kind === 'applied' || activity.kind === 'unchanged') {
      const leftMs = activity.atMs + shownMs - nowMs;
      if (leftMs > 0) this.#wake(leftMs + 1);
    }
  }

  #wake(afterMs: number): void {
    this.#timer = setTimeout(() => {
      this.#schedule();
      this.#options.changed();
    }, afterMs);
  }
}
