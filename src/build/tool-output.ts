// What a tool had to say when it failed, as far as people want to read it first.

import type { ExecutionResult } from './subprocess-executor.ts';

export interface ToolFailure {
  readonly message: string;
  readonly hint?: string;
  /** Where the tool points to, absolute. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

/** The last thing that a tool says is mostly why it ended; empty where it said nothing. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** `: LAST LINE`, to go on from a message; empty where nothing was said. */
export function sayingLast(text: string): string {
  const last = lastLine(text);
  return last === '' ? '' : `: ${last}`;
}

export function errorOutput(result: ExecutionResult): string {
  return 'stderr' in result ? result.stderr : '';
}
