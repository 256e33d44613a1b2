// What one traced command says: which variables it sets, which file it sources, which file it asks for.

import { wordsOf } from './words.ts';

const assignment = /^([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/;
const prefixes = /^(?:(?:builtin|command) +)+/;
const declaring = /^(?:export|declare|typeset|readonly|unset|read|mapfile|readarray|printf -v|for|select|getopts|let) /;
const fileTests = new Set(['-e', '-f', '-d', '-r', '-s', '-x', '-L']);

/** The names that a command may have set or unset. */
export function namesSet(text: string): readonly string[] {
  const direct = assignment.exec(text)?.[1];
  if (direct !== undefined) return [direct];
  const command = text.replace(prefixes, '');
  if (!declaring.test(command)) return [];
  return wordsOf(command).slice(1).flatMap((word) => /^([A-Za-z_]\w*)(?:\[[^\]]*\])?(?:\+?=|$)/.exec(word)?.[1] ?? []);
}

/** The names that a command gives whole values to, with these. */
export function valuesSet(text: string): readonly (readonly [name: string, value: string])[] {
  const command = text.replace(prefixes, '');
  const words = /^[A-Za-z_]\w*=/.test(command) ? wordsOf(command, 1) : /^(?:export|declare|typeset) /.test(command) ? wordsOf(command).slice(1) : [];
  return words.flatMap((word) => {
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

/** The file that a `.` or `source` names, as it names it. */
export function fileSourced(text: string): string | undefined {
  const command = text.replace(prefixes, '');
  if (!/^(?:\.|source) /.test(command)) return undefined;
  const [, first, second] = wordsOf(command, 3);
  return first === '--' ? second : first;
}

/** The file whose presence `[[ -f F ]]`, `[ -f F ]` or `test -f F` asks for. */
export function fileTested(text: string): string | undefined {
  if (!/^(?:\[\[|\[|'\['|test) (?:! |'!' )?-\w /.test(text)) return undefined;
  const [, ...words] = wordsOf(text, 5);
  const [operator = '', path = ''] = words[0] === '!' ? words.slice(1) : words;
  return fileTests.has(operator) && path !== '' && path !== ']' && path !== ']]' ? path : undefined;
}

/** The file that it runs by its path, or asks `-x` of. */
export function fileRun(text: string): string | undefined {
  const [word = ''] = wordsOf(text.replace(prefixes, ''), 1);
  if (word.includes('/') && !assignment.test(word)) return word;
  return / -x /.test(text) ? fileTested(text) : undefined;
}

/** Whether the command takes the trace away from us, or the form it has. */
export function endsTrace(text: string): boolean {
  const command = text.replace(prefixes, '');
  if (/^set /.test(command)) return wordsOf(command).some((word, index, words) => /^\+\w*x/.test(word) || (word === 'xtrace' && words[index - 1] === '+o'));
  return namesSet(text).some((name) => name === 'PS4' || name === 'BASH_XTRACEFD');
}

/** Whether it asks for the trace, which people do to see it. */
export function asksForTrace(text: string): boolean {
  const command = text.replace(prefixes, '');
  return /^set /.test(command) && wordsOf(command).some((word, index, words) => /^-\w*x/.test(word) || (word === 'xtrace' && words[index - 1] === '-o'));
}
