// A screen of our own over whatever the program shows, and back again.

import { bytes, plainStyle, restoreCursor, saveCursor, setMarginsInPlace } from './escapes.ts';
import type { Program } from './program.ts';

/** How the place, the style and the characters of the program are kept meanwhile. */
export type Keeping =
  /** By the save slot, through which the alternate screen is entered and left. */
  | 'slot'
  /** The slot is the program's: by that of the alternate screen, entered without the first one's. */
  | 'other slot'
  /** The alternate screen is the program's: it has to paint anew; the slot keeps the place if it is free. */
  | 'repaint'
  | 'repaint, slot taken';

/** @param sharesSlot both screens have one save slot, and `?1049` does not use it (tmux, GNU screen). */
export function keepingOf(program: Program, sharesSlot: boolean): Keeping {
  const taken = program.slot.kind === 'program';
  if (program.screen === 'alternate') return taken ? 'repaint, slot taken' : 'repaint';
  return taken && !sharesSlot ? 'other slot' : 'slot';
}

const plain = `\x0f\x1b(B${plainStyle}\x1b[?25l`;

export function enterOverlay(program: Program, keeping: Keeping): Uint8Array {
  const { modes, margins, insertMode } = program;
  const modesOff = [modes.has(2026) ? '\x1b[?2026l' : '', insertMode ? '\x1b[4l' : '', margins.originMode ? '\x1b[?6l' : ''].join('');
  return bytes(`${entrance[keeping]}${modesOff}${plain}`);
}

const entrance: Record<Keeping, string> = {
  'slot': '\x1b[?1049h',
  'other slot': `\x1b[?1047h${saveCursor}`,
  'repaint': saveCursor,
  'repaint, slot taken': '',
};

/** What stood on the alternate screen of a program is gone: it must be made to paint. GNU screen forgets the margins on its way back. */
export function leaveOverlay(program: Program, keeping: Keeping, reserved: boolean): Uint8Array {
  const { modes, margins, insertMode, cursorHidden, charset } = program;
  const before = [margins.originMode ? '\x1b[?6h' : '', insertMode ? '\x1b[4h' : '', cursorHidden ? '' : '\x1b[?25h'].join('');
  const characters = `\x1b(${String.fromCharCode(charset.g0)}${charset.shift === 1 ? '\x0e' : '\x0f'}`;
  const exit: Record<Keeping, string> = {
    'slot': `\x1b[?1049l${reserved || margins.partial || margins.top > 1 ? setMarginsInPlace(margins.top, margins.bottom) : ''}`,
    'other slot': `${restoreCursor}\x1b[?1047l`,
    'repaint': `\x1b[2J${restoreCursor}`,
    'repaint, slot taken': `\x1b[2J${characters}`,
  };
  return bytes(`${plainStyle}${before}${exit[keeping]}${modes.has(2026) ? '\x1b[?2026h' : ''}`);
}
