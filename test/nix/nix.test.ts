// The Nix layer with real Nix, offline, in a store of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeGate } from '../../src/build/code-gate.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { listProcesses, processInfo, waitUntil } from '../support/processes.ts';
import type { NixProject } from './support.ts';
import { derivation, flake, git, NixStore, setup, withSetup } from './support.ts';

const store = new NixStore();
let project: NixProject;

beforeEach(async () => {
  project = await store.project();
});
afterEach(() => project.remove());
afterAll(() => store.remove());

const fromFlake = '[load]\nnix = "."\n';
const fromFile = '[load]\nnix = "shell.nix"\n';

function writeFlake(text: string): void {
  project.write('flake.nix', text);
  git(project, 'init', '-q');
  git(project, 'add', '.');
}

describe('what comes of a derivation', () => {
  it('is its exported variables, PATH and XDG_DATA_DIRS in front of the user’s, and nothing that is its builder’s', async () => {
    project.write('shell.nix', derivation(`${withSetup(project, setup)} FOO = "foo\\nbar 'x' $y";`));
    const { environment, all } = await project.built(fromFile);
    expect(all).toMatchObject({ FOO: "foo\nbar 'x' $y", IN_NIX_SHELL: 'impure', out: join(project.root, 'outputs/out'), HOME: project.variables['HOME'] });
    expect(environment.lists.get('PATH')).toEqual({ front: ['/derivation/bin'], back: [] });
    expect(environment.lists.get('XDG_DATA_DIRS')).toEqual({ front: ['/derivation/share'], back: [] });
    const names = [...environment.variables.keys()];
    for (const name of ['TMPDIR', 'NIX_BUILD_TOP', 'TERM', 'SHELL', 'OLDPWD', 'plain', 'list', 'shellHook', 'HOME']) expect(names).not.toContain(name);
  });

  it('is what shellHook makes of it, which has every variable, array and function at hand', async () => {
    const hook = `shellHook = ''
        export FROM="$plain ''\${list[2]} ''\${map[other]}"
        helper
        say() { caller; }
        alias ll="ls -l"
        export PATH=$PWD/hooked:$PATH
        unset FOO
        export TMPDIR=/mine
        return 3
        export NEVER=1
      '';`;
    project.write('shell.nix', derivation(`${withSetup(project, setup)} FOO = "foo"; ${hook}`));
    const { environment, all } = await project.built(fromFile);
    expect(all).toMatchObject({ FROM: 'not exported $x three "quoted" a b', TMPDIR: '/mine' });
    expect(all).not.toHaveProperty('NEVER');
    expect(all).not.toHaveProperty('FOO');
    expect(environment.lists.get('PATH')?.front).toEqual([join(project.root, 'hooked'), '/derivation/bin']);
    expect([...environment.functions.keys()]).toEqual(['caller', 'helper', 'say']);
    expect(environment.aliases.get('ll')).toBe('ls -l');
    expect(project.log).toContain('helper of not exported $x');
  });

  it('has what Nix cannot print: a variable with a control character', async () => {
    project.write('shell.nix', derivation('COLOUR = builtins.fromJSON "\\"\\\\u001b[1m\\""; AFTER = "1";'));
    const { all } = await project.built(fromFile);
    expect(all).toMatchObject({ COLOUR: '\u001b[1m', AFTER: '1' });
  });

  // As Nix 2.22 and later print it; what 2.8 makes of it is below.
  it('has structured attributes as arrays, maps and files', async () => {
    const [json, sh] = ['/build/.attrs.json', '/build/.attrs.sh'];
    const variables = {
      NIX_ATTRS_JSON_FILE: { type: 'exported', value: json },
      NIX_ATTRS_SH_FILE: { type: 'exported', value: sh },
      list: { type: 'array', value: ['a', 'b c'] },
      map: { type: 'associative', value: { k: 'v' } },
      outputs: { type: 'associative', value: { out: '/nix/store/x-shell-env' } },
      shellHook: { type: 'var', value: 'export GOT="${list[1]} ${map[k]} ${outputs[out]}"' },
    };
    const structuredAttrs = { '.attrs.json': '{"outputs":{"out":"/nix/store/x-shell-env"}}', '.attrs.sh': `declare file=${json}` };
    project.write('printed.json', JSON.stringify({ bashFunctions: {}, variables, structuredAttrs }));
    project.write('bin/nix', '#!/bin/sh\nexec cat printed.json\n', 0o755);
    project.variables['PATH'] = `${join(project.root, 'bin')}:${project.variables['PATH'] ?? ''}`;
    project.write('shell.nix', '');
    const { all } = await project.built(fromFile);
    expect(all['GOT']).toBe(`b c v ${project.root}/outputs/out`);
    expect(readFileSync(all['NIX_ATTRS_JSON_FILE'] ?? '', 'utf8')).toBe(`{"outputs":{"out":"${project.root}/outputs/out"}}`);
    expect(readFileSync(all['NIX_ATTRS_SH_FILE'] ?? '', 'utf8')).toContain('declare file=');
    expect(all['NIX_ATTRS_SH_FILE']).toMatch(new RegExp(`^${project.state}/nix/`));
  });

  it.each([
    ['exit 3', 'shellHook ended its shell with 3', 'must not call exit'],
    ['set -e; false', 'shellHook ended its shell with 1', 'set -e'],
    ['echo why >&2; exit 1', 'shellHook ended its shell with 1: why', ''],
    ['exec true', 'shellHook ended its shell with 0', 'take exec out'],
    ['export RAN=1; if true; then', 'shellHook has a syntax error', ''],
  ])('is nothing where shellHook is %j', async (hook, message, hint) => {
    project.write('shell.nix', `\n${derivation(`shellHook = "${hook}";`)}`);
    const [problem] = await project.problems(fromFile);
    expect(problem).toMatchObject({ message: expect.stringContaining(message) as string, file: 'shell.nix', line: 4 });
    expect(problem?.hint ?? '').toContain(hint);
  });

  it('is refused where Nix would copy what is private to devshell with it', async () => {
    project.write('shell.nix', derivation('src = ../.;'));
    const [problem] = await project.problems(fromFile);
    expect(problem?.message).toBe(`Nix copies ${project.base} into its store, and the files of devshell with it`);
    expect(problem?.hint).toContain('DEVSHELL_STATE');
  });

  it('is refused where it sets what belongs to devshell', async () => {
    project.write('shell.nix', derivation('DEVSHELL_ROOT = "x";'));
    expect(await project.problems(fromFile)).toMatchObject([{ message: 'DEVSHELL_ROOT is reserved', file: 'shell.nix', line: 3 }]);
  });
});

describe('a failure of Nix', () => {
  it.each([
    ['in the code', derivation('A = nope;'), "error: undefined variable 'nope'", { file: 'shell.nix', line: 3, column: 7 }],
    ['in the syntax', '{ a = ; }', 'error: syntax error, unexpected', { file: 'shell.nix', line: 1, column: 7 }],
    ['of the user’s own words', 'throw "not today"', 'error: not today', {}],
    ['of structured attributes with Nix 2.8', derivation('__structuredAttrs = true;'), 'error: builder for', {}],
    ['of the builder', derivation('stdenv = builtins.toFile "x" "";').replace('/bin/bash', '/no/bash'), 'error: ', {}],
  ])('%s has its words, its place and all that was said', async (_title, text, message, place) => {
    project.write('shell.nix', text);
    const [problem] = await project.problems(fromFile);
    expect(problem).toMatchObject({ message: expect.stringContaining(message) as string, ...place });
    expect(problem?.detail).toContain(message);
    expect(problem?.message).not.toContain('\u001b');
  });

  it('names the file of the project and not its copy in the store', async () => {
    project.write('nix/a.nix', '\n  nope');
    writeFlake(flake('A = import ./nix/a.nix;'));
    expect(await project.problems(fromFlake)).toMatchObject([{ message: "error: undefined variable 'nope'", file: 'nix/a.nix', line: 2, column: 3 }]);
  });

  it('says where there is no such file, no Nix, and nothing named', async () => {
    expect(await project.problems('[load]\nnix = "none.nix"\n')).toMatchObject([{ message: 'no Nix file none.nix', file: 'devshell.toml', line: 2 }]);
    expect(await project.problems('[load]\nnix = "--impure"\n')).toMatchObject([{ message: 'load.nix names nothing' }]);
    project.write('shell.nix', '1');
    project.variables['PATH'] = join(project.base, 'no');
    expect(await project.problems(fromFile)).toMatchObject([{ message: expect.stringContaining('nix could not be started') as string }]);
  });
});

describe('a build that is cancelled', () => {
  it('leaves no process of Nix or of a builder, and the next one builds', async () => {
    const going = join(project.base, 'going');
    const slow = derivation('A = builtins.readFile dep;').replace(/^/, `let dep = ${derivation('').replace('args = [ ]', `args = [ "-c" "echo > ${going}; (sleep 987 & wait); echo > $out" ]`)}; in `);
    project.write('shell.nix', slow.replaceAll('sleep 987', `/bin/sleep 987`));
    const abort = new AbortController();
    const running = project.build(fromFile, abort.signal);
    await waitUntil(() => Promise.resolve(existsSync(going)), { what: () => 'the builder to run' });
    const tokens = (await listProcesses()).filter(({ commandLine }) => commandLine.includes('sleep 987'));
    expect(tokens.length).toBeGreaterThan(0);
    abort.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
    for (const { pid } of tokens) await waitUntil(async () => (await processInfo(pid)) === undefined, { what: () => `process ${pid} to end` });
    project.write('shell.nix', slow.replaceAll(/sleep 987 & wait/g, ':'));
    expect((await project.built(fromFile)).all).toMatchObject({ A: '\n' });
  });
});

describe('the store path of an environment', () => {
  it('is kept from being collected, and those before it only while a session may run in them', async () => {
    const build = async (value: string): Promise<string> => {
      project.write('shell.nix', derivation(`A = "${value}";`));
      await project.built(fromFile);
      return realpathSync(join(project.state, 'nix', readdirSync(join(project.state, 'nix'))[0] ?? '', 'profile'));
    };
    const collect = (): void => void execFileSync('nix-collect-garbage', [], { env: project.variables, stdio: 'ignore' });
    const [one, two] = [await build('1'), await build('2')];
    collect();
    expect([existsSync(one), existsSync(two)]).toEqual([false, true]);
    mkdirSync(join(project.state, 'sessions/s1'), { recursive: true });
    writeFileSync(join(project.state, 'sessions/s1/status.json'), '{}');
    const [three, four] = [await build('3'), await build('4')];
    collect();
    expect([two, three, four].map((path) => existsSync(path))).toEqual([true, true, true]);
    rmSync(join(project.state, 'sessions/s1'), { recursive: true });
    const five = await build('5');
    collect();
    expect([two, three, four, five].map((path) => existsSync(path))).toEqual([false, false, false, true]);
    expect(statSync(join(project.state, 'nix')).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(project.state, '.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('code that is not allowed', () => {
  it('does not run, be it named in the file or found while it is evaluated', async () => {
    project.write('shell.nix', derivation(`A = import ./a.nix; B = import (./. + "/b.nix"); shellHook = "echo > ${join(project.root, 'ran')}";`));
    project.write('a.nix', '"a"');
    project.write('b.nix', '"b"');
    const [shell, a, b] = ['shell.nix', 'a.nix', 'b.nix'].map((name) => join(project.root, name)) as [string, string, string];
    const approved = new Map<string, string>();
    const refused = async (): Promise<string[]> => (await project.gated(fromFile, new CodeGate(approved))).map(({ message }) => message.split(' ')[0] ?? '');
    expect(await refused()).toEqual([shell, a]);
    for (const path of [shell, a]) approved.set(path, fingerprintBytes(readFileSync(path)));
    expect(await refused()).toEqual([b]);
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
    approved.set(b, fingerprintBytes(readFileSync(b)));
    expect(await refused()).toEqual([]);
    expect(existsSync(join(project.root, 'ran'))).toBe(true);
  });
});

describe('a flake', () => {
  it('gives its default shell, and says where a variable is set', async () => {
    writeFlake(flake('FOO = "foo";'));
    const { all, provenance } = await project.built(fromFlake);
    expect(all['FOO']).toBe('foo');
    expect(provenance?.variables.get('FOO')?.at(-1)?.origin).toEqual({ layer: 'nix', file: 'flake.nix', line: 5, command: '.' });
    // What a flake is made of bears the same name, and sets no variable.
    expect(provenance?.variables.get('outputs')?.at(-1)?.origin).toEqual({ layer: 'nix', file: 'flake.nix', command: '.' });
  });
});
