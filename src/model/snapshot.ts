// A built environment with who set what in it, and the plain form in which it passes a socket.

import type { Environment, ListEdit } from './environment.ts';
import type { Assignment, Origin, Provenance } from './provenance.ts';

export interface Snapshot {
  readonly generation: number;
  readonly environment: Environment;
  readonly provenance: Provenance;
}

type Entries<T> = readonly (readonly [name: string, value: T])[];

/** What survives JSON. */
export interface PackedSnapshot {
  readonly generation: number;
  readonly variables: Entries<string | null>;
  readonly lists: Entries<ListEdit>;
  readonly functions: Entries<string>;
  readonly aliases: Entries<string>;
  readonly init: string;
  readonly assignments: Entries<readonly Assignment[]>;
  readonly functionOrigins: Entries<Origin>;
  readonly aliasOrigins: Entries<Origin>;
}

export function packSnapshot({ generation, environment, provenance }: Snapshot): PackedSnapshot {
  return {
    generation,
    variables: [...environment.variables],
    lists: [...environment.lists],
    functions: [...environment.functions],
    aliases: [...environment.aliases],
    init: environment.init,
    assignments: [...provenance.variables],
    functionOrigins: [...provenance.functions],
    aliasOrigins: [...provenance.aliases],
  };
}

export function unpackSnapshot(packed: PackedSnapshot): Snapshot {
  const { generation, variables, lists, functions, aliases, init, assignments, functionOrigins, aliasOrigins } = packed;
  return {
    generation,
    environment: { variables: new Map(variables), lists: new Map(lists), functions: new Map(functions), aliases: new Map(aliases), init },
    provenance: { variables: new Map(assignments), functions: new Map(functionOrigins), aliases: new Map(aliasOrigins) },
  };
}
