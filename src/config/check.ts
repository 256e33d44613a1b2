// Holds a document to a shape and says everything that is wrong with it.
import type { Problem } from '../model/problem.ts';
import type { Document, Node, Table } from './document.ts';
import { problemAt } from './document.ts';
import type { Fault } from './fault.ts';
import { literalOffset } from './literal.ts';
import type { Rule } from './rule.ts';
import type { Key, Shape, TableShape } from './schema.ts';
import type { Spot } from './scan.ts';
import { similar } from './similar.ts';
import { asText, expectation, found, label, listed, place } from './wording.ts';
import type { Path } from './wording.ts';

type Report = (spot: Spot, message: string, hint: string) => void;

/** In the order of the file. */
export function check(document: Document, shape: TableShape): readonly Problem[] {
  const { source } = document;
  const found: { readonly start: number; readonly problem: Problem }[] = [];
  const report: Report = (spot, message, hint) => found.push({ start: spot.start, problem: problemAt(source, spot, message, hint) });
  new Checker(source.text, report).table(document.root, shape, []);
  return found.sort((a, b) => a.start - b.start).map(({ problem }) => problem);
}

class Checker {
  readonly #text: string;
  readonly #report: Report;

  constructor(text: string, report: Report) {
    this.#text = text;
    this.#report = report;
  }

  table(node: Table, shape: TableShape, path: Path): void {
    for (const [name, entry] of node.entries) {
      const key = Object.hasOwn(shape.keys, name) ? shape.keys[name] : undefined;
      if (key === undefined) this.#unknown(name, entry.key, shape, path);
      else this.#key(key, entry.node, entry.key, [...path, name]);
    }
    for (const [name, key] of Object.entries(shape.keys)) {
      if (key.kind !== 'required' || node.entries.has(name)) continue;
      this.#report(node.spot, `${label(path)} needs \`${name}\``, `for example: ${name} = ${key.examples[0] ?? ''}`);
    }
  }

  #key(key: Key, node: Node, spot: Spot, path: Path): void {
    switch (key.kind) {
      case 'later':
        return this.#report(spot, `${label(path)} is not supported by this version yet`, key.hint);
      case 'elsewhere':
        return this.#report(spot, `${label(path)} does not belong in the user settings`, key.hint);
      case 'required':
      case 'optional':
        return this.#value(node, key.shape, path, key.examples[0]);
    }
  }

  #unknown(name: string, spot: Spot, shape: TableShape, path: Path): void {
    const message = `unknown key \`${name}\` ${place(path)}`;
    const known = Object.keys(shape.keys).filter((key) => shape.keys[key]?.kind !== 'elsewhere');
    const meant = similar(name, known);
    const isTop = path.length === 0;
    const owner = isTop ? Object.keys(shape.keys).find((key) => holds(shape.keys[key], name)) : undefined;
    if (owner !== undefined) this.#report(spot, message, `put it under [${owner}]`);
    else if (meant !== undefined) this.#report(spot, message, `did you mean \`${meant}\`?`);
    else if (isTop && 'env' in shape.keys && /^[A-Z_][A-Z0-9_]*$/.test(name)) this.#report(spot, message, 'variables stand under [env]');
    else this.#report(spot, message, `known here: ${known.filter((key) => shape.keys[key]?.kind !== 'later').join(', ')}`);
  }

  #value(node: Node, shape: Shape, path: Path, example: string | undefined): void {
    switch (shape.kind) {
      case 'either':
        return this.#either(node, shape.of, path, example);
      case 'text':
        return node.kind === 'string' ? this.#ruled(node, shape.rule) : this.#wrong(node, shape, path, example);
      case 'choice':
        return node.kind === 'string' ? this.#chosen(node.value, node.spot, shape, path) : this.#wrong(node, shape, path, example);
      case 'switch':
        return node.kind === 'boolean' ? undefined : this.#wrong(node, shape, path, example);
      case 'off':
        return node.kind === 'boolean' && !node.value ? undefined : this.#wrong(node, shape, path, example);
      case 'numeral':
        return node.kind === 'number' && Number.isFinite(node.value) ? undefined : this.#wrong(node, shape, path, example);
      case 'seconds':
        return node.kind === 'number' ? this.#seconds(node.value, node.spot, shape.most, path) : this.#wrong(node, shape, path, example);
      case 'list':
        if (node.kind !== 'list') return this.#wrong(node, shape, path, example);
        return node.items.forEach((item, index) => this.#value(item, shape.of, [...path, index + 1], undefined));
      case 'table':
        return node.kind === 'table' ? this.table(node, shape, path) : this.#wrong(node, shape, path, example);
      case 'map':
        return node.kind === 'table' ? this.#map(node, shape.names, shape.of, path) : this.#wrong(node, shape, path, example);
    }
  }

  #either(node: Node, shapes: readonly Shape[], path: Path, example: string | undefined): void {
    const shape = shapes.find((candidate) => takes(candidate, node));
    if (shape === undefined) this.#wrong(node, { kind: 'either', of: shapes }, path, example);
    else this.#value(node, shape, path, example);
  }

  #map(node: Table, names: Rule, of: Shape, path: Path): void {
    for (const [name, entry] of node.entries) {
      const fault = names.fault(name);
      if (fault !== undefined) this.#report(entry.key, fault.message, fault.hint);
      this.#value(entry.node, of, [...path, name], undefined);
    }
  }

  #ruled(node: { readonly value: string; readonly spot: Spot }, rule: Rule): void {
    const fault = rule.fault(node.value);
    if (fault !== undefined) this.#report(this.#within(node.spot, fault), fault.message, fault.hint);
  }

  /** From the place in the text of a string to its end, as the file has it. */
  #within(spot: Spot, fault: Fault): Spot {
    if (fault.offset === undefined) return spot;
    return { start: spot.start + literalOffset(this.#text.slice(spot.start, spot.end), fault.offset), end: spot.end };
  }

  #chosen(word: string, spot: Spot, shape: Shape & { readonly kind: 'choice' }, path: Path): void {
    if (shape.values.includes(word)) return;
    const values = listed(shape.values.map((value) => JSON.stringify(value)));
    if (shape.later.includes(word)) {
      return this.#report(spot, `"${word}" as ${label(path)} is not supported by this version yet`, `write ${values}`);
    }
    const meant = similar(word, shape.values);
    this.#report(spot, `${label(path)} must be ${values}`, meant === undefined ? `write ${values}` : `did you mean "${meant}"?`);
  }

  #seconds(value: number, spot: Spot, most: number, path: Path): void {
    if (value > 0 && value <= most) return;
    this.#report(spot, `${label(path)} must be more than 0 and at most ${most} seconds`, 'write a number of seconds, such as 30');
  }

  #wrong(node: Node, shape: Shape, path: Path, example: string | undefined): void {
    const raw = this.#text.slice(node.spot.start, node.spot.end);
    const message = `${label(path)} must be ${expectation(shape)}, not ${found(node)}`;
    this.#report(node.spot, message, remedy(node, shape, raw, path, example));
  }
}

function holds(key: Key | undefined, name: string): boolean {
  return key !== undefined && 'shape' in key && key.shape.kind === 'table' && Object.hasOwn(key.shape.keys, name);
}

function takes(shape: Shape, node: Node): boolean {
  switch (shape.kind) {
    case 'text':
    case 'choice':
      return node.kind === 'string';
    case 'switch':
      return node.kind === 'boolean';
    case 'off':
      return node.kind === 'boolean' && !node.value;
    case 'numeral':
      return node.kind === 'number' && Number.isFinite(node.value);
    case 'seconds':
      return node.kind === 'number';
    case 'list':
      return node.kind === 'list';
    case 'table':
    case 'map':
      return node.kind === 'table';
    case 'either':
      return shape.of.some((one) => takes(one, node));
  }
}

/** The value as it was probably meant, where that can be told. */
function remedy(node: Node, shape: Shape, raw: string, path: Path, example: string | undefined): string {
  const name = String(path.at(-1) ?? '');
  if (accepts(shape, 'text') && (node.kind === 'boolean' || node.kind === 'number' || node.kind === 'date')) return `write ${asText(raw)}`;
  if (shape.kind === 'switch' && node.kind === 'string' && /^(true|false)$/.test(node.value)) return `write ${node.value}, without quotes`;
  if (shape.kind === 'list' && (accepts(shape.of, 'text') || node.kind === 'table') && (node.kind === 'string' || raw.startsWith('{'))) {
    return `write ${name} = [${raw}]`;
  }
  if (shape.kind === 'seconds') return 'write a number of seconds, such as 30';
  const isVariable = path[0] === 'env' && path.length > 1;
  if (isVariable && node.kind === 'table') return 'the name of a variable has no dot, and its value is one text';
  if (isVariable && node.kind === 'list') return 'write one text, with : between the entries if it is a list';
  return example === undefined ? `write ${expectation(shape)}` : `for example: ${name} = ${example}`;
}

function accepts(shape: Shape, kind: 'text'): boolean {
  return shape.kind === kind || (shape.kind === 'either' && shape.of.some((one) => one.kind === kind));
}
