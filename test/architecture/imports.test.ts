import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { parseSource } from './source-file.ts';
import { readRules } from './tables.ts';
import { violations } from './violations.ts';

const root = resolve(import.meta.dirname, '../..');

async function sources(): Promise<ReturnType<typeof parseSource>[]> {
  const paths = (await glob('src/**/*.{ts,mts,cts,js,mjs,cjs}', { cwd: root })).sort();
  return await Promise.all(paths.map(async (path) => parseSource(path, await readFile(join(root, path), 'utf8'))));
}

describe('the source', () => {
  it('keeps to the tables of docs/architecture.md', async () => {
    const rules = readRules(await readFile(join(root, 'docs/architecture.md'), 'utf8'));
    expect(violations(await sources(), rules)).toEqual([]);
  });

  it('has no room that the document does not know, and the other way round', async () => {
    const { rooms } = readRules(await readFile(join(root, 'docs/architecture.md'), 'utf8'));
    const found = new Set((await sources()).map(({ path }) => path.split('/').slice(0, 2).join('/') + '/'));
    expect([...found].sort()).toEqual(rooms.map(({ directory }) => directory).sort());
  });
});

const document = `
## Who may import whom

| room | lives in | may import |
|---|---|---|
| model | \`src/model/\` | nothing |
| watch | \`src/watch/\` | model |
| script | \`src/script/\` | model |
| cli | \`src/cli/\` | model, watch |

## One door per power

| power | held by |
|---|---|
| \`node:child_process\` | \`src/watch/run.ts\` |
| \`process.env\` | \`src/cli/\` |
| \`console\` | |
`;

/** A source that breaks no rule. */
const good = {
  'src/model/a.ts': "export const a = 1; const process = 'a word'; export { type B } from './b.ts';",
  'src/model/b.ts': 'export interface B { process: string; console: number }',
  'src/watch/run.ts': "import { spawn } from 'node:child_process'; import { a } from '../model/a.ts'; spawn(String(a));",
  'src/cli/main.ts': "import '../watch/run.ts'; void process.env; void process.pid; import('node:fs');",
};

function judge(change: Record<string, string>): string[] {
  const files = Object.entries({ ...good, ...change }).map(([path, text]) => parseSource(path, text));
  return violations(files, readRules(document));
}

describe('the rules', () => {
  it('find nothing wrong with what is right', () => {
    expect(judge({})).toEqual([]);
  });

  it.each([
    ['an import upwards', { 'src/model/a.ts': "\nimport { x } from '../cli/x.ts';" }, 'src/model/a.ts:2 imports src/cli/x.ts, but model may import nothing'],
    ['a type import upwards', { 'src/model/a.ts': "import type { X } from '../cli/x.ts';" }, 'src/model/a.ts:1 imports src/cli/x.ts'],
    ['an import of a sibling', { 'src/script/a.ts': "export * from '../watch/run.ts';" }, 'src/watch/run.ts, but script may import model'],
    ['a dynamic import', { 'src/script/a.ts': "const x = await import('../watch/run.ts');" }, 'src/watch/run.ts, but script'],
    ['a required file', { 'src/script/a.ts': "const x = require('../watch/run.ts');" }, 'src/watch/run.ts, but script'],
    ['an import as a type', { 'src/script/a.ts': "let x: import('../watch/run.ts').X;" }, 'src/watch/run.ts, but script'],
    ['an import that cannot be read', { 'src/cli/x.ts': 'await import(name);' }, 'imports what cannot be read off the text'],
    ['an import from outside', { 'src/cli/x.ts': "import '../../test/support/keys.ts';" }, 'imports test/support/keys.ts, which is in no room'],
    ['a file in no room', { 'src/x.ts': '' }, 'src/x.ts is in no room'],
    ['a cycle', { 'src/model/b.ts': "import { a } from './a.ts';" }, 'a cycle: src/model/a.ts -> src/model/b.ts -> src/model/a.ts'],
    ['a file that imports itself', { 'src/model/b.ts': "import './b.ts';" }, 'src/model/b.ts imports itself'],
    ['a power elsewhere', { 'src/cli/x.ts': "import { fork } from 'node:child_process';" }, 'src/cli/x.ts:1 uses node:child_process, which only src/watch/run.ts may'],
    ['a power without node:', { 'src/cli/x.ts': "import cp = require('child_process');" }, 'src/cli/x.ts:1 uses node:child_process'],
    ['the environment', { 'src/watch/x.ts': 'const x = process.env.X;' }, 'src/watch/x.ts:1 uses process.env'],
    ['the environment in brackets', { 'src/watch/x.ts': "const x = process['env'];" }, 'uses process.env'],
    ['the environment taken apart', { 'src/watch/x.ts': 'const { env } = process;' }, 'uses process.env'],
    ['the environment by globalThis', { 'src/watch/x.ts': 'const x = globalThis.process.env;' }, 'uses process.env'],
    ['the environment imported', { 'src/watch/x.ts': "import { env as e } from 'node:process';" }, 'uses process.env'],
    ['the process under another name', { 'src/watch/x.ts': "import p from 'node:process';" }, 'uses process.env'],
    ['the process handed on', { 'src/watch/x.ts': 'start(process);' }, 'uses process.env'],
    ['a print', { 'src/cli/x.ts': 'console.log(1);' }, 'src/cli/x.ts:1 uses console, which only nobody may'],
    ['a door that nobody uses', { 'src/watch/run.ts': '' }, 'src/watch/run.ts is named as a door to node:child_process, but does not use it'],
  ] as [string, Record<string, string>, string][])('find %s', (_, change, complaint) => {
    expect(judge(change)).toContainEqual(expect.stringContaining(complaint));
  });

  it('let types of a power pass', () => {
    expect(judge({ 'src/model/a.ts': "import type { ChildProcess } from 'node:child_process';" })).toEqual([]);
  });
});

describe('the tables', () => {
  it('are read in full', () => {
    const { rooms, powers } = readRules(document);
    expect(rooms.map(({ name, mayImport }) => [name, mayImport])).toEqual([['model', []], ['watch', ['model']], ['script', ['model']], ['cli', ['model', 'watch']]]);
    expect(powers.map(({ doors }) => doors)).toEqual([['src/watch/run.ts'], ['src/cli/'], []]);
  });

  it.each([
    ['a missing table', document.replace('## One door', '## Door'), 'there is no heading: ## One door per power'],
    ['another column', document.replace('| lives in |', '| is in |'), 'must have the columns room, lives in, may import'],
    ['an unknown room', document.replace('model, watch', 'model, wacth'), 'room cli may import wacth, which is no room'],
  ])('complain of %s', (_, markdown, complaint) => {
    expect(() => readRules(markdown)).toThrow(complaint);
  });
});
