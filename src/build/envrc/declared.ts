// What `export -p` printed: `declare -x NAME="value"`, or `export NAME="value"` in posix mode.

import { quotedValue } from './words.ts';

const head = /(?:declare -(\S+)|export) ([A-Za-z_]\w*)(=?)/y;

/** The exported variables that have a value. Arrays are none: no environment can hold them. */
export function parseDeclared(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  let at = 0;
  while (at < text.length) {
    head.lastIndex = at;
    const match = head.exec(text);
    if (match === null) {
      at = nextLine(text, at);
      continue;
    }
    const [, flags = 'x', name = '', equals] = match;
    at = head.lastIndex;
    if (equals === '=' && !/[aA]/.test(flags)) {
      const { value, end } = quotedValue(text, at);
      variables[name] = value;
      at = end;
    }
    at = nextLine(text, at);
  }
  return variables;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}
