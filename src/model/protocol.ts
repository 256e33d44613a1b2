// What the coordinator and the session say to each other. Plain data: it crosses a thread.

import type { Summary } from './environment.ts';
import type { ApplyReport } from './mark.ts';
import type { Problem } from './problem.ts';
import type { Settings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';

/** The environments that a session knows. */
export interface Environments {
  /** What the shell runs in. */
  readonly applied: Snapshot;
  /** What it ran in before the last reload. */
  readonly previous: Snapshot | undefined;
  /** What waits to be applied. */
  readonly ready: Snapshot | undefined;
  /** What the shell said of the last reload. */
  readonly report: ApplyReport | undefined;
}

/** From the coordinator to the session. */
export type ShellCommand =
  | { readonly kind: 'WatchedFiles'; readonly count: number }
  /** `about`: nothing but how sessions behave has changed, as far as the paths tell. */
  | {
      readonly kind: 'Building';
      readonly generation: number;
      readonly changed: readonly string[];
      readonly sinceMs: number;
      readonly about: 'environment' | 'settings';
    }
  /** The script lies where the shell finds it. `held`: only the key or `devshell reload` applies it. */
  | {
      readonly kind: 'ReloadReady';
      readonly generation: number;
      readonly changed: readonly string[];
      readonly summary: Summary;
      readonly tookMs: number;
      readonly held: boolean;
    }
  /** The shell has merged it. `tookMs` counts from the change being noticed to the script being ready. */
  | { readonly kind: 'ReloadApplied'; readonly report: ApplyReport; readonly tookMs: number }
  /** The build gave what the shell already runs in. */
  | { readonly kind: 'Unchanged'; readonly tookMs: number }
  | { readonly kind: 'BuildFailed'; readonly problems: readonly Problem[]; readonly tookMs: number }
  | { readonly kind: 'Blocked'; readonly problems: readonly Problem[] }
  | { readonly kind: 'Paused'; readonly paused: boolean; readonly changed: readonly string[] }
  /** Something the user should know and devshell survives (inotify limits, a build that changes its own inputs), until the next of either. */
  | { readonly kind: 'Notice'; readonly problem: Problem; readonly until: 'build' | 'environment' }
  /** Of the build that found them. */
  | { readonly kind: 'SettingsChanged'; readonly generation: number; readonly settings: Settings }
  | { readonly kind: 'Inputs'; readonly request: number; readonly inputs: readonly string[] }
  | { readonly kind: 'Explained'; readonly request: number; readonly environments: Environments }
  /** Nothing of the coordinator runs any more. */
  | { readonly kind: 'Shutdown' };

/** From the session to the coordinator. */
export type ShellEvent =
  | { readonly kind: 'Applied'; readonly report: ApplyReport }
  | { readonly kind: 'SetPaused'; readonly to: 'paused' | 'watching' | 'other' }
  /** The user asks for a build now, and for what is held to be released. */
  | { readonly kind: 'Reload' }
  | { readonly kind: 'ListInputs'; readonly request: number }
  /** Which environments there are, and who set what in them. */
  | { readonly kind: 'Explain'; readonly request: number }
  | { readonly kind: 'Exited' };

/** One side of the wire between the two. */
export interface Port<Send, Receive> {
  post(message: Send): void;
  onMessage(listener: (message: Receive) => void): void;
  close(): void;
}
