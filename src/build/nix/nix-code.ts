// The code in a Nix file: without comments and without the text of strings, but with what they interpolate.

/** Strings become `""`, with the code of each `${}` in them behind it. */
export function codeOf(text: string): string {
  return new Scanner(text).code('end of file');
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end, or to the brace that closes an interpolation. */
  code(until: 'end of file' | 'brace'): string {
    let code = '';
    let depth = 0;
    while (this.#at < this.#text.length) {
      const rest = this.#text.slice(this.#at, this.#at + 2);
      const word = this.#match(/[A-Za-z_][\w'-]*/y);
      if (word !== undefined) code += word;
      else if (this.#match(/#.*|\/\*[\s\S]*?(?:\*\/|$)/y) !== undefined) code += ' ';
      else if (rest === "''") code += this.#string(2);
      else if (rest.startsWith('"')) code += this.#string(1);
      else {
        if (rest.startsWith('{')) depth++;
        if (rest.startsWith('}') && --depth < 0 && until === 'brace') return code;
        code += rest.charAt(0);
        this.#at++;
      }
    }
    return code;
  }

  #string(quotes: 1 | 2): string {
    this.#at += quotes;
    let inside = '';
    const plain = quotes === 1 ? /(?:\\[\s\S]|\$\$|\$(?!\{)|[^"\\$])+/y : /(?:''\$|''\\[\s\S]|'''|\$\$|\$(?!\{)|'(?!')|[^'$])+/y;
    while (this.#at < this.#text.length) {
      if (this.#match(plain) !== undefined) continue;
      if (!this.#text.startsWith('${', this.#at)) break;
      this.#at += 2;
      inside += ` \${${this.code('brace')}}`;
      this.#at++;
    }
    this.#at += quotes;
    return `""${inside}`;
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

/** Relative paths of the language, as they are written; a directory itself (`./.`, `../`) is none of them. */
export function pathLiterals(code: string): string[] {
  return [...code.matchAll(/(?<![\w./+~-])\.{1,2}(?:\/[\w.+-]+)+/g)].map(([literal]) => literal).filter((literal) => !/(^|\/)\.{1,2}$/.test(literal));
}

/** Relative paths that are a directory, or may be one, and are not just turned into text or continued. */
export function directoryLiterals(code: string): string[] {
  return [...code.matchAll(/(?<![\w./+~-])\.{1,2}(?:\/[\w.+-]*)+/g)]
    .filter(({ index, 0: literal }) => !/toString\s*\(?\s*$/.test(code.slice(0, index)) && !/^\s*\)?\s*\+|^\$\{/.test(code.slice(index + literal.length)))
    .map(([literal]) => literal);
}

/** Where a path in the file `from` leads, from the same place as `from`; undefined where that is outside. */
export function targetOf(from: string, literal: string): string | undefined {
  const parts = from.split('/').slice(0, -1);
  for (const part of literal.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
