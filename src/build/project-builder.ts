// Builds the environment of a project from its configuration, layer by layer.

import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { readTrust, trustFile } from '../config/trust.ts';
import type { BuildOutcome, BuildRequest, ShellBuilder } from '../model/builder.ts';
import type { Environment, Variables } from '../model/environment.ts';
import type { Place, Problem } from '../model/problem.ts';
import { DevshellError } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { scriptProblems } from '../script/environment-problems.ts';
import { EnvironmentDraft } from './draft.ts';
import { checkInit } from './init-check.ts';
import { InputReader } from './input-reader.ts';
import type { Layer } from './layer.ts';
import { dotenvLayer } from './layers/dotenv.ts';
import { execLayer } from './layers/exec.ts';
import { pathLayer } from './layers/path.ts';
import { variablesLayer } from './layers/variables.ts';
import { venvLayer } from './layers/venv.ts';
import type { ExecutorHost } from './subprocess-executor.ts';
import { SubprocessExecutor } from './subprocess-executor.ts';

export interface ProjectBuilderOptions {
  readonly root: string;
  /** What devshell itself was started in, without anything of devshell's. */
  readonly base: Variables;
  readonly userSettingsFile: string;
  readonly dataDirectory: string;
  /** What the command line says, over every file. */
  readonly overrides: Partial<Settings>;
  readonly host: ExecutorHost;
}

/** In the order in which they apply; a later layer sees and may override what the earlier ones set. */
const layers: readonly Layer[] = [execLayer, venvLayer, pathLayer, dotenvLayer, variablesLayer];

export class ProjectBuilder implements ShellBuilder {
  readonly #options: ProjectBuilderOptions;
  readonly #executor: SubprocessExecutor;
  readonly settingsFiles: readonly string[];

  constructor(options: ProjectBuilderOptions) {
    this.#options = options;
    this.#executor = new SubprocessExecutor(options.host);
    this.settingsFiles = [options.userSettingsFile];
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    const reader = new InputReader(request.observed);
    try {
      return await this.#build(request, reader, signal);
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' };
      if (error instanceof DevshellError) return { kind: 'failed', problems: error.problems, observations: reader.observations };
      throw error;
    }
  }

  async #build(request: BuildRequest, reader: InputReader, signal: AbortSignal): Promise<BuildOutcome> {
    const { root, dataDirectory, userSettingsFile, overrides } = this.#options;
    await reader.observe({ kind: 'file', path: await trustFile(root, dataDirectory) }, signal);
    const trust = await readTrust(root, dataDirectory);
    const loaded = await loadConfiguration(root, userSettingsFile, (path) => reader.read(path));
    signal.throwIfAborted();
    const harmless = loaded.kind === 'loaded' && asksForNothing(loaded.configuration);
    if (trust !== 'allowed' && !harmless) return { kind: 'blocked', problems: [notAllowed(root, trust)], observations: reader.observations };
    if (loaded.kind === 'invalid') return { kind: 'failed', problems: loaded.problems, observations: reader.observations };
    const { configuration } = loaded;
    const draft = new EnvironmentDraft(this.#options.base, configuration.load.lists);
    const context = { root, configuration, draft, reader, executor: this.#executor, log: request.log };
    const problems: Problem[] = [];
    for (const layer of layers) problems.push(...(await layer(context, signal)));
    await this.#observeWatched(configuration, reader, signal);
    const environment = draft.finish({ functions: new Map(), aliases: configuration.shell.aliases, init: configuration.shell.init });
    const { initAt } = configuration.shell;
    if (problems.length === 0) problems.push(...(await this.#check(environment, initAt, request, signal)));
    signal.throwIfAborted();
    if (problems.length > 0) return { kind: 'failed', problems, observations: reader.observations };
    const settings = { ...configuration.settings, ...overrides };
    return { kind: 'built', environment, settings, observations: reader.observations, initAt };
  }

  async #observeWatched({ watch }: Configuration, reader: InputReader, signal: AbortSignal): Promise<void> {
    for (const pattern of watch.paths) await reader.observePattern(this.#options.root, pattern, watch.ignore, signal);
  }

  /** What no shell could take over is refused here, where the old environment still stands. */
  async #check(environment: Environment, initAt: Place | undefined, request: BuildRequest, signal: AbortSignal): Promise<readonly Problem[]> {
    const problems = scriptProblems(environment);
    if (problems.length > 0 || environment.init === '') return problems;
    const { root, base } = this.#options;
    return checkInit({ init: environment.init, at: initAt, root, base, executor: this.#executor, log: request.log }, signal);
  }
}

/** Where nothing is configured and nothing was found there is nothing to allow. */
function asksForNothing({ env, load, shell }: Configuration): boolean {
  const loads = load.path.length + load.dotenv.length + load.exec.length + (load.venv === undefined ? 0 : 1);
  return env.length + loads + shell.aliases.size === 0 && shell.init === '';
}

function notAllowed(root: string, trust: 'denied' | 'unknown'): Problem {
  const message = trust === 'denied' ? `${root} is denied` : `${root} is not allowed yet`;
  return { message, hint: 'look at what it would run, then: devshell allow' };
}
