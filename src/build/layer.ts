// One interface for everything that contributes to an environment.

import type { Configuration } from '../config/configuration.ts';
import type { Problem } from '../model/problem.ts';
import type { CodeGate } from './code-gate.ts';
import type { EnvironmentDraft } from './draft.ts';
import type { InputReader } from './input-reader.ts';
import type { SubprocessExecutor } from './subprocess-executor.ts';

export interface LayerContext {
  readonly root: string;
  /** The state directory of the project: what a layer keeps (garbage-collection roots, say) goes below it. It may not be there yet. */
  readonly state: string;
  readonly configuration: Configuration;
  readonly draft: EnvironmentDraft;
  readonly reader: InputReader;
  readonly executor: SubprocessExecutor;
  readonly gate: CodeGate;
  /** `anew`: the user asked for it, and what a layer remembers of an earlier build will not do. */
  readonly evaluate: 'when-needed' | 'anew';
  /** Says that the result may not stand for a later build, and why: something was used that cannot be seen to change. */
  readonly once: (reason: string) => void;
  readonly log: (text: string) => void;
}

/** Adds to the draft and answers with what went wrong; a layer with problems makes the build fail, so what it added does not count. */
export type Layer = (context: LayerContext, signal: AbortSignal) => Promise<readonly Problem[]>;

/** Asks for the code of these files in the form in which this build has seen it; of what is not there nothing can run. Each is asked for, whatever comes of the others. */
export function admitAll({ gate, reader }: Pick<LayerContext, 'gate' | 'reader'>, paths: readonly string[]): boolean {
  const seen = paths.map((path) => [path, reader.fingerprintOf(path)] as const).filter(([, fingerprint]) => fingerprint !== 'missing');
  return seen.map(([path, fingerprint]) => gate.admits(path, fingerprint)).every((admitted) => admitted);
}

/** Where one entry of a layer comes from, and which names nobody but devshell may set. */
export function nameProblems(name: string, place: Partial<Problem>): Problem[] {
  if (!name.startsWith('DEVSHELL_')) return [];
  return [{ message: `${name} is reserved`, hint: 'names that begin with DEVSHELL_ belong to devshell; choose another', ...place }];
}
