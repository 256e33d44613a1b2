// The words of a command as bash's trace prints them: '...', $'...', "..." and backslashes around what needs them.

const plain = /[^\s'"\\$]+/y;

/** At most `limit` words, unquoted. */
export function wordsOf(text: string, limit = Infinity): string[] {
  const words: string[] = [];
  let at = 0;
  while (words.length < limit) {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
    if (at >= text.length) break;
    const word = readWord(text, at);
    words.push(word.value);
    at = word.end;
  }
  return words;
}

interface Word {
  readonly value: string;
  readonly end: number;
}

function readWord(text: string, from: number): Word {
  let value = '';
  let at = from;
  while (at < text.length && !/\s/.test(text.charAt(at))) {
    const part = readPart(text, at);
    value += part.value;
    at = part.end;
  }
  return { value, end: at };
}

function readPart(text: string, at: number): Word {
  const character = text.charAt(at);
  if (character === "'") return upTo(text, at + 1, "'");
  if (character === '$' && text.charAt(at + 1) === "'") return readAnsi(text, at + 2);
  if (character === '"') return readDouble(text, at + 1);
  if (character === '\\') return { value: text.charAt(at + 1), end: at + 2 };
  plain.lastIndex = at;
  const match = plain.exec(text);
  return match === null ? { value: character, end: at + 1 } : { value: match[0], end: plain.lastIndex };
}

function upTo(text: string, from: number, quote: string): Word {
  const end = text.indexOf(quote, from);
  return end === -1 ? { value: text.slice(from), end: text.length } : { value: text.slice(from, end), end: end + 1 };
}

function readDouble(text: string, from: number): Word {
  let value = '';
  let at = from;
  for (; at < text.length && text.charAt(at) !== '"'; at++) {
    if (text.charAt(at) === '\\' && '"\\$`\n'.includes(text.charAt(at + 1))) at++;
    value += text.charAt(at);
  }
  return { value, end: at + 1 };
}

const controls: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, E: 27, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `$'...'`: octal escapes are bytes, so the whole is put together as bytes. */
function readAnsi(text: string, from: number): Word {
  const end = ansiEnd(text, from);
  const bytes: Buffer[] = [];
  const pattern = /\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|c[\s\S]|[\s\S])|[^\\]+/g;
  for (const [whole, escape] of text.slice(from, end).matchAll(pattern)) bytes.push(escape === undefined ? Buffer.from(whole) : unescape(escape));
  return { value: Buffer.concat(bytes).toString('utf8'), end: end + 1 };
}

function ansiEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === "'") return at;
  }
  return text.length;
}

function unescape(escape: string): Buffer {
  const first = escape.charAt(0);
  if (/[0-7]/.test(first)) return Buffer.from([parseInt(escape, 8) & 0xff]);
  if (first === 'x' && escape.length > 1) return Buffer.from([parseInt(escape.slice(1), 16)]);
  if ((first === 'u' || first === 'U') && escape.length > 1) return Buffer.from(String.fromCodePoint(parseInt(escape.slice(1), 16)));
  if (first === 'c' && escape.length > 1) return Buffer.from([escape.charCodeAt(1) & 0x1f]);
  const control = controls[first];
  return control === undefined ? Buffer.from(escape) : Buffer.from([control]);
}

/** The value that `declare -p` printed from `at` on, and where it ends. */
export function quotedValue(text: string, at: number): { readonly value: string; readonly end: number } {
  return readWord(text, at);
}
