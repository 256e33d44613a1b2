// The text of the error view: everything the last failure has to say, page by page.

import type { Problem } from '../model/problem.ts';
import { placed, shownText } from '../model/problem.ts';
import type { StatusFacts } from '../model/status.ts';
import type { Segment, StyledText } from '../terminal/styled-text.ts';
import { cutText, wrapText } from '../terminal/styled-text.ts';

/** What Alt-Ctrl-E shows; undefined where there is nothing to show. */
export function errorLines(facts: StatusFacts): readonly Segment[] | undefined {
  const problems = [...(facts.failure?.problems ?? []), ...(facts.notice === undefined ? [] : [facts.notice.problem])];
  if (problems.length === 0) return undefined;
  return problems.flatMap(problemLines);
}

/** Those lines as they stand in a window of so many columns: nothing is cut. */
export function wrapLines(lines: readonly Segment[], columns: number): readonly StyledText[] {
  return lines.flatMap(({ text, style }) => wrapText(text, columns).map((part) => [{ text: part, style }]));
}

/** One screen of it, the last row saying how to go on. */
export function errorPage(lines: readonly StyledText[], top: number, columns: number, rows: number): readonly StyledText[] {
  const body = lines.slice(top, top + rows - 1);
  const more = lines.length > top + rows - 1;
  const place = more || top > 0 ? `lines ${top + 1}-${top + body.length} of ${lines.length}, Up/Down/PgUp/PgDn move, ` : '';
  const filler = Array.from({ length: rows - 1 - body.length }, (): StyledText => []);
  return [...body, ...filler, cutText([{ text: `${place}any other key returns`, style: 'dim' }], columns)];
}

/** How far the keys of one chunk move the view, in lines; undefined where one of them leaves it. A held key comes many times in a chunk. */
export function errorMove(chunk: string, rows: number): number | undefined {
  const keys = chunk.match(/\x1b\[[0-9;<?]*[ -/]*[@-~]|\x1bO[A-Z]|[^]/g) ?? [];
  const moves = keys.map((key) => keyMove(key, rows));
  return moves.reduce((sum, move) => (sum === undefined || move === undefined ? undefined : sum + move), 0);
}

function keyMove(key: string, rows: number): number | undefined {
  switch (key) {
    case '\x1b[A':
    case '\x1bOA':
    case 'k':
      return -1;
    case '\x1b[B':
    case '\x1bOB':
    case 'j':
      return 1;
    case '\x1b[5~':
      return -(rows - 2);
    case '\x1b[6~':
    case ' ':
      return rows - 2;
    case '\x1b[I':
    case '\x1b[O':
      return 0; // The window was entered or left, which a program had asked to be told.
    default:
      return /^\x1b\[<\d+;\d+;\d+[Mm]$/.test(key) ? wheelMove(key) : undefined;
  }
}

/** A mouse that a program has asked for goes on reporting: the wheel scrolls, the rest is nothing. */
function wheelMove(report: string): number {
  const button = Number(/\d+/.exec(report)?.[0]);
  return button === 64 ? -3 : button === 65 ? 3 : 0;
}

function problemLines(problem: Problem): Segment[] {
  const lines: Segment[] = [{ text: placed(problem), style: 'bad' }];
  if (problem.text !== undefined && problem.text !== '') lines.push({ text: `    ${shownText(problem)}`, style: 'plain' });
  if (problem.hint !== undefined) lines.push({ text: `  ${problem.hint}`, style: 'warn' });
  const detail = (problem.detail ?? '').trimEnd();
  if (detail !== '') for (const text of detail.split('\n')) lines.push({ text, style: 'plain' });
  lines.push({ text: '', style: 'plain' });
  return lines;
}
