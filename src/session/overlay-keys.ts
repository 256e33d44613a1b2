// What the user's input means while the error view is open: it moves the view, closes it, or is an answer that the program waits for.

export type OverlayKey =
  /** In lines; without end for the first and the last page. */
  | { readonly kind: 'move'; readonly lines: number }
  /** The terminal tells something that the program has asked for. */
  | { readonly kind: 'answer'; readonly bytes: Uint8Array }
  | { readonly kind: 'close' }
  /** A release, a modifier by itself, a mouse that only moves. */
  | { readonly kind: 'nothing' };

const wheelLines = 3;
/** Answers may be long (the clipboard), but not without end. */
const longestAnswer = 1 << 20;

const pasteEnd = '\x1b[201~';
/** One key or report; what may be cut at the end of a chunk is not among them. */
const whole =
  /^(?:\x1b\[M[^]{3}|\x1b\[(?!M)[0-?]*[ -/]*[@-~]|\x1bO[ -~]|\x1b(?![[\]PX^_O\x1b])[^]|[\xc2-\xf4][\x80-\xbf]+|[^\x1b])/;
/** An answer in a string: what begins it, and what ends it. */
const stringStart = /^\x1b[\]PX^_]/;
const stringEnd = /\x07|\x1b\\/;
/** ESC that nothing which belongs to it can follow any more: a key by itself. */
const escapeAlone = /^\x1b(?=\x1b)/;

export class OverlayKeys {
  #held = '';
  #inPaste = false;

  /** The beginning of something: a while later it was a key by itself. */
  get held(): boolean {
    return this.#held !== '' && !this.#inPaste;
  }

  /** The meaning of each key; what follows the one that closes the view is `rest`, not ours any more. */
  push(chunk: Uint8Array, rows: number): { readonly keys: readonly OverlayKey[]; readonly rest: Uint8Array } {
    let text = this.#held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    this.#held = '';
    const keys: OverlayKey[] = [];
    while (text !== '') {
      if (this.#inPaste) return this.#pasted(text, keys);
      const token = nextToken(text);
      if (token === undefined) return { keys: [...keys, ...this.#hold(text)], rest: new Uint8Array() };
      text = text.slice(token.length);
      this.#inPaste = token === '\x1b[200~';
      const key: OverlayKey = this.#inPaste ? { kind: 'nothing' } : meaning(token, rows);
      keys.push(key);
      if (key.kind === 'close') break;
    }
    return { keys, rest: Buffer.from(text, 'latin1') };
  }

  /** The rest did not come. */
  flush(): OverlayKey {
    const answer = /^\x1b[\]PX^_]./.test(this.#held);
    const bytes = Buffer.from(this.#held, 'latin1');
    this.#held = '';
    return answer ? { kind: 'answer', bytes } : { kind: 'close' };
  }

  #hold(text: string): OverlayKey[] {
    if (text.length > longestAnswer) return [{ kind: 'answer', bytes: Buffer.from(text, 'latin1') }];
    this.#held = text;
    return [];
  }

  /** Nobody can mean to paste into the view: it counts as one key. */
  #pasted(text: string, keys: readonly OverlayKey[]): { readonly keys: readonly OverlayKey[]; readonly rest: Uint8Array } {
    const end = text.indexOf(pasteEnd);
    if (end < 0) {
      this.#held = text.slice(-(pasteEnd.length - 1));
      return { keys, rest: new Uint8Array() };
    }
    this.#inPaste = false;
    return { keys: [...keys, { kind: 'close' }], rest: Buffer.from(text.slice(end + pasteEnd.length), 'latin1') };
  }
}

function nextToken(text: string): string | undefined {
  if (!stringStart.test(text)) return (escapeAlone.exec(text) ?? whole.exec(text))?.[0];
  const end = stringEnd.exec(text);
  return end === null ? undefined : text.slice(0, end.index + end[0].length);
}

const close: OverlayKey = { kind: 'close' };
const nothing: OverlayKey = { kind: 'nothing' };
const move = (lines: number): OverlayKey => ({ kind: 'move', lines });

function meaning(token: string, rows: number): OverlayKey {
  const page = Math.max(1, rows - 2);
  if (token === 'j') return move(1);
  if (token === 'k') return move(-1);
  if (token === ' ') return move(page);
  if (stringStart.test(token)) return answer(token);
  if (token.startsWith('\x1bO')) return cursorKey(token.slice(2)) ?? close;
  return token.startsWith('\x1b[') ? sequence(token, page) : close;
}

function answer(token: string): OverlayKey {
  return { kind: 'answer', bytes: Buffer.from(token, 'latin1') };
}

function cursorKey(final: string): OverlayKey | undefined {
  switch (final) {
    case 'A':
      return move(-1);
    case 'B':
      return move(1);
    case 'H':
      return move(-Infinity);
    case 'F':
      return move(Infinity);
    default:
      return undefined;
  }
}

function sequence(token: string, page: number): OverlayKey {
  const [, prefix = '', body = '', between = '', final = ''] = /^\x1b\[([<=>?]?)([0-?]*)([ -/]*)([@-~])/.exec(token) ?? [];
  const fields = body.split(';').map((field) => field.split(':').map(Number));
  if (final === 'M' || (prefix === '<' && final === 'm')) return mouse(token, prefix, fields.map(([value = 0]) => value));
  const isAnswer = prefix !== '' || between !== '' || 'ncty'.includes(final) || (final === 'R' && fields.length > 1) || ((final === 'I' || final === 'O') && body === '');
  if (isAnswer) return answer(token);
  if (fields[1]?.[1] === 3) return nothing;
  const modified = (((fields[1]?.[0] ?? 1) || 1) - 1) & 0x3f;
  const code = fields[0]?.[0] ?? 0;
  if (final === '~') return code === 27 ? keyOf(fields[2]?.[0] ?? 0, modified, page) : numbered(code, page);
  return final === 'u' ? keyOf(code, modified, page) : (cursorKey(final) ?? close);
}

/** `CSI number ~`. */
function numbered(code: number, page: number): OverlayKey {
  switch (code) {
    case 5:
      return move(-page);
    case 6:
      return move(page);
    case 1:
    case 7:
      return move(-Infinity);
    case 4:
    case 8:
      return move(Infinity);
    default:
      return close;
  }
}

/** The keypad as the kitty protocol numbers it: Up, Down, PageUp, PageDown, Home, End. */
const keypad: readonly string[] = ['A', 'B', '5', '6', 'H', 'F'];
const keypadUp = 57_419;

function keyOf(code: number, modifiers: number, page: number): OverlayKey {
  const isModifier = (code >= 57_441 && code <= 57_454) || (code >= 57_358 && code <= 57_360);
  if (isModifier) return nothing;
  if (code === 32 && modifiers === 0) return move(page);
  if (code === 106 && modifiers === 0) return move(1);
  if (code === 107 && modifiers === 0) return move(-1);
  const key = keypad[code - keypadUp];
  if (key === '5' || key === '6') return numbered(Number(key), page);
  return key === undefined ? close : (cursorKey(key) ?? close);
}

/** A mouse that a program has asked for goes on reporting: the wheel moves the view, the rest is nothing. */
function mouse(token: string, prefix: string, values: readonly number[]): OverlayKey {
  const legacy = token.length === 6 && token.startsWith('\x1b[M');
  const button = legacy ? token.charCodeAt(3) - 32 : (values[0] ?? 0) - (prefix === '<' ? 0 : 32);
  const wheel = button & ~(4 | 8 | 16);
  return wheel === 64 ? move(-wheelLines) : wheel === 65 ? move(wheelLines) : nothing;
}
