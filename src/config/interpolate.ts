// `${NAME}` and `${NAME:-default}` in the values of [env]; `$${` is a literal `${`, any other `$` is itself.

export type Interpolated =
  | { readonly kind: 'value'; readonly value: string }
  /** `${NAME}` of a variable that is not set, with no default. */
  | { readonly kind: 'undefined'; readonly name: string }
  | Malformed;

export interface Malformed {
  readonly kind: 'malformed';
  /** Of the `${` that is wrong, in UTF-16 units. */
  readonly offset: number;
  readonly reason: 'unclosed' | 'name' | 'operator' | 'depth';
}

type Part = string | { readonly name: string; readonly fallback: readonly Part[] | undefined };

interface Cursor {
  readonly text: string;
  at: number;
}

const deepest = 50;

/** `text` with its references filled in. As in a shell, the default stands in for a variable that is unset or empty. */
export function interpolate(text: string, lookup: (name: string) => string | undefined): Interpolated {
  const parts = template(text);
  if ('kind' in parts) return parts;
  let missing: string | undefined;
  const fill = (part: Part): string => {
    if (typeof part === 'string' || missing !== undefined) return part as string;
    const value = lookup(part.name);
    if (part.fallback !== undefined) return value === undefined || value === '' ? part.fallback.map(fill).join('') : value;
    if (value === undefined) missing = part.name;
    return value ?? '';
  };
  const value = parts.map(fill).join('');
  return missing === undefined ? { kind: 'value', value } : { kind: 'undefined', name: missing };
}

/** The first mistake in `text` that shows without knowing any variable. */
export function malformation(text: string): Malformed | undefined {
  const parts = template(text);
  return 'kind' in parts ? parts : undefined;
}

function template(text: string): readonly Part[] | Malformed {
  if (!text.includes('${')) return [text];
  return readParts({ text, at: 0 }, 0);
}

/** Up to the end of the text or, inside a default, up to the brace that closes it. */
function readParts(cursor: Cursor, depth: number): readonly Part[] | Malformed {
  const { text } = cursor;
  const parts: Part[] = [];
  while (cursor.at < text.length) {
    if (depth > 0 && text[cursor.at] === '}') return parts;
    if (text.startsWith('$${', cursor.at)) {
      parts.push('${');
      cursor.at += 3;
    } else if (text.startsWith('${', cursor.at)) {
      const reference = readReference(cursor, depth);
      if (typeof reference !== 'string' && 'kind' in reference) return reference;
      parts.push(reference);
    } else parts.push(readPlain(cursor, depth));
  }
  return parts;
}

/** At least one character, up to the next `$` or, inside a default, the next `}`. */
function readPlain(cursor: Cursor, depth: number): string {
  const start = cursor.at++;
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '$' && !(depth > 0 && cursor.text[cursor.at] === '}')) cursor.at++;
  return cursor.text.slice(start, cursor.at);
}

function readReference(cursor: Cursor, depth: number): Part | Malformed {
  const { text } = cursor;
  const offset = cursor.at;
  if (depth >= deepest) return { kind: 'malformed', offset, reason: 'depth' };
  cursor.at += 2;
  const name = readName(cursor);
  let fallback: readonly Part[] | undefined;
  if (name !== '' && text.startsWith(':-', cursor.at)) {
    cursor.at += 2;
    const parts = readParts(cursor, depth + 1);
    if ('kind' in parts) return parts;
    fallback = parts;
  }
  if (text[cursor.at] === '}') {
    cursor.at++;
    return name === '' ? { kind: 'malformed', offset, reason: 'name' } : { name, fallback };
  }
  return { kind: 'malformed', offset, reason: fault(text, cursor.at, name) };
}

function fault(text: string, at: number, name: string): Malformed['reason'] {
  if (!text.includes('}', at)) return 'unclosed';
  return name === '' || !/[-:?+=#%/^,@[]/.test(text[at] ?? '') ? 'name' : 'operator';
}

function readName(cursor: Cursor): string {
  const name = /[A-Za-z_][A-Za-z0-9_]*/y;
  name.lastIndex = cursor.at;
  const found = name.exec(cursor.text)?.[0] ?? '';
  cursor.at += found.length;
  return found;
}
