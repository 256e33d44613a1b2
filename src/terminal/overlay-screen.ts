// A screen of our own over whatever the program shows, and back again.

import { bytes, closeLink, plainStyle, restoreCursor, saveCursor, setMarginsInPlace } from './escapes.ts';
import type { Program } from './program.ts';
import { repetition } from './repetition.ts';
import { emptyAgain, enteredAgain } from './screen-record.ts';
import type { EmptyScreen, ScreenRecord } from './screen-record.ts';

/** How the place, the style and the characters of the program are kept meanwhile. */
export type Keeping =
  /** By the save slot, through which the alternate screen is entered and left. */
  | 'slot'
  /** The slot is the program's: by that of the alternate screen, entered without the first one's. */
  | 'other slot'
  /** The alternate screen is the program's, and all that was written to it is known: it is written again. */
  | 'record'
  /** It is not: the program has to paint anew; the slot keeps the place if it is free. */
  | 'repaint'
  | 'repaint, slot taken';

/** @param sharesSlot both screens have one save slot, and `?1049` does not use it (tmux, GNU screen). */
export function keepingOf(program: Program, sharesSlot: boolean, record: 'kept' | 'none'): Keeping {
  const taken = program.slot.kind === 'program';
  if (record === 'kept') return 'record';
  if (program.screen === 'alternate') return taken ? 'repaint, slot taken' : 'repaint';
  return taken && !sharesSlot ? 'other slot' : 'slot';
}

const plain = `\x0f\x1b(B${plainStyle}\x1b[?25l`;

export function enterOverlay(program: Program, keeping: Keeping): Uint8Array {
  const { modes, margins, insertMode } = program;
  const link = program.linkOpen && program.screen === 'alternate' ? closeLink : '';
  const modesOff = [link, modes.has(2026) ? '\x1b[?2026l' : '', insertMode ? '\x1b[4l' : '', margins.originMode ? '\x1b[?6l' : ''].join('');
  // Text does not cover a picture in every terminal.
  const cleared = program.screen === 'alternate' ? '\x1b[2J' : '';
  return bytes(`${entrance[keeping]}${modesOff}${plain}${cleared}`);
}

const entrance: Record<Keeping, string> = {
  'slot': '\x1b[?1049h',
  'other slot': `\x1b[?1047h${saveCursor}`,
  'record': '',
  'repaint': saveCursor,
  'repaint, slot taken': '',
};

/** What writes once more what was written to the alternate screen, and from where. */
export interface Again {
  readonly screen: EmptyScreen;
  readonly written: Buffer;
  /** The terminal has to enter the screen again, for only it knows where the cursor was. */
  readonly from: 'empty' | 'entrance';
}

/** `undefined`: it is not known what was written, or some of it cannot be repeated. */
export function repeatRecord(program: Program, record: ScreenRecord): Again | undefined {
  const { screen, written } = record;
  if (screen === undefined) return undefined;
  const g1 = screen.charset.g1 === undefined ? 'unknown' : 'known';
  const again = screen.style === undefined ? undefined : repetition(written, { cursor: typeof screen.cursor === 'object' ? 'known' : 'unknown', g1 });
  if (again !== undefined) return { screen, written: again, from: 'empty' };
  // Each screen has keyboard protocols of its own, and not all terminals keep those of a screen that is left (tmux does not).
  if (screen.cursor !== 'as at the entrance' || program.keyboards.alternate > 0 || written.includes('\x1b[=')) return undefined;
  const entered = repetition(written, { cursor: 'known', g1 });
  return entered === undefined ? undefined : { screen, written: entered, from: 'entrance' };
}

/**
 * Everything once more, as one update: the terminal comes to stand as it stood.
 * @param row draws the status row, wherever it leaves the cursor
 */
export function leaveByRecord(program: Program, again: Again, row: string): Uint8Array {
  const { screen, written, from } = again;
  const aside = screen.slot === 'taken' ? '' : `${saveCursor}${row}${restoreCursor}`;
  const before = from === 'empty' ? emptyAgain(screen, row) : enteredAgain(screen, aside);
  // kitty puts reverse video back with the cursor.
  const reverse = from === 'entrance' && program.modes.has(5) ? '\x1b[?5h' : '';
  const after = `${reverse}${program.cursorHidden ? '' : '\x1b[?25h'}${program.modes.has(2026) ? '' : '\x1b[?2026l'}`;
  return Buffer.concat([bytes(`\x1b[?2026h${before}`), written, bytes(after)]);
}

/** What stood on the alternate screen of a program is gone: it must be made to paint. GNU screen forgets the margins on its way back. */
export function leaveOverlay(program: Program, keeping: Keeping, reserved: boolean): Uint8Array {
  const { modes, margins, insertMode, cursorHidden, charset } = program;
  const before = [margins.originMode ? '\x1b[?6h' : '', insertMode ? '\x1b[4h' : '', cursorHidden ? '' : '\x1b[?25h'].join('');
  const characters = `\x1b(${String.fromCharCode(charset.g0)}${charset.shift === 1 ? '\x0e' : '\x0f'}`;
  const exit: Record<Keeping, string> = {
    'slot': `\x1b[?1049l${reserved || margins.partial || margins.top > 1 ? setMarginsInPlace(margins.top, margins.bottom) : ''}`,
    'other slot': `${restoreCursor}\x1b[?1047l`,
    // The size has changed since.
    'record': `\x1b[2J${characters}`,
    'repaint': `\x1b[2J${restoreCursor}`,
    'repaint, slot taken': `\x1b[2J${characters}`,
  };
  return bytes(`${plainStyle}${before}${exit[keeping]}${modes.has(2026) ? '\x1b[?2026h' : ''}`);
}
