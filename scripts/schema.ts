// docs/devshell.schema.json and the reference in docs/configuration.md, from src/config/schema.ts.
import { parse } from 'smol-toml';
import type { Key, Shape, TableShape, ValueKey } from '../src/config/schema.ts';
import { projectShape, userShape } from '../src/config/schema.ts';
import { expectation } from '../src/config/wording.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const begin = '<!-- generated: npm run generate -->';
const end = '<!-- /generated -->';

/** The files as they ought to be; `guide` is docs/configuration.md as it is. */
export function generated(guide: string): ReadonlyMap<string, string> {
  const schema = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  return new Map([
    ['docs/devshell.schema.json', schema],
    ['docs/configuration.md', withReference(guide)],
  ]);
}

/** Draft 7: the newest that the TOML plug-ins of editors understand. */
export function jsonSchema(): Json {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'devshell.toml',
    description: 'The environment of a project, for devshell.',
    ...tableSchema(projectShape),
  };
}

function tableSchema(shape: TableShape): { readonly [name: string]: Json } {
  const keys = Object.entries(shape.keys).filter((entry): entry is [string, ValueKey] => 'shape' in entry[1]);
  const required = keys.filter(([, key]) => key.kind === 'required').map(([name]) => name);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(keys.map(([name, key]) => [name, keySchema(key)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function keySchema(key: ValueKey): Json {
  const examples = key.examples.map(tomlValue);
  return {
    description: key.description,
    ...shapeSchema(key.shape),
    ...(key.default === undefined ? {} : { default: tomlValue(key.default) }),
    ...(examples.length === 0 ? {} : { examples }),
  };
}

function shapeSchema(shape: Shape): { readonly [name: string]: Json } {
  switch (shape.kind) {
    case 'text':
      return { type: 'string', ...(shape.rule.pattern === undefined ? {} : { pattern: shape.rule.pattern }) };
    case 'choice':
      return { enum: shape.values };
    case 'switch':
      return { type: 'boolean' };
    case 'off':
      return { const: false };
    case 'numeral':
      return { type: 'number' };
    case 'seconds':
      return { type: 'number', exclusiveMinimum: 0, maximum: shape.most };
    case 'list':
      return { type: 'array', items: shapeSchema(shape.of) };
    case 'map':
      return {
        type: 'object',
        ...(shape.names.pattern === undefined ? {} : { propertyNames: { pattern: shape.names.pattern } }),
        additionalProperties: shapeSchema(shape.of),
      };
    case 'table':
      return tableSchema(shape);
    case 'either':
      return { anyOf: shape.of.map(shapeSchema) };
  }
}

function tomlValue(text: string): Json {
  return parse(`value = ${text}`)['value'] as Json;
}

function withReference(guide: string): string {
  const from = guide.indexOf(begin);
  const to = guide.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/configuration.md needs the lines ${begin} and ${end}`);
  return `${guide.slice(0, from + begin.length)}\n\n${reference()}\n${guide.slice(to)}`;
}

/** One table for what stands above all tables, one for each table of the file, and one for each kind of table in an entry. */
export function reference(): string {
  const keys = Object.entries(projectShape.keys).filter((entry): entry is [string, ValueKey] => 'shape' in entry[1]);
  const plain = keys.filter(([, key]) => !isTable(key.shape));
  const sections = keys.filter(([, key]) => isTable(key.shape)).map(([name, key]) => section(name, key));
  return [plainSection(plain), ...sections, laterSection()].join('\n');
}

function isTable(shape: Shape): boolean {
  return shape.kind === 'table' || shape.kind === 'map';
}

function plainSection(keys: readonly (readonly [string, ValueKey])[]): string {
  const opening = ['### Above the first table', '', 'In TOML, a key that belongs to no table stands above the first `[table]`. Also in the user settings.', ''];
  return [...opening, ...heading, ...keys.map(([name, key]) => row(name, key)), ''].join('\n');
}

function section(name: string, key: ValueKey): string {
  const inUserSettings = 'shape' in (userShape.keys[name] ?? {}) ? ' Also in the user settings.' : '';
  const opening = [`### [${name}]`, '', `${key.description}${inUserSettings}`, '', ...heading];
  if (key.shape.kind !== 'table') return [...opening, mapRow(name, key), ''].join('\n');
  const inner = Object.entries(key.shape.keys).flatMap(([child, one]) => entrySection(`${name}.${child}`, one));
  return [...opening, ...keyRows(key.shape), '', ...inner].join('\n');
}

const heading = ['| Key | Value | Default | Example |', '|---|---|---|---|'];

/** A table that stands as the value of a key, or as an entry of its list. */
function entrySection(path: string, key: Key): string[] {
  if (!('shape' in key) || key.shape.kind === 'table') return [];
  const isList = key.shape.kind === 'list';
  const entry = tableIn(key.shape.kind === 'list' ? key.shape.of : key.shape);
  return entry === undefined ? [] : [`${isList ? 'The tables in' : 'The table of'} \`${path}\`:`, '', ...heading, ...keyRows(entry), ''];
}

function tableIn(shape: Shape): TableShape | undefined {
  if (shape.kind === 'table') return shape;
  return shape.kind === 'either' ? shape.of.map(tableIn).find((one) => one !== undefined) : undefined;
}

function keyRows(shape: TableShape): string[] {
  return Object.entries(shape.keys).flatMap(([name, key]) => ('shape' in key ? [row(name, key)] : []));
}

function row(name: string, key: ValueKey): string {
  const fallback = key.kind === 'required' ? 'required' : key.default === undefined ? '' : code(key.default);
  return cells(code(name), `${key.description} ${capital(kind(key.shape))}.`, fallback, code(`${name} = ${key.examples[0] ?? ''}`));
}

/** Of a table whose names are the user's own. */
function mapRow(name: string, key: ValueKey): string {
  const of = key.shape.kind === 'map' ? key.shape.of : key.shape;
  return cells('any name', `${capital(kind(of))}.`, '', code(`${name} = ${key.examples[0] ?? ''}`));
}

function kind(shape: Shape): string {
  if (shape.kind === 'map') return `a table of names and ${shape.of.kind === 'text' ? 'texts' : 'values'}`;
  return expectation(shape).replaceAll(/"[^"]*"/g, (word) => `\`${word}\``);
}

function laterSection(): string {
  const names = [...laterNames(projectShape, '')].map((name) => `\`${name}\``);
  return ['### Not in this version', '', `Known, and refused with a message of their own: ${names.join(', ')}.`, ''].join('\n');
}

function* laterNames(shape: TableShape, prefix: string): Generator<string> {
  for (const [name, key] of Object.entries(shape.keys)) {
    if (key.kind === 'later') yield prefix + name;
    if (!('shape' in key)) continue;
    if (key.shape.kind === 'table') yield* laterNames(key.shape, `${prefix}${name}.`);
    if (key.shape.kind === 'choice') for (const word of key.shape.later) yield `${prefix}${name} = "${word}"`;
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function code(text: string): string {
  return `\`${text}\``;
}

function cells(...texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
