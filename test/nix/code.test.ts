// What the code of a flake can see of its tree, decided without evaluating it.
import { describe, expect, it } from 'vitest';
import { unlockedPaths } from '../../src/build/nix/flake-inputs.ts';
import { flakeScope } from '../../src/build/nix/flake-scope.ts';
import { codeOf, directoryLiterals, pathLiterals, targetOf } from '../../src/build/nix/nix-code.ts';

describe('the code of a Nix file', () => {
  it.each([
    ['a # ./x "\nb', 'a  \nb'],
    ['a /* ./x\n */ b', 'a   b'],
    ['"./x # no" + y', '"" + y'],
    ["''\n ./x\n '''' ''${no} $${no} ''\\n ${./in} '' z", '"" ${./in} z'],
    ['"a\\"${ f "b${./c}" { d = 1; } } e" g', '"" ${ f "" ${./c} { d = 1; } } g'],
    ["pkgs' // x'' # c", "pkgs' // x''  "],
    ['"never closed', '""'],
  ])('of %j is %j', (text, code) => expect(codeOf(text)).toBe(code));

  it('names files by relative paths', () => {
    const code = 'import ./a.nix [ ../b/c.toml ./d-e_f ] a/./b x.y ./. ./dir/.. ../. ~/no';
    expect(pathLiterals(code)).toEqual(['./a.nix', '../b/c.toml', './d-e_f']);
  });

  it('names directories where they are not only turned into text', () => {
    expect(directoryLiterals('src = ./.; a = toString ./.; b = ./. + "/x"; c = (./.) + d; e = ./src; f = ../.;')).toEqual(['./.', './src', '../.']);
  });

  it.each([
    ['a/b.nix', '../c', 'c'],
    ['b.nix', './d/./e', 'd/e'],
    ['b.nix', '../c', undefined],
  ])('in %j leads by %j to %j', (from, literal, target) => expect(targetOf(from, literal)).toBe(target));
});

describe('the evaluation of a flake sees', () => {
  const files = new Set(['flake.nix', 'nix/shell.nix', 'nix/lib/default.nix', 'data.toml', 'unrelated.nix']);
  const scopeOf = (flake = '', shell = '{ }') => {
    const texts: Record<string, string> = { 'flake.nix': flake, 'nix/shell.nix': shell, 'unrelated.nix': './.' };
    return flakeScope('flake.nix', (path) => Promise.resolve(texts[path] ?? ''), (path) => files.has(path));
  };
  const shell = (text: string): string => `{ inputs.n.url = "x"; outputs = { self, n }: { devShells.x = ${text}; }; }`;

  it.each([
    ['nothing but itself', [shell('n.mkShell { packages = [ n.git ]; shellHook = "source ./run.sh # self"; }')], []],
    ['the files that it names', [shell('n.callPackage ./nix/shell.nix { v = n.lib.importTOML ./data.toml; }')], ['data.toml', 'nix/shell.nix']],
    ['the default.nix of a directory that it imports', [shell('import ./nix/shell.nix'), '{ l = import ./lib; }'], ['nix/lib/default.nix', 'nix/shell.nix']],
    ['its own outputs', [shell('self.packages.x.default // self . lib')], []],
    ['parts of its inputs', ['{ outputs = inputs@{ self, ... }: { x = inputs.n.y; z = inputs."n"; }; }'], []],
    ['its inputs by another name', ['{ inputs = { a.url = "b"; }; outputs = all: { x = all.n.y; }; }'], []],
    ['itself for an overlay’s sake', ['{ outputs = { self, n }: { overlays.a = self: super: { }; }; }'], []],
  ])('%s', async (_title, texts, named) => {
    expect(await scopeOf(...texts)).toEqual({ kind: 'code', files: [...named, 'flake.nix'].sort() });
  });

  it.each([
    ['src = ./.', shell('n.mkShell { src = ./.; }'), 'a path to a directory'],
    ['../', shell('import ../ { }'), 'a path to a directory'],
    ['a directory', shell('f ./nix'), 'flake.nix names ./nix'],
    ['a file that is not there', shell('f ./gone.nix'), 'flake.nix names ./gone.nix'],
    ['a path out of the tree', shell('f ../x.nix'), 'flake.nix names ../x.nix'],
    ['a path with a variable', shell('f ./${x}'), 'a path that is put together'],
    ['a path with a tail', shell('f (./data.toml + ".x")'), 'a path that is put together'],
    ['a path as text', shell('f (toString ./data.toml)'), 'a path that is put together'],
    ['self in a string', shell('"${self}/x"'), 'self'],
    ['self handed on', shell('f { inherit self; }'), 'self'],
    ['its revision', shell('self.rev or "dirty"'), 'self'],
    ['self through inputs', '{ outputs = inputs: { x = inputs.self; }; }', 'self'],
    ['inputs handed on', '{ outputs = inputs@{ p, ... }: p.lib.mkFlake { inherit inputs; } { }; }', 'inputs'],
    ['all arguments handed on', '{ outputs = { p, ... }@all: p.lib.mk all; }', 'all'],
    ['the directory of a file', shell('builtins.dirOf ./data.toml'), 'a function that leads to other files'],
  ])('all of its tree by %s', async (_title, text, because) => {
    expect(await scopeOf(text)).toEqual({ kind: 'tree', because: because.startsWith('flake.nix') ? because : `flake.nix uses ${because}` });
  });

  it('all of its tree where a file that it names does', async () => {
    expect(await scopeOf(shell('import ./nix/shell.nix'), '{ src = ../.; }')).toEqual({ kind: 'tree', because: 'nix/shell.nix uses a path to a directory' });
  });

  it('also what an input by path holds that the lock file does not fix', () => {
    const node = (locked: object): object => ({ locked });
    const nodes = { root: {}, a: node({ type: 'path', path: '../a' }), b: node({ type: 'path', path: '/b', narHash: 'sha256-x' }), c: node({ type: 'github' }) };
    expect(unlockedPaths(JSON.stringify({ nodes }))).toEqual(['../a']);
    expect(unlockedPaths('no JSON')).toEqual([]);
  });
});
