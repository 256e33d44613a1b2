// From a reference to what `nix print-dev-env` says of it, with everything that was read as inputs.

import { readFile } from 'node:fs/promises';
import type { Nix } from '../../config/configuration.ts';
import { shownPath } from '../../config/project-path.ts';
import type { Observation } from '../../model/input.ts';
import type { Problem } from '../../model/problem.ts';
import type { LayerContext } from '../layer.ts';
import { admitAll } from '../layer.ts';
import type { DevelopmentEnvironment } from './development-environment.ts';
import { parseDevelopmentEnvironment, repaired } from './development-environment.ts';
import { failureOf } from './failure.ts';
import { FileInputs } from './file-inputs.ts';
import { observeFlake } from './flake-inputs.ts';
import type { NixDirectory } from './garbage-root.ts';
import { openNixDirectory } from './garbage-root.ts';
import { memoryKey, recall, remember } from './memory.ts';
import type { NixRun } from './nix-command.ts';
import { runNix } from './nix-command.ts';
import type { NixReference } from './reference.ts';
import { openingOption } from './reference.ts';

export type Evaluation =
  | {
      readonly kind: 'evaluated';
      readonly environment: DevelopmentEnvironment;
      readonly directory: NixDirectory;
      /** The file that people know it by, absolute; undefined for a flake from elsewhere. */
      readonly file: string | undefined;
    }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** The gate did not admit all of its code. */
  | { readonly kind: 'refused' };

/** How often an evaluation is repeated because something was saved in the middle of it. */
const maxRounds = 3;

/** The kernel stamps files by a clock that may be so much behind. */
const clockMs = 10;

/** What one kind of reference adds to the common path. */
interface Plan {
  readonly args: readonly string[];
  /** The file that people know it by, absolute; undefined for a flake from elsewhere. */
  readonly file: string | undefined;
  readonly tree: string | undefined;
  /** What counts for the memory beside what is observed from now on. */
  readonly paths: () => ReadonlySet<string>;
  readonly ignored: string | undefined;
  readonly names: readonly string[];
  readonly code: () => readonly string[];
  readonly inputs: FileInputs | undefined;
  /** Why the result may stand for this build only. */
  readonly once: string | undefined;
}

export async function evaluate(context: LayerContext, nix: Nix, reference: NixReference, signal: AbortSignal): Promise<Evaluation> {
  const started = context.reader.observations.length;
  const { root, state, reader, configuration } = context;
  if (reference.kind === 'file' && (await reader.read(reference.path).catch(() => undefined)) === undefined) return { kind: 'failed', problem: noFile(nix, reference.path, root) };
  const directory = await openNixDirectory(state, nix.reference);
  const plan = reference.kind === 'file' ? await planFile(context, reference, signal) : await planFlake(context, reference, signal);
  if (plan.once !== undefined) context.once(plan.once);
  // The user's own inputs are said to matter, to Nix as well.
  for (const pattern of configuration.watch.paths) await reader.observePattern(root, pattern, configuration.watch.ignore, signal);
  if (!admitAll(context, plan.code())) return { kind: 'refused' };
  const key = memoryKey(context, nix.reference, [...plan.names, ...configuration.watch.paths]);
  const mayKeep = plan.once === undefined && configuration.cache !== 'off';
  const known = mayKeep && context.evaluate === 'when-needed' ? await recall(context, directory, key, signal) : undefined;
  const run = known ?? (await runPlan(context, nix, plan, directory, signal));
  if ('problem' in run) return { kind: 'failed', problem: run.problem };
  if (!admitAll(context, run.code)) return { kind: 'refused' };
  const environment = parseDevelopmentEnvironment(run.output);
  if (environment === undefined) return { kind: 'failed', problem: unreadable(nix, run.output) };
  const unseen = plan.inputs?.unseen;
  if (unseen !== undefined) context.once(unseen);
  if (known === undefined && mayKeep && unseen === undefined) await remember(directory, key, { ...run, observations: relevant(context, plan, started) });
  return { kind: 'evaluated', environment, directory, file: plan.file };
}

function noFile({ reference, at }: Nix, path: string, root: string): Problem {
  const hint = 'its name is relative to the root of the project; a flake is named as in nix = ".#default"';
  return { message: `no Nix file ${shownPath(root, path)}`, text: reference, hint, file: at.file, line: at.line };
}

/** Anybody may read what is in the store; and Nix fails at a socket. */
function copiedState({ reference, at }: Nix, copy: string, root: string): Problem {
  const message = `Nix copies ${copy === root ? 'the project' : shownPath(root, copy)} into its store, and the files of devshell with it`;
  const hint = 'copy less of it (lib.cleanSource, lib.fileset), or set DEVSHELL_STATE to a directory outside of it';
  return { message, text: reference, hint, file: at.file, line: at.line };
}

function unreadable({ reference, at }: Nix, output: string): Problem {
  return { message: 'nix printed no environment', text: reference, detail: output.slice(0, 4096), file: at.file, line: at.line };
}

/** What this layer observed, and what was observed before it and matters here too. */
function relevant({ reader }: LayerContext, plan: Plan, started: number): Observation[] {
  const paths = plan.paths();
  const counts = ({ input }: Observation, index: number): boolean => index >= started || (input.kind !== 'glob' && paths.has(input.path));
  return reader.observations.filter((observation, index) => counts(observation, index) && !(observation.input.kind === 'file' && observation.input.path === plan.ignored));
}

type Ran = { readonly output: string; readonly code: readonly string[] } | { readonly problem: Problem };

async function runPlan(context: LayerContext, nix: Nix, plan: Plan, directory: NixDirectory, signal: AbortSignal): Promise<Ran> {
  const { log, root } = context;
  const args = ['print-dev-env', '--json', '--profile', directory.profile, ...plan.args];
  for (let round = 1; ; round++) {
    const sinceMs = Date.now() - clockMs;
    log(`$ nix ${['print-dev-env', ...plan.args.filter((word) => word !== '-vvv')].join(' ')}\n`);
    const run = await runNix(context, args, (sight) => plan.inputs?.saw(sight), signal);
    const steady = (await plan.inputs?.observe(sinceMs, signal)) ?? 'steady';
    if (steady === 'changed' && round < maxRounds) continue;
    const copy = plan.inputs?.copyWith(context.state);
    if (copy !== undefined) return { problem: copiedState(nix, copy, root) };
    const output = await outputOf(run, directory);
    if (output !== undefined) return { output, code: plan.code() };
    return { problem: failureOf(run, { reference: nix.reference, at: nix.at, root, tree: plan.tree }) };
  }
}

/** Where Nix cannot read what the builder wrote, devshell may: the profile points to it by then. */
async function outputOf({ result, messages }: NixRun, { profile }: NixDirectory): Promise<string | undefined> {
  if (result.kind !== 'exited') return undefined;
  if (result.exitCode === 0) return new TextDecoder('utf-8').decode(result.stdout);
  const isUnread = messages.errors.some(({ text }) => /control character|invalid string|invalid UTF-8|\[json\.exception\./.test(text));
  return isUnread ? readFile(profile, 'utf8').then(repaired, () => undefined) : undefined;
}

async function planFlake(context: LayerContext, reference: Extract<NixReference, { kind: 'flake' }>, signal: AbortSignal): Promise<Plan> {
  const { installable, source, options } = reference;
  const args = ['--no-update-lock-file', ...options, installable];
  const none = { args, file: undefined, tree: undefined, paths: () => new Set<string>(), ignored: undefined, names: [], code: () => [], inputs: undefined };
  const opened = onceFor(options);
  if (source.kind === 'remote') {
    const isFixed = /[0-9a-f]{40}|narHash=/.test(installable);
    return { ...none, once: opened ?? (isFixed ? undefined : `nothing tells when ${installable} changes`) };
  }
  const { directory, tree, code, paths, index, unseen } = await observeFlake(context, source, signal);
  return { ...none, file: `${directory}/flake.nix`, tree, paths: () => paths, ignored: index, names: [...paths], code: () => code, once: opened ?? unseen };
}

function onceFor(options: readonly string[]): string | undefined {
  const option = openingOption(options);
  return option === undefined ? undefined : `nothing tells what an evaluation with ${option} depends on`;
}

async function planFile(context: LayerContext, reference: Extract<NixReference, { kind: 'file' }>, signal: AbortSignal): Promise<Plan> {
  const { executor, draft } = context;
  const { path, attribute, options } = reference;
  const inputs = new FileInputs(context, draft.get('NIX_STORE_DIR') ?? '/nix/store', path);
  await inputs.observe(Infinity, signal);
  const args = ['-vvv', '--file', executor.script('nix/trace.nix'), '--argstr', 'devshellFile', path, ...options];
  return {
    args: attribute === undefined ? args : [...args, attribute],
    file: path,
    tree: undefined,
    paths: () => inputs.paths,
    ignored: undefined,
    names: [],
    code: () => inputs.code,
    inputs,
    once: onceFor(options),
  };
}
