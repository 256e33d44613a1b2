// `[load] envrc`: a file of direnv's, evaluated in bash with our own library (shell/envrc).

import { dirname, join, resolve } from 'node:path';
import type { Envrc } from '../../config/configuration.ts';
import type { DirenvSettings } from '../../config/direnv-settings.ts';
import { readDirenvSettings } from '../../config/direnv-settings.ts';
import { shownPath } from '../../config/project-path.ts';
import type { Problem } from '../../model/problem.ts';
import type { Origin } from '../../model/provenance.ts';
import { EvaluatedInputs } from '../envrc/inputs.ts';
import { differences, dropsElements, environmentFor, without } from '../envrc/difference.ts';
import type { Evaluation } from '../envrc/evaluation.ts';
import { evaluate } from '../envrc/evaluation.ts';
import { failureOf } from '../envrc/failure.ts';
import type { TracedPlace } from '../envrc/trace.ts';
import type { Layer, LayerContext } from '../layer.ts';

export const envrcLayer: Layer = async (context, signal) => {
  const wanted = context.configuration.load.envrc;
  if (wanted === undefined) return [];
  const file = resolve(context.root, wanted.file);
  const inputs = new EvaluatedInputs(context, signal);
  const missing = await admitFile(context, wanted, file);
  if (missing !== undefined) return missing;
  const direnv = await readDirenvSettings((name) => context.draft.get(name), (path) => context.reader.read(path));
  if (direnv.kind === 'invalid') return [direnv.problem];
  const before = context.draft.resolved();
  const evaluation = await evaluateWhole(context, file, before, direnv.settings, inputs, signal);
  await inputs.settled();
  signal.throwIfAborted();
  const shown = (path: string): string => shownPath(context.root, path);
  const failure = failureOf(evaluation, { file, home: join(context.executor.shellDirectory, 'envrc'), shown });
  if (failure !== undefined) return [failure];
  adopt(context, evaluation, before);
  if (evaluation.trace.broken) context.once('tracing was switched off for good: what was sourced after that is not known');
  return [];
};

/** What keeps the file itself from being evaluated; none of it is a reason to stop the other layers. */
async function admitFile({ root, reader, gate }: LayerContext, wanted: Envrc, file: string): Promise<Problem[] | undefined> {
  const shown = shownPath(root, file);
  const bytes = await reader.read(file).catch((error: unknown) => error as Error);
  if (bytes instanceof Error) return [{ message: `cannot read ${shown}: ${bytes.message}`, ...wanted.at }];
  if (bytes === undefined) return [{ message: `there is no ${shown}`, hint: 'create it, or remove load.envrc', ...wanted.at }];
  return gate.admits(file, reader.fingerprintOf(file)) ? undefined : [];
}

/** Once more, on guard, if the file switches off what tells us what it does. */
async function evaluateWhole(
  { executor, log }: LayerContext,
  file: string,
  before: Readonly<Record<string, string>>,
  { bash, strict, logFormat, warnAfterMs }: DirenvSettings,
  inputs: EvaluatedInputs,
  signal: AbortSignal,
): Promise<Evaluation> {
  const approved = await inputs.approved();
  const home = join(executor.shellDirectory, 'envrc');
  const options = { file, directory: dirname(file), env: environmentFor(before), home, libraries: inputs.libraries, bash, strict, logFormat, approved, executor, log, warnAfterMs };
  const first = await evaluate({ ...options, guarded: false }, inputs.take, signal);
  if (!first.trace.broken || first.left !== 0 || signal.aborted) return first;
  log('envrc: it switched tracing off: evaluated again, on guard\n');
  return evaluate({ ...options, guarded: true }, inputs.take, signal);
}

function adopt({ root, draft, executor, configuration }: LayerContext, { variables, trace, definitions }: Evaluation, before: Readonly<Record<string, string>>): void {
  // Of what comes along with something else no line is known.
  const whole = { file: shownPath(root, resolve(root, configuration.load.envrc?.file ?? '')) };
  const originOf = (place: TracedPlace | undefined): Origin => ({ layer: 'envrc', ...(place === undefined ? whole : { file: shownPath(root, place.path), line: place.line }) });
  const shim = join(executor.shellDirectory, 'envrc/bin');
  for (const { name, value } of differences(before, variables, shim)) {
    const origin = originOf(trace.setAt(name));
    // The last of them is what is told next.
    draft.note(name, trace.stepsOf(name).slice(0, -1).map((step) => ({ origin: originOf(step.place), value: without(step.value, shim) })));
    if (value === null) draft.unset(name, origin);
    else if (draft.isList(name) && dropsElements(before[name], value)) draft.replace(name, value, origin);
    else draft.set(name, value, origin);
  }
  for (const [name, text] of definitions.aliases) draft.defineAlias(name, text, originOf(trace.exportedAt(name)));
  for (const [name, body] of definitions.functions) draft.defineFunction(name, body, originOf(trace.exportedAt(name)));
  for (const [name, spec] of definitions.completions) draft.defineCompletion(name, spec, originOf(trace.exportedAt(name)));
}
