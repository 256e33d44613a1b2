// What went wrong in an evaluation, in the words that a user wants to read first.

import type { Problem } from '../../model/problem.ts';
import { lastLine } from '../tool-output.ts';
import type { Evaluation } from './evaluation.ts';
import type { TracedPlace } from './trace.ts';

export interface FailureContext {
  /** The file that was evaluated. */
  readonly file: string;
  /** Where our own shell files lie: a place in there is nobody's. */
  readonly home: string;
  /** A path as people see it. */
  readonly shown: (path: string) => string;
}

export function failureOf(evaluation: Evaluation, context: FailureContext): Problem | undefined {
  const { result, stderr, trace, left, unread } = evaluation;
  const { file, shown } = context;
  const detail = stderr === '' ? {} : { detail: stderr };
  const at = placeOf(trace.last ?? { path: file, line: 1 }, shown);
  switch (result.kind) {
    case 'exited': {
      const syntax = syntaxError(stderr, unread, shown);
      if (syntax !== undefined) return { ...syntax, ...detail };
      if (result.exitCode !== 0) return { message: `it ended with status ${result.exitCode}`, ...at, ...lastSaid(stderr, context), ...detail };
      if (left === undefined) return { message: 'it ended without handing over its environment: `exec` replaced the shell', ...at, hint: 'start the program without exec', ...detail };
      return undefined;
    }
    case 'killed':
      return { message: `its evaluation was ended by ${result.signal}`, ...at, ...detail };
    case 'not-started':
      return { message: `bash could not be started: ${result.reason}`, file: shown(file) };
    case 'timed-out':
    case 'too-much-output':
    case 'cancelled':
      return { message: 'its evaluation was cancelled', ...at, ...detail };
  }
}

function placeOf({ path, line }: TracedPlace, shown: (path: string) => string): { readonly file: string; readonly line: number } {
  return { file: shown(path), line };
}

/** `FILE:LINE: syntax error ...`, as bash says it with gnu_errfmt, in whatever language. */
function syntaxError(stderr: string, unread: string | undefined, shown: (path: string) => string): Problem | undefined {
  const lines = stderr.split('\n').flatMap((line) => /^(\/.*|\.{0,2}[^:]*):(?: line )?(\d+): (.*)$/.exec(line) ?? []);
  for (let at = 0; at + 3 < lines.length; at += 4) {
    const [, path = '', line = '1', message = ''] = lines.slice(at, at + 4);
    // Of arithmetic it says so further on in the line.
    const said = /^(?:syntax error|unexpected EOF|unexpected end of file)/.test(message);
    if (unread === undefined ? said && path.startsWith('/') : path === unread) return { message, file: shown(path), line: Number(line) };
  }
  return unread === undefined ? undefined : { message: 'it cannot be read: a syntax error', file: shown(unread) };
}

/** The last line, which is what a user wants to read first. Where bash itself says the place, it is the most exact one. */
function lastSaid(stderr: string, { home, shown }: FailureContext): Partial<Problem> {
  const line = lastLine(stderr).replace(/^envrc: /, '');
  if (line === '') return {};
  const [, path = '', number = '1', message = ''] = /^(\/[^:]*):(?: line )?(\d+): (.*)$/.exec(line) ?? [];
  if (path === '') return { message: line };
  return path.startsWith(`${home}/`) ? { message } : { message, ...placeOf({ path, line: Number(number) }, shown) };
}
