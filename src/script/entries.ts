// An environment as sorted lists of names and texts: what every shell's script states.

import type { Environment, ListEdit } from '../model/environment.ts';
import { listsOf } from '../model/environment.ts';

export type Entry = readonly [name: string, text: string];

/** Variables with `null` for unset, those that are lists as well included: the variable wins, as in `resolve`. */
export function variableEntries(environment: Environment): (readonly [name: string, value: string | null])[] {
  return sorted(environment.variables);
}

/** Lists as `:a:b::c:`: the front and the back, each element between two colons, and nothing twice. Those without elements are left out. */
export function listEntries(environment: Environment): Entry[] {
  return sorted(listsOf(environment)).map(([name, edit]) => [name, listText(edit)]);
}

export function functionEntries(environment: Environment): Entry[] {
  return sorted(environment.functions);
}

export function aliasEntries(environment: Environment): Entry[] {
  return sorted(environment.aliases);
}

export function completionEntries(environment: Environment): Entry[] {
  return sorted(environment.completions);
}

function listText(edit: ListEdit): string {
  const front = [...new Set(edit.front)];
  const back = [...new Set(edit.back)].filter((element) => !front.includes(element));
  return wrapped(front) + wrapped(back);
}

function wrapped(elements: readonly string[]): string {
  return elements.length === 0 ? ':' : `:${elements.join(':')}:`;
}

/** By code units, the same in every locale: the shell walks two generations side by side and relies on the order. */
function sorted<T>(map: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
