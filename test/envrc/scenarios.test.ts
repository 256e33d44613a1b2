// direnv's own scenarios: what its test suite asserts, asserted of us.

import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { EnvrcProject } from './support.ts';

const never = new AbortController().signal;
let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

describe('what direnv does, an .envrc here does', () => {
  it('base: a variable is set', async () => {
    const { all, set } = await project.build('export HELLO=world\n');
    expect(all).toMatchObject({ HELLO: 'world' });
    expect(set).toEqual({ HELLO: '.envrc:1' });
  });

  it('inherit: a sourced file is loaded, and is an input', async () => {
    project.write('../inherited/.envrc', 'export HELLO=world\n');
    const { all, observations } = await project.build('source_env ../inherited/.envrc\n');
    expect(all['HELLO']).toBe('world');
    expect(observations.map(({ input }) => (input.kind === 'file' ? input.path : ''))).toContain(join(project.base, 'inherited/.envrc'));
    project.write('../inherited/.envrc', 'export HELLO=goodbye\n');
    expect((await project.build()).all['HELLO']).toBe('goodbye');
  });

  it('space dir: a directory with a space in its name', async () => {
    const spaced = await EnvrcProject.create('space dir');
    try {
      const { all } = await spaced.build('PATH_add "bin"\nexport SPACE_DIR=true\n');
      expect(all['PATH']?.split(':')[0]).toBe(`${spaced.root}/bin`);
      expect(all['SPACE_DIR']).toBe('true');
    } finally {
      spaced.remove();
    }
  });

  it('$test: a directory named like a variable', async () => {
    const odd = await EnvrcProject.create('$test');
    try {
      expect((await odd.build('export FOO=bar\n')).all['FOO']).toBe('bar');
    } finally {
      odd.remove();
    }
  });

  it('child-env: the environment of a child that dumps it', async () => {
    project.env['REMOVE_ME'] = '1';
    const { all } = await project.build(`set -e
export PARENT_PRE=1
direnv_load bash -c 'export CHILD=1; unset REMOVE_ME; echo noise; echo noise >&2; direnv dump'
export PARENT_POST=1
`);
    expect(all).toMatchObject({ PARENT_PRE: '1', CHILD: '1', PARENT_POST: '1' });
    expect(all).not.toHaveProperty('REMOVE_ME');
    expect(Object.keys(all).filter((name) => /^(DIRENV|DEVSHELL)_/.test(name))).toEqual([]);
  });

  it('special-vars: DIRENV_BASH and DIRENV_CONFIG survive', async () => {
    Object.assign(project.env, { DIRENV_BASH: '/bin/bash', DIRENV_CONFIG: join(project.base, 'config') });
    const { all, environment } = await project.build('');
    expect(all).toMatchObject({ DIRENV_BASH: '/bin/bash', DIRENV_CONFIG: join(project.base, 'config') });
    expect(environment.variables.size).toBe(0);
  });

  it('dump: odd values are exact, and a child that never dumps is an error but does not hang', async () => {
    const odd = { LS_COLORS: '*.ogg=38;5;45:*.wav=38;5;45', THREE_BACKSLASHES: '\\\\\\', LESSOPEN: '||/usr/bin/lesspipe.sh %s', LINES_IN: 'a\nb\n', QUOTES: `'"$x\`` };
    const words = Object.entries(odd).map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'`);
    const { all } = await project.build(`direnv_load env ${words.join(' ')} direnv dump\ndirenv_load true || export NOT_DUMPED=1\n`);
    expect(all).toMatchObject({ ...odd, NOT_DUMPED: '1' });
    expect(project.log).toContain("Environment not dumped; did you invoke 'direnv dump'?");
  });

  it('empty-var: set and empty', async () => {
    expect((await project.build('export FOO=""\n')).all['FOO']).toBe('');
  });

  it('empty-var-unset: what was set and empty becomes unset', async () => {
    project.env['FOO'] = '';
    expect((await project.build('unset FOO\n')).all).not.toHaveProperty('FOO');
  });

  it('in-envrc: DIRENV_IN_ENVRC is known within, and does not leak', async () => {
    const { all } = await project.build('bash -c \'[ "$DIRENV_IN_ENVRC" = 1 ]\' && export SEEN=1\n');
    expect(all['SEEN']).toBe('1');
    expect(all).not.toHaveProperty('DIRENV_IN_ENVRC');
  });

  it('missing-file-source-env: a directory without .envrc does no harm', async () => {
    mkdirSync(project.path('sub'));
    const { all, observations } = await project.build('source_env sub\nexport AFTER=1\n');
    expect(all['AFTER']).toBe('1');
    expect(project.inputs(observations)).toContain('sub/.envrc');
    expect(project.log).toContain('does not exist');
  });

  it('symlink-changed: a link that points elsewhere is a change', async () => {
    project.write('a', 'export STATE=A\n');
    project.write('b', 'export STATE=B\n');
    project.link('a', 'symlink');
    const { all, observations } = await project.build('watch_file ./symlink\n. ./symlink\n');
    expect(all['STATE']).toBe('A');
    const seen = observations.find(({ input }) => input.kind === 'file' && input.path === project.path('symlink'))!;
    project.link('b', 'symlink');
    expect(await fingerprint(seen.input, never)).not.toBe(seen.fingerprint);
    expect((await project.build()).all['STATE']).toBe('B');
  });

  it('symlink-dir: an .envrc that is a link', async () => {
    project.write('real/.envrc', 'export FOO=bar\n');
    symlinkSync('real/.envrc', project.path('.envrc'));
    expect((await project.build()).all['FOO']).toBe('bar');
  });

  it('utf-8: byte for byte, in any locale', async () => {
    expect((await project.build('export UTFSTUFF=♀♂\n')).all['UTFSTUFF']).toBe('♀♂');
    project.env['LC_ALL'] = 'C';
    expect((await project.build()).all['UTFSTUFF']).toBe('♀♂');
  });

  it('failure: it applies nothing, and has its inputs all the same', async () => {
    const { observations, message, file, line } = await project.problem('export A=1\nexit 5\n');
    expect({ message, file, line }).toEqual({ message: 'it ended with status 5', file: '.envrc', line: 2 });
    expect(project.inputs(observations)).toEqual(['.envrc']);
  });

  it('watch-dir: every file below it counts', async () => {
    project.write('testdir/nested/file', 'x');
    const { all, observations } = await project.build('watch_dir testdir\nexport LISTED="$(direnv watch-print)"\n');
    expect(project.inputs(observations)).toEqual(['.envrc', 'testdir/**/*', 'testdir/nested/file']);
    expect(all['LISTED']?.split('\n')).toContain(project.path('testdir'));
  });

  it('load-envrc-before-env: the .envrc wins over an .env beside it', async () => {
    project.write('.env', 'HELLO=foo\n');
    project.write('.envrc', 'export HELLO=bar\n');
    expect((await project.build()).all['HELLO']).toBe('bar');
  });

  it('load-env: an .env in place of the .envrc', async () => {
    project.file = '.env';
    expect((await project.build('HELLO=world\nHERE=$PWD\n')).all).toMatchObject({ HELLO: 'world', HERE: project.root });
    expect(await project.problem('HELLO=world\n...\n')).toMatchObject({ file: '.env', line: 2 });
  });

  it('a file below the root runs in its own directory', async () => {
    project.file = 'conf/dev.envrc';
    const { all, set } = await project.build('export HERE=$PWD\nPATH_add bin\n');
    expect(all['HERE']).toBe(project.path('conf'));
    expect(set).toMatchObject({ HERE: 'conf/dev.envrc:1', PATH: 'conf/dev.envrc:2' });
  });

  it('set -a: what bash and the library have of their own does not come along', async () => {
    const { environment } = await project.build('set -a\nA=1\nPATH_add bin\nuse_it() { read -r <<<"x y"; OPTIND=1; }\nuse it\nfind_up nowhere.at.all\nlayout node\n');
    expect([...environment.variables.keys(), ...environment.lists.keys()].sort()).toEqual(['A', 'PATH']);
  });

  it('an environment with nothing in it but PATH', async () => {
    for (const name of Object.keys(project.env)) if (name !== 'PATH') delete project.env[name];
    expect((await project.build('strict_env\nexport A=1\nsource_env_if_exists .none\ndotenv_if_exists\n')).all['A']).toBe('1');
  });

  it('require-allowed: it watches what it names', async () => {
    project.write('config.toml', 'x');
    const { all, observations } = await project.build('require_allowed config.toml\nexport SET=1\n');
    expect(all['SET']).toBe('1');
    expect(project.inputs(observations)).toEqual(['.envrc', 'config.toml']);
  });

  it('special characters: \\b and \\r are no escapes', async () => {
    expect((await project.build('export HI=hi\nexport PATHLIKE="C:\\\\bin\\\\return"\n')).all).toMatchObject({ HI: 'hi', PATHLIKE: 'C:\\bin\\return' });
  });
});
