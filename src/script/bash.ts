// An environment as the text that shell/bash/merge.bash applies: the whole target as data, and last what acts on it.

import type { Environment } from '../model/environment.ts';
import { aliasEntries, completionEntries, functionEntries, listEntries, variableEntries } from './entries.ts';
import { bashQuote } from './quote.ts';

/** An environment that the shell may run in when it reads the script. */
export interface Base {
  readonly generation: number;
  readonly environment: Environment;
}

/**
 * The text of `pending-env.sh` and `shell-env.sh`. The same arguments always give the same text.
 * A generation that is applied already is passed over. With a `base` that has the same names, what comes behind the call of `__devshell_renew`
 * is read only by a shell that runs in something else. A file that is cut short applies nothing or all: all if it is cut behind that call.
 */
export function bashScript(environment: Environment, generation: number, base?: Base): string {
  const variables = variableEntries(environment);
  const lists = listEntries(environment);
  const functions = functionEntries(environment);
  const aliases = aliasEntries(environment);
  const completions = completionEntries(environment);
  return [
    `# The environment of generation ${generation}, whole.`,
    `((__devshell_generation < ${generation})) || return 0`,
    `__devshell_new_generation=${generation}`,
    ...arrays({
      variables: variables.map(([name, value]) => bashQuote(value === null ? name : `${name}=${value}`)),
      unset: variables.filter(([, value]) => value === null).map(([name]) => name),
      lists: lists.map(([, text]) => bashQuote(text)),
      bodies: functions.map(([name, body]) => bashQuote(`${definition(name, body)} || __devshell_failed+=',${name}()'\n`)),
      aliases: aliases.map(([name]) => bashQuote(name)),
      texts: aliases.map(([, text]) => bashQuote(text)),
      completions: completions.map(([name]) => bashQuote(name)),
      specs: completions.map(([, spec]) => bashQuote(spec)),
    }),
    `__devshell_new_init=${bashQuote(environment.init)}`,
    ...(base === undefined ? [] : renewal(environment, base)),
    ...arrays({
      names: variables.map(([name]) => name),
      list_names: lists.map(([name]) => name),
      functions: functions.map(([name]) => name),
    }),
    `__devshell_new_glance=${bashQuote(`__devshell_joined="${variables.map(([name]) => `${name}\${${name}+=}$${name}\x1f`).join('')}"`)}`,
    '__devshell_merge',
    '',
  ].join('\n');
}

/** For a shell that runs in `base`: the names are the same, and this is what changes. Nothing where they are not. */
function renewal(environment: Environment, base: Base): string[] {
  const changed = [variableEntries, listEntries, functionEntries].map((entries) => changedEntries(entries(base.environment), entries(environment)));
  const [variables, lists, functions] = changed;
  if (variables === undefined || lists === undefined || functions === undefined) return [];
  return [
    `__devshell_new_base=${base.generation} __devshell_new_changed=(${variables.join(' ')}) __devshell_new_redefined=(${functions.join(' ')})`,
    '! __devshell_renew || return 0',
  ];
}

/** The indices of those that differ; undefined where the names do. */
function changedEntries(before: readonly (readonly [string, unknown])[], after: readonly (readonly [string, unknown])[]): number[] | undefined {
  if (before.length !== after.length || after.some(([name], index) => name !== before[index]?.[0])) return undefined;
  return after.flatMap(([, text], index) => (text === before[index]?.[1] ? [] : [index]));
}

/** The code of an environment as bash reads it, for `bash -O extglob -n` before it is published: in the script it is but text. */
export function bashCodeText(environment: Environment): string {
  const functions = functionEntries(environment).map(([name, body]) => definition(name, body));
  return [...functions, '{ :', environment.init, '}', ''].join('\n');
}

function definition(name: string, body: string): string {
  return `${name} () {\n${body.trim() === '' ? ':' : body}\n}`;
}

/** Those without words in one command. */
function arrays(all: Readonly<Record<string, readonly string[]>>): string[] {
  const entries = Object.entries(all);
  const empty = entries.filter(([, words]) => words.length === 0).map(([name]) => `__devshell_new_${name}=()`);
  const filled = entries.filter(([, words]) => words.length > 0).map(([name, words]) => [`__devshell_new_${name}=(`, ...words, ')'].join('\n'));
  return [...(empty.length === 0 ? [] : [empty.join(' ')]), ...filled];
}
