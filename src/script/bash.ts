// An environment as the text that shell/bash/merge.bash applies. It states the whole target as data; only its last line acts.

import type { Environment } from '../model/environment.ts';
import { definitionEntries, variableEntries } from './entries.ts';
import type { Entry } from './entries.ts';
import { bashQuote } from './quote.ts';

/**
 * The text of `pending-env.sh` and `shell-env.sh`. The same environment always gives the same text.
 * A file that is cut short anywhere applies nothing; a generation that is applied already is passed over.
 */
export function bashScript(environment: Environment, generation: number): string {
  const variables = variableEntries(environment);
  const entries = [...variables, ...definitionEntries(environment)];
  return [
    `# The environment of generation ${generation}, whole; only the last line applies it.`,
    `((__devshell_generation < ${generation})) || return 0`,
    `__devshell_new_generation=${generation} __devshell_new_count=${variables.length}`,
    words('__devshell_new_keys', entries.map((entry) => entry.key)),
    words('__devshell_new_values', entries.map((entry) => entry.text)),
    `__devshell_new_init=${bashQuote(environment.init)}`,
    '__devshell_merge',
    '',
  ].join('\n');
}

/** The code of an environment as bash reads it, to be checked by `bash -n` before it is published: in the script it is but text. */
export function bashCodeText(environment: Environment): string {
  const functions = definitionEntries(environment).filter((entry) => entry.key.endsWith('()'));
  return ['shopt -s extglob', ...functions.map(definition), '{ :', environment.init, '}', ''].join('\n');
}

function definition(entry: Entry): string {
  return `${entry.key} {\n${entry.text}\n}`;
}

function words(name: string, texts: readonly string[]): string {
  return [`${name}=(`, ...texts.map(bashQuote), ')'].join('\n');
}
