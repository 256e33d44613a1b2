// What went wrong, as plain data that crosses threads, and the one error that ends devshell.

import { maskedText } from './secret.ts';

/** A line of a file as people see it. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One mistake, placed as exactly as it is known. Lines and columns count from 1. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The offending text, as it stands in the file. */
  readonly text?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  /** Everything there is to read about it (a tool's whole standard error, say). */
  readonly detail?: string;
}

export type ErrorCode = 'usage' | 'config' | 'untrusted' | 'build' | 'shell' | 'terminal' | 'state' | 'session';

/** An expected end of devshell. Anything else that is thrown is a bug. */
export class DevshellError extends Error {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list: readonly Problem[] = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(list.map(placed).join('\n'), options);
    this.name = 'DevshellError';
    this.code = code;
    this.problems = list;
  }
}

/** The offending text as it may be shown. */
export function shownText({ text = '' }: Problem): string {
  return maskedText(text);
}

/** `file:line:column: message`, with as much of the place as is known. */
export function placed(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const message = maskedText(problem.message);
  return place === '' ? message : `${place}: ${message}`;
}

/** Of longer details the end is shown: a tool may print without end before it fails. */
const maxDetailLines = 400;

/** A problem as people read it: place and message, the offending text, the remedy, and the detail. */
export function problemText(problem: Problem): string {
  const lines = [placed(problem)];
  if (problem.text !== undefined && problem.text !== '') lines.push(`    ${shownText(problem)}`);
  if (problem.hint !== undefined) lines.push(`  ${problem.hint}`);
  if (problem.detail !== undefined && problem.detail !== '') lines.push(...endOf(maskedText(problem.detail.trimEnd()).split('\n')));
  return `${lines.join('\n')}\n`;
}

function endOf(lines: readonly string[]): readonly string[] {
  const left = lines.length - maxDetailLines;
  return left <= 0 ? lines : [`(${left} lines before these are left out)`, ...lines.slice(left)];
}
