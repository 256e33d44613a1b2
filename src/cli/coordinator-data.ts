// What the coordinator's thread is started with; plain data.

import type { CoordinatorOptions } from '../reload/coordinator.ts';
import type { BuilderData, Seen } from './project-environment.ts';

export interface CoordinatorData {
  readonly builder: Omit<BuilderData, 'answer'>;
  readonly directory: string;
  readonly initial: CoordinatorOptions['initial'];
  readonly freshness: CoordinatorOptions['freshness'];
  readonly watch: CoordinatorOptions['watch'];
  /** Needs not be read again. */
  readonly seen: Seen;
  /** Descriptors of this process that no tool of a build may inherit. */
  readonly privateFds: readonly number[];
  /** Where the guard listens: descriptors belong to the process, so the thread writes there itself, without delay. */
  readonly guardFd: number | undefined;
}
