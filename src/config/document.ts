// A TOML file as a tree of values that know where they stand.
import { parse, TomlError } from 'smol-toml';
import type { Problem } from '../model/problem.ts';
import { printable } from './printable.ts';
import { scan } from './scan.ts';
import type { Located, Spot } from './scan.ts';
import type { Source } from './source.ts';
import { excerpt, lineAt, placeAt } from './source.ts';
import { explainSyntax } from './syntax.ts';

export type Node =
  | { readonly kind: 'string'; readonly value: string; readonly spot: Spot }
  /** `text` is the number as it was written. */
  | { readonly kind: 'number'; readonly value: number; readonly text: string; readonly spot: Spot }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly spot: Spot }
  | { readonly kind: 'date'; readonly spot: Spot }
  | { readonly kind: 'list'; readonly items: readonly Node[]; readonly spot: Spot }
  | Table;

export interface Table {
  readonly kind: 'table';
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly spot: Spot;
}

export interface Entry {
  readonly key: Spot;
  readonly node: Node;
}

export interface Document {
  readonly source: Source;
  readonly root: Table;
}

export type Parsed = { readonly kind: 'document'; readonly document: Document } | { readonly kind: 'syntax'; readonly problem: Problem };

export function parseDocument(source: Source): Parsed {
  let value: Record<string, unknown>;
  try {
    value = parse(source.text, { integersAsBigInt: true });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { kind: 'syntax', problem: syntaxProblem(source, error) };
  }
  return { kind: 'document', document: { source, root: tableOf(value, scan(source.text), source.text) } };
}

/** The node at `path`, if the file has it. */
export function nodeAt(document: Document, ...path: readonly string[]): Node | undefined {
  let node: Node | undefined = document.root;
  for (const name of path) node = node?.kind === 'table' ? node.entries.get(name)?.node : undefined;
  return node;
}

/** A problem with the text of `spot`. `message` and `hint` may quote the file as it is: here they become printable. */
export function problemAt(source: Source, spot: Spot, message: string, hint: string): Problem {
  return { message: printable(message), ...placeAt(source, spot.start), text: excerpt(source, spot), hint: printable(hint) };
}

function syntaxProblem(source: Source, error: TomlError): Problem {
  const offset = (source.lineStarts[error.line - 1] ?? 0) + error.column - 1;
  const reason = /^Invalid TOML document: (.*)/.exec(error.message)?.[1] ?? error.message;
  const { message, hint, offset: at } = explainSyntax(source.text, offset, reason);
  return { message: printable(message), ...placeAt(source, at), text: lineAt(source, at), hint: printable(hint) };
}

function tableOf(value: object, located: Located, text: string): Table {
  const values = value as Record<string, unknown>;
  const entries = new Map<string, Entry>();
  for (const [name, child] of located.children) entries.set(name, { key: child.key, node: nodeOf(values[name], child, text) });
  return { kind: 'table', entries, spot: located.value };
}

function nodeOf(value: unknown, located: Located, text: string): Node {
  const spot = located.value;
  if (typeof value === 'string') return { kind: 'string', value, spot };
  if (typeof value === 'boolean') return { kind: 'boolean', value, spot };
  if (typeof value === 'number' || typeof value === 'bigint') {
    return { kind: 'number', value: Number(value), text: text.slice(spot.start, spot.end), spot };
  }
  if (value instanceof Date) return { kind: 'date', spot };
  if (Array.isArray(value)) {
    const items = [...located.children.values()].map((child, index) => nodeOf(value[index], child, text));
    return { kind: 'list', items, spot };
  }
  return tableOf(value as object, located, text);
}
