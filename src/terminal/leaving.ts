// The end of a session for the terminal: what a program may have left on is switched off, our row is given back.

import { bytes, closeLink, moveTo, plainStyle, restoreCursor, saveCursor, setMargins } from './escapes.ts';
import { strayModes } from './program.ts';
import type { Program } from './program.ts';
import type { RowPlace } from './screen.ts';

/** What the program has left on, switched off; its alternate screen left; the row given back if it was taken. */
export function leaveProgram(program: Program, place: RowPlace, reserved: boolean): Uint8Array {
  const { modes, margins, keyboards } = program;
  const pop = (count: number): string => (count > 0 ? `\x1b[<${count}u` : '');
  const parts = [
    '\x1b\\',
    program.linkOpen ? closeLink : '',
    ...strayModes.filter((mode) => modes.has(mode)).map((mode) => `\x1b[?${mode}l`),
    program.screen === 'alternate' ? `${pop(keyboards.alternate)}\x1b[?${program.screenMode}l` : '',
    pop(keyboards.main),
    margins.autowrap ? '' : '\x1b[?7h',
    program.cursorHidden ? '\x1b[?25h' : '',
    program.insertMode ? '\x1b[4l' : '',
    program.newLineMode ? '\x1b[20l' : '',
    program.applicationKeypad ? '\x1b>' : '',
    program.defaultCharset ? '' : '\x0f\x1b(B',
    plainStyle,
    reserved || margins.originMode || margins.partial || margins.top > 1 ? lastMargins(place, reserved) : '',
  ];
  return bytes(parts.join(''));
}

function lastMargins(place: RowPlace, reserved: boolean): string {
  const row = reserved ? `${moveTo(place.rows, 1)}\x1b[K` : '';
  return `${saveCursor}\x1b[?6l${row}${setMargins(1, place.rows)}${restoreCursor}\x1b[?6l${restoreCursor}`;
}

/** What `leaveProgram` has taken back, for a program that goes on. */
export function reenterProgram(program: Program): Uint8Array {
  const { modes, margins } = program;
  const parts = [
    program.screen === 'alternate' ? `\x1b[?${program.screenMode}h` : '',
    ...strayModes.filter((mode) => modes.has(mode)).map((mode) => `\x1b[?${mode}h`),
    margins.autowrap ? '' : '\x1b[?7l',
    program.cursorHidden ? '\x1b[?25l' : '',
    program.insertMode ? '\x1b[4h' : '',
    program.newLineMode ? '\x1b[20h' : '',
    program.applicationKeypad ? '\x1b=' : '',
  ];
  return bytes(parts.join(''));
}
