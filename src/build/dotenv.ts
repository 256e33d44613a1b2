// The grammar of dotenv files: `KEY=value`, quotes, several lines, `export`, expansion, comments. Every bad line is named.

import { isVariableName } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import type { Quoting } from './dotenv-expansion.ts';
import { expand } from './dotenv-expansion.ts';

export interface DotenvEntry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export interface DotenvResult {
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly Problem[];
}

/** Looks a variable up that the file itself has not set. */
export type Lookup = (name: string) => string | undefined;

const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=:#'"`$]+)[ \t]*(?:=|:(?=[ \t]|$))[ \t]*/;
const blank = /^[ \t]*(?:#.*)?$/;
const afterQuote = /^[ \t]*(?:#[^\n]*)?(?=\n|$)/;

export function parseDotenv(file: string, text: string, lookup: Lookup): DotenvResult {
  const scan = new Scan(file, text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'), lookup);
  while (!scan.done()) scan.statement();
  return { entries: scan.entries, problems: scan.problems };
}

class Scan {
  readonly entries: DotenvEntry[] = [];
  readonly problems: Problem[] = [];
  readonly #file: string;
  readonly #text: string;
  readonly #outer: Lookup;
  readonly #values = new Map<string, string>();
  #at = 0;

  constructor(file: string, text: string, outer: Lookup) {
    this.#file = file;
    this.#text = text;
    this.#outer = outer;
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  statement(): void {
    const start = this.#at;
    const line = this.#restOfLine();
    if (blank.test(line)) return this.#skipLine();
    const match = assignment.exec(line);
    if (match === null) {
      this.#problem(start + (line.length - line.trimStart().length), line.trim(), 'not a dotenv line', 'write NAME=value, or # in front of a comment');
      return this.#skipLine();
    }
    const [head, key = ''] = match;
    this.#at += head.length;
    const value = this.#value(key);
    if (value === undefined) return;
    if (!isVariableName(key)) {
      const from = head.lastIndexOf(key);
      return this.#problem(start + from, line.slice(from).trim(), `${key} is no name that a shell can export`, 'use letters, digits and _, no digit first');
    }
    this.#values.set(key, value);
    this.entries.push({ name: key, value, line: this.#place(start).line });
  }

  #value(key: string): string | undefined {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'" || quote === '`') return this.#quoted(key, quote);
    const start = this.#at;
    const line = this.#restOfLine();
    this.#skipLine();
    const comment = /(?:^|[ \t])#/.exec(line);
    return this.#expand(start, (comment === null ? line : line.slice(0, comment.index)).trimEnd(), 'none');
  }

  #quoted(key: string, quote: string): string | undefined {
    const start = this.#at;
    const end = closingQuote(this.#text, start + 1, quote);
    if (end === undefined) {
      this.#problem(start, this.#restOfLine(), `${key} opens a ${quote} that is never closed`, `close it with ${quote}`);
      this.#skipLine();
      return undefined;
    }
    const inner = this.#text.slice(start + 1, end);
    this.#at = end + 1;
    const rest = this.#restOfLine();
    if (!afterQuote.test(rest)) {
      const gap = rest.length - rest.trimStart().length;
      this.#problem(this.#at + gap, rest.trim(), `text after the closing ${quote} of ${key}`, 'put the whole value between the quotes');
    }
    this.#skipLine();
    if (!afterQuote.test(rest)) return undefined;
    if (quote === "'") return inner.replaceAll("\\'", "'");
    return quote === '"' ? this.#expand(start + 1, inner, 'double') : inner;
  }

  #expand(start: number, text: string, quoting: Quoting): string | undefined {
    const result = expand(text, quoting, (wanted) => this.#values.get(wanted) ?? this.#outer(wanted));
    if (result.kind === 'value') return result.value;
    this.#problem(start + result.offset, text.slice(result.offset).split('\n', 1)[0] ?? '', result.message, result.hint);
    return undefined;
  }

  #restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    return this.#text.slice(this.#at, end === -1 ? undefined : end);
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#text.length : end + 1;
  }

  #place(offset: number): { readonly line: number; readonly column: number } {
    const before = this.#text.slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  }

  #problem(offset: number, text: string, message: string, hint: string): void {
    this.problems.push({ message, file: this.#file, ...this.#place(offset), text, hint });
  }
}

/** A backslash keeps a quote from closing; in single quotes not where the line ends behind it, as that of a Windows path does. */
function closingQuote(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote && (quote !== "'" || text[at - 1] !== '\\' || at === from || closesLine(text, at + 1))) return at;
  }
  return undefined;
}

function closesLine(text: string, from: number): boolean {
  const end = text.indexOf('\n', from);
  return afterQuote.test(text.slice(from, end === -1 ? undefined : end));
}
