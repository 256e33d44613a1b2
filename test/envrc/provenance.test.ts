// Which line of whose file set what, and which files an evaluation depends on.

import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputPath } from '../../src/model/input.ts';
import { fingerprint } from '../../src/watch/fingerprint.ts';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

describe('the line that set a variable', () => {
  it('is told of each step on the way, so that every element of a list has one', async () => {
    project.write('lib/more.envrc', 'PATH_add scripts\nexport A="$A+more"\n');
    const { provenance, all } = await project.build(`export A=1
PATH_add bin
source_env lib/more.envrc
for i in 1 2 3; do export LOOP=$i; done
`);
    const steps = (name: string) => (provenance?.variables.get(name) ?? []).map(({ origin: { file, line }, value }) => `${file}:${line} ${value}`);
    expect(steps('A')).toEqual(['.envrc:1 1', 'lib/more.envrc:2 1+more']);
    expect(steps('LOOP')).toEqual(['.envrc:4 3']);
    const [first = '', second = '', ...others] = steps('PATH');
    expect(others).toEqual([]);
    expect(first.startsWith(`.envrc:2 ${project.path('bin')}:`)).toBe(true);
    expect(second).toBe(`lib/more.envrc:1 ${all['PATH']!}`);
  });

  it('is that of the file, also of a sourced one, and for our functions the line that called them', async () => {
    project.write('lib/vars.sh', '# first\nexport IN_LIB=1\nset_it() {\n  export IN_FUNCTION=1\n}\n');
    project.write('.env', 'FROM_DOTENV=1\n');
    project.write('sub/.envrc', '\nexport SUB=$PWD\nPATH_add tools\n');
    const { set, all } = await project.build(`export A=1 B=2
C=3
source lib/vars.sh
set_it
PATH_add bin
dotenv
source_env sub
export C
read -r R <<<"x"; export R
printf -v P %s y
export P
path_add GOPATH one two
export ML="a
b"
eval 'export E1=1
export E2=2'
declare -x DECLARED=1
local L=2
export L
set -a
ALL=1
set +a
unset USER
source <(echo "export PIPED=1"); source /dev/stdin <<<"export READ=1"
export LAST=1
`);
    expect(all).toMatchObject({ SUB: project.path('sub'), ML: 'a\nb', DECLARED: '1', L: '2', ALL: '1', GOPATH: `${project.path('one')}:${project.path('two')}` });
    expect(set).toEqual({
      A: '.envrc:1',
      B: '.envrc:1',
      C: '.envrc:8',
      IN_LIB: 'lib/vars.sh:2',
      IN_FUNCTION: 'lib/vars.sh:4',
      FROM_DOTENV: '.envrc:6',
      SUB: 'sub/.envrc:2',
      PATH: 'sub/.envrc:3',
      R: '.envrc:9',
      P: '.envrc:11',
      GOPATH: '.envrc:12',
      ML: '.envrc:14',
      E1: '.envrc:16',
      E2: '.envrc:16',
      DECLARED: '.envrc:17',
      L: '.envrc:19',
      ALL: '.envrc:21',
      USER: '.envrc:23',
      PIPED: '.envrc:24',
      READ: '.envrc:24',
      LAST: '.envrc:25',
    });
  });

  it('is known where the file switches tracing on, off, and changes its form', async () => {
    project.write('late.sh', 'export LATE=1\n');
    const { set, observations } = await project.build('export A=1\nset -x\nexport B=2\nset +x\nexport C=3\n. ./late.sh\nPS4="> "\nexport D=4\n');
    expect(set).toEqual({ A: '.envrc:1', B: '.envrc:3', C: '.envrc:5', LATE: 'late.sh:1', D: '.envrc:8' });
    expect(project.inputs(observations)).toContain('late.sh');
    expect(project.log).toContain('+ export B=2\n');
    expect(project.log).not.toContain('+ export C=3');
  });
});

describe('the inputs', () => {
  it('are all that was sourced, watched, looked for in vain, and asked for', async () => {
    project.write('plain.sh', '. "${BASH_SOURCE[0]%/*}/nested.sh"\n');
    project.write('nested.sh', 'export NESTED=1\n');
    project.write('deep/er/.envrc', 'source_up\nfind_up marker\nsource_up_if_exists .nope\n');
    project.write('deep/.envrc', 'export UP=1\n');
    project.write('marker', '');
    const { all, observations } = await project.build(`source ./plain.sh
source_env deep/er
[[ -f .envrc.local ]] && source .envrc.local
test -e flag || [ -d folder ] || :
source_env_if_exists .envrc.private
dotenv_if_exists .env.local
watch_file a "b c"
x=$(direnv watch bash d; bash -c 'direnv watch json e >/dev/null')
`);
    expect(all).toMatchObject({ NESTED: '1', UP: '1' });
    expect(project.inputs(observations)).toEqual(
      [
        ...['.env.local', '.envrc', '.envrc.local', '.envrc.private', '.nope', 'a', 'b c', 'd', 'deep/.envrc', 'deep/.nope', 'deep/er/.envrc'],
        ...['deep/er/marker', 'deep/marker', 'e', 'flag', 'folder', 'marker', 'nested.sh', 'plain.sh'],
      ].sort(),
    );
    const never = new AbortController().signal;
    for (const { input, fingerprint: seen } of observations) expect([input, seen]).toEqual([input, await fingerprint(input, never)]);
  });

  it('are no more than was asked for: of a file that is only looked for, that it is there', async () => {
    project.write('data.db', 'x');
    project.write('odd[1].txt', 'x');
    const { observations } = await project.build('[[ -f data.db ]] && export DB=1\n[ -e "odd[1].txt" ] && export ODD=1\n[[ -e /proc/uptime ]] && mkdir -p .direnv/x\n[[ -d .direnv/x ]]\nfind_up data.db >/dev/null\n');
    const never = new AbortController().signal;
    const changed = async (): Promise<string[]> => {
      const seen = await Promise.all(observations.map(async ({ input, fingerprint: was }) => ((await fingerprint(input, never)) === was ? [] : [inputPath(input)])));
      return seen.flat().map((path) => path.slice(project.root.length + 1));
    };
    project.write('data.db', 'another');
    expect(await changed()).toEqual([]);
    rmSync(project.path('data.db'));
    rmSync(project.path('odd[1].txt'));
    expect((await changed()).sort()).toEqual(['data.db', 'odd\\[1\\].txt']);
    expect(observations.map(({ input }) => inputPath(input)).filter((path) => /proc|\.direnv\//.test(path))).toEqual([]);
  });

  it("include direnv's own files: settings, libraries, direnvrc, and that they may appear", async () => {
    const nothing = await project.build('export A=1\n');
    const config = `${project.home}/.config/direnv`;
    const outside = (paths: typeof nothing): string[] => paths.observations.flatMap(({ input }) => ('path' in input && input.path.startsWith(project.home) ? [input.path] : []));
    expect(outside(nothing).sort()).toEqual([`${project.home}/.direnvrc`, ...['config.toml', 'direnv.toml', 'direnvrc', 'lib'].map((name) => `${config}/${name}`)].sort());
    project.write(`${config}/lib/mine.sh`, 'use_mine() { export MINE=$1; }\n');
    project.write(`${config}/direnvrc`, 'layout_mine() { export LAYOUT=1; }\nexport FROM_RC=1\n');
    const { all, set } = await project.build('use mine 2\nlayout mine\n');
    expect(all).toMatchObject({ MINE: '2', LAYOUT: '1', FROM_RC: '1' });
    expect(set).toMatchObject({ FROM_RC: `${config}/direnvrc:2`, MINE: '.envrc:1', LAYOUT: '.envrc:2' });
  });

  it('keep what plain `source` means: arguments, status, and what it declares', async () => {
    project.write('lib.sh', 'declare -x DECLARED=$1\nexport COUNT=$#\nreturn 7\n');
    const { all } = await project.build('. ./lib.sh one two\nexport STATUS=$?\nset -- x y z\n. ./lib.sh\nexport AGAIN=$COUNT\n');
    expect(all).toMatchObject({ DECLARED: 'x', STATUS: '7', AGAIN: '3' });
  });
});
