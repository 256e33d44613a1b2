// Measures how many streams of each class come out the same, for the test and for the table in docs/terminal.md.
// Run by itself it writes that table:  node --import ./scripts/typescript.mjs test/terminal/conformance.ts

import fc from 'fast-check';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runOracle } from './oracle.ts';
import { cutStream, printPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';

export interface Row {
  readonly name: string;
  readonly streams: number;
  /** Streams after which the screen, the scrollback, the cursor or a mode is another. */
  readonly differ: number;
  /** Streams after which only the mark differs that a row continues the one above it. */
  readonly wrapMarks: number;
  readonly draws: number;
  /** The first difference, for whoever has to find out why. */
  readonly first: string | undefined;
}

const seed = 20_260_301;
const fixtures = join(import.meta.dirname, '../fixtures/terminal');
const document = join(import.meta.dirname, '../../docs/terminal.md');
const recordingSize = { columns: 80, rows: 24 };
/** Pieces as long as those that come from a PTY, as well as very short ones. */
const scales = [1, 9, 61];

export function measureClass(name: string, streams: number): Row {
  const found = streamClasses.find(([other]) => other === name);
  if (found === undefined) throw new Error(`no class is called ${name}`);
  return sum(name, fc.sample(fc.tuple(found[1], cutting), { numRuns: streams, seed }).map(([stream, cuts]) => cutStream(stream, cuts)), oracleSize);
}

export function measureRecording(name: string, ways: number): Row {
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

function sum(name: string, samples: readonly (readonly Piece[])[], size: typeof oracleSize): Row {
  let [differ, wrapMarks, draws] = [0, 0, 0];
  let first: string | undefined;
  for (const pieces of samples) {
    const run = runOracle(pieces, size);
    draws += run.draws;
    if (run.kind === 'screen') differ++;
    if (run.kind === 'wrap mark') wrapMarks++;
    if (run.kind === 'screen') first ??= `${printPieces(pieces)}\n${run.difference ?? ''}`;
  }
  return { name, streams: samples.length, differ, wrapMarks, draws, first };
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
  const table = text.slice(text.indexOf(begin), text.indexOf(end));
  return table.split('\n').filter((line) => line.startsWith('| '));
}

if (process.argv[1] === import.meta.filename) {
  const rows = [
    ...streamClasses.map(([name]) => measureClass(name, streamsPerClass)),
    ...recordingNames().map((name) => ({ ...measureRecording(name, waysPerRecording), name: `recording: ${name}` })),
  ];
  const text = readFileSync(document, 'utf8');
  const table = [begin, ...header, ...rows.map(tableLine), ''].join('\n');
  writeFileSync(document, text.slice(0, text.indexOf(begin)) + table + text.slice(text.indexOf(end)));
  for (const { name, first } of rows) if (first !== undefined) console.log(`${name}\n${first}\n`);
}
