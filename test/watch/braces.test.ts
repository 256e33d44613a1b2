// Patterns with alternatives that lie in different directories.
import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { splitAtSlashes } from '../../src/watch/braces.ts';
import { walkGlob } from '../../src/watch/glob.ts';

it.each<[string, string[]]>([
  ['a/b', ['a/b']],
  ['{a,b}.toml', ['{a,b}.toml']],
  ['{a,b/c}.toml', ['a.toml', 'b/c.toml']],
  ['{a,b}/{c,d/e}{,.*}', ['{a,b}/c{,.*}', '{a,b}/d/e{,.*}']],
  ['{a,{b,c/d}e}/f', ['a/f', 'be/f', 'c/de/f']],
  ['{a/b}', ['{a/b}']],
  ['\\{a,b/c}', ['\\{a,b/c}']],
  ['[{]a,b/c}', ['[{]a,b/c}']],
  ['{a/b,c', ['{a/b,c']],
  [`{${Array.from({ length: 80 }, (_, nth) => `a/${nth}`).join(',')}}`, [`{${Array.from({ length: 80 }, (_, nth) => `a/${nth}`).join(',')}}`]],
])('%s stands for %j', (pattern, expected) => {
  expect(splitAtSlashes(pattern)).toEqual(expected);
});

it('finds the same files, and looks into no directory that the pattern does not name', async () => {
  const root = mkdtempSync(join(tmpdir(), 'braces-'));
  try {
    for (const file of ['a.toml', 'b/c.toml', 'b/d.toml', 'x/y/z.toml', 'e.toml']) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    const { paths, directories } = await walkGlob(root, '{a,b/{c,d},none/e}.toml', []);
    expect(paths).toEqual(['a.toml', 'b/c.toml', 'b/d.toml'].map((file) => join(root, file)));
    expect([...directories.keys()].sort()).toEqual([root, join(root, 'b')]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('comes to an end with any text, and leaves one without braces alone', () => {
  fc.assert(fc.property(fc.stringMatching(/^[ab{},/\\[\]]{0,30}$/), (text) => {
    const patterns = splitAtSlashes(text);
    expect(patterns.length).toBeGreaterThan(0);
    if (!text.includes('{')) expect(patterns).toEqual([text]);
  }));
});
