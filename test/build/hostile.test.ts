// Every layer that runs code, with code that behaves as badly as it can: survived, and named.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildOutcome } from '../../src/model/builder.ts';
import { resolve } from '../../src/model/environment.ts';
import { problemText } from '../../src/model/problem.ts';
import { derivation, NixStore, nixVariables } from '../nix/support.ts';
import { processesInSession, waitUntil } from '../support/processes.ts';
import { TemporaryProject } from './temporary-project.ts';

const store = new NixStore();
let project: TemporaryProject;

beforeEach(async () => {
  project = await TemporaryProject.create();
  Object.assign(project.variables, nixVariables(store.base));
});
afterEach(() => project.remove());
afterAll(() => store.remove());

interface Runner {
  readonly toml: string;
  /** The files of a project that runs `code`, a piece of shell, and then sets A to 1. */
  readonly write: (code: string) => void;
}

const exec = (format: string, prints: string): Runner => ({
  toml: `[load]\nexec = [{ run = "bash ./code.sh", format = "${format}", timeout = 30 }]\n`,
  write: (code) => void project.write('code.sh', `${code}\necho '${prints}'\n`),
});

const runners: Record<string, Runner> = {
  'exec, json': exec('json', '{"A": "1"}'),
  'exec, dotenv': exec('dotenv', 'A=1'),
  'exec, shell': exec('shell', 'export A=1'),
  'exec, what its shell code runs': {
    toml: `[load]\nexec = [{ run = "cat ./code.sh", format = "shell" }]\n`,
    write: (code) => void project.write('code.sh', `${code}\nexport A=1\n`),
  },
  'envrc': { toml: '[load]\nenvrc = ".envrc"\n', write: (code) => void project.write('.envrc', `${code}\nexport A=1\n`) },
  'nix, its shellHook': {
    toml: '[load]\nnix = "shell.nix"\n',
    write: (code) => void project.write('shell.nix', derivation(`shellHook = ''\n${code.replaceAll("''", "'''")}\nexport A=1\n'';`)),
  },
  'venv, its making': {
    toml: '[env]\nA = "1"\n[load]\nvenv = { directory = ".venv", create = true, python = "./python" }\n',
    // No pip: nothing of it is of interest here.
    write: (code) => void project.write('python', `#!/bin/bash\n${code}\n/usr/bin/python3 "$@" && printf '#!/bin/sh\\nexit 0\\n' > .venv/pip && rm .venv/bin/python && cp .venv/pip .venv/bin/python\n`, 0o755),
  },
};

const each = it.each(Object.entries(runners));

function valueOf(outcome: BuildOutcome): string | undefined {
  if (outcome.kind !== 'built') throw new Error(JSON.stringify(outcome).slice(0, 4000));
  return resolve(outcome.environment, project.variables)['A'];
}

async function built({ toml, write }: Runner, code: string): Promise<string | undefined> {
  write(code);
  return valueOf(await project.build(toml));
}

const isVenv = (runner: Runner): boolean => runner === runners['venv, its making'];

describe('survived is what', () => {
  each('reads the terminal: %s', async (_, runner) => {
    const code = 'if read -r x || (exec </dev/tty) 2>/dev/null; then exit 9; fi';
    // The interpreter that is a stand-in here is none to the check that follows.
    if (isVenv(runner)) await expectMade(runner, code);
    else expect(await built(runner, code)).toBe('1');
  });

  each('forks a daemon that keeps the pipes open: %s', async (_, runner) => {
    const code = "setsid bash -c 'echo $$ > daemon.new; mv daemon.new daemon; exec sleep 1000' &\nuntil [ -s daemon ]; do sleep 0.01; done";
    if (isVenv(runner)) await expectMade(runner, code);
    else expect(await built(runner, code)).toBe('1');
    process.kill(Number(readFileSync(join(project.root, 'daemon'), 'utf8')), 'SIGKILL');
  });

  each('prints without measure on standard error, and then fails: %s', async (_, { toml, write }) => {
    write("yes 'a line of output' | head -c 20M >&2\necho 'the reason' >&2\nexit 3");
    const problems = await project.problems(toml);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem!.detail!.length).toBeLessThan(600_000);
    expect(problem!.detail!.trimEnd()).toMatch(/the reason$/);
    expect(problemText(problem!).split('\n').length).toBeLessThan(420);
    expect(project.log.length).toBeGreaterThan(20_000_000);
  });

  each('never ends, until it is cancelled: %s', async (_, { toml, write }) => {
    write("trap '' TERM\necho $$ > pid.new; mv pid.new pid\nwhile :; do sleep 0.1; done");
    const abort = new AbortController();
    const running = project.build(toml, abort.signal);
    await waitUntil(() => existsSync(join(project.root, 'pid')), { what: 'it to run' });
    const pid = Number(readFileSync(join(project.root, 'pid'), 'utf8'));
    abort.abort();
    expect(await running).toEqual({ kind: 'cancelled' });
    expect(await processesInSession(pid)).toEqual([]);
  });
});

/** The making went through, whatever its result is good for. */
async function expectMade({ toml, write }: Runner, code: string): Promise<void> {
  write(code);
  await project.build(toml);
  expect(existsSync(join(project.root, '.venv/pip'))).toBe(true);
}

describe('named is what', () => {
  it.each<[string, RegExp]>([
    ['exec, json', /^exec printed more than 8 MiB$/],
    ['exec, dotenv', /^exec printed more than 8 MiB$/],
    ['exec, shell', /^exec printed more than 8 MiB$/],
    ['venv, its making', /could not be made: Python printed more than 1 MiB$/],
  ])('prints without measure on standard output: %s', async (name, message) => {
    const { toml, write } = runners[name]!;
    write('yes');
    expect(await project.problems(toml)).toMatchObject([{ message: expect.stringMatching(message) as string }]);
  });

  it.each(['envrc', 'exec, what its shell code runs', 'nix, its shellHook'])('goes to the log, where standard output means nothing: %s', async (name) => {
    expect(await built(runners[name]!, "yes 'a line of output' | head -c 20M")).toBe('1');
    expect(project.log.length).toBeGreaterThan(20_000_000);
  });

  it.each(['exec, json', 'exec, shell'])('takes longer than it may: %s', async (name) => {
    const { toml, write } = runners[name]!;
    write('sleep 1000');
    expect(await project.problems(toml.replace('timeout = 30', 'timeout = 0.3'))).toMatchObject([{ message: 'exec took more than 0.3 s', file: 'devshell.toml', line: 2 }]);
  });
});
