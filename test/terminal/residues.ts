// Differences that are known and stay, each with the reason: what a shrunk stream that shows it looks like.

import { joinPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';

export interface Residue {
  readonly name: string;
  readonly reason: string;
  /** A shrunk stream that contains this shows it. */
  readonly pattern: RegExp;
}

export const residues: readonly Residue[] = [];

export function findResidue(pieces: readonly Piece[]): Residue | undefined {
  const text = joinPieces(pieces).toString('latin1');
  return residues.find(({ pattern }) => pattern.test(text));
}
