// Evaluating an .envrc, beside `direnv export` on the same files.
import { join } from 'node:path';
import { ProjectBuilder } from '../../src/build/project-builder.ts';
import { writeTrust } from '../../src/config/trust.ts';
import { Project, repository } from '../support/project.ts';
import type { Row } from './measure.ts';
import { inTurn, ms, ratio, verdict } from './measure.ts';

const rounds = 15;
const means = 'a whole build after a change: configuration, trust, evaluation, the content of all inputs; for direnv from start to end of the command';
const never = new AbortController().signal;

/** A build as the session does it, after a change: everything but the watching. */
async function builderOf(project: Project): Promise<() => Promise<number>> {
  const { root, base } = project;
  const dataDirectory = join(base, 'data');
  await writeTrust(root, 'allowed', dataDirectory);
  await project.write('devshell.toml', '[load]\nenvrc = ".envrc"\n');
  const host = { privateFds: [], execScript: join(repository, 'shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined };
  const places = { root, state: join(base, 'state'), userSettingsFile: '', dataDirectory };
  const builder = new ProjectBuilder({ ...places, base: project.environment(), overrides: {}, host });
  return async () => {
    const started = performance.now();
    const outcome = await builder.build({ generation: 1, changed: [], log: () => undefined, observed: () => undefined }, never);
    if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome));
    return performance.now() - started;
  };
}

function direnvOf(project: Project): () => Promise<number> {
  return async () => {
    const started = performance.now();
    const { exitCode, stderr } = await project.run('direnv', ['export', 'bash']);
    if (exitCode !== 0) throw new Error(stderr);
    return performance.now() - started;
  };
}

async function measure(lines: readonly string[], files: readonly string[]): Promise<{ readonly ours: number; readonly direnv: number }> {
  const project = await Project.create();
  try {
    for (const file of files) await project.write(file, `content of ${file}\n`);
    await project.write('.envrc', `${lines.join('\n')}\n`);
    await project.run('direnv', ['allow', project.root]);
    const { ours = NaN, direnv = NaN } = await inTurn(rounds, { ours: await builderOf(project), direnv: direnvOf(project) });
    return { ours, direnv };
  } finally {
    await project.dispose();
  }
}

export async function benchEnvrc(): Promise<Row[]> {
  const files = Array.from({ length: 200 }, (_, index) => `watched/${index}.txt`);
  const cases = [
    { what: 'evaluating a trivial .envrc', lines: ['export A=1'], files: [] },
    { what: 'evaluating an .envrc with 200 watched files', lines: [`watch_file ${files.join(' ')}`, 'export A=1'], files },
    { what: 'the same, one call of watch_file for each', lines: [...files.map((file) => `watch_file ${file}`), 'export A=1'], files },
  ];
  const rows: Row[] = [];
  for (const { what, ...given } of cases) {
    const { ours, direnv } = await measure(given.lines, given.files);
    rows.push({ what, value: ms(ours), beside: `direnv export ${ms(direnv)}, ${ratio(ours, direnv)}`, budget: '<= direnv', verdict: verdict(ours <= direnv), means });
  }
  return rows;
}
