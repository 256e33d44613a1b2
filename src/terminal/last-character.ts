// The character that was printed last: what REP repeats, and what a combining character that comes next belongs to.

import type { Margins } from './margins.ts';
import { characterLength, codePointAt } from './scan.ts';
import { certainWidth, codePointWidth } from './width.ts';

const decoder = new TextDecoder();
const zeroWidthJoiner: readonly number[] = [0xe2, 0x80, 0x8d];

/** The next character becomes one with the last, in terminals that join them. */
export function joins(printed: Uint8Array): boolean {
  return printed.length >= 3 && zeroWidthJoiner.every((byte, index) => printed[printed.length - 3 + index] === byte);
}

/** What comes next may belong to the last character, which could not be written again then: terminals disagree on its width, or it is none. */
export function mayGoOn(printed: Uint8Array): boolean {
  if ((printed.at(-1) ?? 0) < 0x80) return false;
  const last = lastCharacter(printed);
  return last === undefined || Array.from(decoder.decode(last)).some((part) => certainWidth(part.codePointAt(0) ?? 0) < 0);
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

/** `character` so many times, written out; on the last row below a smaller region a terminal of that many rows wraps within the row. */
export function repeatCharacter(margins: Margins, character: Uint8Array, count: number): string {
  const printed = decoder.decode(character);
  const width = certainWidth(printed.codePointAt(0) ?? 0);
  let text = '';
  for (let more = count; more > 0; more--) {
    if (margins.wrapsWithinRow(width)) {
      margins.carriageReturn();
      text += '\r';
    }
    margins.print(Math.max(0, width), width < 0 ? 2 : width);
    text += printed;
  }
  return text;
}
