// A project with an .envrc in a temporary directory, built by the real builder.

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { ProjectBuilder } from '../../src/build/project-builder.ts';
import { writeTrust } from '../../src/config/trust.ts';
import type { BuildOutcome } from '../../src/model/builder.ts';
import type { Environment } from '../../src/model/environment.ts';
import { resolve } from '../../src/model/environment.ts';
import type { Observation } from '../../src/model/input.ts';
import { inputPath } from '../../src/model/input.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Assignment, Provenance } from '../../src/model/provenance.ts';

const never = new AbortController().signal;

export interface Built {
  /** What a process in the environment sees. */
  readonly all: Record<string, string>;
  readonly environment: Environment;
  readonly observations: readonly Observation[];
  readonly provenance: Provenance | undefined;
  /** The last assignment of each variable, as `file:line`. */
  readonly set: Record<string, string>;
}

export class EnvrcProject {
  readonly base: string;
  readonly root: string;
  readonly home: string;
  /** The outer environment. */
  readonly env: Record<string, string>;
  /** What `load.envrc` names. */
  file = '.envrc';
  log = '';
  /** Called with each piece of the log. */
  logged: (text: string) => void = () => undefined;
  readonly groups = { started: [] as number[], ended: [] as number[] };

  static async create(name = 'project'): Promise<EnvrcProject> {
    const project = new EnvrcProject(realpathSync(mkdtempSync(join(tmpdir(), 'envrc-'))), name);
    await writeTrust(project.root, 'allowed', join(project.base, 'data'));
    return project;
  }

  private constructor(base: string, name: string) {
    this.base = base;
    this.root = join(base, name);
    this.home = join(base, 'home');
    for (const directory of [this.root, this.home, join(base, 'tmp')]) mkdirSync(directory);
    const path = [...new Set(['/usr/local/bin', '/usr/bin', '/bin', dirname(process.execPath)])].join(':');
    this.env = { PATH: path, HOME: this.home, LANG: 'C.UTF-8', USER: 'me', TMPDIR: join(base, 'tmp') };
  }

  path(...parts: string[]): string {
    return resolvePath(this.root, ...parts);
  }

  write(path: string, text: string | Uint8Array, mode = 0o644): string {
    const absolute = this.path(path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
    chmodSync(absolute, mode);
    return absolute;
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  link(target: string, path: string): void {
    rmSync(this.path(path), { force: true });
    symlinkSync(target, this.path(path));
  }

  outcome(envrc?: string, signal = never): Promise<BuildOutcome> {
    if (envrc !== undefined) this.write(this.file, envrc);
    this.write('devshell.toml', `[load]\nenvrc = "${this.file}"\n`);
    const host = {
      privateFds: [],
      execScript: resolvePath(import.meta.dirname, '../../shell/exec.bash'),
      groupStarted: (pgid: number) => this.groups.started.push(pgid),
      groupEnded: (pgid: number) => this.groups.ended.push(pgid),
    };
    const { root, base, env } = this;
    const places = { root, state: join(base, 'state'), userSettingsFile: join(base, 'config.toml'), dataDirectory: join(base, 'data') };
    const builder = new ProjectBuilder({ ...places, base: env, overrides: {}, host });
    this.log = '';
    const log = (text: string): void => {
      this.log += text;
      this.logged(text);
    };
    return builder.build({ generation: 1, changed: [], log, observed: () => undefined }, signal);
  }

  /** The environment that an .envrc gives; fails with what the build says otherwise. */
  async build(envrc?: string): Promise<Built> {
    const outcome = await this.outcome(envrc);
    if (outcome.kind !== 'built') throw new Error(`${JSON.stringify(outcome, undefined, 1)}\n${this.log}`);
    const { environment, observations, provenance } = outcome;
    const set = Object.fromEntries([...(provenance?.variables ?? [])].map(([name, assignments]) => [name, placeOf(assignments)]));
    return { all: resolve(environment, this.env), environment, observations, provenance, set };
  }

  async problem(envrc?: string): Promise<Problem & { readonly observations: readonly Observation[] }> {
    const outcome = await this.outcome(envrc);
    if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${outcome.kind}\n${this.log}`);
    const [problem] = outcome.problems;
    if (problem === undefined) throw new Error('a failure without a problem');
    return { ...problem, observations: outcome.observations };
  }

  /** The inputs below the root, relative to it, without the configuration. */
  inputs(observations: readonly Observation[]): string[] {
    const paths = observations.map(({ input }) => inputPath(input)).filter((path) => path.startsWith(`${this.root}/`));
    const inside = new Set(paths.map((path) => path.slice(this.root.length + 1)));
    return [...inside].filter((path) => !/^devshell(\.local)?\.toml$/.test(path)).sort();
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

function placeOf(assignments: readonly Assignment[]): string {
  const { file, line } = assignments.at(-1)!.origin;
  return `${file ?? '?'}:${line ?? '?'}`;
}
