// An environment as the sorted entries that a shell merges: one key and one text for each name.

import type { Environment, ListEdit } from '../model/environment.ts';

export interface Entry {
  /** `NAME`, `NAME()` for a function, `alias NAME` for an alias. */
  readonly key: string;
  /** `=VALUE`, the empty string for unset, `:front::back:` for a list; the text itself for a function or an alias. */
  readonly text: string;
}

/** Variables and lists. A name that is both is the variable, as in `resolve`. */
export function variableEntries(environment: Environment): Entry[] {
  const variables = [...environment.variables].map(([key, value]) => ({ key, text: value === null ? '' : `=${value}` }));
  const lists = [...environment.lists]
    .filter(([name, edit]) => !environment.variables.has(name) && edit.front.length + edit.back.length > 0)
    .map(([key, edit]) => ({ key, text: listText(edit) }));
  return sorted([...variables, ...lists]);
}

/** Functions and aliases. */
export function definitionEntries(environment: Environment): Entry[] {
  return sorted([
    ...[...environment.functions].map(([name, body]) => ({ key: `${name}()`, text: body })),
    ...[...environment.aliases].map(([name, text]) => ({ key: `alias ${name}`, text })),
  ]);
}

/** `:a:b::c:`: the front and the back, each element between two colons, and nothing twice. */
function listText(edit: ListEdit): string {
  const front = [...new Set(edit.front)];
  const back = [...new Set(edit.back)].filter((element) => !front.includes(element));
  return wrapped(front) + wrapped(back);
}

function wrapped(elements: readonly string[]): string {
  return elements.length === 0 ? ':' : `:${elements.join(':')}:`;
}

/** By code units, the same in every locale: the shell walks two generations side by side and relies on the order. */
function sorted(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
