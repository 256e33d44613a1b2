// What the coordinator asks of whoever builds environments. A caller of the library brings its own.

import type { Environment } from './environment.ts';
import type { Observation } from './input.ts';
import type { Place, Problem } from './problem.ts';
import type { Provenance } from './provenance.ts';
import type { Settings } from './settings.ts';

export interface BuildRequest {
  readonly generation: number;
  /** The paths whose change asked for this build; empty for the first one and when the user asked. */
  readonly changed: readonly string[];
  /** Where the output of the tools that a build runs goes. */
  readonly log: (text: string) => void;
  /** Told of every input as it is read: a change to just that content does not disturb the build. */
  readonly observed: (observation: Observation) => void;
  /** `anew`: the user asked for it, and an earlier result will not do. */
  readonly evaluate?: 'when-needed' | 'anew';
  /** Told what is being done, in a few words: `building nix`, say. */
  readonly stage?: (what: string) => void;
}

/** What a result depends on beside its observations. */
export type Reuse =
  /** The variables of the environment devshell was started in that the build used; `all` where that cannot be told apart. */
  | {
      readonly kind: 'reusable';
      readonly variables: 'all' | readonly string[];
      /** With `all`: those that were asked for by name, which counts also where `all` leaves one out. */
      readonly named?: readonly string[];
    }
  /** Something was used that cannot be seen to change. */
  | { readonly kind: 'once'; readonly reason: string };

/** Every end of a build tells what it read, so that the next change there is seen; a failed one above all. */
export type BuildOutcome =
  | {
      readonly kind: 'built';
      readonly environment: Environment;
      readonly settings: Settings;
      readonly observations: readonly Observation[];
      /** Where the first line of the init code stands. */
      readonly initAt?: Place | undefined;
      /** Where everything in the environment comes from; a builder that cannot tell leaves it out. */
      readonly provenance?: Provenance | undefined;
      /** Whether this outcome may stand for a later build; without it, it may not. */
      readonly reuse?: Reuse | undefined;
    }
  | { readonly kind: 'failed'; readonly problems: readonly Problem[]; readonly observations: readonly Observation[] }
  /** The project's code may not run until the user allows it. */
  | { readonly kind: 'blocked'; readonly problems: readonly Problem[]; readonly observations: readonly Observation[] }
  | { readonly kind: 'cancelled' };

/** Of the environment that a shell is started in. `stale`: these paths have changed since it was built; none where it is something else. */
export type Freshness = { readonly kind: 'current' } | { readonly kind: 'stale'; readonly changed: readonly string[] };

export interface ShellBuilder {
  /** Inputs that say how sessions behave and nothing of the environment: a build for their sake is shown only if there is more to say. */
  readonly settingsFiles?: readonly string[];
  /** Resolves only when everything that the build started has ended, also when `signal` cancels it. */
  build(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome>;
}
