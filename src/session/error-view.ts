// The text of the error view: everything the last failure has to say, page by page.

import type { Problem } from '../model/problem.ts';
import { placed, shownText } from '../model/problem.ts';
import { maskedText } from '../model/secret.ts';
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
  const place = more || top > 0 ? `lines ${top + 1}-${top + body.length} of ${lines.length}, Up/Down/PgUp/PgDn/Home/End move, ` : '';
  const filler = Array.from({ length: rows - 1 - body.length }, (): StyledText => []);
  return [...body, ...filler, cutText([{ text: `${place}any other key returns`, style: 'dim' }], columns)];
}

function problemLines(problem: Problem): Segment[] {
  const lines: Segment[] = [{ text: placed(problem), style: 'bad' }];
  if (problem.text !== undefined && problem.text !== '') lines.push({ text: `    ${shownText(problem)}`, style: 'plain' });
  if (problem.hint !== undefined) lines.push({ text: `  ${problem.hint}`, style: 'warn' });
  const detail = maskedText((problem.detail ?? '').trimEnd());
  if (detail !== '') for (const text of detail.split('\n')) lines.push({ text, style: 'plain' });
  lines.push({ text: '', style: 'plain' });
  return lines;
}
