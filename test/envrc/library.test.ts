// Every function of the library, with the meaning that direnv gives it.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

/** The environment of an .envrc, as far as `names` goes. */
async function values(envrc: string, ...names: string[]): Promise<(string | undefined)[]> {
  const { all } = await project.build(envrc);
  return names.map((name) => all[name]);
}

describe('files in the same evaluation', () => {
  it('dotenv wants its file, dotenv_if_exists does not', async () => {
    project.write('.env', 'export FOO=bar\n');
    project.write('conf/.env', 'DIR=1\n');
    expect(await values('dotenv .env.none || export MISSING=1\ndotenv\ndotenv conf\ndotenv_if_exists .env.none && export STATUS=0\n', 'FOO', 'DIR', 'MISSING', 'STATUS')).toEqual(['bar', '1', '1', '0']);
    expect(project.log).toContain(`.env at ${project.path('.env.none')} not found`);
  });

  it('find_up and source_up search above', async () => {
    project.write('README.md', '');
    project.write('a/b/.envrc', 'source_up\nexport FOUND=$(find_up README.md)\nfind_up nowhere.at.all || export NONE=1\nsource_up nowhere || export NO_UP=1\nsource_up_if_exists nowhere && export OK_UP=1\n');
    project.write('a/.envrc', 'export FROM_A=1\nexport A_PWD=$PWD\n');
    expect(await values('source_env a/b\n', 'FOUND', 'NONE', 'FROM_A', 'A_PWD', 'NO_UP', 'OK_UP')).toEqual([project.path('README.md'), '1', '1', project.path('a'), '1', '1']);
  });

  it('source_env_if_exists says what it loads, relative to the home', async () => {
    project.env['HOME'] = project.root;
    project.write('existing_file', 'export FOO=bar\n');
    expect(await values('source_env_if_exists none\nsource_env_if_exists existing_file\n', 'FOO')).toEqual(['bar']);
    expect(project.log).toContain('loading ~/existing_file');
  });

  it('env_vars_required wants them exported and not empty', async () => {
    expect(await values('export FOO=1\nenv_vars_required FOO && export ONE=1\nBAR=1\nexport BAZ=\nenv_vars_required BAR BAZ MISSING || export FAILED=$?\n', 'ONE', 'FAILED')).toEqual(['1', '1']);
    for (const name of ['BAR', 'BAZ', 'MISSING']) expect(project.log).toContain(`env var ${name} is required but missing/empty`);
    expect(project.log).not.toContain('FOO is required');
  });

  it.each([['/etc/passwd', 'path must be relative'], ['../etc/passwd', "must not contain '..'"], ['foo/../bar', "must not contain '..'"]])('require_allowed refuses %s', async (path, message) => {
    expect((await project.problem(`require_allowed ${path}\n`)).message).toContain(message);
  });

  it('source_url and fetchurl check what they fetch, and keep it', async () => {
    const text = 'export FETCHED=1\n';
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/lib.sh' ? 200 : 404;
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lib.sh`;
    const integrity = `sha256-${createHash('sha256').update(text).digest('base64')}`;
    try {
      expect(await values(`source_url ${url} ${integrity}\nexport HASH=$(fetchurl ${url})\nexport AT=$(direnv fetchurl ${url} ${integrity})\n`, 'FETCHED', 'HASH')).toEqual(['1', integrity]);
      const wrong = integrity.replace(/.{4}$/, 'AAA=');
      expect(await values(`source_url ${url} ${wrong} || export WRONG=1\nsource_url ${url} || export NO_HASH=1\nfetchurl ${url}x ${wrong} || export GONE=1\n`, 'WRONG', 'NO_HASH', 'GONE', 'FETCHED')).toEqual(['1', '1', '1', undefined]);
      expect(project.log).toContain('hash mismatch');
    } finally {
      server.close();
    }
    expect(await values(`source_url ${url} ${integrity}\n`, 'FETCHED')).toEqual(['1']);
  });
});

describe('paths', () => {
  it('PATH_add and path_add prepend in order, absolute, without an empty element', async () => {
    const [path, empty, more] = await values('PATH_add a ./b ../c\npath_add EMPTY x\nexport TRAIL=/t:\npath_add TRAIL y\n', 'PATH', 'EMPTY', 'TRAIL');
    expect(path).toBe([project.path('a'), project.path('b'), `${project.base}/c`, project.env['PATH']].join(':'));
    expect([empty, more]).toEqual([project.path('x'), `${project.path('y')}:/t`]);
  });

  it('PATH_rm and path_rm take out what matches a pattern, also from what was there before', async () => {
    project.env['PATH'] = `${project.env['PATH']!}:/home/foo/bin:/home/foo/.local/bin`;
    expect(await values("PATH_rm '/home/foo/*'\nexport SOME=/usr/local/bin:/usr/bin:/home/foo/.local/bin\npath_rm SOME '/home/foo/*' /nothing\n", 'PATH', 'SOME')).toEqual([
      project.env['PATH'].replaceAll(/:\/home\/foo[^:]*/g, ''),
      '/usr/local/bin:/usr/bin',
    ]);
  });

  it('MANPATH_add keeps the manual pages of the system', async () => {
    expect((await project.build('MANPATH_add man\n')).environment.lists.get('MANPATH')).toEqual({ front: [project.path('man')], back: [] });
  });

  it('load_prefix sets all that a prefix has', async () => {
    const at = project.path('opt');
    expect(await values('load_prefix opt\n', 'CPATH', 'LD_LIBRARY_PATH', 'LIBRARY_PATH', 'PKG_CONFIG_PATH')).toEqual([`${at}/include`, `${at}/lib`, `${at}/lib`, `${at}/lib/pkgconfig`]);
    expect((await project.build()).environment.lists.get('MANPATH')?.front).toEqual([`${at}/share/man`, `${at}/man`]);
  });

  it.each([
    ['./bar', '', '$PWD/bar'],
    ['../foo', '/usr/local/games', '/usr/local/foo'],
    ['a/./b//c/../d/', '', '$PWD/a/b/d'],
    ['/x/../../y', '', '/y'],
    ['', '', '$PWD'],
    ['..', '/', '/'],
    ['sp ace', '/a b', '/a b/sp ace'],
  ])('expand_path %j %j', async (path, base, expected) => {
    expect(await values(`export P="$(expand_path '${path}'${base === '' ? '' : ` '${base}'`})"\n`, 'P')).toEqual([expected.replace('$PWD', project.root)]);
  });

  it('user_rel_path, join_args and has', async () => {
    expect(await values('export A=$(user_rel_path "$HOME/my/project") B=$(user_rel_path /usr/lib) C="$(join_args a "b c" "\\$d")"\nhas cat && has PATH_add && ! has nonesuch && export D=1\n', 'A', 'B', 'C', 'D')).toEqual(['~/my/project', '/usr/lib', 'a b\\ c \\$d ', '1']);
  });

  it.each([
    ['program-', '1.4.0', '1.4.0'],
    ['program-', '1.4', '1.4.1'],
    ['program-', '1', '1.10.0'],
    ['program-', '1.8', ''],
    ['', '1.6', '1.6.0'],
    ['program-', '', '1.10.0'],
    ['', '', '1.6.0'],
  ])('semver_search %j %j', async (prefix, partial, expected) => {
    for (const name of ['program-1.4.0', 'program-1.4.1', 'program-1.5.0', 'program-1.10.0', '1.6.0']) mkdirSync(project.path('versions', name), { recursive: true });
    expect(await values(`export V=$(semver_search versions '${prefix}' '${partial}')\n`, 'V')).toEqual([expected]);
  });
});

describe('strictness and versions', () => {
  it('strict_env and unstrict_env, alone and for one command', async () => {
    const options = 'o() { local x=; for n in errexit nounset pipefail; do [[ :$SHELLOPTS: == *:$n:* ]] && x+=1 || x+=0; done; eval "$1=$x"; }';
    const envrc = `${options}\no A\nstrict_env\no B\nunstrict_env\no C\nset -o errexit\nunstrict_env o D\no E\nunstrict_env\nstrict_env o F\no G\nunstrict_env false || H=$?\nexport A B C D E F G H\n`;
    expect(await values(envrc, 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')).toEqual(['000', '111', '000', '000', '100', '111', '000', '1']);
  });

  it('strict_env ends the evaluation when its command fails', async () => {
    expect(await project.problem('export A=1\nstrict_env has nonesuch\nexport B=1\n')).toMatchObject({ file: '.envrc', line: 2 });
  });

  it("direnv.toml's strict_env, and how it wants messages", async () => {
    project.write(`${project.home}/.config/direnv/direnv.toml`, 'log_format = "<%s>"\n[global]\nstrict_env = true\n');
    expect(await project.problem('log_status hello\nexport A=$NOPE\n')).toMatchObject({ line: 2 });
    expect(project.log).toContain('<hello>\n');
  });

  it('direnv_version and `direnv version` know what they stand for', async () => {
    const checks = 'direnv_version 2.21.3 && direnv version v2.37 && ! direnv_version 3.0.0 && ! direnv version abc && [[ $(direnv --version) == 2.* ]] && export OK=1\n';
    expect(await values(checks, 'OK')).toEqual(['1']);
  });

  it('the shell options that direnv sets', async () => {
    expect(await values('shopt -q gnu_errfmt nullglob extglob && export OK=1\n', 'OK')).toEqual(['1']);
  });
});

describe('git', () => {
  it('on_git_branch follows HEAD', async () => {
    const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { cwd: project.root, encoding: 'utf8', env: project.env });
    const envrc = 'on_git_branch && export GIT=1\non_git_branch main && export MAIN=1\non_git_branch -r "^fea" && export FEATURE=1\non_git_branch -r || export NO_PATTERN=1\n';
    expect(await values(envrc, 'GIT', 'MAIN', 'FEATURE')).toEqual([undefined, undefined, undefined]);
    git('init', '-q', '-b', 'main');
    const { all, observations } = await project.build();
    expect([all['GIT'], all['MAIN'], all['FEATURE'], all['NO_PATTERN']]).toEqual(['1', '1', undefined, '1']);
    expect(project.inputs(observations)).toContain('.git/HEAD');
    git('checkout', '-q', '-b', 'feature');
    expect(await values(envrc, 'GIT', 'MAIN', 'FEATURE')).toEqual(['1', undefined, '1']);
  });
});

describe('the direnv that an .envrc calls', () => {
  it('dumps environments that know nothing of it', async () => {
    const { all } = await project.build('direnv_load env -i PATH="$PATH" DIRENV_DUMP_FILE_PATH=x true || :\ndirenv_load bash -c \'env -i PATH="$PATH" ONLY=1 DIRENV_DUMP_FILE_PATH="$DIRENV_DUMP_FILE_PATH" direnv dump\'\n');
    expect(all['ONLY']).toBe('1');
    expect(all).not.toHaveProperty('HOME');
    expect(Object.keys(all).filter((name) => /^(DIRENV|DEVSHELL)_/.test(name))).toEqual([]);
  });

  it('answers what libraries ask, and is not on PATH afterwards', async () => {
    const envrc = `watch_file one
eval "$(direnv watch bash two)"
printf '1234 three\\n' | direnv watch-list >/dev/null
export LISTED=$(direnv watch-print | wc -l)
export JSON=$(direnv show_dump "$DIRENV_WATCHES" | tr -d '\\n ')
export WATCHES=$(direnv watch json four | head -2 | tail -1)
eval "$(FOO='a"b' direnv dump >d; direnv apply_dump d)"
direnv_apply_dump d
export DUMPED=$(X=$'é\\n"\\\\\\t' direnv dump json | grep '"X"')
printf 'DOT="env"\\n' >.env2
eval "$(direnv dotenv bash .env2)"
export STDLIB=$(bash -c 'eval "$(direnv stdlib)"; expand_path x')
direnv log -status "some status"
export WHERE=$(command -v direnv)
mkdir -p other && echo 'export OTHER=$PWD' >other/.envrc
export EXEC=$(direnv exec other printenv OTHER)
export EXPORT=$(cd other && direnv export bash)
`;
    const { all } = await project.build(envrc);
    expect(all).toMatchObject({ FOO: 'a"b', DUMPED: '  "X": "é\\n\\"\\\\\\t"', DOT: 'env', STDLIB: project.path('x'), EXEC: project.path('other') });
    expect(all['EXPORT']).toBe(`export OTHER=${project.path('other')};`);
    expect(all['JSON']).toContain(`"path":"${project.path('two')}"`);
    expect(all['WATCHES']).toMatch(/^ {2}"DIRENV_WATCHES": "devshell:/);
    expect(all['WHERE']).toMatch(/shell\/envrc\/bin\/direnv$/);
    expect(all['PATH']).toBe(project.env['PATH']);
    expect(project.log).toContain('envrc: some status');
  });
});
