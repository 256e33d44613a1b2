// Whether the line gets a row of its own.

import type { StatusMode } from '../model/settings.ts';
import type { Reserve } from '../terminal/filter.ts';
import { roomForRow } from '../terminal/room.ts';

/** `busy`: the line says something that is worth a row of its own. */
export function reserveFor(mode: StatusMode, attention: 'quiet' | 'busy', columns: number, rows: number, terminalName: string | undefined): Reserve {
  const wanted = mode === 'bottom' || (mode === 'busy' && attention === 'busy');
  return wanted && roomForRow(columns, rows, terminalName) ? 'bottom' : 'none';
}

/** The row that is wanted at the start, before there is anything to say. */
export function firstReserve(mode: StatusMode, columns: number, rows: number, terminalName: string | undefined): Reserve {
  return reserveFor(mode, 'quiet', columns, rows, terminalName);
}

/** What it leaves to the program. */
export function firstProgramRows(mode: StatusMode, columns: number, rows: number, terminalName: string | undefined): number {
  return firstReserve(mode, columns, rows, terminalName) === 'bottom' ? rows - 1 : rows;
}
