// A stream as it reaches the filter: in pieces, after some of which the row is to be drawn.

export interface Cut {
  /** Length of the piece, in bytes. */
  readonly length: number;
  /** Whether a draw is wanted after it. */
  readonly draw: 'draw' | 'leave';
}

export interface Piece {
  readonly bytes: Buffer;
  readonly draw: 'draw' | 'leave';
}

/** The stream cut as `cuts` say, over and over until it ends. */
export function cutStream(stream: Buffer, cuts: readonly Cut[]): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0, index = 0; at < stream.length; index++) {
    const { length, draw } = cuts[index % cuts.length] ?? { length: stream.length, draw: 'leave' };
    pieces.push({ bytes: stream.subarray(at, at + length), draw });
    at += length;
  }
  return pieces;
}

export function joinPieces(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}

/** Each piece as a string of bytes, with the wish to draw after it: as text that can be read, and pasted into a fixture. */
export function printPieces(pieces: readonly Piece[]): string {
  const text = JSON.stringify(pieces.map(({ bytes, draw }) => [bytes.toString('latin1'), draw]));
  return text.replace(/[\x7f-\xff]/g, (byte) => `\\u00${byte.charCodeAt(0).toString(16)}`);
}

export function readPieces(printed: readonly (readonly [string, Cut['draw']])[]): Piece[] {
  return printed.map(([text, draw]) => ({ bytes: Buffer.from(text, 'latin1'), draw }));
}
