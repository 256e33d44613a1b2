// One core of `npm run fuzz`: makes streams of a class from a seed, compares, and shrinks what differs.

import fc from 'fast-check';
import { parentPort } from 'node:worker_threads';
import { oracles } from './fuzz-oracles.ts';
import type { OracleName } from './fuzz-oracles.ts';
import { cutStream, printPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { findResidue } from './residues.ts';
import { minimise } from './shrink.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';

export interface Batch {
  readonly className: string;
  readonly seed: number;
  readonly streams: number;
  readonly oracle: OracleName;
}

export interface Failure {
  /** Which of the streams that the seed gives, from 0. */
  readonly index: number;
  /** As `printPieces` prints them. */
  readonly pieces: string;
  readonly difference: string;
  /** The name of the known residue that it is, if it is one. */
  readonly residue: string | undefined;
}

export interface Outcome {
  readonly batch: Batch;
  readonly tried: number;
  readonly draws: number;
  readonly wrapMarks: number;
  readonly failures: readonly Failure[];
}

async function run(batch: Batch): Promise<Outcome> {
  const streams = streamClasses.find(([name]) => name === batch.className)?.[1];
  if (streams === undefined) throw new Error(`no class is called ${batch.className}`);
  const oracle = oracles[batch.oracle];
  const samples = fc.sample(fc.tuple(oracle.understands === undefined ? streams : streams.filter(oracle.understands), cutting), { numRuns: batch.streams, seed: batch.seed });
  const failures: Failure[] = [];
  let [draws, wrapMarks] = [0, 0];
  for (const [index, [stream, cuts]] of samples.entries()) {
    const pieces = cutStream(stream, cuts);
    const result = await oracle.run(pieces, oracleSize);
    draws += result.draws;
    if (result.kind === 'wrap mark') wrapMarks++;
    if (result.kind === 'screen') failures.push({ index, ...(await explain(pieces, oracle.run)) });
  }
  return { batch, tried: samples.length, draws, wrapMarks, failures };
}

async function explain(pieces: readonly Piece[], compare: (typeof oracles)[OracleName]['run']): Promise<Omit<Failure, 'index'>> {
  const least = await minimise(pieces, async (candidate) => (await compare(candidate, oracleSize)).kind === 'screen');
  const { difference = '' } = await compare(least, oracleSize);
  return { pieces: printPieces(least), difference, residue: findResidue(least)?.name };
}

parentPort?.on('message', (message: Batch | 'end') => {
  if (message === 'end') {
    for (const oracle of Object.values(oracles)) oracle.close?.();
    parentPort?.close();
  } else {
    void run(message).then((outcome) => parentPort?.postMessage(outcome));
  }
});
