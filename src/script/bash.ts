// An environment as the text that shell/bash/merge.bash applies. It states the whole target as data; only its last line acts.

import type { Environment } from '../model/environment.ts';
import { aliasEntries, completionEntries, functionEntries, listEntries, variableEntries } from './entries.ts';
import { bashQuote } from './quote.ts';

/**
 * The text of `pending-env.sh` and `shell-env.sh`. The same environment always gives the same text.
 * A file that is cut short anywhere applies nothing; a generation that is applied already is passed over.
 */
export function bashScript(environment: Environment, generation: number): string {
  const variables = variableEntries(environment);
  const lists = listEntries(environment);
  const functions = functionEntries(environment);
  const aliases = aliasEntries(environment);
  const completions = completionEntries(environment);
  return [
    `# The environment of generation ${generation}, whole; only the last line applies it.`,
    `((__devshell_generation < ${generation})) || return 0`,
    `__devshell_new_generation=${generation}`,
    array('names', variables.map(([name]) => name)),
    array('variables', variables.map(([name, value]) => bashQuote(value === null ? name : `${name}=${value}`))),
    array('unset', variables.filter(([, value]) => value === null).map(([name]) => name)),
    `__devshell_new_glance=${bashQuote(`__devshell_joined="${variables.map(([name]) => `${name}\${${name}+=}$${name}\x1f`).join('')}"`)}`,
    array('list_names', lists.map(([name]) => name)),
    array('lists', lists.map(([, text]) => bashQuote(text))),
    array('functions', functions.map(([name]) => name)),
    array('bodies', functions.map(([name, body]) => bashQuote(`${definition(name, body)} || __devshell_failed+=',${name}()'\n`))),
    array('aliases', aliases.map(([name]) => bashQuote(name))),
    array('texts', aliases.map(([, text]) => bashQuote(text))),
    ...(completions.length === 0 ? [] : [array('completions', completions.map(([name]) => bashQuote(name))), array('specs', completions.map(([, spec]) => bashQuote(spec)))]),
    `__devshell_new_init=${bashQuote(environment.init)}`,
    '__devshell_merge',
    '',
  ].join('\n');
}

/** The code of an environment as bash reads it, for `bash -O extglob -n` before it is published: in the script it is but text. */
export function bashCodeText(environment: Environment): string {
  const functions = functionEntries(environment).map(([name, body]) => definition(name, body));
  return [...functions, '{ :', environment.init, '}', ''].join('\n');
}

function definition(name: string, body: string): string {
  return `${name} () {\n${body.trim() === '' ? ':' : body}\n}`;
}

function array(name: string, words: readonly string[]): string {
  return words.length === 0 ? `__devshell_new_${name}=()` : [`__devshell_new_${name}=(`, ...words, ')'].join('\n');
}
