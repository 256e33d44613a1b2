// The fixed byte strings of the terminal that devshell writes itself. Margins always carry explicit numbers: tmux ignores `CSI 0;0r`.

const encoder = new TextEncoder();

export function bytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export const saveCursor = '\x1b7';
export const restoreCursor = '\x1b8';
export const home = '\x1b[H';
/** ST where nothing is open: it does nothing, and is a sequence, which ends what REP or a combining character could refer to. */
export const nothing = '\x1b\\';
export const plainStyle = '\x1b[m';
export const closeLink = '\x1b]8;;\x1b\\';

export function setMargins(top: number, bottom: number): string {
  return `\x1b[${top};${bottom}r`;
}

/** Margins without moving the cursor, at the cost of the save slot. */
export function setMarginsInPlace(top: number, bottom: number): string {
  return `${saveCursor}${setMargins(top, bottom)}${restoreCursor}`;
}

export function moveTo(row: number, column: number): string {
  return `\x1b[${row};${column}H`;
}

export function moveToRow(row: number): string {
  return `\x1b[${row}d`;
}

/** No margins, whatever the size is by the time this arrives; the cursor stays, at the cost of the save slot. */
export const loosenMargins = `${saveCursor}\x1b[r${restoreCursor}`;
export const eraseBelow = '\x1b[J';

/** Frees the last row, whichever it is by then, if the cursor stands on it; no margins are left in force. */
export const freeLastRow = `${loosenMargins}\x1bD\x1b[A`;

/** The same, and what is below the cursor is cleared. */
export const clearBelow = `${freeLastRow}${eraseBelow}`;
