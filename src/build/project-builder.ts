// Builds the environment of a project from its configuration, layer by layer.

import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { readAnswer, trustFiles } from '../config/trust.ts';
import type { BuildOutcome, BuildRequest, Reuse, ShellBuilder } from '../model/builder.ts';
import type { Environment, Variables } from '../model/environment.ts';
import type { Place, Problem } from '../model/problem.ts';
import { DevshellError } from '../model/problem.ts';
import type { LayerName } from '../model/provenance.ts';
import type { Settings } from '../model/settings.ts';
import { scriptProblems } from '../script/environment-problems.ts';
import { CommandSearch } from './command-search.ts';
import { EnvironmentDraft } from './draft.ts';
import { checkInit } from './init-check.ts';
import { InputReader } from './input-reader.ts';
import type { Layer, LayerContext } from './layer.ts';
import { dotenvLayer } from './layers/dotenv.ts';
import { envrcLayer } from './layers/envrc.ts';
import { execLayer } from './layers/exec.ts';
import { nixLayer } from './layers/nix.ts';
import { pathLayer } from './layers/path.ts';
import { shellLayer } from './layers/shell.ts';
import { variablesLayer } from './layers/variables.ts';
import { venvLayer } from './layers/venv.ts';
import type { Sights } from '../watch/sights.ts';
import type { ExecutorHost } from './subprocess-executor.ts';
import { SubprocessExecutor } from './subprocess-executor.ts';
import { asksForNothing, notAllowed, openGate, rememberRefused } from './trust-check.ts';

export interface ProjectBuilderOptions {
  readonly root: string;
  /** The state directory of the project. */
  readonly state: string;
  /** What devshell itself was started in, without anything of devshell's. */
  readonly base: Variables;
  readonly userSettingsFile: string;
  readonly dataDirectory: string;
  /** What the command line says, over every file. */
  readonly overrides: Partial<Settings>;
  readonly host: ExecutorHost;
  /** What was seen of the inputs before; whoever builds one project again and again keeps it. */
  readonly sights?: Sights | undefined;
}

/** In the order in which they apply; a later layer sees and may override what the earlier ones set. */
const layers: readonly (readonly [LayerName, Layer])[] = [
  ['nix', nixLayer],
  ['exec', execLayer],
  ['venv', venvLayer],
  ['path', pathLayer],
  ['dotenv', dotenvLayer],
  ['envrc', envrcLayer],
  ['env', variablesLayer],
  ['shell', shellLayer],
];

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
    const reader = new InputReader(request.observed, this.#options.sights);
    try {
      return await this.#build(request, reader, signal);
    } catch (error) {
      if (signal.aborted) return { kind: 'cancelled' };
      if (error instanceof DevshellError) return { kind: 'failed', problems: error.problems, observations: reader.observations };
      throw error;
    }
  }

  async #build(request: BuildRequest, reader: InputReader, signal: AbortSignal): Promise<BuildOutcome> {
    const { root, state, dataDirectory, userSettingsFile, overrides } = this.#options;
    for (const path of await trustFiles(root, dataDirectory)) await reader.observe({ kind: 'file', path }, signal);
    const answer = await readAnswer(root, dataDirectory);
    const search = new CommandSearch(this.#options.base['PATH'] ?? '', reader, signal);
    const loaded = await loadConfiguration(root, userSettingsFile, (path) => reader.read(path), search.has);
    signal.throwIfAborted();
    const harmless = loaded.kind === 'loaded' && asksForNothing(loaded.configuration);
    if (answer.trust !== 'allowed' && !harmless) return { kind: 'blocked', problems: [notAllowed(root, answer.trust)], observations: reader.observations };
    if (loaded.kind === 'invalid') return { kind: 'failed', problems: loaded.problems, observations: reader.observations };
    const { configuration } = loaded;
    const draft = new EnvironmentDraft(this.#options.base, configuration.load.lists);
    if (search.wasAsked) draft.get('PATH');
    const gate = await openGate(root, answer, configuration, reader);
    if (gate.approved !== 'all') reader.readAll();
    let reuse: Reuse | undefined;
    const once = (reason: string): void => void (reuse ??= { kind: 'once', reason });
    const { log, evaluate = 'when-needed' } = request;
    const context = { root, state, configuration, draft, reader, executor: this.#executor, gate, evaluate, once, log };
    const problems = await this.#runLayers(context, request, signal);
    await this.#observeWatched(configuration, reader, signal);
    if (gate.refused.length > 0) {
      await rememberRefused(gate, root, dataDirectory, request.log);
      return { kind: 'blocked', problems: gate.refused, observations: reader.observations };
    }
    const { environment, provenance } = draft.finish();
    const { initAt } = configuration.shell;
    if (problems.length === 0) problems.push(...(await this.#check(environment, initAt, request, signal)));
    signal.throwIfAborted();
    if (problems.length > 0) return { kind: 'failed', problems, observations: reader.observations };
    const settings = { ...configuration.settings, ...overrides };
    reuse ??= { kind: 'reusable', variables: draft.used, named: draft.usedByName };
    return { kind: 'built', environment, settings, observations: reader.observations, initAt, provenance, reuse };
  }

  /** What follows on something that was refused would run in an environment that is not whole. */
  async #runLayers(context: LayerContext, request: BuildRequest, signal: AbortSignal): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const [name, layer] of layers) {
      if (context.gate.refused.length > 0) break;
      request.stage?.(`building ${name}`);
      problems.push(...(await layer(context, signal)));
    }
    return problems;
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
