// The character that was printed last: what REP repeats, and what a combining character that comes next belongs to.

import { characterLength, codePointAt } from './scan.ts';
import { codePointWidth } from './width.ts';

const zeroWidthJoiner: readonly number[] = [0xe2, 0x80, 0x8d];

/** The next character becomes one with the last, in terminals that join them. */
export function joins(printed: Uint8Array): boolean {
  return printed.length >= 3 && zeroWidthJoiner.every((byte, index) => printed[printed.length - 3 + index] === byte);
}

/** The last whole character of `printed` with the marks on it, unless a control character stands there. */
export function lastCharacter(printed: Uint8Array): Uint8Array | undefined {
  const end = printed.length;
  for (let at = end - 1, after = end; at >= 0; at--) {
    const byte = printed[at] as number;
    if (byte >= 0x80 && byte < 0xc0) continue;
    if (byte < 0x20 || byte === 0x7f || at + characterLength(printed, at, end) !== after) return undefined;
    if (codePointWidth(codePointAt(printed, at, after - at)) > 0) return printed.slice(at);
    after = at;
  }
  return undefined;
}
