// `$NAME`, `${NAME}` and its defaults in a value of a dotenv file, and what a backslash means there.

/** Between double quotes a backslash escapes whatever follows; without quotes only a `$`. */
export type Quoting = 'double' | 'none';

export type Expansion =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'malformed'; readonly offset: number; readonly message: string; readonly hint: string };

type Fault = Extract<Expansion, { kind: 'malformed' }>;

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const literal = 'a $ that is meant as such stands in single quotes, or as \\$';

export function expand(text: string, quoting: Quoting, lookup: (name: string) => string | undefined): Expansion {
  return new Expander(text, quoting, lookup).run();
}

class Expander {
  readonly #text: string;
  readonly #quoting: Quoting;
  readonly #lookup: (name: string) => string | undefined;
  #at = 0;
  /** How many defaults around this place are not needed: nothing is looked up there. */
  #unneeded = 0;
  #fault: Fault | undefined;

  constructor(text: string, quoting: Quoting, lookup: (name: string) => string | undefined) {
    this.#text = text;
    this.#quoting = quoting;
    this.#lookup = lookup;
  }

  run(): Expansion {
    const value = this.#until('');
    return this.#fault ?? { kind: 'value', value };
  }

  /** Up to `end`, which is left standing, or up to the end of the text. */
  #until(end: '}' | ''): string {
    let value = '';
    while (this.#at < this.#text.length && this.#fault === undefined) {
      const character = this.#text[this.#at] ?? '';
      if (character === end) break;
      if (character === '\\') value += this.#escape();
      else if (character === '$') value += this.#dollar();
      else value += this.#take(1);
    }
    return value;
  }

  #escape(): string {
    const next = this.#text[this.#at + 1] ?? '';
    if (next === '' || (this.#quoting === 'none' && next !== '$')) return this.#take(1);
    this.#at += 2;
    return this.#quoting === 'none' ? next : (controls[next] ?? next);
  }

  #dollar(): string {
    const next = this.#text[this.#at + 1];
    if (next === '{') return this.#braced();
    if (next === '$') {
      this.#at += 2;
      return '$';
    }
    this.#at++;
    const name = this.#name();
    return name === '' ? '$' : (this.#valueOf(name) ?? '');
  }

  #braced(): string {
    const start = this.#at;
    this.#at += 2;
    const name = this.#name();
    const operator = /^:?[-+?]/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? '';
    this.#at += operator.length;
    const value = this.#valueOf(name);
    const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
    const isPlus = operator.endsWith('+');
    const word = operator === '' ? '' : this.#word(isSet === isPlus);
    if (this.#fault !== undefined) return '';
    if (this.#text[this.#at] !== '}') return this.#malformed(start, name, operator);
    this.#at++;
    if (operator.endsWith('?') && !isSet && this.#unneeded === 0) return this.#failed(start, word === '' ? `${name} is not set` : `${name}: ${word}`, `set ${name} before`);
    if (isPlus) return isSet ? word : '';
    return isSet || operator === '' ? (value ?? '') : word;
  }

  #word(isNeeded: boolean): string {
    if (!isNeeded) this.#unneeded++;
    const word = this.#until('}');
    if (!isNeeded) this.#unneeded--;
    return word;
  }

  #malformed(start: number, name: string, operator: string): string {
    if (operator !== '' || this.#at >= this.#text.length) return this.#failed(start, 'this ${ has no closing brace', `close it with }; ${literal}`);
    const message = name === '' ? 'this ${} does not name a variable' : 'of all the forms of ${}, only ${NAME} with :- - :+ + :? ? are known here';
    return this.#failed(start, message, `use one of these; ${literal}`);
  }

  #failed(offset: number, message: string, hint: string): string {
    this.#fault ??= { kind: 'malformed', offset, message, hint };
    return '';
  }

  #name(): string {
    const name = /^(?:[A-Za-z_]\w*)?/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #valueOf(name: string): string | undefined {
    return name === '' || this.#unneeded > 0 ? undefined : this.#lookup(name);
  }

  #take(length: number): string {
    this.#at += length;
    return this.#text.slice(this.#at - length, this.#at);
  }
}
