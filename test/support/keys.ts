// Keys by name, as a terminal sends them: 'Alt-Ctrl-R', 'Enter', 'Shift-Tab', 'Ctrl-Left', 'x'.

export interface KeyMode {
  /** The program asked for application cursor keys (DECCKM). */
  readonly applicationCursor: boolean;
}

const plainKeys: Readonly<Record<string, string>> = {
  Enter: '\r', Tab: '\t', Escape: '\x1b', Backspace: '\x7f', Space: ' ', 'Shift-Tab': '\x1b[Z', Minus: '-',
};

const cursorKeys: Readonly<Record<string, string>> = { Up: 'A', Down: 'B', Right: 'C', Left: 'D', End: 'F', Home: 'H' };

const numberedKeys: Readonly<Record<string, number>> = {
  Insert: 2, Delete: 3, PageUp: 5, PageDown: 6, F5: 15, F6: 17, F7: 18, F8: 19, F9: 20, F10: 21, F11: 23, F12: 24,
};

const functionKeys: Readonly<Record<string, string>> = { F1: 'P', F2: 'Q', F3: 'R', F4: 'S' };

/** The bytes of the key named `name`. Throws where there is no such key. */
export function keyBytes(name: string, mode: KeyMode = { applicationCursor: false }): string {
  const plain = plainKeys[name];
  if (plain !== undefined) return plain;
  const parts = name.split('-');
  const key = parts.pop() ?? '';
  const modifiers = new Set(parts);
  for (const modifier of modifiers) {
    if (!['Shift', 'Alt', 'Ctrl'].includes(modifier)) throw new Error(`no key is named ${name}`);
  }
  const bytes = specialKey(key, modifiers, mode) ?? characterKey(key, modifiers);
  if (bytes === undefined) throw new Error(`no key is named ${name}`);
  return bytes;
}

/** xterm's numbering: 1, plus 1 for Shift, 2 for Alt, 4 for Ctrl. */
function modifierNumber(modifiers: ReadonlySet<string>): number {
  return 1 + (modifiers.has('Shift') ? 1 : 0) + (modifiers.has('Alt') ? 2 : 0) + (modifiers.has('Ctrl') ? 4 : 0);
}

function specialKey(key: string, modifiers: ReadonlySet<string>, mode: KeyMode): string | undefined {
  const number = modifierNumber(modifiers);
  const cursor = cursorKeys[key];
  if (cursor !== undefined) return number > 1 ? `\x1b[1;${number}${cursor}` : `\x1b${mode.applicationCursor ? 'O' : '['}${cursor}`;
  const letter = functionKeys[key];
  if (letter !== undefined) return number > 1 ? `\x1b[1;${number}${letter}` : `\x1bO${letter}`;
  const code = numberedKeys[key];
  if (code !== undefined) return number > 1 ? `\x1b[${code};${number}~` : `\x1b[${code}~`;
  return undefined;
}

function characterKey(key: string, modifiers: ReadonlySet<string>): string | undefined {
  const character = plainKeys[key] ?? key;
  if (Array.from(character).length !== 1) return undefined;
  const shifted = modifiers.has('Shift') ? character.toUpperCase() : character;
  const bytes = modifiers.has('Ctrl') ? controlCharacter(shifted) : shifted;
  return bytes === undefined ? undefined : `${modifiers.has('Alt') ? '\x1b' : ''}${bytes}`;
}

function controlCharacter(character: string): string | undefined {
  if (character === ' ') return '\0';
  const code = character.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code < 0x60 ? String.fromCharCode(code & 0x1f) : undefined;
}
