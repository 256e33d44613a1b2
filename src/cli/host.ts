// What the executors of builds need to know of the process they run in.

import type { ExecutorHost } from '../build/subprocess-executor.ts';
import { Guard } from '../terminal/guard.ts';
import { execScript, guardScript } from './package-files.ts';

/** Where there is no session: Ctrl-C ends the build, and a guard, started when there is something to guard, ends it after a `kill -9`. */
export class BuildHost implements ExecutorHost {
  /** There is no PTY yet, and so nothing to hide. */
  readonly privateFds: readonly number[] = [];
  #started: Guard | undefined;

  readonly execScript = execScript;

  groupStarted = (pgid: number): void => this.#guard.addGroup(pgid);
  groupEnded = (pgid: number): void => this.#guard.removeGroup(pgid);
  directoryMade = (path: string): void => this.#guard.addDirectory(path);
  directoryRemoved = (path: string): void => this.#guard.removeDirectory(path);

  get #guard(): Guard {
    return (this.#started ??= Guard.start(guardScript, undefined));
  }

  async end(): Promise<void> {
    await this.#started?.end();
  }
}
