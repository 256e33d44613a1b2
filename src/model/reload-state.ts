// What the reload machine knows, what it hears, and what it asks for.

export type Paths = readonly string[];

export type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'building'; readonly build: Build; readonly disturbed: Paths }
  /** The build is being cancelled; the next one starts when it has ended. */
  | { readonly kind: 'building-stale'; readonly build: Build; readonly next: Paths }
  | { readonly kind: 'ready'; readonly generation: number; readonly id: string };

export interface Build {
  readonly generation: number;
  readonly changed: Paths;
  readonly startedAtMs: number;
}

export interface ReloadState {
  readonly phase: Phase;
  readonly watching: { readonly kind: 'watching' } | { readonly kind: 'paused'; readonly changed: Paths };
  /** What the shell runs in; `id` is equal for equal environments. */
  readonly applied: { readonly generation: number; readonly id: string };
  readonly lastGeneration: number;
  /** When the last build that ended ran, ms since the epoch. */
  readonly lastBuild: { readonly startedAtMs: number; readonly endedAtMs: number } | undefined;
  /** Builds in a row that were asked for by a change made while the one before ran. */
  readonly rounds: number;
  /** Whether it is the build or the user who changes the inputs: told by one more build when all has been quiet for a while. */
  readonly trial: Trial;
}

/** With the paths that builds are suspected of changing: what is saved elsewhere while one is tried is not the build's. */
export type Trial = { readonly kind: 'none' } | { readonly kind: 'waiting' | 'running' | 'stopped'; readonly paths: Paths };

export type ReloadEvent =
  | { readonly kind: 'Changed'; readonly changes: readonly { readonly path: string; readonly atMs: number }[]; readonly nowMs: number }
  | { readonly kind: 'BuildEnded'; readonly generation: number; readonly result: BuildResult; readonly nowMs: number }
  | { readonly kind: 'PublishFailed'; readonly generation: number }
  | { readonly kind: 'Applied'; readonly generation: number; readonly id: string }
  /** It was quiet for as long as `wait-for-trial` asked. */
  | { readonly kind: 'TrialDue'; readonly nowMs: number }
  /** The shell was started in an environment that is not right any more. */
  | { readonly kind: 'StartedStale'; readonly paths: Paths; readonly nowMs: number }
  | { readonly kind: 'Pause' }
  | { readonly kind: 'Resume'; readonly nowMs: number }
  | { readonly kind: 'Rebuild'; readonly nowMs: number };

export type BuildResult = { readonly kind: 'built'; readonly id: string } | { readonly kind: 'failed' | 'blocked' | 'cancelled' };

export type Effect =
  | { readonly kind: 'build'; readonly build: Build }
  | { readonly kind: 'cancel'; readonly generation: number }
  | { readonly kind: 'publish'; readonly generation: number }
  /** Take a published script back, if it still lies there. */
  | { readonly kind: 'withdraw'; readonly generation: number }
  | { readonly kind: 'tell'; readonly what: 'unchanged' | 'failed' | 'blocked'; readonly generation: number }
  | { readonly kind: 'tell-applied'; readonly generation: number }
  | { readonly kind: 'tell-paused'; readonly paused: boolean; readonly changed: Paths }
  /** Send `TrialDue` after `trialMs`. */
  | { readonly kind: 'wait-for-trial' }
  /** The build changes its own inputs: its last result stands, and these paths are named. */
  | { readonly kind: 'tell-self-changing'; readonly paths: Paths };

export interface Step {
  readonly state: ReloadState;
  readonly effects: readonly Effect[];
}

/** A change during a build cancels it this many times in a row; after that builds may finish, so that there is a result to keep. */
export const cancelRounds = 2;
/** After this many rounds in a row the build is suspected of changing its own inputs. */
export const maxRounds = 5;
/** A build that takes so long, ms, is one that people may well save in again and again: it has more rounds before it is suspected. */
export const slowBuildMs = 350;
export const maxSlowRounds = 15;
/** How long such a build rests before it is tried once more: whoever was saving has stopped by then. */
export const trialMs = 1000;
/** File times come from the kernel's coarse clock, up to a tick (10 ms at 100 Hz) behind `Date.now()`, and never before it. */
export const clockSlackMs = 10;

export function initialState(applied: { generation: number; id: string }): ReloadState {
  return {
    phase: { kind: 'idle' },
    watching: { kind: 'watching' },
    applied,
    lastGeneration: applied.generation,
    lastBuild: undefined,
    rounds: 0,
    trial: { kind: 'none' },
  };
}

/**
 * By what the last build took: in the short time of a quick one nobody saves by chance, over and over. What is tried once more is judged at
 * once, if `paths` are the ones it is tried for.
 */
export function isSuspect({ lastBuild, trial }: ReloadState, rounds: number, paths: Paths): boolean {
  if (trial.kind === 'running') return paths.every((path) => trial.paths.includes(path));
  const isSlow = lastBuild !== undefined && lastBuild.endedAtMs - lastBuild.startedAtMs >= slowBuildMs;
  return rounds >= (isSlow ? maxSlowRounds : maxRounds);
}

export function isOfLastBuild({ lastBuild }: ReloadState, atMs: number): boolean {
  return lastBuild !== undefined && atMs >= lastBuild.startedAtMs - clockSlackMs && atMs < lastBuild.endedAtMs + 1;
}
