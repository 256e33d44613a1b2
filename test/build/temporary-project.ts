// A project in a temporary directory, allowed, and what the builder makes of it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { ProjectBuilder } from '../../src/build/project-builder.ts';
import { writeTrust } from '../../src/config/trust.ts';
import type { BuildOutcome } from '../../src/model/builder.ts';
import { resolve } from '../../src/model/environment.ts';
import type { Problem } from '../../src/model/problem.ts';

const never = new AbortController().signal;

export class TemporaryProject {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'builder-')));
  readonly root = join(this.base, 'project');
  readonly data = join(this.base, 'data');
  readonly state = join(this.base, 'state');
  /** What devshell was started in. */
  variables: Record<string, string> = { PATH: process.env['PATH'] ?? '', HOME: join(this.base, 'home'), USER: 'me' };
  log = '';

  static async create(): Promise<TemporaryProject> {
    const project = new TemporaryProject();
    mkdirSync(project.root);
    mkdirSync(join(project.base, 'home'));
    await project.allow();
    return project;
  }

  allow(): Promise<void> {
    return writeTrust(this.root, 'allowed', this.data);
  }

  /** In place; missing directories are made. Returns the absolute path. */
  write(path: string, text: string, mode = 0o644): string {
    const absolute = resolvePath(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text, { mode });
    return absolute;
  }

  build(toml?: string, signal = never): Promise<BuildOutcome> {
    if (toml !== undefined) this.write('devshell.toml', toml);
    const { root, state, variables: base, data: dataDirectory } = this;
    const host = { privateFds: [], execScript: resolvePath('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined };
    const builder = new ProjectBuilder({ root, state, base, userSettingsFile: join(this.base, 'config.toml'), dataDirectory, overrides: {}, host });
    return builder.build({ generation: 1, changed: [], log: (text) => void (this.log += text), observed: () => undefined }, signal);
  }

  /** The outcome of a build that must succeed, with the whole environment that a process would see. */
  async built(toml?: string): Promise<Extract<BuildOutcome, { kind: 'built' }> & { readonly all: Record<string, string> }> {
    const outcome = await this.build(toml);
    if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome, undefined, 2));
    return { ...outcome, all: resolve(outcome.environment, this.variables) };
  }

  async problems(toml?: string): Promise<readonly Problem[]> {
    const outcome = await this.build(toml);
    if (outcome.kind !== 'failed') throw new Error(`expected a failure, got ${JSON.stringify(outcome)}`);
    return outcome.problems;
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
