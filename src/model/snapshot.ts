// A built environment with who set what in it, and the plain form in which it passes a socket.

import type { Environment } from './environment.ts';
import type { PackedEnvironment, PackedProvenance } from './packed.ts';
import { packEnvironment, packProvenance, unpackEnvironment, unpackProvenance } from './packed.ts';
import type { Provenance } from './provenance.ts';

export interface Snapshot {
  readonly generation: number;
  readonly environment: Environment;
  readonly provenance: Provenance;
}

export interface PackedSnapshot {
  readonly generation: number;
  readonly environment: PackedEnvironment;
  readonly provenance: PackedProvenance;
}

export function packSnapshot({ generation, environment, provenance }: Snapshot): PackedSnapshot {
  return { generation, environment: packEnvironment(environment), provenance: packProvenance(provenance) };
}

export function unpackSnapshot({ generation, environment, provenance }: PackedSnapshot): Snapshot {
  return { generation, environment: unpackEnvironment(environment), provenance: unpackProvenance(provenance) };
}
