// How messages name a place in the configuration, what was found there, and what is expected.
import type { Node } from './document.ts';
import type { Shape } from './schema.ts';

/** Keys, and numbers of list entries that count from 1. */
export type Path = readonly (string | number)[];

/** `load.exec`, or "`format` in entry 2 of `load.exec`". */
export function label(path: Path): string {
  const index = path.findLastIndex((step) => typeof step === 'number');
  if (index < 0) return `\`${path.join('.')}\``;
  const entry = `entry ${path[index]} of ${label(path.slice(0, index))}`;
  return index === path.length - 1 ? entry : `\`${path.slice(index + 1).join('.')}\` in ${entry}`;
}

/** Where a key stands: `in [load]`. */
export function place(path: Path): string {
  if (path.length === 0) return 'at the top level';
  return path.some((step) => typeof step === 'number') ? `in ${label(path)}` : `in [${path.join('.')}]`;
}

export function found(node: Node): string {
  switch (node.kind) {
    case 'string':
      return 'a text';
    case 'number':
      return Number.isFinite(node.value) ? 'a number' : node.text;
    case 'boolean':
      return String(node.value);
    case 'date':
      return 'a date or time';
    case 'list':
      return 'a list';
    case 'table':
      return 'a table';
  }
}

export function expectation(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'a text in quotes';
    case 'choice':
      return listed(shape.values.map((value) => JSON.stringify(value)));
    case 'switch':
      return 'true or false';
    case 'off':
      return 'false';
    case 'numeral':
      return 'a number';
    case 'seconds':
      return 'a number of seconds';
    case 'list':
      return `a list of ${plural(shape.of)}`;
    case 'map':
    case 'table':
      return 'a table';
    case 'either':
      return listed(shape.of.map(expectation));
  }
}

function plural(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'texts';
    case 'table':
      return 'tables';
    case 'either':
      return shape.of.map(plural).join(' or ');
    case 'choice':
    case 'switch':
    case 'off':
    case 'numeral':
    case 'seconds':
    case 'list':
    case 'map':
      return 'values';
  }
}

/** `a, b or c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** A TOML string that means `text`. */
export function asText(text: string): string {
  return JSON.stringify(text);
}
