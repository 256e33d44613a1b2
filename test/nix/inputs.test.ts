// What the Nix layer takes for inputs, and when it asks Nix again; with real Nix.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildOutcome } from '../../src/model/builder.ts';
import { inputPath } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import type { TemporaryProject } from '../build/temporary-project.ts';
import { derivation, flake, git, NixStore } from './support.ts';

const store = new NixStore();
let project: TemporaryProject;
const never = new AbortController().signal;

beforeEach(async () => {
  project = await store.project();
});
afterEach(() => project.remove());
afterAll(() => store.remove());

const fromFlake = '[load]\nnix = "."\n';
const fromFile = '[load]\nnix = "shell.nix"\n';

/** The inputs inside of the project, as they read from its root; each must be what the watcher would see there. */
async function inputsOf(outcome: BuildOutcome): Promise<string[]> {
  const observations = outcome.kind === 'cancelled' ? [] : outcome.observations;
  for (const { input, fingerprint: seen } of observations) expect([inputPath(input), seen]).toEqual([inputPath(input), await fingerprint(input, never)]);
  const paths = observations.map(({ input }) => inputPath(input)).filter((path) => path.startsWith(`${project.root}/`));
  return paths.map((path) => path.slice(project.root.length + 1)).filter((path) => !path.startsWith('devshell.')).sort();
}

/** How often Nix was asked since the last time this was asked. */
function evaluations(): number {
  const count = project.log.split('$ nix print-dev-env').length - 1;
  project.log = '';
  return count;
}

describe('the inputs of a flake', () => {
  function commit(): void {
    git(project, 'add', '.');
    git(project, 'commit', '-q', '-m', 'x', '--allow-empty');
  }

  beforeEach(() => {
    git(project, 'init', '-q');
    project.write('src/main.c', 'int x;');
    project.write('.gitignore', '');
  });

  it('are its code and what that names, where nothing leads to the rest of the tree', async () => {
    project.write('flake.nix', flake('A = import ./nix/a.nix; B = builtins.readFile ./b.txt;'));
    project.write('nix/a.nix', '"a"');
    project.write('b.txt', 'b');
    project.write('unknown.nix', '1');
    git(project, 'add', 'flake.nix', 'nix', 'b.txt', 'src');
    const outcome = await project.built(fromFlake);
    expect(outcome.all).toMatchObject({ A: 'a', B: 'b' });
    expect(await inputsOf(outcome)).toEqual(['.git/index', 'b.txt', 'flake.lock', 'flake.nix', 'nix/a.nix']);
    expect(outcome.reuse).toMatchObject({ kind: 'reusable', variables: 'all' });
    expect(outcome.observations.map(({ input }) => inputPath(input)).filter((path) => path.startsWith(project.state))).toEqual(
      [expect.stringMatching(/\/nix\/[0-9a-f]{16}\/profile-1-link$/)],
    );
  });

  it('are all that Git tracks, where the code has a path to it; [watch] ignore makes exceptions', async () => {
    project.write('flake.nix', flake('src = ./.;'));
    commit();
    const outcome = await project.built(fromFlake);
    expect(await inputsOf(outcome)).toEqual(['.git/HEAD', '.git/index', '.git/logs/HEAD', '.gitignore', 'flake.lock', 'flake.nix', 'src/main.c']);
    expect(outcome.reuse).toMatchObject({ kind: 'reusable' });
    const less = await project.built(`${fromFlake}[watch]\nignore = ["src/**"]\n`);
    expect(await inputsOf(less)).not.toContain('src/main.c');
    expect(less.reuse).toMatchObject({ kind: 'once', reason: expect.stringContaining('[watch] ignore') as string });
  });

  it('come with `git add`, also after a failure for want of it', async () => {
    project.write('flake.nix', flake('A = import ./a.nix;'));
    git(project, 'add', '.');
    project.write('a.nix', '"new"');
    const failed = await project.build(fromFlake);
    expect(failed).toMatchObject({ kind: 'failed', problems: [{ hint: expect.stringContaining('git add') as string }] });
    expect(await inputsOf(failed)).toContain('.git/index');
    git(project, 'add', 'a.nix');
    expect((await project.built(fromFlake)).all).toMatchObject({ A: 'new' });
  });

  it('are those of the directory where there is no Git', async () => {
    rmSync(join(project.root, '.git'), { recursive: true });
    project.write('flake.nix', flake('A = import ./nix/a.nix;'));
    project.write('nix/a.nix', '"a"');
    const outcome = await project.built('[load]\nnix = "path:."\n');
    expect(await inputsOf(outcome)).toEqual(['flake.lock', 'flake.nix', 'nix/a.nix']);
  });

  it('are all of the directory where there is no Git and the code has a path to it', async () => {
    rmSync(join(project.root, '.git'), { recursive: true });
    project.write('flake.nix', flake('src = ./src;'));
    const outcome = await project.built('[load]\nnix = "path:."\n');
    expect(await inputsOf(outcome)).toEqual(['**', '.gitignore', 'flake.lock', 'flake.nix', 'src/main.c']);
  });

  it('leave its lock file alone, and say what to do with one that does not fit', async () => {
    const other = join(project.base, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'flake.nix'), '{ outputs = { self }: { v = "1"; }; }');
    project.write('flake.nix', flake('A = dep.v;', '{ self, dep }').replace('{\n', `{\n  inputs.dep.url = "path:${other}";\n`));
    git(project, 'add', '.');
    const [problem] = await project.problems(fromFlake);
    expect(problem?.message).toContain('requires lock file changes');
    expect(problem?.hint).toContain('nix flake lock');
    expect(git(project, 'status', '--porcelain')).not.toContain('flake.lock');
  });
});

describe('the inputs of a Nix file', () => {
  it('are the files, directories and missing files that its evaluation looks at', async () => {
    const file = `{ pkgs ? null, inNixShell ? false }:
      let read = name: builtins.readFile (./. + "/\${name}");
      in ${derivation(`
        A = read "a.txt"; B = (import ./nix).b; C = builtins.attrNames (builtins.readDir ./conf);
        D = if builtins.pathExists (./. + "/none") then "1" else "0"; src = ./src; SHELL_FOR = if inNixShell then "shell" else "build";
        E = let inherit (builtins) readFile; in readFile (toString ./e.txt); F = (scopedImport { x = "f"; } ./f.nix);`)}`;
    project.write('shell.nix', file);
    for (const [path, text] of [['a.txt', 'a'], ['nix/default.nix', '{ b = import ./b.nix; }'], ['nix/b.nix', '"b"'], ['conf/one', ''], ['src/x/y.c', ''], ['e.txt', 'e'], ['f.nix', 'x'], ['no', '']])
      project.write(path ?? '', text ?? '');
    const outcome = await project.built(fromFile);
    expect(outcome.all).toMatchObject({ A: 'a', B: 'b', C: 'one', D: '0', E: 'e', F: 'f', SHELL_FOR: 'shell' });
    expect(await inputsOf(outcome)).toEqual(
      ['a.txt', 'conf', 'conf/**', 'conf/one', 'e.txt', 'f.nix', 'nix/b.nix', 'nix/default.nix', 'none', 'shell.nix', 'src/**', 'src/x/y.c'],
    );
    expect(outcome.reuse).toMatchObject({ kind: 'reusable' });
  });

  it('are watched after a failure too', async () => {
    project.write('shell.nix', derivation('A = builtins.readFile (./. + "/a.txt"); B = import ./b.nix;'));
    project.write('b.nix', 'nope');
    const outcome = await project.build(fromFile);
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(await inputsOf(outcome)).toEqual(expect.arrayContaining(['b.nix', 'shell.nix']));
  });

  it('are evaluated again where one changes while they are read', async () => {
    const dep = derivation('').replace('args = [ ]', `args = [ "-c" "echo new > ${join(project.root, 'a.txt')}; echo > $out" ]`);
    project.write('a.txt', 'old\n');
    project.write('shell.nix', `let a = builtins.readFile (./. + "/a.txt"); in ${derivation(`A = builtins.seq a (builtins.seq (builtins.readFile (${dep})) a);`)}`);
    const outcome = await project.built(fromFile);
    expect(outcome.all['A']).toBe('new\n');
    expect(await inputsOf(outcome)).toEqual(['a.txt', 'shell.nix']);
    expect(evaluations()).toBe(2);
  });

  it('take an attribute and arguments', async () => {
    project.write('default.nix', `{ name }: { ci.shell = ${derivation('A = name;')}; }`);
    const { all } = await project.built('[load]\nnix = "default.nix -A ci.shell --argstr name given"\n');
    expect(all).toMatchObject({ A: 'given' });
  });

  it('tell packages found by <...> from the project’s own, and do not stand for what they cannot see', async () => {
    const packages = join(project.base, 'packages');
    mkdirSync(packages);
    writeFileSync(join(packages, 'default.nix'), '{ v = builtins.readFile ./version; }');
    writeFileSync(join(packages, 'version'), '1');
    project.variables['NIX_PATH'] = `packages=${packages}`;
    project.write('shell.nix', derivation('A = (import <packages>).v;'));
    const outcome = await project.built(fromFile);
    expect(outcome.all).toMatchObject({ A: '1' });
    expect(outcome.reuse).toMatchObject({ kind: 'once', reason: `${packages} is evaluated and is no channel` });
    expect(outcome.observations.map(({ input }) => inputPath(input))).toContain(join(packages, 'version'));
    evaluations();
    await project.built();
    expect(evaluations()).toBe(1);
  });
});

describe('Nix is asked again', () => {
  it.each([
    ['flake', fromFlake, 'flake.nix'],
    ['file', fromFile, 'shell.nix'],
  ])('for a %s only when something that it read has changed', async (_kind, toml, file) => {
    git(project, 'init', '-q');
    const write = (value: string): string => project.write(file, file === 'flake.nix' ? flake(`A = "${value}";`) : derivation(`A = "${value}";`));
    write('1');
    git(project, 'add', '.');
    await project.built(toml);
    expect(evaluations()).toBe(1);
    expect((await project.built(`${toml}[env]\nB = "2"\n`)).all).toMatchObject({ A: '1', B: '2' });
    project.write('other.txt', 'x');
    git(project, 'add', '.');
    const warm = await project.built();
    expect(evaluations()).toBe(0);
    expect(await inputsOf(warm)).toContain(file);
    write('2');
    expect((await project.built()).all).toMatchObject({ A: '2' });
    project.variables['NEW'] = 'x';
    await project.built();
    expect(evaluations()).toBe(2);
    await project.built(`cache = "off"\n${toml}`);
    expect(evaluations()).toBe(1);
    project.write('extra', '');
    await project.built(`${toml}[watch]\npaths = ["extra"]\n`);
    project.write('extra', 'changed');
    await project.built();
    expect(evaluations()).toBe(2);
  });

  it('when what it keeps is damaged or its store path is gone', async () => {
    project.write('shell.nix', derivation('A = "1";'));
    await project.built(fromFile);
    const kept = join(project.state, 'nix', readdirSync(join(project.state, 'nix'))[0] ?? '');
    writeFileSync(join(kept, 'evaluation.json'), readFileSync(join(kept, 'evaluation.json'), 'utf8').slice(0, -9));
    evaluations();
    expect((await project.built()).all).toMatchObject({ A: '1' });
    expect(evaluations()).toBe(1);
    rmSync(join(kept, 'profile'));
    await project.built();
    expect(evaluations()).toBe(1);
  });
});
