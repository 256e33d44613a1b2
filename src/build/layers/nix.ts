// `[load] nix`: the development shell of a flake or of a Nix file.

import { readFile } from 'node:fs/promises';
import { shownPath } from '../../config/project-path.ts';
import type { Problem } from '../../model/problem.ts';
import type { Origin } from '../../model/provenance.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { nameProblems } from '../layer.ts';
import type { DevelopmentEnvironment } from '../nix/development-environment.ts';
import { belongsToBuilder, listElements, outputRewrites, rewritten } from '../nix/development-environment.ts';
import type { Evaluation } from '../nix/evaluation.ts';
import { evaluate } from '../nix/evaluation.ts';
import type { AttributeFiles, NixDirectory } from '../nix/garbage-root.ts';
import { dropOld, rootOf, writeAttributes } from '../nix/garbage-root.ts';
import { parseReference } from '../nix/reference.ts';
import type { HookChanges } from '../nix/shell-hook.ts';
import { isPlainHook, runShellHook } from '../nix/shell-hook.ts';

export const nixLayer: Layer = async (context, signal) => {
  const { nix } = context.configuration.load;
  if (nix === undefined) return [];
  const reference = parseReference(nix.reference, context.root);
  const hint = 'name a flake, as in nix = ".#default", or a file, as in nix = "shell.nix"';
  if (reference === undefined) return [{ message: 'load.nix names nothing', text: nix.reference, hint, ...nix.at }];
  const evaluation = await evaluate(context, nix, reference, signal);
  if (evaluation.kind === 'failed') return [evaluation.problem];
  return evaluation.kind === 'refused' ? [] : adopt(context, evaluation, nix.reference, signal);
};

type Evaluated = Extract<Evaluation, { kind: 'evaluated' }>;

async function adopt(context: LayerContext, evaluated: Evaluated, reference: string, signal: AbortSignal): Promise<readonly Problem[]> {
  const { root, draft } = context;
  const { directory } = evaluated;
  const whole = rewritten(evaluated.environment, outputRewrites(evaluated.environment, root));
  const attributes = whole.structuredAttributes && (await writeAttributes(directory, whole.structuredAttributes));
  const environment = attributes === undefined ? whole : withAttributes(whole, attributes);
  await keep(context, directory, attributes, signal);
  const origin = await originsOf(evaluated, root, reference);
  for (const [name, { type, value }] of environment.variables) {
    if (type !== 'exported' || belongsToBuilder(name) || name === 'shellHook') continue;
    if (name === 'PATH' || name === 'XDG_DATA_DIRS') draft.surround(name, { front: listElements(value), back: [] }, origin(name));
    else draft.set(name, value, origin(name));
  }
  const names = [...environment.variables.keys()];
  const problems = names.flatMap((name) => nameProblems(name, origin(name)));
  const hook = environment.variables.get('shellHook')?.value;
  if (problems.length > 0 || typeof hook !== 'string' || hook.trim() === '') return problems;
  if (!isPlainHook(hook)) context.once('shellHook may read anything');
  const outcome = await runShellHook(context, environment, directory.path, signal);
  if (outcome.kind === 'failed') return [{ ...placeOf(origin('shellHook')), text: reference, ...outcome.problem }];
  return adoptHook(context, outcome.changes, origin);
}

function adoptHook({ draft }: LayerContext, changes: HookChanges, origin: (name: string) => Origin): readonly Problem[] {
  for (const [name, value] of changes.set) draft.set(name, value, origin(name));
  for (const name of changes.unset) draft.unset(name, origin(name));
  for (const [name, body] of changes.functions) draft.defineFunction(name, body, origin(name));
  for (const [name, text] of changes.aliases) draft.defineAlias(name, text, origin(name));
  return [...changes.set.keys(), ...changes.unset].flatMap((name) => nameProblems(name, placeOf(origin(name))));
}

function placeOf({ file, line }: Origin): Partial<Problem> {
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}

/** What was kept for the environment is an input: a result that outlives it is none. */
async function keep({ reader, state }: LayerContext, directory: NixDirectory, attributes: AttributeFiles | undefined, signal: AbortSignal): Promise<void> {
  const link = await rootOf(directory);
  if (link !== undefined) await reader.observe({ kind: 'file', path: link }, signal);
  if (attributes !== undefined) await reader.observe({ kind: 'file', path: attributes.sh }, signal);
  await dropOld(directory, state, [link, attributes?.directory].filter((path) => path !== undefined));
}

/** What a builder is told by the names of files that only it has. */
function withAttributes(environment: DevelopmentEnvironment, files: AttributeFiles): DevelopmentEnvironment {
  const paths = { NIX_ATTRS_JSON_FILE: files.json, NIX_ATTRS_SH_FILE: files.sh };
  const rewrites = Object.entries(paths).flatMap(([name, to]): [string, string][] => {
    const from = environment.variables.get(name)?.value;
    return typeof from === 'string' && from !== '' ? [[from, to]] : [];
  });
  return rewritten(environment, new Map(rewrites));
}

/** What a flake itself is made of: no variables. */
const ofFlake = new Set(['description', 'inputs', 'nixConfig', 'outputs']);

/** The line on which the file sets a name, where it does so by that name. */
async function originsOf({ file }: Evaluated, root: string, reference: string): Promise<(name: string) => Origin> {
  if (file === undefined) return () => ({ layer: 'nix', command: reference });
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const shown = shownPath(root, file);
  return (name) => {
    const at = shown.endsWith('flake.nix') && ofFlake.has(name) ? -1 : lines.findIndex((line) => new RegExp(`(^|[\\s;{(."'])${name}["']?\\s*=`).test(line));
    return { layer: 'nix', file: shown, ...(at === -1 ? {} : { line: at + 1 }), command: reference };
  };
}
