// Where the keys and values of a TOML text stand. The text was parsed before and is known to be valid: this only finds places.
import { parse } from 'smol-toml';

/** From `start` up to but not including `end`, in UTF-16 units. */
export interface Spot {
  readonly start: number;
  readonly end: number;
}

/** A value with its key. Items of a list are children named '0', '1' ...; the key of an item is the item itself. */
export interface Located {
  readonly key: Spot;
  /** The value; of a table the `[header]`, or the first mention of its name where it has no header of its own. */
  readonly value: Spot;
  /** In the order of the text. */
  readonly children: Map<string, Located>;
  /** `tables` is what `[[name]]` makes. */
  readonly kind: 'value' | 'tables';
}

interface Cursor {
  readonly text: string;
  at: number;
}

interface Name {
  readonly name: string;
  readonly spot: Spot;
}

export function scan(text: string): Located {
  const cursor: Cursor = { text, at: 0 };
  const root = located({ start: 0, end: 0 }, { start: 0, end: 0 });
  let table = root;
  for (skipBlank(cursor); cursor.at < text.length; skipBlank(cursor)) {
    if (text[cursor.at] === '[') table = readHeader(cursor, root);
    else readEntry(cursor, table);
  }
  return root;
}

function located(key: Spot, value: Spot, kind: Located['kind'] = 'value'): Located {
  return { key, value, children: new Map(), kind };
}

/** `[a.b]` or `[[a.b]]`: the table that the lines after it belong to. */
function readHeader(cursor: Cursor, root: Located): Located {
  const start = cursor.at;
  const kind = cursor.text.startsWith('[[', start) ? 'tables' : 'value';
  cursor.at += kind === 'tables' ? 2 : 1;
  const names = readNames(cursor);
  cursor.at += kind === 'tables' ? 2 : 1;
  const header = { start, end: cursor.at };
  let table = root;
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    const child = childOf(table, name, last ? header : name.spot, last ? kind : 'value');
    table = child.kind === 'tables' ? elementOf(child, header, last) : child;
  }
  return table;
}

/** The newest element of an array of tables, or a new one. */
function elementOf(tables: Located, header: Spot, isNew: boolean): Located {
  const newest = tables.children.get(String(tables.children.size - 1));
  if (!isNew && newest !== undefined) return newest;
  const element = located(header, header);
  tables.children.set(String(tables.children.size), element);
  return element;
}

function childOf(table: Located, name: Name, value: Spot, kind: Located['kind']): Located {
  const existing = table.children.get(name.name);
  if (existing !== undefined) return existing;
  const child = located(name.spot, value, kind);
  table.children.set(name.name, child);
  return child;
}

/** `a.b = value`, in a table or in an inline table. */
function readEntry(cursor: Cursor, table: Located): void {
  const names = readNames(cursor);
  const last = names.pop();
  cursor.at++;
  skipSpace(cursor);
  if (last === undefined) return;
  let parent = table;
  for (const name of names) parent = childOf(parent, name, name.spot, 'value');
  parent.children.set(last.name, readValue(cursor, last.spot));
}

/** Dotted names, up to the `=` or `]` behind them. */
function readNames(cursor: Cursor): Name[] {
  const names: Name[] = [];
  for (;;) {
    skipSpace(cursor);
    const start = cursor.at;
    if (isQuote(cursor.text[start])) skipString(cursor);
    else while (cursor.at < cursor.text.length && !' \t.=]'.includes(cursor.text[cursor.at] ?? '')) cursor.at++;
    const spot = { start, end: cursor.at };
    names.push({ name: decoded(cursor.text.slice(start, cursor.at)), spot });
    skipSpace(cursor);
    if (cursor.text[cursor.at] !== '.') return names;
    cursor.at++;
  }
}

function decoded(key: string): string {
  if (!isQuote(key[0])) return key;
  if (key[0] === "'" || !key.includes('\\')) return key.slice(1, -1);
  return parse(`key = ${key}`)['key'] as string;
}

function readValue(cursor: Cursor, key: Spot | undefined): Located {
  const start = cursor.at;
  const children = new Map<string, Located>();
  switch (cursor.text[start]) {
    case '[':
      readItems(cursor, children);
      break;
    case '{':
      readFields(cursor, children);
      break;
    case '"':
    case "'":
      skipString(cursor);
      break;
    default:
      skipWord(cursor);
  }
  const value = { start, end: cursor.at };
  return { key: key ?? value, value, children, kind: 'value' };
}

function readItems(cursor: Cursor, children: Map<string, Located>): void {
  cursor.at++;
  for (skipBlank(cursor); more(cursor, ']'); skipSeparator(cursor)) children.set(String(children.size), readValue(cursor, undefined));
  cursor.at++;
}

function readFields(cursor: Cursor, children: Map<string, Located>): void {
  const table = { ...located({ start: 0, end: 0 }, { start: 0, end: 0 }), children };
  cursor.at++;
  for (skipBlank(cursor); more(cursor, '}'); skipSeparator(cursor)) readEntry(cursor, table);
  cursor.at++;
}

function more(cursor: Cursor, close: string): boolean {
  return cursor.at < cursor.text.length && cursor.text[cursor.at] !== close;
}

function skipSeparator(cursor: Cursor): void {
  skipBlank(cursor);
  if (cursor.text[cursor.at] === ',') cursor.at++;
  skipBlank(cursor);
}

/** A string of any of the four kinds; up to two quotes more may end a multi-line one. */
function skipString(cursor: Cursor): void {
  const { text } = cursor;
  const quote = text[cursor.at] ?? '';
  const close = text.startsWith(quote.repeat(3), cursor.at) ? quote.repeat(3) : quote;
  cursor.at += close.length;
  while (cursor.at < text.length && !text.startsWith(close, cursor.at)) cursor.at += quote === '"' && text[cursor.at] === '\\' ? 2 : 1;
  cursor.at += close.length;
  for (let extra = 0; close.length === 3 && extra < 2 && text[cursor.at] === quote; extra++) cursor.at++;
}

/** A number, a date (which may hold a space), `true` or `false`. */
function skipWord(cursor: Cursor): void {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !',]}#\r\n'.includes(cursor.text[cursor.at] ?? '')) cursor.at++;
  cursor.at = start + Math.max(1, cursor.text.slice(start, cursor.at).trimEnd().length);
}

function skipSpace(cursor: Cursor): void {
  while (cursor.text[cursor.at] === ' ' || cursor.text[cursor.at] === '\t') cursor.at++;
}

/** Spaces, line ends and comments. */
function skipBlank(cursor: Cursor): void {
  for (;;) {
    const character = cursor.text[cursor.at];
    if (character === '#') {
      const end = cursor.text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? cursor.text.length : end;
    } else if (character === ' ' || character === '\t' || character === '\r' || character === '\n') cursor.at++;
    else return;
  }
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}
