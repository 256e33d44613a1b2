// `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md, of which everything from `## Where the time goes` on
// is written by hand and stays. Names of parts as arguments measure those alone and write nothing; `--scale=0.1` prints a tenth.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { repository } from '../support/project.ts';
import { benchApply } from './apply.ts';
import { benchCache } from './cache.ts';
import { benchEnvrc } from './envrc.ts';
import type { Row } from './measure.ts';
import { benchNix } from './nix.ts';
import { benchPrompt } from './prompt.ts';
import { benchSession } from './session.ts';
import { benchStartup } from './startup.ts';
import { benchTerminal } from './terminal.ts';

const parts: Readonly<Record<string, (scale: number) => Promise<Row[]>>> = {
  terminal: benchTerminal,
  prompt: benchPrompt,
  apply: benchApply,
  envrc: benchEnvrc,
  startup: benchStartup,
  session: benchSession,
  nix: benchNix,
  cache: benchCache,
};

const path = join(repository, 'docs/benchmarks.md');
const byHand = '## Where the time goes';

/** What waited for a processor in the last minute: with more than there are processors, every row is worse than it should be. */
function load(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

function versions(): string {
  const direnv = execFileSync('direnv', ['version'], { encoding: 'utf8' }).trim();
  const bash = execFileSync('bash', ['-c', 'echo $BASH_VERSION'], { encoding: 'utf8' }).trim();
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
  return `devshell ${version}, Node ${process.versions.node}, bash ${bash}, direnv ${direnv}, Linux ${release()}`;
}

function document(rows: readonly Row[]): string {
  const [processor] = cpus();
  const machine = `${cpus().length} x ${processor?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`, up to the part on where the time goes. Contenders are run in turn in one go and the medians are compared, because machines',
    'are noisy: trust the ratios more than the milliseconds.',
    '',
    `Machine: ${machine}, load ${startLoad} at the start and ${load()} at the end. ${versions()}. ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| what | measured | beside | budget | what was measured |',
    '|---|---|---|---|---|',
    ...rows.map(({ what, value, beside, budget, verdict, means }) => `| ${what} | ${value} | ${beside} | ${budget}${verdict === 'over' ? ' **over**' : ''} | ${means} |`),
    '',
    writtenByHand(),
  ].join('\n');
}

function writtenByHand(): string {
  const text = readFileSync(path, 'utf8');
  const at = text.indexOf(byHand);
  return at === -1 ? '' : text.slice(at);
}

const scales = process.argv.slice(2).filter((argument) => argument.startsWith('--scale='));
const scale = Number(scales.at(-1)?.slice('--scale='.length) ?? 1);
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const startLoad = load();
const rows: Row[] = [];
for (const [name, bench] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const row of await bench(scale)) {
    rows.push(row);
    console.log(`${row.what}: ${row.value}  (${row.beside}; budget ${row.budget}${row.verdict === 'over' ? ', OVER' : ''})`);
  }
}
if (chosen.length === 0) writeFileSync(path, document(rows));
