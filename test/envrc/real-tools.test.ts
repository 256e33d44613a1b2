// Layouts and uses with the programs that they are for, as Debian and npm have them: the same environment as from the real direnv.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { realTool } from '../support/real-tools.ts';
import { changesOf, changesOfDirenv } from './direnv.ts';
import { EnvrcProject } from './support.ts';

const never = new AbortController().signal;
let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

/** Runs a program of the project's user, with its home. */
function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project.root, env: project.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

async function same(envrc: string): Promise<Record<string, string | null>> {
  project.write('.envrc', envrc);
  const ours = await changesOf(project);
  // direnv 2.32 has the whole version of Python in the name of the directory; since 2.33 the patch level is left out.
  const direnv = JSON.parse(JSON.stringify(changesOfDirenv(project)).replaceAll(/(\/python-3\.\d+)\.\d+/g, '$1')) as typeof ours;
  expect(ours).toEqual(direnv);
  return ours;
}

describe('the same as with direnv', () => {
  it('layout python, python3 and one that is named: virtual environments of the real Python', async () => {
    const ours = await same('layout python3 --without-pip\n');
    expect(run(`${ours['VIRTUAL_ENV'] ?? ''}/bin/python`, '-c', 'import sys; print(sys.prefix)')).toBe(`${ours['VIRTUAL_ENV'] ?? ''}\n`);
    await same('layout python /usr/bin/python3 --without-pip\n');
    await same('export VIRTUAL_ENV=.venv\nlayout python3 --without-pip\n');
  });

  it('layout ruby and layout perl: what they install lies below the project', async () => {
    const ruby = await same('layout ruby\n');
    const env = { ...project.env, ...Object.fromEntries(Object.entries(ruby).map(([name, value]) => [name, value ?? ''])) };
    const gems = execFileSync('ruby', ['-e', 'puts Gem.dir, Gem.bindir'], { env, encoding: 'utf8' });
    expect(gems.split('\n')).toEqual([project.path('.direnv/ruby'), project.path('.direnv/ruby/bin'), '']);
    const perl = await same('layout perl\n');
    project.write('.direnv/perl5/lib/perl5/Mine.pm', 'package Mine; sub hello { print "hello\\n" } 1;\n');
    expect(execFileSync('perl', ['-MMine', '-e', 'Mine::hello()'], { env: { ...project.env, PERL5LIB: perl['PERL5LIB'] ?? '' }, encoding: 'utf8' })).toBe('hello\n');
  });

  it('layout pipenv: made when it is first asked for, and found after that', async () => {
    project.write('Pipfile', '[packages]\n\n[dev-packages]\n');
    const { all, observations } = await project.build('layout pipenv\n');
    expect(all['VIRTUAL_ENV']).toMatch(new RegExp(`^${project.home}/\\.local/share/virtualenvs/project-`));
    expect(project.log).toContain('Successfully created virtual environment');
    expect(existsSync(project.path('Pipfile.lock'))).toBe(true);
    expect(project.inputs(observations)).toEqual(['.envrc', 'Pipfile']);
    expect(await same('layout pipenv\n')).toMatchObject({ VIRTUAL_ENV: all['VIRTUAL_ENV'], PIPENV_ACTIVE: '1' });
    const seen = observations.map(({ input }) => fingerprint(input, never));
    expect(await Promise.all(seen)).toEqual(observations.map((one) => one.fingerprint));
  });

  it('layout pipenv without a Pipfile: nothing', async () => {
    expect(await project.problem('layout pipenv\n')).toMatchObject({ message: expect.stringContaining('No Pipfile found') as string });
  });

  it('use rbenv: the shims, and the version that the project wants', async () => {
    project.write(join(project.home, '.rbenv/versions/3.1.0/bin/ruby'), '#!/bin/sh\necho ruby 3.1.0\n', 0o755);
    project.write('.ruby-version', '3.1.0\n');
    const ours = await same('use rbenv\n');
    expect(ours).toMatchObject({ RBENV_SHELL: 'bash' });
    expect(ours['PATH']?.split(':')[0]).toBe(join(project.home, '.rbenv/shims'));
    const env = { ...project.env, PATH: ours['PATH'] ?? '' };
    expect(execFileSync('ruby', { cwd: project.root, env, encoding: 'utf8' })).toBe('ruby 3.1.0\n');
  });

  it('opam env, also by our layout, which direnv 2.32 does not know yet', async () => {
    project.write(join(project.base, 'repository/repo'), 'opam-version: "2.0"\n');
    run('opam', 'init', '--bare', '--disable-sandboxing', '--no-setup', '--yes', join(project.base, 'repository'));
    run('opam', 'switch', 'create', '.', '--empty', '--yes');
    const expected = await same('export OPAMSWITCH=$PWD\neval "$(opam env)"\n');
    expect(expected).toMatchObject({ OPAMSWITCH: project.root, OPAM_SWITCH_PREFIX: project.path('_opam') });
    expect(expected['PATH']?.split(':')[0]).toBe(project.path('_opam/bin'));
    project.write('.envrc', 'layout opam\n');
    expect(await changesOf(project)).toEqual(expected);
  });

  it('use mise, by the function that mise makes for direnv, and mise env', async () => {
    useMise();
    project.write('mise.toml', '[env]\nA = "it\'s $(x)"\nLINES = "a\\nb"\n_.path = "bin"\n');
    const expected = await same('use mise\n');
    expect(expected).toMatchObject({ A: "it's $(x)", LINES: 'a\nb', PATH: `${project.path('bin')}:${project.env['PATH'] ?? ''}` });
    expect(await same('eval "$(mise env --shell bash)"\n')).toEqual(expected);
    expect(await same('PATH_add tools\nuse mise\nexport B=$A\nlayout node\n')).toMatchObject({ B: "it's $(x)" });
  });
});

it.each(['use mise\n', 'eval "$(mise env -s bash)"\n', 'source <(mise env -s bash)\n', 'direnv_load mise exec -- direnv dump\n'])('what mise goes by is an input of an .envrc that says %j', async (envrc) => {
  useMise();
  project.write('mise.toml', '[env]\nA = "1"\n_.file = "more.env"\n');
  const { all, observations } = await project.build(envrc);
  expect(all['A']).toBe('1');
  expect(project.inputs(observations)).toEqual(expect.arrayContaining(['mise.toml', 'more.env']));
});

/** Trusted, and with its function among the user's libraries. */
function useMise(): void {
  const bin = join(project.base, 'bin');
  mkdirSync(bin);
  symlinkSync(realTool('mise'), join(bin, 'mise'));
  Object.assign(project.env, { PATH: `${bin}:${project.env['PATH'] ?? ''}`, MISE_TRUSTED_CONFIG_PATHS: project.root });
  project.write(join(project.home, '.config/direnv/lib/use_mise.sh'), run('mise', 'direnv', 'activate'));
}
