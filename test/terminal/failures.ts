// Streams that have failed once, as fixtures: NAME.json with the geometry, the pieces, and the wishes to draw.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { OracleName } from './fuzz-oracles.ts';
import type { Size } from './oracle.ts';
import { printPieces, readPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { oracleSize } from './streams.ts';

export interface FailureFixture {
  readonly name: string;
  readonly className: string;
  readonly oracle: OracleName;
  readonly size: Size;
  readonly pieces: readonly Piece[];
}

const directory = join(import.meta.dirname, '../fixtures/terminal/failures');

/** @param pieces as `printPieces` gives them. Gives the name of the fixture. */
export function saveFailure(className: string, oracle: OracleName, pieces: string): string {
  const words = className.replace(/[^a-z]+/gi, '-').toLowerCase().split('-').slice(0, 3).join('-');
  const name = `${words}-${createHash('sha256').update(pieces).digest('hex').slice(0, 6)}`;
  mkdirSync(directory, { recursive: true });
  const parts = (JSON.parse(pieces) as [string, 'draw' | 'leave'][]).map((part) => `  ${printPieces(readPieces([part])).slice(1, -1)}`);
  const head = JSON.stringify({ className, oracle, size: oracleSize }).slice(0, -1);
  writeFileSync(join(directory, `${name}.json`), `${head}, "pieces": [\n${parts.join(',\n')}\n]}\n`);
  return name;
}

export function readFailures(): FailureFixture[] {
  return readdirSync(directory).filter((file) => file.endsWith('.json')).sort().map((file) => {
    const body = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Omit<FailureFixture, 'name' | 'pieces'> & { pieces: [string, 'draw' | 'leave'][] };
    return { ...body, name: basename(file, '.json'), pieces: readPieces(body.pieces) };
  });
}
