// The shape of every command: it answers with the exit code.

import type { Context } from './context.ts';
import type { Parsed } from './options.ts';

export type Command = (parsed: Parsed, context: Context, signal: AbortSignal) => Promise<number>;
