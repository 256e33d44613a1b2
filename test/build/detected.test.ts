// Projects without a configuration, with tools that scripts of the test stand in for: they print what the real ones printed.
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputKey, inputPath } from '../../src/model/input.ts';
import type { Observation } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
let bin: string;
const never = new AbortController().signal;

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

const mise = (): void => install('mise', "'env --shell bash'", `unset GONE\nexport FROM_FILE=1\nexport GREETING='hello $(x)'\nexport PATH='${project.root}/tools:${bin}'`);
const paths = (observations: readonly Observation[]): string[] => observations.map(({ input }) => inputPath(input));

async function changedSince(observations: readonly Observation[]): Promise<string[]> {
  const now = await Promise.all(observations.map(async (one) => ((await fingerprint(one.input, never)) === one.fingerprint ? [] : [inputPath(one.input)])));
  return now.flat();
}

describe('mise.toml', () => {
  it('is used as soon as the mise that was put there becomes executable', async () => {
    mise();
    chmodSync(join(bin, 'mise'), 0o644);
    project.write('mise.toml', '[env]\nFOO = "x"\n');
    const { observations, all } = await project.built();
    expect(all['FROM_FILE']).toBeUndefined();
    chmodSync(join(bin, 'mise'), 0o755);
    expect(await changedSince(observations)).toEqual([join(bin, 'mise')]);
    expect((await project.built()).all['FROM_FILE']).toBe('1');
  });

  it('is used where mise is, and with everything that mise reads as inputs', async () => {
    mise();
    project.variables['GONE'] = 'outer';
    project.write('mise.toml', '[env]\nFOO = "x"\n_.file = [".env.mise", "more.env"]\n');
    project.write('../home/.config/mise/config.toml', '[env]\n_.source = "/opt/user.sh"\n');
    project.write('../home/.local/share/mise/installs/node/22.1.0/bin/node', '');
    const { environment, observations, reuse } = await project.built();
    expect(Object.fromEntries(environment.variables)).toEqual({ FROM_FILE: '1', GREETING: 'hello $(x)', GONE: null });
    expect(environment.lists.get('PATH')).toEqual({ front: [join(project.root, 'tools')], back: [] });
    const root = project.root;
    const expected = ['mise.toml', '.mise.toml', 'mise.local.toml', '.config/mise/config.toml', '.tool-versions', '.env.mise', 'more.env'].map((name) => join(root, name));
    expected.push('/opt/user.sh', join(project.base, 'home/.config/mise/config.toml'), join(project.base, 'home/.local/share/mise/installs/node'));
    expect(paths(observations)).toEqual(expect.arrayContaining(expected) as string[]);
    expect(paths(observations).filter((path) => path.startsWith(`${dirname(root)}/{mise`))).toHaveLength(1);
    expect(reuse).toMatchObject({ kind: 'reusable', variables: 'all' });
    expect(await changedSince(observations)).toEqual([]);
    project.write('mise.production.toml', '');
    project.write('../home/.local/share/mise/installs/node/22.2.0/bin/node', '');
    expect((await changedSince(observations)).map((path) => path.replace(project.base, ''))).toEqual([
      expect.stringContaining('/project/{mise'), '/home/.local/share/mise/installs/node',
    ]);
  });

  it('is left alone where mise is not, until it is installed', async () => {
    project.write('.env', 'A=1\n');
    project.write('mise.toml', '[env]\nFOO = "x"\n');
    const before = await project.built();
    expect(Object.fromEntries(before.environment.variables)).toEqual({ A: '1' });
    expect(before.reuse).toMatchObject({ kind: 'reusable', variables: ['PATH'] });
    mise();
    expect(await changedSince(before.observations)).toEqual([join(bin, 'mise')]);
    expect((await project.built()).all).toMatchObject({ A: '1', FROM_FILE: '1' });
    rmSync(join(bin, 'mise'));
    expect((await project.built()).all).not.toHaveProperty('FROM_FILE');
  });

  it('is evaluated as trusted, since the project is allowed, and what the user trusts besides stays so', async () => {
    chmodSync(project.write(join(bin, 'mise'), '#!/bin/sh\necho "export TRUSTED=\'$MISE_TRUSTED_CONFIG_PATHS\'"\n'), 0o755);
    project.write('.tool-versions', 'node 22\n');
    expect((await project.built()).all['TRUSTED']).toBe(project.root);
    project.variables['MISE_TRUSTED_CONFIG_PATHS'] = '/other';
    expect((await project.built()).all['TRUSTED']).toBe(`${project.root}:/other`);
    expect((await project.built()).environment.variables.has('MISE_TRUSTED_CONFIG_PATHS')).toBe(false);
  });

  it('fails the build with what mise says', async () => {
    project.write('mise.toml', '[env\n');
    chmodSync(project.write(join(bin, 'mise'), '#!/bin/sh\necho "mise ERROR error parsing config file" >&2; exit 1\n'), 0o755);
    expect((await project.problems())[0]).toMatchObject({ file: 'mise.toml', line: 1, message: 'exec exited with 1: mise ERROR error parsing config file' });
  });
});

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
  mise();
  project.variables['PATH'] = `${project.base}/none:relative:${bin}:${bin}:/usr/bin`;
  project.write('mise.toml', '');
  const { observations } = await project.built();
  const looked = observations.filter(({ input }) => input.kind === 'glob' && input.pattern === 'mise').map(({ input }) => inputKey(input).split('\0')[1]);
  expect(looked).toEqual([`${project.base}/none`, bin]);
});
