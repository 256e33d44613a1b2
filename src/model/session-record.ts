// What a session writes about itself (`status.json`), and what it answers on its control socket.

import type { ApplyReport } from './mark.ts';
import type { Problem } from './problem.ts';
import type { StatusMode } from './settings.ts';
import type { PackedSnapshot } from './snapshot.ts';
import type { StatusState } from './status.ts';

export interface SessionRecord {
  readonly version: 1;
  readonly pid: number;
  /** Start time of that process as the kernel tells it; a pid alone is used again. Undefined where it cannot be had. */
  readonly processStart: string | undefined;
  /** Where that pid means something (src/system/process-identity.ts); undefined in records of earlier versions. */
  readonly where: string | undefined;
  readonly root: string;
  readonly socket: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export type ControlRequest =
  | { readonly ask: 'status' | 'reload' | 'pause' | 'resume' | 'inputs' | 'environments' }
  /** Shows the state elsewhere, from now on. */
  | { readonly ask: 'line'; readonly mode: StatusMode };

export interface SessionStatus {
  readonly state: StatusState;
  readonly root: string;
  readonly session: string;
  readonly shellPid: number;
  readonly appliedGeneration: number;
  /** `stale`: the shell was started in an earlier environment, and what is right for now has not been built yet. */
  readonly environment: 'current' | 'stale';
  readonly inputs: number;
  /** The line as the status row would show it. */
  readonly line: string;
  /** Where the state is shown; always `off` on a terminal that can show nothing. */
  readonly statusLine: StatusMode;
  readonly pausedChanges: readonly string[] | undefined;
  readonly problems: readonly Problem[];
  readonly notice: Problem | undefined;
}

export type ControlAnswer =
  | { readonly kind: 'status'; readonly status: SessionStatus }
  | { readonly kind: 'inputs'; readonly inputs: readonly string[] }
  | {
      readonly kind: 'environments';
      readonly applied: PackedSnapshot;
      readonly previous: PackedSnapshot | undefined;
      readonly ready: PackedSnapshot | undefined;
      readonly report: ApplyReport | undefined;
      readonly status: SessionStatus;
    }
  | { readonly kind: 'error'; readonly message: string };
