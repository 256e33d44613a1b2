// How large a terminal is, and whether it has room for a row of ours.

/** Below this many rows or columns a terminal keeps all of its rows. */
const leastRows = 4;
const leastColumns = 20;

export function roomForRow(columns: number, rows: number, terminalName: string | undefined): boolean {
  return rows >= leastRows && columns >= leastColumns && terminalName !== undefined && terminalName !== '' && terminalName !== 'dumb';
}

/** One that does not know its size, on a serial line for example, has 0 of both; programs take it for the usual one. */
export function knownSize(columns: number | undefined, rows: number | undefined): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}
