import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { generated, jsonSchema } from '../../scripts/schema.ts';
import type { Shape, TableShape } from '../../src/config/schema.ts';
import { projectShape } from '../../src/config/schema.ts';
import { configurationOf, problemsOf } from './files.ts';

const file = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('what is generated from the schema', () => {
  test.each(['docs/devshell.schema.json', 'docs/configuration.md'])('is fresh: %s', async (name) => {
    expect(await file(name)).toBe(generated(await file('docs/configuration.md')).get(name));
  });

  test('refuses a guide that has no place for it', () => {
    expect(() => generated('# Configuration')).toThrow('needs the lines');
  });

  test('has every key of every table in the JSON schema', () => {
    const names = (schema: unknown): unknown => {
      const { properties } = schema as { properties: Record<string, unknown> };
      return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, Object.keys((one as { properties?: object }).properties ?? {})]));
    };
    expect(names(jsonSchema())).toEqual({
      env: [],
      load: ['path', 'dotenv', 'envrc', 'nix', 'venv', 'exec', 'lists'],
      watch: ['paths', 'ignore'],
      shell: ['program', 'init', 'aliases'],
      reload: ['apply', 'keybind'],
      keys: ['error', 'pause'],
      status: ['line'],
      cache: [],
      trust: [],
    });
  });
});

/** Every default and example of the schema as a line of devshell.toml. */
function* lines(shape: TableShape, around: (text: string) => string): Generator<string> {
  for (const [name, key] of Object.entries(shape.keys)) {
    if (!('shape' in key)) continue;
    for (const value of [...key.examples, ...(key.default === undefined ? [] : [key.default])]) yield around(`${name} = ${value}`);
    yield* inner(key.shape, (text) => around(`${name}${text}`), name);
  }
}

function* inner(shape: Shape, around: (text: string) => string, name: string): Generator<string> {
  if (shape.kind === 'table') yield* lines(shape, (text) => around(`.${text}`));
  if (shape.kind === 'either' && name === 'venv') yield* lines(tableIn(shape), (text) => around(` = { ${text.startsWith('directory') ? '' : 'directory = "x", '}${text} }`));
  if (shape.kind === 'list' && name === 'exec') yield* lines(execShape(shape), (text) => around(` = [{ ${text.startsWith('run') ? '' : 'run = "x", '}${text} }]`));
}

function tableIn(shape: Shape): TableShape {
  const found = shape.kind === 'either' ? shape.of.find((one) => one.kind === 'table') : undefined;
  if (found === undefined) throw new Error('one of its forms is a table');
  return found;
}

function execShape(shape: Shape): TableShape {
  if (shape.kind === 'list' && shape.of.kind === 'table') return shape.of;
  throw new Error('load.exec is a list of tables');
}

describe('the examples', () => {
  test.each([...lines(projectShape, (text) => text)])('of the schema are valid: %s', async (line) => {
    expect(await problemsOf(line)).toEqual([]);
  });

  test('and the defaults of the schema change nothing', async () => {
    const defaults = Object.entries(projectShape.keys).flatMap(([table, key]) =>
      'shape' in key && key.shape.kind === 'table'
        ? Object.entries(key.shape.keys).flatMap(([name, one]) => ('shape' in one && one.default !== undefined ? [`${table}.${name} = ${one.default}`] : []))
        : [],
    );
    expect(defaults.length).toBeGreaterThan(10);
    expect(await configurationOf(defaults.join('\n'))).toEqual(await configurationOf(''));
  });

  test('of the guide are valid', async () => {
    const guide = await file('docs/configuration.md');
    const examples = [...guide.matchAll(/```toml\n(.*?)```/gs)].map((match) => match[1] ?? '');
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) expect(await problemsOf(example)).toEqual([]);
  });
});
