// The session's own keys, from the settings.

import type { Settings } from '../model/settings.ts';
import type { StatusKeys } from '../model/status.ts';
import { KeyFilter } from '../terminal/keys.ts';

export function keyFilterFor(settings: Settings): KeyFilter {
  const bindings = new Map<string, string>();
  if (settings.keys.error !== '') bindings.set(settings.keys.error, 'error');
  if (settings.keys.pause !== '') bindings.set(settings.keys.pause, 'pause');
  return new KeyFilter(bindings);
}

/** The keys by the names people use. */
export function statusKeys(settings: Settings): StatusKeys {
  return {
    apply: settings.keybind === '' ? undefined : readlineKeyName(settings.keybind),
    error: settings.keys.error || undefined,
    pause: settings.keys.pause || undefined,
  };
}

/** `\e\C-r` is Alt-Ctrl-R to its user; a sequence of several keys is shown as it was written. */
function readlineKeyName(sequence: string): string {
  const match = /^(\\e|\\M-)?(\\C-)?([A-Za-z])$/.exec(sequence);
  if (match === null) return sequence;
  const [, alt, control, letter = ''] = match;
  return [alt === undefined ? '' : 'Alt', control === undefined ? '' : 'Ctrl', letter.toUpperCase()].filter(Boolean).join('-');
}
