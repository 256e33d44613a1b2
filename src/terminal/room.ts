// Whether a terminal has room for a row of ours.

/** Below this many rows or columns a terminal keeps all of its rows. */
const leastRows = 4;
const leastColumns = 20;

export function roomForRow(columns: number, rows: number, terminalName: string | undefined): boolean {
  return rows >= leastRows && columns >= leastColumns && terminalName !== undefined && terminalName !== '' && terminalName !== 'dumb';
}
