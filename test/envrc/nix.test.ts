// `use flake` and `use nix` with the real Nix, offline, in a store of their own.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EnvrcProject } from './support.ts';

const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform}`;
const shell = `derivation {
  name = "shell"; system = "${system}"; builder = "/bin/bash"; outputs = [ "out" ]; args = [ "-c" "echo > $out" ];
  GREETING = "hello"; shellHook = "export HOOKED=1";
}`;

let project: EnvrcProject;

beforeAll(async () => {
  project = await EnvrcProject.create();
  const at = (name: string): string => join(project.base, name);
  Object.assign(project.env, { NIX_STORE_DIR: at('store'), NIX_STATE_DIR: at('var'), NIX_LOG_DIR: at('log'), NIX_CONF_DIR: at('etc'), NIX_DATA_DIR: at('share') });
  // Without the last two each command waits 4 s for names to be resolved.
  Object.assign(project.env, { NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstituters =\nflake-registry =\n', NIX_PATH: '', NIX_BUILD_SHELL: '/bin/bash', TMPDIR: at('tmp') });
  project.write('shell.nix', shell);
  project.write('flake.nix', `{ outputs = { self }: { devShells.${system}.default = ${shell}; devShell.${system} = ${shell}; }; }\n`);
  execFileSync('git', ['init', '-q'], { cwd: project.root });
  execFileSync('git', ['add', '-A'], { cwd: project.root });
});
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', project.base]);
  project.remove();
});

describe('with real Nix', () => {
  it('use flake gives the variables of the flake and its shellHook, and keeps TMPDIR', async () => {
    const { all, set, observations } = await project.build('export A=1\nuse flake\nexport LATE=1\n');
    expect(all).toMatchObject({ GREETING: 'hello', HOOKED: '1', LATE: '1', TMPDIR: project.env['TMPDIR'] });
    expect(all).not.toHaveProperty('NIX_BUILD_TOP');
    // What Nix prints sets PS4, and what comes after it is known all the same.
    expect(set).toMatchObject({ GREETING: '.envrc:2', HOOKED: '.envrc:2', LATE: '.envrc:3' });
    expect(project.inputs(observations)).toEqual(['.envrc', 'flake.lock', 'flake.nix']);
    expect(project.log).not.toContain('evaluated again');
  });

  it('use nix gives those of shell.nix', async () => {
    const { all, set, observations } = await project.build('use nix\n');
    expect(all).toMatchObject({ GREETING: 'hello', IN_NIX_SHELL: 'impure', TMPDIR: project.env['TMPDIR'], PATH: project.env['PATH'] });
    expect(set).toMatchObject({ GREETING: '.envrc:1' });
    expect(project.inputs(observations)).toEqual(['.envrc', 'default.nix', 'shell.nix']);
  });

  it('what Nix says of a mistake is shown whole, and nothing is applied', async () => {
    project.write('flake.nix', '{ outputs = { self }: { devShell = nonsense; }; }\n');
    const problem = await project.problem('export A=1\nuse flake\nexport B=1\n');
    expect(problem).toMatchObject({ file: '.envrc', line: 2, detail: expect.stringContaining("undefined variable 'nonsense'") as string });
    expect(project.inputs(problem.observations)).toContain('flake.nix');
  });
});
