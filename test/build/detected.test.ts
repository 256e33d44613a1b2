// Projects without a configuration, with tools that cannot be had for tests: scripts stand in for them, which print what the real ones printed.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputKey, inputPath } from '../../src/model/input.ts';
import type { Observation } from '../../src/model/input.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
let bin: string;

beforeEach(async () => {
  project = await TemporaryProject.create();
  bin = join(project.base, 'bin');
  mkdirSync(bin);
  for (const name of ['bash', 'sh', 'cat']) symlinkSync(`/bin/${name}`, join(bin, name));
  project.variables = { PATH: bin, HOME: join(project.base, 'home') };
});
afterEach(() => project.remove());

/** A tool on PATH: what it is called with, and what it prints. */
function install(name: string, wanted: string, output: string): void {
  const script = `#!/bin/sh\ncase "$*" in ${wanted}) cat <<'END'\n${output}\nEND\n;; *) echo "$*: not expected" >&2; exit 64;; esac\n`;
  chmodSync(project.write(join(bin, name), script), 0o755);
}

const paths = (observations: readonly Observation[]): string[] => observations.map(({ input }) => inputPath(input));

describe('devenv.nix', () => {
  it('is used where devenv is, with the inputs that devenv lists', async () => {
    install('devenv', 'print-dev-env', "DEVENV_ROOT='/p'\nexport DEVENV_ROOT\neval \"${shellHook:-}\"");
    install('nix', '*', 'exit 1');
    project.write('devenv.nix', '{ }');
    project.write('shell.nix', '{ }');
    project.write('.devenv/input-paths.txt', `${project.root}/devenv.nix\n${project.root}/modules/a.nix\n/nix/store/x/default.nix\n`);
    const { all, observations } = await project.built();
    expect(all).toMatchObject({ DEVENV_ROOT: '/p' });
    expect(paths(observations)).toEqual(expect.arrayContaining(['devenv.yaml', 'devenv.lock', 'modules/a.nix'].map((name) => join(project.root, name))) as string[]);
    expect(paths(observations).filter((path) => path.includes('/nix/store') || path.includes('.devenv/'))).toEqual([]);
  });
});

describe('devbox.json', () => {
  it('is used where devbox is', async () => {
    install('devbox', "'shellenv --init-hook --install --no-refresh-alias'", 'export DEVBOX_PROJECT_ROOT="/p";\nhash -r');
    project.write('devbox.json', '{}');
    const { all, observations } = await project.built();
    expect(all).toMatchObject({ DEVBOX_PROJECT_ROOT: '/p' });
    expect(paths(observations)).toEqual(expect.arrayContaining(['devbox.json', 'devbox.lock'].map((name) => join(project.root, name))) as string[]);
  });
});

it('a command is looked for once in each directory of PATH, and no further than where it is', async () => {
  install('devbox', '*', '');
  project.variables['PATH'] = `${project.base}/none:relative:${bin}:${bin}:/usr/bin`;
  project.write('devbox.json', '{}');
  const { observations } = await project.built();
  const looked = observations.filter(({ input }) => input.kind === 'glob' && input.pattern === 'devbox').map(({ input }) => inputKey(input).split('\0')[1]);
  expect(looked).toEqual([`${project.base}/none`, bin]);
});
