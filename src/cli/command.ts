// The shape of every command: it answers with how devshell is to end.

import type { Context } from './context.ts';
import type { Parsed } from './options.ts';

/** An exit code, or Ctrl-C: to end with 130 is not the same as to die of it, after which a shell ends its loop. */
export type ExitStatus = number | 'SIGINT';

export type Command = (parsed: Parsed, context: Context, signal: AbortSignal) => Promise<ExitStatus>;
