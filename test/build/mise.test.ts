// The real mise in a project without a configuration: its environment, everything it goes by as an input, and what it says when it fails.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMise } from '../../src/config/mise-file.ts';
import { inputKey } from '../../src/model/input.ts';
import type { Observation } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { realTool } from '../support/real-tools.ts';
import { TemporaryProject } from './temporary-project.ts';

const never = new AbortController().signal;
let project: TemporaryProject;
let bin: string;
let home: string;

beforeEach(async () => {
  project = await TemporaryProject.create();
  bin = join(project.base, 'bin');
  home = join(project.base, 'home');
  mkdirSync(bin);
  for (const name of ['bash', 'sh', 'cat', 'strace']) symlinkSync(realTool(name), join(bin, name));
  symlinkSync(realTool('mise'), join(bin, 'mise'));
  project.variables = { PATH: bin, HOME: home, LANG: 'C.UTF-8', MISE_OFFLINE: '1' };
});
afterEach(() => project.remove());

async function changedSince(observations: readonly Observation[]): Promise<string[]> {
  const now = await Promise.all(observations.map(async (one) => ((await fingerprint(one.input, never)) === one.fingerprint ? [] : [inputKey(one.input)])));
  return now.flat();
}

describe('the environment of mise.toml', () => {
  it('is taken over whole: variables, templates, PATH, files, scripts, and what is unset', async () => {
    Object.assign(project.variables, { GONE: 'outer', MANPATH: '/m' });
    project.write('mise.toml', `[env]
GREETING = "hello"
GONE = false
QUOTED = "it's $(x) \\"a\\" \\\\ \`b\`"
LINES = "a\\nb\\n"
DATA = "{{config_root}}/data"
AGAIN = "{{env.GREETING}} again"
_.path = ["./bin", "tools"]
_.file = [".env.mise", "more.json"]
_.source = "script.sh"
[tools]
node = "path:${project.base}/node"
`);
    project.write('.env.mise', 'FROM_FILE="a b"\nexport UNI=é\n');
    project.write('more.json', '{"FROM_JSON":"x y"}');
    project.write('script.sh', 'export FROM_SCRIPT="a  b"\n');
    project.write('../node/bin/node', '#!/bin/sh\n', 0o755);
    const { environment, reuse } = await project.built();
    const { root } = project;
    expect(Object.fromEntries(environment.variables)).toEqual({
      GREETING: 'hello', GONE: null, QUOTED: 'it\'s $(x) "a" \\ `b`', LINES: 'a\nb\n', DATA: `${root}/data`, AGAIN: 'hello again',
      FROM_FILE: 'a b', UNI: 'é', FROM_JSON: 'x y', FROM_SCRIPT: 'a  b',
    });
    expect(environment.lists.get('PATH')).toEqual({ front: [`${root}/bin`, `${root}/tools`, `${project.base}/node/bin`], back: [] });
    expect(reuse).toMatchObject({ kind: 'reusable', variables: 'all' });
  });

  it('is that of .tool-versions as well', async () => {
    project.write('../node/bin/node', '#!/bin/sh\n', 0o755);
    project.write('.tool-versions', `node path:${project.base}/node\n`);
    expect((await project.built()).environment.lists.get('PATH')).toEqual({ front: [`${project.base}/node/bin`], back: [] });
  });

  it('comes although mise does not trust the file, and mise is not made to trust it', async () => {
    project.write('mise.toml', '[env]\nA = "1"\n');
    const { all } = await project.built();
    expect(all).toMatchObject({ A: '1' });
    expect(all).not.toHaveProperty('MISE_TRUSTED_CONFIG_PATHS');
    expect(existsSync(join(home, '.local/state/mise/trusted-configs'))).toBe(false);
  });

  it('is not there where mise is not, until it is installed', async () => {
    rmSync(join(bin, 'mise'));
    project.write('.env', 'A=1\n');
    project.write('mise.toml', '[env]\nB = "2"\n');
    const before = await project.built();
    expect(Object.fromEntries(before.environment.variables)).toEqual({ A: '1' });
    expect(before.reuse).toMatchObject({ kind: 'reusable', variables: ['PATH'] });
    symlinkSync(realTool('mise'), join(bin, 'mise'));
    expect(await changedSince(before.observations)).toHaveLength(1);
    expect((await project.built()).all).toMatchObject({ A: '1', B: '2' });
    rmSync(join(bin, 'mise'));
    expect((await project.built()).all).not.toHaveProperty('B');
  });

  it('comes as soon as the mise that was put there becomes executable', async () => {
    const path = join(bin, 'mise');
    rmSync(path);
    project.write(path, `#!/bin/sh\nexec ${realTool('mise')} "$@"\n`, 0o644);
    project.write('mise.toml', '[env]\nA = "1"\n');
    const { observations, all } = await project.built();
    expect(all).not.toHaveProperty('A');
    chmodSync(path, 0o755);
    expect(await changedSince(observations)).toHaveLength(1);
    expect((await project.built()).all).toMatchObject({ A: '1' });
  });

  it('is that of the project although mise is active in the shell that devshell was started in', async () => {
    project.write('mise.toml', '[env]\nA = "1"\n_.path = "bin"\n');
    Object.assign(project.variables, { MISE_SHELL: 'bash', __MISE_ORIG_PATH: project.variables['PATH'], PATH: `${project.root}/bin:${project.variables['PATH'] ?? ''}` });
    const { all, environment } = await project.built();
    expect(all['PATH']?.split(':').filter((one) => one === `${project.root}/bin`)).toHaveLength(1);
    expect(environment.variables.get('A')).toBe('1');
  });
});

describe('what mise goes by', () => {
  /** Builds with a mise whose system calls are noted, and returns the paths that it asked for. */
  async function traced(): Promise<{ readonly asked: string[]; readonly observations: readonly Observation[] }> {
    const trace = join(project.base, 'trace');
    rmSync(join(bin, 'mise'));
    chmodSync(project.write(join(bin, 'mise'), `#!/bin/sh\nexec strace -f -e trace=%file -o ${trace} ${realTool('mise')} "$@"\n`), 0o755);
    const { observations } = await project.built();
    const paths = [...readFileSync(trace, 'utf8').matchAll(/"(\/[^"]*)"/g)].map(([, path = '']) => path);
    return { asked: [...new Set(paths)], observations };
  }

  // What mise keeps for itself, and what does not bear on the environment.
  const own = /\/\.local\/state\/|\/\.cache\/|trusted-configs|\/mise\/(migrations|shims|plugins|tracked[-_]config[-_]files)(\/|$)|\.mise-installs\.toml$|\/incomplete$/;

  it('is an input, each file that it asks the system for, also where there is none', async () => {
    project.write('mise.toml', `[settings]\nidiomatic_version_file_enable_tools = ["node", "python", "ruby", "go"]\nenv_file = "local.env"\n[env]\nA = "1"\n_.file = ["more.env", "~/secret.env"]\n`);
    project.write('../mise.toml', '[[env]]\nB = "1"\n_.file = "{{ config_root }}/above.env"\n');
    project.write('mise.production.toml', '[env]\nC = "1"\n_.source = [{ path = "production.sh" }]\n');
    project.write('.mise/config.toml', '[env._]\nfile = [\n  "list.env", # a comment\n]\n');
    project.write(join(home, '.config/mise/config.toml'), '[env]\n_.file = "user.env"\n');
    Object.assign(project.variables, { MISE_ENV: 'production', MISE_TRUSTED_CONFIG_PATHS: project.base });
    const { asked, observations } = await traced();
    const files = asked.filter((path) => path.startsWith(`${project.base}/`) && !path.startsWith(`${bin}/`) && !own.test(path));
    expect(files).toEqual(expect.arrayContaining(['more.env', 'local.env', 'production.sh', 'list.env', '../above.env', '../home/secret.env', '../home/user.env', '.nvmrc'].map((path) => join(project.root, path))));
    const unseen: string[] = [];
    for (const path of files.filter((one) => !existsSync(one))) {
      const made = /\/(conf\.d|installs)$/.test(path) ? join(path, 'x.toml') : path;
      project.write(made, '');
      if ((await changedSince(observations)).length === 0) unseen.push(path);
      rmSync(made);
      for (let directory = dirname(made); directory.length > project.base.length; directory = dirname(directory)) removeEmpty(directory);
    }
    expect(unseen).toEqual([]);
    expect(await changedSince(observations)).toEqual([]);
  });

  it('is an input, what is installed, and which of it is wanted', async () => {
    project.write('mise.toml', '[tools]\nnode = "22"\n');
    project.write(join(home, '.local/share/mise/installs/node/22.1.0/bin/node'), '#!/bin/sh\n', 0o755);
    const { environment, observations } = await project.built();
    expect(environment.lists.get('PATH')?.front).toEqual([join(home, '.local/share/mise/installs/node/22.1.0/bin')]);
    project.write(join(home, '.local/share/mise/installs/node/22.2.0/bin/node'), '#!/bin/sh\n', 0o755);
    expect(await changedSince(observations)).not.toEqual([]);
    expect((await project.built()).environment.lists.get('PATH')?.front).toEqual([join(home, '.local/share/mise/installs/node/22.2.0/bin')]);
  });

  it.each([
    ['A = "{{ exec(command=\'date\') }}"', 'exec'],
    ['A = "{{read_file(path=\'VERSION\')}}"', 'read_file'],
    ['_.file = "{{ vars.name }}"', '{{ vars.name }}'],
    ['_.secrets = { vault = "x" }', '_.secrets'],
  ])('is not all to be seen from here with %s', async (line, name) => {
    project.write('mise.toml', `[vars]\nname = "x.env"\n[env]\n${line}\n`);
    project.write('VERSION', '1\n');
    const outcome = await project.build();
    if (outcome.kind === 'built') expect(outcome.reuse).toMatchObject({ kind: 'once', reason: expect.stringContaining(`mise.toml uses ${name}`) as string });
    else expect(outcome).toMatchObject({ kind: 'failed' }); // A plugin that is not there.
  });

  it('is what its files name, and not what its tasks do', () => {
    const text = '[tasks.x]\nrun = "{{exec(command=\'x\')}}"\n[env]\n_.file = ["a", { path = ["b", "c"] }]\n_.python.venv = { path = ".venv", create = true }\n[vars]\n_.source = "d"\n[settings]\nenv_file = "e"\n';
    expect(readMise(text)).toEqual({ names: ['a', 'b', 'c', '.venv/pyvenv.cfg', 'd'], envFiles: ['e'], computing: undefined });
    expect(readMise('[env\n')).toEqual({ names: [], envFiles: [], computing: undefined });
  });
});

describe('a mise that fails', () => {
  const failing: readonly (readonly [what: string, toml: string, problem: object])[] = [
    ['a syntax error', '[env]\nA = "1"\nB = \n', { file: 'mise.toml', line: 3, column: 5, message: expect.stringMatching(/^exec exited with 1: Invalid TOML in config file: \S/) as string }],
    ['a value that is none', '[env]\nC = 1.5\n', { file: 'mise.toml', message: expect.stringContaining("failed to parse environment variable 'C'") as string }],
    ['a template', '[env]\nA = "{{ nope }}"\n', { file: 'mise.toml', line: 1, message: expect.stringContaining('exec exited with 1: Variable `nope` is not defined') as string }],
    ['a required variable', '[env]\nA = { required = true }\n', { message: expect.stringContaining("exec exited with 1: Required environment variable 'A' is not defined") as string }],
    ['its version', 'min_version = "2099.1.1"\n', { message: expect.stringContaining('exec exited with 1: mise version 2099.1.1 is required') as string }],
  ];

  it.each(failing)('says why: %s', async (_, toml, problem) => {
    project.write('mise.toml', toml);
    expect((await project.problems())[0]).toMatchObject(problem);
  });

  it('says what it does not trust: a file above the project, which nobody was asked for', async () => {
    project.write('mise.toml', '[env]\nA = "1"\n');
    project.write('../mise.toml', '[env]\nB = "1"\n');
    expect((await project.problems())[0]).toMatchObject({ message: `exec exited with 1: Config files in ${project.base}/mise.toml are not trusted.`, hint: expect.stringContaining('mise trust') as string });
  });
});

function removeEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Not empty.
  }
}
