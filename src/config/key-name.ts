// The names of keys that the session takes for itself, and the key sequences that readline binds.
import type { KeyName } from './configuration.ts';
import type { Fault } from './fault.ts';

/** Keys that already are something: taking them would take that away from every program. */
const taken: ReadonlyMap<string, string> = new Map([
  ['Ctrl-C', 'it interrupts'],
  ['Ctrl-D', 'it ends the input'],
  ['Ctrl-H', 'it is Backspace in some terminals'],
  ['Ctrl-I', 'it is Tab'],
  ['Ctrl-J', 'it is Enter'],
  ['Ctrl-M', 'it is Enter'],
  ['Ctrl-Z', 'it suspends'],
]);

const prefixes: ReadonlyMap<string, string> = new Map([['', ''], ['alt', 'Alt-'], ['ctrl', 'Ctrl-'], ['alt-ctrl', 'Alt-Ctrl-']]);

/** `ctrl-alt-e` -> `Alt-Ctrl-E`; undefined for what is no such key. */
export function parseKeyName(text: string): KeyName | undefined {
  const parts = text.split('-');
  const key = parts.pop()?.toUpperCase() ?? '';
  const modifiers = parts.map((part) => part.toLowerCase()).sort().join('-');
  const prefix = prefixes.get(modifiers);
  if (prefix === undefined) return undefined;
  const isKey = prefix === '' ? /^F([1-9]|1[0-2])$/.test(key) : /^[A-Z]$/.test(key);
  return isKey ? (`${prefix}${key}` as KeyName) : undefined;
}

export function keyNameFault(text: string): Fault | undefined {
  if (text === '') return undefined;
  const name = parseKeyName(text);
  if (name === undefined) {
    return { message: 'this is not the name of a key', hint: 'write Alt-Ctrl-E, Ctrl-E, Alt-E or F1 to F12; "" for none' };
  }
  const reason = taken.get(name);
  if (reason === undefined) return undefined;
  return { message: `${name} cannot be taken: ${reason}`, hint: 'choose another key, Alt-Ctrl-E for one' };
}

/** Sequences that would run at Enter. */
const accepting = new Set(['\\C-m', '\\C-j', '\\C-M', '\\C-J', '\\r', '\\n', '\\x0d', '\\x0a', '\\015', '\\012']);
const element = /(?:\\C-|\\M-|\\e|\\[abdfnrtv\\"']|\\x[0-9A-Fa-f]{1,2}|\\[0-7]{1,3}|[ !#-[\]-~])/y;

/** A key sequence is put between double quotes for `bind -x`: whatever could leave them is no sequence. */
export function keybindFault(text: string): Fault | undefined {
  if (text === '') return undefined;
  const hint = 'write it as readline does, in single quotes: \'\\e\\C-r\' is Alt-Ctrl-R; "" for none';
  for (element.lastIndex = 0; element.lastIndex < text.length; ) {
    const offset = element.lastIndex;
    if (!element.test(text)) return { message: 'this is not a readline key sequence', hint, offset };
  }
  const isPlain = !text.startsWith('\\') || /^\\[\\"']/.test(text);
  if (isPlain) return { message: 'a plain character cannot be taken: it could no longer be typed', hint };
  if (accepting.has(text)) return { message: 'Enter cannot be taken', hint };
  return /\\[CM]-$/.test(text) ? { message: 'this is not a readline key sequence', hint } : undefined;
}

/** The key of a sequence, where it is one that has a name: `\e\C-r` -> `Alt-Ctrl-R`. */
export function keyOfSequence(sequence: string): KeyName | undefined {
  const parts = /^(\\e|\\M-)?(\\C-)?([A-Za-z])$/.exec(sequence);
  if (parts === null) return undefined;
  return parseKeyName(`${parts[1] === undefined ? '' : 'Alt-'}${parts[2] === undefined ? '' : 'Ctrl-'}${parts[3] ?? ''}`);
}
