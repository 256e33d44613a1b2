// `npm run bench`: measures everything, prints it, and writes docs/benchmarks.md. Names of parts as arguments measure those alone
// and write nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { repository } from '../support/project.ts';
import { benchApply } from './apply.ts';
import { benchEnvrc } from './envrc.ts';
import type { Row } from './measure.ts';
import { benchPrompt } from './prompt.ts';
import { benchSession } from './session.ts';
import { benchStartup } from './startup.ts';

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  prompt: benchPrompt,
  apply: benchApply,
  envrc: benchEnvrc,
  startup: benchStartup,
  session: benchSession,
};

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
    'Written by `npm run bench`. Contenders are run in turn in one go and the medians are compared, because machines are noisy: trust the ratios more than',
    'the milliseconds. The rows of the terminal path (throughput, latency of a keystroke) are not measured yet.',
    '',
    `Machine: ${machine}. ${versions()}. ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| what | measured | beside | budget |',
    '|---|---|---|---|',
    ...rows.map(({ what, value, beside, budget }) => `| ${what} | ${value} | ${beside} | ${budget} |`),
    '',
  ].join('\n');
}

const chosen = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, bench] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const row of await bench()) {
    rows.push(row);
    console.log(`${row.what}: ${row.value}  (${row.beside}; budget ${row.budget})`);
  }
}
if (chosen.length === 0) writeFileSync(join(repository, 'docs/benchmarks.md'), document(rows));
