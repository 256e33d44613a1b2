import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { glob } from 'tinyglobby';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd: root });

interface Configured {
  readonly rules?: Readonly<Record<string, readonly [severity: number, ...options: unknown[]]>>;
}

async function rulesFor(path: string): Promise<NonNullable<Configured['rules']>> {
  const { rules = {} } = (await eslint.calculateConfigForFile(join(root, path))) as Configured;
  return rules;
}

describe('every source file', () => {
  it('is held to 300 lines, functions of 50, and switches without a gap', async () => {
    for (const path of await glob('src/**/*.ts', { cwd: root })) {
      const rules = await rulesFor(path);
      expect(rules['max-lines'], path).toEqual([2, 300]);
      expect(rules['max-lines-per-function'], path).toEqual([2, 50]);
      expect(rules['@typescript-eslint/switch-exhaustiveness-check']?.[0], path).toBe(2);
      expect(rules['@typescript-eslint/no-floating-promises']?.[0], path).toBe(2);
    }
  });

  it('says on top what lives in it', async () => {
    const paths = await glob(['src/**/*.ts', 'test/support/*.ts', '!**/*.test.ts', 'scripts/*.{ts,mjs}'], { cwd: root });
    const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const));
    expect(texts.filter(([, text]) => !text.startsWith('// ')).map(([path]) => path)).toEqual([]);
  });

  it('does not switch the sizes off', async () => {
    const paths = await glob('src/**/*.ts', { cwd: root });
    const texts = await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const));
    const switched = texts.filter(([, text]) => /eslint-disable(?!-next-line|-line)|eslint-disable.*max-lines/.test(text));
    expect(switched.map(([path]) => path)).toEqual([]);
  });
});

describe('every test file', () => {
  it('is held to 300 lines, but not its functions', async () => {
    const rules = await rulesFor('test/support/keys.test.ts');
    expect(rules['max-lines']).toEqual([2, 300]);
    expect(rules['max-lines-per-function']?.[0] ?? 0).toBe(0);
  });
});
