// Environments, and who set what in them, in the plain form in which they pass a socket and lie in the cache: what survives JSON.

import type { Environment, ListEdit } from './environment.ts';
import type { Assignment, Origin, Provenance } from './provenance.ts';

type Rows<Value> = readonly (readonly [name: string, value: Value])[];

export interface PackedEnvironment {
  readonly variables: Rows<string | null>;
  readonly lists: Rows<ListEdit>;
  readonly functions: Rows<string>;
  readonly aliases: Rows<string>;
  readonly completions: Rows<string>;
  readonly init: string;
}

export interface PackedProvenance {
  readonly variables: Rows<readonly Assignment[]>;
  readonly functions: Rows<Origin>;
  readonly aliases: Rows<Origin>;
  readonly completions: Rows<Origin>;
  readonly init?: Origin;
}

export function packEnvironment({ variables, lists, functions, aliases, completions, init }: Environment): PackedEnvironment {
  return { variables: [...variables], lists: [...lists], functions: [...functions], aliases: [...aliases], completions: [...completions], init };
}

export function unpackEnvironment({ variables, lists, functions, aliases, completions, init }: PackedEnvironment): Environment {
  return {
    variables: new Map(variables),
    lists: new Map(lists),
    functions: new Map(functions),
    aliases: new Map(aliases),
    completions: new Map(completions),
    init,
  };
}

export function packProvenance({ variables, functions, aliases, completions, init }: Provenance): PackedProvenance {
  const packed = { variables: [...variables], functions: [...functions], aliases: [...aliases], completions: [...completions] };
  return init === undefined ? packed : { ...packed, init };
}

export function unpackProvenance({ variables, functions, aliases, completions, init }: PackedProvenance): Provenance {
  return { variables: new Map(variables), functions: new Map(functions), aliases: new Map(aliases), completions: new Map(completions), init };
}
