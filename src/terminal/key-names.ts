// The session's keys by name, and the many ways in which terminals send them.

export interface Key {
  /** The code point of the unshifted key, or `F1` to `F12`. */
  readonly key: string;
  readonly alt: boolean;
  readonly control: boolean;
}

/** `CSI number ~` of F1 to F12. */
const tilde: readonly number[] = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24];

/** `Alt-Ctrl-E`, `Ctrl-E`, `Alt-E`, `F5`; undefined for anything else. */
export function parseKey(name: string): Key | undefined {
  const match = /^(Alt-)?(Ctrl-)?([A-Z]|F[1-9]|F1[0-2])$/.exec(name);
  const key = match?.[3];
  if (key === undefined) return undefined;
  return { key: key.length > 1 ? key : key.toLowerCase(), alt: match?.[1] !== undefined, control: match?.[2] !== undefined };
}

/** What terminals without a keyboard protocol send, as Latin-1 text. Modified function keys have only the one form. */
export function legacyForms({ key, alt, control }: Key): readonly string[] {
  if (key.length === 1) {
    const byte = control ? String.fromCharCode(key.charCodeAt(0) & 0x1f) : key;
    return [alt ? `\x1b${byte}` : byte];
  }
  const number = Number(key.slice(1));
  if (alt || control || number > 4) return [];
  return [`\x1bO${'PQRS'[number - 1] ?? ''}`];
}

/** Shift 1, Alt 2, Ctrl 4, Super 8, Hyper 16, Meta 32; the locks do not count. */
const modifierMask = 0x3f;

export interface KeyEvent {
  readonly key: string;
  readonly modifiers: number;
  readonly event: 'press' | 'release';
}

/** The key of a control sequence: CSI-u (kitty, `fixterms`), modifyOtherKeys, and the function keys. */
export function keyEvent(body: string, final: string): KeyEvent | undefined {
  const fields = body.split(';').map((field) => field.split(':'));
  const number = Number(fields[0]?.[0] ?? '');
  const modifiers = ((Number(fields[1]?.[0]) || 1) - 1) & modifierMask;
  const event = fields[1]?.[1] === '3' ? 'release' : 'press';
  if (!Number.isInteger(number)) return undefined;
  if (final === 'u') return { key: keyOfCode(number), modifiers, event };
  if (final === '~' && number === 27 && fields.length === 3) return { key: keyOfCode(Number(fields[2]?.[0])), modifiers, event };
  if (final === '~' && tilde.includes(number)) return { key: `F${tilde.indexOf(number) + 1}`, modifiers, event };
  // R is left out: `CSI 1;5R` is the answer to a question for the cursor's position.
  if ('PQS'.includes(final) && number <= 1) return { key: `F${'PQRS'.indexOf(final) + 1}`, modifiers, event };
  return undefined;
}

function keyOfCode(code: number): string {
  if (code === 57_414) return '\r'; // the keypad's Enter
  return code > 0 && code < 0x11_0000 ? String.fromCodePoint(code).toLowerCase() : '';
}

/** Whether a key accepts a line in a shell: Enter, Ctrl-J, Ctrl-M, Ctrl-O, with whatever other modifiers. */
export function accepts({ key, modifiers, event }: KeyEvent): boolean {
  if (event === 'release') return false;
  return key === '\r' || key === '\n' || ((modifiers & 4) !== 0 && 'jmo'.includes(key) && key !== '');
}

export function matches({ key, alt, control }: Key, event: KeyEvent): boolean {
  return event.key === key && event.modifiers === (alt ? 2 : 0) + (control ? 4 : 0);
}
