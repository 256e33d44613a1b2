// Runs the output filter and keeps what it hands out, for tests.

import { OutputFilter } from '../../src/terminal/filter.ts';
import type { FilterOptions } from '../../src/terminal/filter.ts';

export class Collected {
  readonly filter: OutputFilter;
  readonly slices: Uint8Array[] = [];
  readonly marks: string[] = [];
  readonly replies: string[] = [];
  readonly titles: string[] = [];

  constructor(options: Partial<FilterOptions> = {}) {
    this.filter = new OutputFilter({ columns: 80, rows: 24, reserve: 'bottom', nonce: 'abc', ...options });
    this.filter.repair();
  }

  push(text: string | Uint8Array): this {
    this.filter.push(typeof text === 'string' ? Buffer.from(text) : text, this.sink);
    return this;
  }

  readonly sink = {
    bytes: (slice: Uint8Array): void => void this.slices.push(slice),
    mark: (payload: string): void => void this.marks.push(payload),
    reply: (bytes: Uint8Array): void => void this.replies.push(Buffer.from(bytes).toString('latin1')),
    title: (text: string): void => void this.titles.push(text),
  };

  /** Everything that went out so far. */
  get text(): string {
    return Buffer.concat(this.slices).toString();
  }
}

/** What `text` becomes in a terminal of 80 columns and 24 rows, by way of a program with 23. */
export function filtered(text: string, options: Partial<FilterOptions> = {}): string {
  return new Collected(options).push(text).text;
}
