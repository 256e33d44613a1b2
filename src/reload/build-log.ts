// What builds and their tools had to say, in one file of the session, bounded.

import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { problemText } from '../model/problem.ts';

const maxBytes = 4 * 1024 * 1024;

/** One line with the time in front. */
export function logNote(text: string, nowMs: number): string {
  return `[${new Date(nowMs).toISOString().slice(11, 23)}] ${text}\n`;
}

/** What is said before there is a session, for the log that it will have; bounded as well. */
export class EarlyLog {
  #parts: string[] = [];
  #characters = 0;

  append(text: string): void {
    this.#parts.push(text);
    this.#characters += text.length;
    if (this.#characters > maxBytes) this.#halve();
  }

  get text(): string {
    return this.#parts.join('');
  }

  #halve(): void {
    const kept = this.text.slice(-maxBytes / 2);
    this.#parts = [kept.slice(kept.indexOf('\n') + 1)];
    this.#characters = kept.length;
  }
}

export class BuildLog {
  readonly #path: string;
  readonly #now: () => number;
  #bytes = 0;

  /** @param directory of the session */
  constructor(directory: string, now: () => number) {
    const path = join(directory, 'build.log');
    this.#path = path;
    this.#now = now;
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  note(text: string): void {
    this.append(logNote(text, this.#now()));
  }

  problems(problems: readonly Problem[]): void {
    for (const problem of problems) this.append(problemText(problem));
  }

  append(text: string): void {
    if (this.#bytes > maxBytes) this.#halve();
    appendFileSync(this.#path, text, { mode: 0o600 });
    this.#bytes += Buffer.byteLength(text);
  }

  #halve(): void {
    const kept = readFileSync(this.#path).subarray(-maxBytes / 2);
    writeFileSync(this.#path, kept.subarray(kept.indexOf(0x0a) + 1), { mode: 0o600 });
    this.#bytes = kept.length;
  }
}
