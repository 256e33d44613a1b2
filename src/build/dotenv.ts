// The grammar of dotenv files: `KEY=value`, quotes, several lines, `export`, expansion, comments. Every bad line is named.

import type { Problem } from '../model/problem.ts';

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

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*(?:=|:(?=[ \t]))[ \t]*/;
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
  #line = 1;

  constructor(file: string, text: string, outer: Lookup) {
    this.#file = file;
    this.#text = text;
    this.#outer = outer;
  }

  done(): boolean {
    return this.#at >= this.#text.length;
  }

  statement(): void {
    const line = this.#restOfLine();
    if (blank.test(line)) return this.#skip(line.length + 1);
    const match = assignment.exec(line);
    if (match === null) {
      this.#problem(line.trim(), 1 + (line.length - line.trimStart().length), 'not a dotenv line', 'write NAME=value, or # in front of a comment');
      return this.#skip(line.length + 1);
    }
    const start = this.#line;
    const [head, name = ''] = match;
    this.#skip(head.length);
    const value = this.#value(name, head.length + 1);
    if (value === undefined) return;
    this.#values.set(name, value);
    this.entries.push({ name, value, line: start });
  }

  #value(name: string, column: number): string | undefined {
    const quote = this.#text[this.#at];
    if (quote === '"' || quote === "'" || quote === '`') return this.#quoted(name, quote, column);
    const line = this.#restOfLine();
    this.#skip(line.length + 1);
    const comment = /(?:^|[ \t])#/.exec(line);
    return this.#expand((comment === null ? line : line.slice(0, comment.index)).trim());
  }

  #quoted(name: string, quote: string, column: number): string | undefined {
    const end = closingQuote(this.#text, this.#at + 1, quote);
    if (end === undefined) {
      this.#problem(this.#restOfLine(), column, `${name} opens a ${quote} that is never closed`, `close it with ${quote}`);
      this.#skip(this.#restOfLine().length + 1);
      return undefined;
    }
    const inner = this.#text.slice(this.#at + 1, end);
    this.#skip(end + 1 - this.#at);
    const tail = afterQuote.exec(this.#text.slice(this.#at));
    const rest = this.#restOfLine();
    if (tail === null) this.#problem(rest.trim(), undefined, `text after the closing ${quote} of ${name}`, 'put the whole value between the quotes');
    this.#skip(rest.length + 1);
    if (tail === null) return undefined;
    return quote === '"' ? this.#expand(inner, true) : inner;
  }

  /** `$V`, `${V}`, `${V:-default}`; a backslash keeps what follows as it is, `\n`, `\r` and `\t` between double quotes apart. */
  #expand(text: string, quoted = false): string {
    const pattern = /\\([\s\S])|\$(?:\{([A-Za-z_]\w*)(?:(:?-)([^}]*))?\}|([A-Za-z_]\w*))/g;
    return text.replace(pattern, (whole: string, escaped?: string, braced?: string, operator?: string, fallback?: string, plain?: string) => {
      if (escaped !== undefined) return unescape(whole, escaped, quoted);
      const value = this.#lookup(braced ?? plain ?? '');
      if (value === undefined || (value === '' && operator === ':-')) return fallback === undefined ? (value ?? '') : this.#expand(fallback, quoted);
      return value;
    });
  }

  #lookup(name: string): string | undefined {
    return this.#values.get(name) ?? this.#outer(name);
  }

  #restOfLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    return this.#text.slice(this.#at, end === -1 ? undefined : end);
  }

  #skip(length: number): void {
    for (let at = this.#at; at < this.#at + length; at++) if (this.#text[at] === '\n') this.#line++;
    this.#at += length;
  }

  #problem(text: string, column: number | undefined, message: string, hint: string): void {
    const place = column === undefined ? {} : { column };
    this.problems.push({ message, file: this.#file, line: this.#line, ...place, text, hint });
  }
}

function closingQuote(text: string, from: number, quote: string): number | undefined {
  for (let at = from; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

function unescape(whole: string, escaped: string, quoted: boolean): string {
  if (!quoted) return escaped === '$' || escaped === '\\' || escaped === '#' ? escaped : whole;
  const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return controls[escaped] ?? escaped;
}
