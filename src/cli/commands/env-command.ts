// `devshell env`: the built environment, for scripts and editors.

import type { BuildOutcome } from '../../model/builder.ts';
import type { Environment, Variables } from '../../model/environment.ts';
import { resolve } from '../../model/environment.ts';
import { noProvenance } from '../../model/provenance.ts';
import { exportsText } from '../../script/environment-text.ts';
import { usageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { assignmentJson, placeJson } from '../explanation-json.ts';
import { writeJson } from '../output.ts';
import { builderData, built, firstBuild, projectOf } from '../project-environment.ts';

export const envCommand: Command = async (parsed, context, signal) => {
  if (parsed.flags.has('provenance') && !parsed.flags.has('json')) {
    throw usageError('--provenance goes with --json', parsed.spec);
  }
  const project = await projectOf(parsed, context, signal);
  const data = await builderData(project, parsed, context);
  const outcome = built(await firstBuild(data, parsed, context, signal));
  if (parsed.flags.has('provenance')) {
    writeJson(withProvenance(outcome, data.base), context);
    return 0;
  }
  const { environment } = outcome;
  const format = parsed.flags.has('json') ? 'json' : parsed.values.get('shell') === 'bash' ? 'bash' : 'dotenv';
  context.write(exportsText(setVariables(environment, data.base), format));
  if (format === 'bash') for (const name of unsetNames(environment)) context.write(`unset ${name}\n`);
  return 0;
};

function setVariables(environment: Environment, base: Variables): Record<string, string> {
  const all = resolve(environment, base);
  const names = [...environment.variables.keys(), ...environment.lists.keys()].filter((name) => all[name] !== undefined).sort();
  return Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
}

/** `{NAME: {value, layer, file, line, before, original}}`, with `null` for what is unset. */
function withProvenance({ environment, provenance = noProvenance }: Extract<BuildOutcome, { kind: 'built' }>, base: Variables): Record<string, object> {
  const all = resolve(environment, base);
  const names = [...new Set([...environment.variables.keys(), ...environment.lists.keys()])].sort();
  const entries = names.map((name): [string, object] => {
    const assignments = provenance.variables.get(name) ?? [];
    const before = assignments.slice(0, -1).reverse().map(assignmentJson);
    return [name, { value: all[name] ?? null, ...placeJson(assignments.at(-1)?.origin), before, original: base[name] ?? null }];
  });
  return Object.fromEntries(entries);
}

function unsetNames(environment: Environment): string[] {
  return [...environment.variables].flatMap(([name, value]) => (value === null ? [name] : [])).sort();
}
