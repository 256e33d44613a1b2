// Measures how many streams of each class come out the same, for the test and for the table in docs/terminal.md.
// Run by itself it writes that table:  node --import ./scripts/typescript.mjs test/terminal/conformance.ts

import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runOracle } from './oracle.ts';
import { cutStream, printPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { findResidue } from './residues.ts';
import { minimise } from './shrink.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';

export interface Row {
  readonly name: string;
  readonly streams: number;
  /** Streams after which the screen, the scrollback, the cursor or a mode is another. */
  readonly differ: number;
  /** Streams after which only the mark differs that a row continues the one above it. */
  readonly wrapMarks: number;
  readonly draws: number;
  /** Shrunk streams that differ in a way that is not known, for whoever has to find out why. */
  readonly unknown: readonly string[];
}

const seed = 20_260_301;
const fixtures = join(import.meta.dirname, '../fixtures/terminal');
const document = join(import.meta.dirname, '../../docs/terminal.md');
const recordingSize = { columns: 80, rows: 24 };
/** Pieces as long as those that come from a PTY, as well as very short ones. */
const scales = [1, 9, 61];

export function measureClass(name: string, streams: number): Promise<Row> {
  const found = streamClasses.find(([other]) => other === name);
  if (found === undefined) throw new Error(`no class is called ${name}`);
  return sum(name, fc.sample(fc.tuple(found[1], cutting), { numRuns: streams, seed }).map(([stream, cuts]) => cutStream(stream, cuts)), oracleSize);
}

export function measureRecording(name: string, ways: number): Promise<Row> {
  const stream = readFileSync(join(fixtures, `${name}.in`));
  const cuts = fc.sample(cutting, { numRuns: ways, seed });
  const scaled = cuts.map((cut, index) => cut.map(({ length, draw }) => ({ length: length * (scales[index % scales.length] ?? 1), draw })));
  return sum(name, scaled.map((cuts) => cutStream(stream, cuts)), recordingSize);
}

export function recordingNames(): string[] {
  return readdirSync(fixtures)
    .filter((file) => file.endsWith('.in'))
    .map((file) => basename(file, '.in'))
    .sort();
}

async function sum(name: string, samples: readonly (readonly Piece[])[], size: typeof oracleSize): Promise<Row> {
  let [differ, wrapMarks, draws] = [0, 0, 0];
  const unknown: string[] = [];
  for (const pieces of samples) {
    const run = runOracle(pieces, size);
    draws += run.draws;
    if (run.kind === 'screen') differ++;
    if (run.kind === 'wrap mark') wrapMarks++;
    if (run.kind !== 'screen') continue;
    const least = await minimise(pieces, (candidate) => runOracle(candidate, size).kind === 'screen');
    if (findResidue(least) === undefined) unknown.push(`${printPieces(least)}\n${runOracle(least, size).difference ?? ''}`);
  }
  return { name, streams: samples.length, differ, wrapMarks, draws, unknown };
}

/** How many streams of each class the tests try. */
export const streamsPerClass = 800;
export const waysPerRecording = 9;

export function tableLine({ name, streams, differ, wrapMarks, draws }: Row): string {
  return `| ${name} | ${streams} | ${draws} | ${differ} | ${wrapMarks} |`;
}

const begin = '<!-- measured by test/terminal/conformance.ts -->';
const end = '<!-- end -->';
const header = ['| streams | tried | rows drawn in between | differ | only a wrap mark differs |', '|---|---|---|---|---|'];

/** The lines of the table as they stand in the document. */
export function documentedLines(): string[] {
  const text = readFileSync(document, 'utf8');
  const at = text.indexOf(begin);
  const table = text.slice(at, text.indexOf(end, at));
  return table.split('\n').filter((line) => line.startsWith('| '));
}

/** Puts a table into the document, from the mark that it begins with to the next end. */
export function writeTable(mark: string, lines: readonly string[]): void {
  const text = readFileSync(document, 'utf8');
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`docs/terminal.md has no place for ${mark}`);
  writeFileSync(document, `${text.slice(0, at)}${[mark, ...lines, ''].join('\n')}${text.slice(text.indexOf(end, at))}`);
}

if (process.argv[1] === import.meta.filename) {
  const rows: Row[] = [];
  for (const [name] of streamClasses) rows.push(await measureClass(name, streamsPerClass));
  for (const name of recordingNames()) rows.push({ ...(await measureRecording(name, waysPerRecording)), name: `recording: ${name}` });
  writeTable(begin, [...header, ...rows.map(tableLine)]);
  for (const { name, unknown } of rows) if (unknown.length > 0) console.log(`${name}\n${unknown.join('\n')}\n`);
}
