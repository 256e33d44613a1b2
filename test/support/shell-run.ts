// One command at a shell's prompt and what it printed, found between two marks.
import type { Screen } from './screen.ts';

/** How far above the cursor the end mark is looked for: a background job may print below it. */
const nearRows = 200;

/** The line to type. Both marks pass `$?` on, their echo does not look like them, and an alias of printf does not reach them. */
export function commandWithMarks(command: string, id: string, language: 'posix' | 'fish'): string {
  const [begin, end] = ['begin', 'end'].map((name) => {
    const print = `\\printf '\\n<%s-%s>\\n' ${name} ${id}`;
    return language === 'posix' ? `(s=$?; ${print}; exit $s)` : `sh -c "${print}; exit $status"`;
  });
  return `${begin}; ${command}${/[^&]&\s*$/.test(command) ? '' : ';'} ${end}`;
}

/** The lines between the marks once a prompt stands below them, else undefined. */
export function outputBetweenMarks(screen: Screen, id: string): string[] | undefined {
  const cursor = screen.cursorPlace;
  const end = lastRow(screen, `<end-${id}>`, cursor, Math.max(0, cursor - nearRows));
  if (end === undefined || cursor <= end) return undefined;
  // A status row may be below; it is no prompt.
  const prompt = screen.rowsBetween(end + 1, Math.min(cursor, end + 2) + 1);
  if (prompt.every((row) => row.trim() === '')) return undefined;
  const begin = lastRow(screen, `<begin-${id}>`, end, 0);
  if (begin === undefined) throw new Error('the output is longer than the scrollback');
  const lines = screen.linesBetween(begin + 1, end);
  // The end mark begins on a line of its own: what that cost is not the command's.
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function lastRow(screen: Screen, text: string, from: number, to: number): number | undefined {
  for (let place = from; place >= to; place--) {
    if (screen.rowsBetween(place, place + 1)[0] === text) return place;
  }
  return undefined;
}
