// Where only code may run that was allowed in the form it has.

import { join } from 'node:path';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodeGate } from '../../src/build/code-gate.ts';
import { EnvironmentDraft } from '../../src/build/draft.ts';
import { InputReader } from '../../src/build/input-reader.ts';
import { envrcLayer } from '../../src/build/layers/envrc.ts';
import { SubprocessExecutor } from '../../src/build/subprocess-executor.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { EnvrcProject } from './support.ts';

const never = new AbortController().signal;
let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

interface Run {
  readonly refused: readonly string[];
  readonly evaluated: readonly string[];
  readonly variables: ReadonlyMap<string, string | null>;
  readonly log: string;
}

/** The layer alone, with these files allowed as they are. */
async function run(...allowed: string[]): Promise<Run> {
  project.write('devshell.toml', '[load]\nenvrc = ".envrc"\n');
  const reader = new InputReader(() => undefined);
  const loaded = await loadConfiguration(project.root, '', (path) => reader.read(path));
  if (loaded.kind !== 'loaded') throw new Error('no configuration');
  const paths = allowed.map((file) => project.path(file));
  const gate = new CodeGate(new Map(await Promise.all(paths.map(async (path) => [path, await fingerprint({ kind: 'file', path }, never)] as const))));
  const draft = new EnvironmentDraft(project.env, []);
  const executor = new SubprocessExecutor({ privateFds: [], execScript: resolve('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined });
  let log = '';
  const context = { root: project.root, state: join(project.base, 'state'), configuration: loaded.configuration, draft, reader, executor, gate, evaluate: 'when-needed' as const, once: () => undefined, log: (text: string) => (log += text) };
  await envrcLayer(context, never);
  return { refused: gate.refused.map(({ message }) => message.split(' ')[0] ?? ''), evaluated: [...gate.evaluated.keys()].sort(), variables: draft.finish().environment.variables, log };
}

describe('under trust by content', () => {
  it('an .envrc that is not allowed does not run', async () => {
    project.write('.envrc', 'touch ran\n');
    expect(await run()).toMatchObject({ refused: [project.path('.envrc')], log: '' });
    expect(await fingerprint({ kind: 'file', path: project.path('ran') }, never)).toBe('missing');
  });

  it.each([
    ['source_env', 'source_env lib.sh'],
    ['source', 'source ./lib.sh one'],
    ['.', '. ./lib.sh'],
    ['source_up', 'cd deep; source_up lib.sh'],
    ['require_allowed', 'require_allowed lib.sh'],
  ])('a file that %s wants does not run until it is allowed', async (_, line) => {
    project.write('deep/x', '');
    project.write('.envrc', `export A=1\n${line}\n`);
    project.write('lib.sh', 'touch ran\nexport LIB=1\ndeclare -x DECLARED=2\n');
    const before = await run('.envrc');
    expect(before.refused).toEqual([project.path('lib.sh')]);
    expect(before.variables.size).toBe(0);
    expect(before.log).toContain('lib.sh is not allowed in the form it has');
    expect(await fingerprint({ kind: 'file', path: project.path('ran') }, never)).toBe('missing');
    const after = await run('.envrc', 'lib.sh');
    expect(after.refused).toEqual([]);
    expect(after.variables.get('A')).toBe('1');
    expect(after.evaluated).toEqual([project.path('.envrc'), project.path('lib.sh')]);
  });

  it('what a file declares at its top is global, and its arguments and status are as ever', async () => {
    project.write('lib.sh', 'declare -x D=$1\nG=global\nreturn 3\n');
    project.write('.envrc', 'source ./lib.sh one\nexport S=$? G\n');
    expect(Object.fromEntries((await run('.envrc', 'lib.sh')).variables)).toEqual({ D: 'one', G: 'global', S: '3' });
  });

  it('a file that is sourced without arguments has none', async () => {
    project.write('lib.sh', 'export COUNT=$# FIRST=${1-none}\n');
    project.write('.envrc', '. ./lib.sh\n');
    expect(Object.fromEntries((await run('.envrc', 'lib.sh')).variables)).toEqual({ COUNT: '0', FIRST: 'none' });
  });

  it('code that is run past our `source` is still found out, and nothing of it counts', async () => {
    project.write('lib.sh', 'export LIB=1\n');
    project.write('.envrc', 'builtin source ./lib.sh\n');
    expect((await run('.envrc')).refused).toEqual([project.path('lib.sh')]);
  });

  it("the user's own direnvrc is none of the project's code", async () => {
    project.write(`${project.home}/.config/direnv/direnvrc`, 'export MINE=1\n');
    project.write('.envrc', 'export A=1\n');
    expect(await run('.envrc')).toMatchObject({ refused: [], evaluated: [project.path('.envrc')] });
  });
});
