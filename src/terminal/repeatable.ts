// What it means to write a piece of terminal output a second time.

import type { Parameters } from './parameters.ts';

export type Repeatable =
  /** It depends on where the cursor is. */
  | 'paint'
  /** It puts the cursor at a place of its own. */
  | 'place'
  /** It matters for what follows, and depends on nothing. */
  | 'set'
  | 'save'
  | 'restore'
  /** The last character again. */
  | 'repeat'
  /** It chooses the characters behind SO; it is SO. */
  | 'g1'
  | 'shift'
  /** It is nothing that is seen on the screen. */
  | 'drop'
  /** What it depends on is not known, or it would do more than it did, or it is not known at all. */
  | 'refuse';

const code = (text: string): number => text.charCodeAt(0);

function table(meanings: Partial<Record<Repeatable, readonly string[]>>): ReadonlyMap<string, Repeatable> {
  return new Map(Object.entries(meanings).flatMap(([meaning, names]) => names.map((name) => [name, meaning as Repeatable] as const)));
}

const controls = table({ paint: [...'\b\t\n\v\f\r'], shift: ['\x0e'], set: ['\x0f'], refuse: ['\x18', '\x1a', '\x1b'] });

export function controlMeaning(byte: number): Repeatable {
  return controls.get(String.fromCharCode(byte)) ?? 'drop';
}

/** HTS is refused: where the stops were then is not known. RIS ends every record. */
const escapes = table({ save: ['7'], restore: ['8'], paint: [...'DEM69'], set: ['\\'], drop: ['=', '>', 'Z'] });

/** ESC, `count` intermediates of which `first` is the first, and a final. */
export function escapeMeaning(final: number, first: number, count: number): Repeatable {
  if (count === 0) return escapes.get(String.fromCharCode(final)) ?? 'refuse';
  if (count > 1) return 'refuse';
  if (first === code('#')) return final === code('8') ? 'place' : 'refuse';
  if (first === code('(')) return 'set';
  return first === code(')') ? 'g1' : 'refuse';
}

/** Control sequences without a prefix, by intermediates and final. Tab stops, protection, and the stack of styles are refused: how they were is not known. */
const sequences = table({
  place: ['H', 'f', 'r'],
  set: ['m'],
  paint: [...'@ABCDEFGIKLMPSTXZ`abdejk', ' @', ' A', "'}", "'~", '$r', '$t', '$v', '$x', '$z', '${'],
  save: ['s'],
  restore: ['u'],
  repeat: ['b'],
  // Vim finds out by `CSI 0 % m` whether a terminal minds what it does not know.
  drop: [...'cnqtxi', ' q', '$p', '$w', '*y', ' t', ' u', '"v', '+p', '%m'],
});

/** What a control sequence without prefix or intermediates means by its final alone; undefined: its parameters matter. */
export const meaningOfFinal: readonly (Repeatable | undefined)[] = Array.from({ length: 128 }, (_, final) => {
  const name = String.fromCharCode(final);
  return 'JKThl'.includes(name) ? undefined : sequences.get(name);
});

export function sequenceMeaning(parameters: Parameters, name: string): Repeatable {
  const { prefix, count } = parameters;
  const what = parameters.at(0, 0);
  const known = prefix === 0 || prefix === code('?');
  if (known && (name === 'J' || name === 'K')) return eraseMeaning(name, what);
  // Modes kept and brought back; tab stops.
  if (prefix === code('?') && (name === 'r' || name === 's' || name === 'W')) return 'refuse';
  // Keyboard protocols, reports, and options that nothing on the screen depends on.
  if (prefix !== 0) return 'drop';
  // With more parameters it is about the mouse.
  if (name === 'T' && count > 1) return 'drop';
  return sequences.get(name) ?? 'refuse';
}

/** `CSI 3 J` empties the scrollback. */
function eraseMeaning(name: string, what: number): Repeatable {
  if (what > 3) return 'refuse';
  if (name === 'K') return 'paint';
  return what === 2 ? 'set' : what === 3 ? 'drop' : 'paint';
}

/** Private modes that what is written depends on, beyond those that are kept. */
const refusedModes: ReadonlySet<number> = new Set([3, 45, 47, 69, 1045, 1047]);

export function modeMeaning(prefix: number, mode: number, on: boolean): Repeatable {
  if (prefix === 0) return mode === 4 || mode === 20 ? 'set' : 'drop';
  if (prefix !== code('?') || refusedModes.has(mode)) return 'refuse';
  if (mode === 6) return 'place';
  if (mode === 7) return 'set';
  if (mode === 1048) return on ? 'save' : 'restore';
  if (mode === 1049) return on ? 'paint' : 'refuse';
  // Modes of the keyboard, the mouse, reports, colours: as they are, they stay.
  return 'drop';
}

/** @param head the beginning of what stands between `ESC kind` and its end */
export function stringMeaning(kind: number, head: string): Repeatable {
  switch (String.fromCharCode(kind)) {
    case ']':
      return commandMeaning(head);
    case 'P':
      return deviceMeaning(head);
    case '_':
      return head.startsWith('G') ? pictureMeaning(head) : 'drop';
    default:
      return 'drop';
  }
}

/** OSC: links (8), sized text (66) and iTerm2's pictures are seen. */
function commandMeaning(head: string): Repeatable {
  if (head.startsWith('8;')) return 'set';
  if (head.startsWith('66;')) return 'paint';
  if (!/^1337;(?:Multipart)?File/.test(head)) return 'drop';
  return /^1337;File=[^:]*inline=1[;:]/.test(head) ? 'paint' : 'refuse';
}

/** DCS: sixels are painted; questions and synchronised updates are not, nor is what vim tries a terminal with. */
function deviceMeaning(head: string): Repeatable {
  if (/^[0-9;]*q/.test(head)) return 'paint';
  return /^(?:\$q|\+[pqQ]|=[12]s|zz$)/.test(head) ? 'drop' : 'refuse';
}

/** kitty's pictures: what is sent and shown at once, without an answer, can be so again. A part that follows has no keys but `m` and `q`. */
function pictureMeaning(head: string): Repeatable {
  const keys = new Map(head.slice(1).split(';', 1).join('').split(',').map((pair) => pair.split('=', 2) as [string, string | undefined]));
  const action = keys.get('a');
  if (action === 'q') return 'drop';
  if ([...keys.keys()].every((key) => key === 'm' || key === 'q')) return 'paint';
  const answers = (keys.has('i') || keys.has('I')) && keys.get('q') !== '2';
  if (action === 'd') return 'set';
  return action === 'T' && (keys.get('t') ?? 'd') === 'd' && !answers ? 'paint' : 'refuse';
}
