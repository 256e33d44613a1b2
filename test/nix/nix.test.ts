// The Nix layer with real Nix, offline, in a store of its own.
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TemporaryProject } from '../build/temporary-project.ts';
import { derivation, flake, git, NixStore, setup, withSetup } from './support.ts';

const store = new NixStore();
let project: TemporaryProject;

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
});

describe('a flake', () => {
  it('gives its default shell, and says where a variable is set', async () => {
    writeFlake(flake('FOO = "foo";'));
    const { all, provenance } = await project.built(fromFlake);
    expect(all).toMatchObject({ FOO: 'foo', NIX_GCROOT: expect.stringContaining(store.base) as string });
    expect(provenance?.variables.get('FOO')?.at(-1)?.origin).toEqual({ layer: 'nix', file: 'flake.nix', line: 5, command: '.' });
  });
});
