// The same files evaluated by the real direnv: the same environment. Left out is what differs on purpose (docs/envrc.md), and what direnv 2.32
// from Debian does not know yet: GOBIN, and PWD in dotenv files.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changesOf, changesOfDirenv } from './direnv.ts';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

const cases: readonly (readonly [what: string, envrc: string])[] = [
  ['plain exports', 'export A=1 B="two words" C=\'$x\'\nD=not\nexport E=$A$B\n'],
  ['odd values', 'export NL=$\'a\\nb\\n\' TAB=$\'\\t\' UNI="é♀ 日本" QUOTE="\'\\"" BACK="\\\\\\\\" EMPTY= DOLLAR=\'$HOME\' STAR="*" BELL=$\'\\a\\001\'\n'],
  ['paths', 'PATH_add bin ../x\npath_add FOO a b\npath_add FOO c\nexport BAR=/1:/2:/3\npath_rm BAR "/2"\n'],
  ['unset', 'unset USER\nunset NOTHING\n'],
  ['sources', 'source lib.sh\n. ./lib.sh two\nsource_env sub\nsource_env_if_exists nothing\nsource_up_if_exists\n'],
  ['the nearest above', 'cd sub/deep\nexport UP=$(find_up lib.sh)\nsource_up lib.sh\n'],
  ['dotenv', 'dotenv\ndotenv_if_exists .env.none\ndotenv conf/.env\n'],
  ['dumps', 'direnv_load bash -c "export X=1 Y=\\$\'a\\\\nb\'; unset USER; direnv dump"\nexport Z=$X\n'],
  ['a last command that fails', 'export A=1\nfalse\n'],
  ['exit 0', 'export A=1\nexit 0\nexport B=1\n'],
  ['return', 'export A=1\nreturn 0\nexport B=1\n'],
  ['local at the top', 'local x=1\nexport A=$x\n'],
  ['shell options', 'for f in *.nothing; do export NEVER=1; done\nshopt -q extglob && export EXT=1\n[[ abc == a*(b)c ]] && export MATCH=1\n'],
  ['a layout and a use of the file', 'layout_mine() { export LAYOUT="$*"; }\nuse_mine() { export USE="$*"; }\nlayout mine a "b c"\nuse mine 1 2\n'],
  ['layouts', 'layout node\nlayout php\nlayout perl\nlayout julia\n'],
  ['paths as text', 'export A=$(expand_path a/../b//c) B=$(expand_path ../x /y/z) C=$(user_rel_path "$HOME/x") D=$(user_rel_path /etc)\n'],
  ['prefixes', 'load_prefix /opt/x\nunset MANPATH\n'],
  ['strictness', 'strict_env\nexport A=1\nunstrict_env\nfalse\nexport B=$NOPE\n'],
  ['a child that changes nothing', 'direnv_load direnv dump\nexport A=1\n'],
  ['what is exported late', 'A=1\nf() { export B=$A; }\nf\nexport A\nexport -n A\n'],
  ['functions called in subshells', 'export A=$(has cat && echo yes) B=$(join_args "a b" c)\n(export LOST=1)\necho x | export LOST=2\n'],
];

describe('the same as direnv', () => {
  it.each(cases)('%s', async (_, envrc) => {
    project.write('lib.sh', 'export LIB=${1-none} COUNT=$#\n');
    project.write('sub/.envrc', 'export SUB=$PWD\nPATH_add tools\nlayout node\n');
    project.write('sub/deep/x', '');
    project.write('.env', 'export FOO=bar\nBAZ="$FOO ${USER}"\nQUX: \'raw $FOO\'\n# comment\nMULTI=a#b\n');
    project.write('conf/.env', 'DEF=${NOPE:-default}\n');
    project.write('.envrc', envrc);
    expect(await changesOf(project)).toEqual(changesOfDirenv(project));
  });
});
