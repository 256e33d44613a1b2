import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Input } from '../../src/model/input.ts';
import { directoriesBetween, Tracer } from '../../src/watch/route.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'devshell-route-')));
  mkdirSync(join(root, 'a/b/c'), { recursive: true });
  mkdirSync(join(root, 'z'));
  writeFileSync(join(root, 'a/b/f'), '');
  symlinkSync('a/b', join(root, 'mid'));
  symlinkSync('../mid/f', join(root, 'z/f'));
  symlinkSync('../a/b/c/../f', join(root, 'z/dots'));
  symlinkSync(join(root, 'a/b/c'), join(root, 'z/absolute'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('gone/x', join(root, 'dangling'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** `directory:name`, relative to the root; `directory:*` for any name. */
const steps = (input: Input, visited: readonly string[] = []): readonly string[] =>
  new Tracer().steps(input, visited).map((step) => `${step.directory.slice(root.length + 1)}:${step.name ?? '*'}`);

describe('the way to', () => {
  test.each([
    ['a file', 'a/b/f', ['a/b:f']],
    ['a missing file', 'a/b/x', ['a/b:x']],
    ['a file in missing directories', 'a/x/y/z', ['a:x']],
    ['a file below a file', 'a/b/f/x/y', ['a/b:f']],
    ['a file behind a link in the middle', 'mid/f', [':mid', 'a/b:f']],
    ['a missing file behind a link in the middle', 'mid/x', [':mid', 'a/b:x']],
    ['a linked file', 'z/f', ['z:f', ':mid', 'a/b:f']],
    ['a link with ..', 'z/dots', ['z:dots', 'a/b:f']],
    ['a link that leads nowhere', 'dangling', [':dangling', ':gone']],
    ['a directory', 'a/b', ['a:b', 'a/b:*']],
    ['a linked directory', 'z/absolute', ['z:absolute', 'a/b:c', 'a/b/c:*']],
  ])('%s', (_, path, expected) => {
    expect(steps({ kind: 'file', path: join(root, path) })).toEqual(expected);
  });

  test('a loop ends', () => {
    expect(new Set(steps({ kind: 'file', path: join(root, 'loop') }))).toEqual(new Set([':loop']));
  });

  test('a directory input, there or not', () => {
    expect(steps({ kind: 'directory', path: join(root, 'a/b') })).toEqual(['a:b', 'a/b:*']);
    expect(steps({ kind: 'directory', path: join(root, 'a/x/y') })).toEqual(['a:x']);
  });

  test('the root of the file system', () => {
    expect(new Tracer().steps({ kind: 'directory', path: '/' }, [])).toEqual([{ directory: '/', name: undefined }]);
  });

  test('a glob: its root until it was walked, then what was looked into', () => {
    const input: Input = { kind: 'glob', root: join(root, 'a'), pattern: 'b/**' };
    expect(steps(input)).toEqual([':a', 'a:*']);
    expect(steps(input, [join(root, 'a/b'), join(root, 'a/b/c'), join(root, 'a/q')])).toEqual(['a:b', 'a/b:*', 'a/b:c', 'a/b/c:*', 'a:q']);
  });
});

describe('directories between others', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['/p', '/p/a/b/c'], ['/p/a', '/p/a/b']],
    [['/p/a', '/p/b'], []],
    [['/p', '/p/a', '/p/a/b/c', '/q/r'], ['/p/a/b']],
    [['/p', '/pa/b/c'], []],
    [['/'], []],
  ])('of %j are %j', (directories, expected) => {
    expect([...directoriesBetween(new Set(directories))].sort()).toEqual(expected);
  });

  test('leave no gap: above each one stands a directory that is watched', () => {
    const path = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 6 }).map((names) => `/${names.join('/')}`);
    fc.assert(fc.property(fc.uniqueArray(path), (paths) => {
      const posts = new Set(paths);
      const all = new Set([...posts, ...directoriesBetween(posts)]);
      for (const directory of all) {
        const above = [...posts].filter((other) => directory.startsWith(`${other}/`));
        if (above.length > 0) expect(all).toContain(directory.slice(0, directory.lastIndexOf('/')));
      }
    }));
  });
});
