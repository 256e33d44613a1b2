// A project for real Nix: a store of its own in a temporary directory, without a network, a sandbox or build users.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import type { CodeGate } from '../../src/build/code-gate.ts';
import { EnvironmentDraft } from '../../src/build/draft.ts';
import { InputReader } from '../../src/build/input-reader.ts';
import { nixLayer } from '../../src/build/layers/nix.ts';
import { SubprocessExecutor } from '../../src/build/subprocess-executor.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Problem } from '../../src/model/problem.ts';
import { TemporaryProject } from '../build/temporary-project.ts';

/** What `nix` needs to know; the rest of the environment is the project's. */
export function nixVariables(base: string): Record<string, string> {
  const at = (name: string): string => join(base, name);
  return {
    NIX_STORE_DIR: at('store'),
    NIX_STATE_DIR: at('var'),
    NIX_LOG_DIR: at('log'),
    NIX_CONF_DIR: at('etc'),
    NIX_DATA_DIR: at('share'),
    XDG_CACHE_HOME: at('cache'),
    // Without the last two each command waits 4 s for names to be resolved.
    NIX_CONFIG: 'sandbox = false\nbuild-users-group =\nsubstituters =\nflake-registry =\n',
  };
}

export class NixProject extends TemporaryProject {
  async prepare(): Promise<void> {
    for (const path of [this.root, join(this.base, 'home')]) mkdirSync(path);
    await this.allow();
  }

  /** Runs the layer alone, behind a gate; what was refused. */
  async gated(toml: string, gate: CodeGate): Promise<readonly Problem[]> {
    this.write('devshell.toml', toml);
    const reader = new InputReader(() => undefined);
    const loaded = await loadConfiguration(this.root, join(this.base, 'config.toml'), (path) => reader.read(path));
    if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded));
    const { configuration } = loaded;
    const executor = new SubprocessExecutor({ privateFds: [], execScript: resolve('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined });
    const draft = new EnvironmentDraft(this.variables, []);
    const { root, state } = this;
    const log = (text: string): void => void (this.log += text);
    const context = { root, state, configuration, draft, reader, executor, gate, evaluate: 'when-needed' as const, once: () => undefined, log };
    expect(await nixLayer(context, AbortSignal.timeout(30_000))).toEqual([]);
    return gate.refused;
  }
}

/** A store that the tests of one file share. */
export class NixStore {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'nix-')));

  async project(): Promise<NixProject> {
    const project = new NixProject();
    await project.prepare();
    Object.assign(project.variables, nixVariables(this.base));
    return project;
  }

  remove(): void {
    execFileSync('chmod', ['-R', 'u+w', this.base]);
    rmSync(this.base, { recursive: true, force: true });
  }
}

export function git(project: { readonly root: string }, ...args: string[]): string {
  const identity = ['-c', 'user.name=me', '-c', 'user.email=me@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd: project.root, encoding: 'utf8' });
}

export const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform}`;

/** A derivation whose builder is bash; `print-dev-env` wants `outputs`. */
export function derivation(attributes: string): string {
  return `derivation {
  name = "shell"; system = "${system}"; builder = "/bin/bash"; outputs = [ "out" ]; args = [ ];
  ${attributes}
}
`;
}

export function flake(attributes: string, head = '{ self }'): string {
  return `{\n  outputs = ${head}: {\n    devShells.${system}.default = ${derivation(attributes)};\n  };\n}\n`;
}

/** The attribute of a derivation that has `setup` sourced in its builder, as stdenv does. */
export function withSetup(project: TemporaryProject, setup: string): string {
  project.write('stdenv/setup', setup);
  return 'stdenv = ./stdenv;';
}

/** Variables of every type, and functions. */
export const setup = `
declare -a list=(one "two words" 'three "quoted"')
declare -A map=([key]=value [other]="a b")
plain='not exported $x'
declare -i number=3
export PATH=/derivation/bin XDG_DATA_DIRS=/derivation/share
helper() { echo "helper of $plain"; }
caller() { helper; }
unrelated() { echo unrelated; }
`;
