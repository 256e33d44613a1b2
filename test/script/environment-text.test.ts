import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { parseDotenv } from '../../src/build/dotenv.ts';
import { exportsText } from '../../src/script/environment-text.ts';

const directory = mkdtempSync(join(tmpdir(), 'devshell-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,10}X$/);
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[ '"\\$`!#=\n\ra-z]*$/)).map((value) => value.replaceAll('\0', ''));

test('bash reads back what was exported.', () => {
  fc.assert(
    fc.property(fc.dictionary(name, text, { maxKeys: 30, noNullPrototype: true }), (variables) => {
      const names = Object.keys(variables);
      const script = `eval "$1"\nprintf 'x\\0'\n${names.map((key) => `printf '%s\\0' "$${key}"`).join('\n')}`;
      const { stdout } = spawnSync('bash', ['--noprofile', '--norc', '-c', script, 'bash', exportsText(variables, 'bash')], { encoding: 'utf8' });
      expect(stdout.split('\0').slice(1, -1)).toEqual(names.map((key) => variables[key]));
    }),
    { numRuns: 25 },
  );
});

test('Our own reader reads back any dotenv text.', () => {
  fc.assert(
    fc.property(fc.dictionary(name, text, { maxKeys: 30, noNullPrototype: true }), (variables) => {
      const { entries, problems } = parseDotenv('file', exportsText(variables, 'dotenv'), () => undefined);
      expect(problems).toEqual([]);
      expect(Object.fromEntries(entries.map((entry) => [entry.name, entry.value]))).toEqual(variables);
    }),
    { numRuns: 100 },
  );
});

test('direnv does too, but for a dollar or a backslash beside a quote or a line break, which it cannot be told.', () => {
  const told = text.filter((value) => value.isWellFormed() && !(/[$\\]/.test(value) && /['\n\r]/.test(value)));
  fc.assert(
    fc.property(fc.dictionary(name, told, { maxKeys: 30, noNullPrototype: true }), (variables) => {
      writeFileSync(join(directory, 'file'), exportsText(variables, 'dotenv'));
      const output = execFileSync('direnv', ['dotenv', 'json', join(directory, 'file')], { encoding: 'utf8' });
      expect(JSON.parse(output)).toEqual(variables);
    }),
    { numRuns: 25 },
  );
});

test.each([
  ['bare', 'a/b:c@1.2-3', 'a/b:c@1.2-3'],
  ['literal', 'a $b "c" \\n `d` #e', "'a $b \"c\" \\n `d` #e'"],
  ['with a quote', "it's", '"it\'s"'],
  ['with lines', 'a\nb', '"a\\nb"'],
  ['empty', '', "''"],
])('Node reads the plain forms as well: %s.', (_, value, quoted) => {
  const line = exportsText({ A: value }, 'dotenv');
  expect(line).toBe(`A=${quoted}\n`);
  expect(parseEnv(line)).toEqual({ A: value });
});

test('Names are sorted, and one that cannot be written is said so.', () => {
  const variables = { B: '1', 'A-B': '2', A: '3' };
  expect(exportsText(variables, 'bash')).toBe("export A='3'\n# \"A-B\" has a name that cannot be written here\nexport B='1'\n");
  expect(exportsText(variables, 'json')).toBe('{\n  "A": "3",\n  "A-B": "2",\n  "B": "1"\n}\n');
  expect(exportsText({}, 'dotenv')).toBe('');
});
