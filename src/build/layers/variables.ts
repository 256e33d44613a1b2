// `[env]`: the project's own variables, in order, over everything else.

import type { EnvSetting } from '../../config/configuration.ts';
import { interpolate } from '../../config/interpolate.ts';
import type { Problem } from '../../model/problem.ts';
import type { Origin } from '../../model/provenance.ts';
import type { EnvironmentDraft } from '../draft.ts';
import type { Layer } from '../layer.ts';
import { nameProblems } from '../layer.ts';

export const variablesLayer: Layer = ({ configuration, draft }) =>
  Promise.resolve(configuration.env.flatMap((setting) => [...nameProblems(setting.name, setting.at), ...apply(setting, draft)]));

function apply({ name, value, at }: EnvSetting, draft: EnvironmentDraft): Problem[] {
  if (value === false) {
    draft.unset(name, originOf(at));
    return [];
  }
  // A list that quotes itself is an edit around itself, whatever now stands in it.
  const around = draft.isList(name) ? value.split(`\${${name}}`) : [];
  if (around.length === 2) return surround(name, around as [string, string], at, draft);
  const result = interpolate(value, (wanted) => draft.get(wanted));
  if (result.kind !== 'value') return [problem(name, value, result, at)];
  draft.set(name, result.value, originOf(at));
  return [];
}

function surround(name: string, parts: [string, string], at: EnvSetting['at'], draft: EnvironmentDraft): Problem[] {
  const problems: Problem[] = [];
  const [front, back] = parts.map((part) => {
    const result = interpolate(part, (wanted) => draft.get(wanted));
    if (result.kind === 'value') return result.value.split(':').filter((element) => element !== '');
    problems.push(problem(name, part, result, at));
    return [];
  });
  if (problems.length === 0) draft.surround(name, { front: front ?? [], back: back ?? [] }, originOf(at));
  return problems;
}

function problem(
  name: string,
  text: string,
  result: { kind: 'undefined'; name: string } | { kind: 'malformed'; offset: number },
  at: EnvSetting['at'],
): Problem {
  if (result.kind === 'malformed') return { message: `${name}: a \${ is not closed`, text, hint: 'write $${ for a literal ${', ...at };
  const hint = `set ${result.name} before, or give a default: \${${result.name}:-}`;
  return { message: `${name} uses ${result.name}, which is not set`, text, hint, ...at };
}

function originOf({ file, line }: EnvSetting['at']): Origin {
  return { layer: 'env', file, line };
}
