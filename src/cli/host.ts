// What the executors of builds need to know of the process they run in.

import type { ExecutorHost } from '../build/subprocess-executor.ts';

/** There is no PTY yet, and Ctrl-C ends the build: nothing to hide, nobody to tell. */
export const plainHost: ExecutorHost = { privateFds: [], groupStarted: () => undefined, groupEnded: () => undefined };
