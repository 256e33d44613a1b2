// `devshell env`: the built environment, for scripts and editors.

import type { Environment, Variables } from '../../model/environment.ts';
import { resolve } from '../../model/environment.ts';
import { exportsText } from '../../script/environment-text.ts';
import type { Command } from '../command.ts';
import { builderData, built, firstBuild, projectOf } from '../project-environment.ts';

export const envCommand: Command = async (parsed, context, signal) => {
  const project = await projectOf(parsed, context, signal);
  const data = await builderData(project, parsed, context);
  const { environment } = built(await firstBuild(data, parsed, context, undefined, signal));
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

function unsetNames(environment: Environment): string[] {
  return [...environment.variables].flatMap(([name, value]) => (value === null ? [name] : [])).sort();
}
