// What setting and resetting a mode changes for the status row.

import { bytes, clearBelow, setMarginsInPlace } from './escapes.ts';
import type { Parameters } from './parameters.ts';
import type { Program } from './program.ts';
import { recordEntered } from './record-start.ts';
import type { Splicer } from './sink.ts';

/** `CSI Pm h` and `CSI Pm l`; `end` is where the sequence ends. */
export function changeModes(program: Program, splicer: Splicer, parameters: Parameters, on: boolean, end: number): void {
  const { screen } = program;
  for (let index = 0; index < parameters.count; index++) {
    const mode = parameters.at(index, 0);
    if (parameters.prefix === 0) changeAnsiMode(program, mode, on);
    else if (parameters.prefix === 0x3f) changePrivateMode(program, splicer, mode, on, end);
  }
  if (program.screen === screen) return;
  if (on && parameters.count === 1 && parameters.at(0, 0) === 1049) recordEntered(program, splicer, end);
  else splicer.record.end();
}

function changeAnsiMode(program: Program, mode: number, on: boolean): void {
  if (mode === 4) program.insertMode = on;
  if (mode === 20) program.newLineMode = on;
}

function changePrivateMode(program: Program, splicer: Splicer, mode: number, on: boolean, end: number): void {
  program.modes.set(mode, on);
  switch (mode) {
    case 3:
      return suspectMargins(program, splicer, end);
    case 6:
      program.margins.originMode = on;
      return program.home();
    case 7:
      program.margins.autowrap = on;
      return;
    case 25:
      program.cursorHidden = !on;
      return;
    case 47:
    case 1047:
    case 1049:
      return changeScreen(program, splicer, mode, on, end);
    case 69:
      if (!on) program.endSideMargins();
      return;
    case 1048:
      return on ? program.save('save') : program.restore();
    case 2004:
      if (!on) program.prompting = false;
  }
}

/** Some terminals reset the margins (Alacritty always, others where ?40 allows it), most do nothing: so the cursor must stay where it is. */
export function suspectMargins(program: Program, splicer: Splicer, end: number): void {
  const { margins } = program;
  program.dirty = true;
  if (!margins.partial) margins.lose();
  // Restoring the cursor would take it out of pending wrap.
  if (program.slot.kind === 'program' || program.farthest >= program.columns) program.marginsDue = true;
  else insertAfter(program, splicer, end, setMarginsInPlace(margins.top, margins.bottom));
}

function changeScreen(program: Program, splicer: Splicer, mode: number, on: boolean, end: number): void {
  program.dirty = true;
  if (on && mode === 1049) program.save('alternate');
  if (on === (program.screen === 'main')) {
    if (on) enterAlternate(program, mode);
    else leaveAlternate(program, splicer, mode, end);
  }
  if (on || mode !== 1049) return;
  program.restore();
  program.backFromAlternate = program.screen === 'main';
}

/** xterm.js and mlterm give the alternate screen margins of its own: the program's first absolute move is the place to set them. */
function enterAlternate(program: Program, mode: number): void {
  const { margins } = program;
  const { position } = program;
  program.mainRegion = { top: margins.top, bottom: margins.bottom };
  margins.reset();
  program.showScreen('alternate', position);
  program.screenMode = mode;
  program.marginsDue = true;
}

/** In most terminals the margins of the alternate screen stay in force on the main one. */
function leaveAlternate(program: Program, splicer: Splicer, mode: number, end: number): void {
  const { margins } = program;
  const { top, bottom } = program.mainRegion ?? { top: 1, bottom: margins.rows };
  const same = margins.top === top && margins.bottom === bottom;
  const { position } = program;
  program.mainRegion = undefined;
  margins.set(top, bottom);
  program.showScreen('main', position);
  program.marginsDue = false;
  if (program.rowLeftOnMain) return cleanMain(program, splicer, end);
  if (same) return;
  // `?1049l` has just put the cursor where the slot says, so saving it again changes nothing.
  if (mode === 1049 || program.slot.kind !== 'program') insertAfter(program, splicer, end, setMarginsInPlace(top, bottom));
  else program.marginsDue = true;
}

/** Below the cursor, which has just come back, stands the row of the size before. */
function cleanMain(program: Program, splicer: Splicer, end: number): void {
  const { rows } = program.margins;
  program.rowLeftOnMain = false;
  program.drawnOn.add('main');
  splicer.add(end, bytes(splicer.rewriting ? `${clearBelow}${setMarginsInPlace(1, rows)}` : clearBelow));
}

/** Sets the margins at `at` that could not be set before, unless that would cost the program what it saved. */
export function setDueMargins(program: Program, splicer: Splicer, at: number): void {
  if (program.slot.kind === 'program') return;
  program.marginsDue = false;
  insertAfter(program, splicer, at, setMarginsInPlace(program.margins.top, program.margins.bottom));
}

/** The program saves the cursor by the sequence at `at`. */
export function saveCursorAt(program: Program, splicer: Splicer, at: number): void {
  const moved = program.movedAt === at && !program.margins.originMode;
  setMarginsBeforeSaving(program, splicer, at);
  if (moved) program.save('save', program.movedTo);
  else program.save('save');
}

/** Once the slot is taken, margins can no longer be set without moving the cursor. */
export function setMarginsBeforeSaving(program: Program, splicer: Splicer, at: number): void {
  if (program.marginsDue) setDueMargins(program, splicer, at);
}

function insertAfter(program: Program, splicer: Splicer, end: number, text: string): void {
  splicer.insert(end, bytes(text));
  program.drawnOn.add(program.screen);
}
