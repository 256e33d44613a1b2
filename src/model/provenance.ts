// Who set what: for every name that an environment sets, each layer that touched it, in order.

/** The layers in the order in which they apply; a later one sees and may override what the earlier ones set. */
export type LayerName = 'nix' | 'exec' | 'venv' | 'path' | 'dotenv' | 'envrc' | 'env' | 'shell';

/** The place that set something, as exactly as it is known. `file` is relative to the root for the files of the project, absolute for any other. */
export interface Origin {
  readonly layer: LayerName;
  readonly file?: string;
  /** Counts from 1. */
  readonly line?: number;
  /** What was run, where a command printed it. */
  readonly command?: string;
}

/** A variable as one layer left it; `null` is unset. */
export interface Assignment {
  readonly origin: Origin;
  readonly value: string | null;
}

/** The last assignment is what counts; what was before it is the one before, or what devshell was started in. */
export interface Provenance {
  readonly variables: ReadonlyMap<string, readonly Assignment[]>;
  readonly functions: ReadonlyMap<string, Origin>;
  readonly aliases: ReadonlyMap<string, Origin>;
  readonly completions: ReadonlyMap<string, Origin>;
  /** Of the code for the shell itself; undefined where there is none. */
  readonly init: Origin | undefined;
}

export const noProvenance: Provenance = { variables: new Map(), functions: new Map(), aliases: new Map(), completions: new Map(), init: undefined };
