// `npm run fuzz`: the differential oracle with new seeds, on all cores, for as long as is wanted.
//   npm run fuzz -- [--seconds 60 | --streams 10000] [--class WORDS] [--seed N] [--oracle tmux] [--save] [--document]
// --save keeps what is new as fixtures, --document writes the numbers into docs/terminal.md.
// --class takes the classes whose name contains these words; --streams counts per class; a seed repeats what was printed with it.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { writeTable } from './conformance.ts';
import { saveFailure } from './failures.ts';
import type { Batch, Failure, Outcome } from './fuzz-worker.ts';
import type { OracleName } from './fuzz-oracles.ts';
import { streamClasses } from './streams.ts';

const batchSizes: Readonly<Record<OracleName, number>> = { 'xterm.js': 200, tmux: 5 };
/** Of one class no more than so many different failures are printed. */
const shown = 8;

interface Sum {
  tried: number;
  draws: number;
  differ: number;
  /** How many show each of the residues. */
  readonly known: Map<string, number>;
  wrapMarks: number;
  readonly unknown: Map<string, Failure & { readonly seed: number }>;
}

function readOptions(): { seconds: number; streams: number; className: string; seed: number; oracle: OracleName; save: boolean; document: boolean } {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string' }, streams: { type: 'string' }, class: { type: 'string', default: '' }, seed: { type: 'string' },
      oracle: { type: 'string', default: 'xterm.js' }, save: { type: 'boolean', default: false }, document: { type: 'boolean', default: false },
    },
  });
  if (values.oracle !== 'xterm.js' && values.oracle !== 'tmux') throw new Error(`--oracle ${values.oracle}: it is xterm.js or tmux`);
  const streams = values.streams === undefined ? Infinity : Number(values.streams);
  const seconds = values.seconds === undefined ? (streams === Infinity ? 60 : Infinity) : Number(values.seconds);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1e9) : Number(values.seed);
  return { seconds, streams, className: values.class, seed, oracle: values.oracle, save: values.save, document: values.document };
}

function ask(worker: Worker, batch: Batch): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (outcome: Outcome) => {
      worker.off('error', reject);
      resolve(outcome);
    });
    worker.postMessage(batch);
  });
}

/** Keeps every worker busy until no batch is left. */
async function workThrough(workers: readonly Worker[], nextBatch: () => Batch | undefined, collect: (outcome: Outcome) => void): Promise<void> {
  await Promise.all(workers.map(async (worker) => {
    for (let batch = nextBatch(); batch !== undefined; batch = nextBatch()) collect(await ask(worker, batch));
  }));
}

function add(sum: Sum, { batch, tried, draws, wrapMarks, failures }: Outcome): void {
  sum.tried += tried;
  sum.draws += draws;
  sum.wrapMarks += wrapMarks;
  sum.differ += failures.length;
  for (const failure of failures) {
    if (failure.residue !== undefined) sum.known.set(failure.residue, (sum.known.get(failure.residue) ?? 0) + 1);
    else if (!sum.unknown.has(failure.pieces)) sum.unknown.set(failure.pieces, { ...failure, seed: batch.seed });
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const names = streamClasses.map(([name]) => name).filter((name) => name.includes(options.className));
  if (names.length === 0) throw new Error(`no class contains ${options.className}`);
  const workers = Array.from({ length: availableParallelism() }, () => new Worker(new URL('fuzz-worker.ts', import.meta.url)));
  let unknown = 0;
  const lines = ['| streams | tried | rows drawn in between | differ | of these in a known way | only a wrap mark differs |', '|---|---|---|---|---|---|'];
  for (const name of names) {
    const sum: Sum = { tried: 0, draws: 0, differ: 0, known: new Map(), wrapMarks: 0, unknown: new Map() };
    const endMs = performance.now() + (options.seconds * 1000) / names.length;
    let [given, seed] = [0, options.seed];
    await workThrough(workers, () => {
      const streams = Math.min(batchSizes[options.oracle], options.streams - given);
      if (streams <= 0 || performance.now() > endMs) return undefined;
      given += streams;
      return { className: name, seed: seed++, streams, oracle: options.oracle };
    }, (outcome) => add(sum, outcome));
    const known = [...sum.known.values()].reduce((all, one) => all + one, 0);
    console.log(`${name}: ${sum.tried} streams from seed ${options.seed}, ${sum.draws} draws, ${sum.differ} differ, of these ${known} as known; wrap mark only: ${sum.wrapMarks}`);
    for (const [residue, count] of sum.known) console.log(`  ${count} known: ${residue}`);
    lines.push(`| ${name} | ${sum.tried} | ${sum.draws} | ${sum.differ} | ${known} | ${sum.wrapMarks} |`);
    unknown += sum.unknown.size;
    for (const failure of [...sum.unknown.values()].slice(0, shown)) {
      console.log(`  seed ${failure.seed}, stream ${failure.index}: ${failure.pieces}\n    ${failure.difference.replaceAll('\n', '\n    ')}`);
      if (options.save) console.log(`  saved as ${saveFailure(name, options.oracle, failure.pieces)}`);
    }
  }
  for (const worker of workers) worker.postMessage('end');
  if (options.document) writeTable('<!-- measured by npm run fuzz -->', lines);
  process.exitCode = unknown === 0 ? 0 : 1;
}

await main();
