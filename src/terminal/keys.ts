// The user's input on its way to the program: the session's own keys are taken out, reports about the reserved row are mended,
// accepted lines are counted. Pure, in any chunking; everything else passes as the slices that came.

import { accepts, keyEvent, legacyForms, matches, parseKey } from './key-names.ts';
import type { Key } from './key-names.ts';
import { Reports } from './reports.ts';
import type { InputScreen } from './reports.ts';

export type { InputScreen } from './reports.ts';

export interface Keys {
  /** For the program, in order. */
  readonly forward: Uint8Array[];
  readonly actions: string[];
  /** How many keys in `forward` accept a line: CR, LF, Ctrl-O and their CSI-u forms, not inside a bracketed paste. */
  readonly accepts: number;
}

const longestSequence = 64;
const pasteStart = '200';
const pasteEnd = Buffer.from('\x1b[201~');
const nothing: Buffer = Buffer.alloc(0);
const escape: Buffer = Buffer.from('\x1b');

export class KeyFilter {
  readonly #keys: (readonly [Key, string])[] = [];
  readonly #legacy: (readonly [string, string])[] = [];
  readonly #reports = new Reports();
  #held = nothing;
  /** How many bytes of what is held, or of the chunk's beginning, have gone out already: a lone ESC. */
  #sent = 0;
  /** The last chunk ended in an ESC, which has gone out already. */
  #escapeSent = false;
  /** The chunk came too late for its beginning to be one key with that ESC. */
  #late = false;
  /** undefined: not inside a paste; else how much of its end has been seen. */
  #paste: number | undefined;
  #forward: Uint8Array[] = [];
  #actions: string[] = [];
  #accepts = 0;
  #from = 0;
  #chunk = nothing;

  /** @param bindings names such as `Alt-Ctrl-E` to actions; a name that is no key binds nothing. */
  constructor(bindings: ReadonlyMap<string, string>) {
    for (const [name, action] of bindings) {
      const key = parseKey(name);
      if (key === undefined) continue;
      this.#keys.push([key, action]);
      for (const form of legacyForms(key)) this.#legacy.push([form, action]);
    }
    this.#legacy.sort(([a], [b]) => b.length - a.length);
  }

  /** What the outer terminal is like; until it is told, reports pass as they are. */
  setScreen(screen: InputScreen): void {
    this.#reports.screen = screen;
  }

  /** The beginning of a control sequence is held: after some 50 ms without more input, `flush`. */
  get held(): boolean {
    return this.#held.length > 0;
  }

  /** The last chunk ended in a lone ESC, which has gone out: it matters how the next one follows. */
  get escaped(): boolean {
    return this.#escapeSent;
  }

  /** Gives up waiting for the rest of a sequence (Alt-[ is the beginning of one). */
  flush(): Uint8Array[] {
    const held = this.#held.subarray(this.#sent);
    this.#held = nothing;
    this.#sent = 0;
    return held.length === 0 ? [] : [held];
  }

  /**
   * @param follows how it came after the last chunk. A lone ESC at the end of a chunk goes out at once; if the rest of one of our keys
   * comes together with it, the rest is taken out all the same. Apart from it, it is what it looks like: Escape, and another key.
   */
  push(chunk: Uint8Array, follows: 'together' | 'apart' = 'together'): Keys {
    this.#begin(chunk, follows === 'together');
    const end = this.#chunk.length;
    for (let at = 0; at < end; ) at = this.#paste === undefined ? this.#key(at) : this.#pasted(at, this.#paste);
    this.#copy(end - this.#held.length);
    const result = { forward: this.#forward, actions: this.#actions, accepts: this.#accepts };
    this.#chunk = nothing;
    return result;
  }

  /** What was held, or the ESC that has gone out already, stands in front of the chunk again, so that everything is seen whole. */
  #begin(chunk: Uint8Array, together: boolean): void {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const joins = this.#escapeSent && (together || buffer[0] === 0x5b);
    if (joins) this.#held = escape;
    this.#from = this.#sent = joins || (this.#sent === 1 && this.#held.length > 0) ? 1 : 0;
    this.#late = joins && !together;
    this.#chunk = this.#held.length === 0 ? buffer : Buffer.concat([this.#held, buffer]);
    this.#held = nothing;
    this.#escapeSent = false;
    this.#forward = [];
    this.#actions = [];
    this.#accepts = 0;
  }

  /** Forwards what has not been, up to `end`. */
  #copy(end: number): void {
    if (end > this.#from) this.#forward.push(this.#chunk.subarray(this.#from, end));
    this.#from = Math.max(end, this.#from);
  }

  #take(at: number, end: number, action: string): number {
    this.#copy(at);
    this.#from = end;
    this.#actions.push(action);
    return end;
  }

  /** A report whose ESC has gone out can no longer be dropped. */
  #replace(at: number, end: number, text: string): number {
    const sent = at < this.#from ? this.#from - at : 0;
    if (sent > 0 && text === '') return end;
    this.#copy(at);
    this.#from = end;
    if (text !== '') this.#forward.push(Buffer.from(text.slice(sent), 'latin1'));
    return end;
  }

  #hold(at: number): number {
    if (this.#chunk.length - at > longestSequence) return this.#chunk.length;
    this.#sent = at < this.#from ? 1 : 0;
    this.#held = Buffer.from(this.#chunk.subarray(at));
    return this.#chunk.length;
  }

  #startsWith(at: number, form: string): boolean {
    for (let index = 0; index < form.length; index++) if (this.#chunk[at + index] !== form.charCodeAt(index)) return false;
    return true;
  }

  #key(at: number): number {
    const chunk = this.#chunk;
    const byte = chunk[at];
    for (const [form, action] of this.#legacy) if (this.#startsWith(at, form)) return this.#take(at, at + form.length, action);
    if (byte !== 0x1b) return this.#plain(at);
    if (at + 1 === chunk.length) {
      this.#escapeSent = true;
      return at + 1;
    }
    if (chunk[at + 1] === 0x4f) return this.#functionKey(at);
    if (chunk[at + 1] === 0x5b) return this.#sequence(at);
    return chunk[at + 1] === 0x1b ? at + 1 : this.#plain(at + 1);
  }

  #plain(at: number): number {
    const byte = this.#chunk[at];
    if (byte === 0x0d || byte === 0x0a || byte === 0x0f) this.#accepts++;
    return at + 1;
  }

  /** ESC O and a letter; the keypad's Enter is M. */
  #functionKey(at: number): number {
    if (at + 2 >= this.#chunk.length) return this.#legacy.some(([form]) => form.startsWith('\x1bO')) ? this.#hold(at) : at + 2;
    if (this.#chunk[at + 2] === 0x4d) this.#accepts++;
    return at + 2;
  }

  #sequence(at: number): number {
    const final = this.#final(at + 2);
    if (final === undefined) return this.#hold(at);
    const byte = this.#chunk[final] as number;
    if (byte < 0x40 || byte > 0x7e) return final;
    if (byte === 0x4d && final === at + 2) return this.#legacyMouse(at);
    const action = this.#actionOf(at + 2, final);
    if (action !== undefined) return action === '' ? this.#replace(at, final + 1, '') : this.#take(at, final + 1, action);
    const body = this.#chunk.toString('latin1', at + 2, final);
    if (byte === 0x7e && body === pasteStart) this.#paste = 0;
    const prefix = /^[<=>?]/.exec(body)?.[0] ?? '';
    const mended = this.#reports.control(prefix, body.slice(prefix.length), String.fromCharCode(byte));
    if (mended !== undefined) return this.#replace(at, final + 1, mended);
    const event = prefix === '' ? keyEvent(body, String.fromCharCode(byte)) : undefined;
    if (event !== undefined && accepts(event)) this.#accepts++;
    return final + 1;
  }

  /** The index of the byte that ends the parameters at `at`, or undefined if the chunk ends before. */
  #final(at: number): number | undefined {
    let index = at;
    while (index < this.#chunk.length && (this.#chunk[index] as number) >= 0x20 && (this.#chunk[index] as number) < 0x40) index++;
    return index < this.#chunk.length ? index : undefined;
  }

  /** The action of a control sequence; empty for the release of one of our keys. */
  #actionOf(at: number, final: number): string | undefined {
    if (this.#keys.length === 0 || (this.#late && at === 2)) return undefined;
    const event = keyEvent(this.#chunk.toString('latin1', at, final), String.fromCharCode(this.#chunk[final] as number));
    const bound = event === undefined ? undefined : this.#keys.find(([key]) => matches(key, event));
    return bound === undefined ? undefined : event?.event === 'release' ? '' : bound[1];
  }

  /** `ESC [ M` and three characters, which 1005 writes as UTF-8. */
  #legacyMouse(at: number): number {
    const { screen } = this.#reports;
    if (screen?.mouse !== 'x10' && screen?.mouse !== 'utf8') return at + 3;
    const values: number[] = [];
    let end = at + 3;
    for (; values.length < 3; end++) {
      const byte = this.#chunk[end];
      const long = screen.mouse === 'utf8' && byte !== undefined && byte >= 0xc0;
      const last = long ? this.#chunk[++end] : byte;
      if (byte === undefined || last === undefined) return this.#hold(at);
      values.push(long ? ((byte & 0x1f) << 6) | (last & 0x3f) : byte);
    }
    const [button = 0, column = 0, row = 0] = values;
    const write = (value: number): string => Buffer.from(String.fromCharCode(value), screen.mouse === 'utf8' ? 'utf8' : 'latin1').toString('latin1');
    const mended = this.#reports.legacyMouse(button, row, (inside) => `\x1b[M${[button, column, inside].map(write).join('')}`);
    return mended === undefined ? end : this.#replace(at, end, mended);
  }

  /** Everything passes until the end of the paste, which may come in pieces. */
  #pasted(at: number, seen: number): number {
    const chunk = this.#chunk;
    let matched = seen;
    for (let index = matched === 0 ? this.#next(at) : at; index < chunk.length; index++) {
      if (chunk[index] === pasteEnd[matched]) matched++;
      else matched = chunk[index] === 0x1b ? 1 : 0;
      if (matched === pasteEnd.length) {
        this.#paste = undefined;
        return index + 1;
      }
      if (matched === 0) index = this.#next(index + 1) - 1;
    }
    this.#paste = matched;
    return chunk.length;
  }

  #next(at: number): number {
    const found = this.#chunk.indexOf(0x1b, at);
    return found < 0 ? this.#chunk.length : found;
  }
}
