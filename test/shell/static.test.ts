// What can be said of the scripts without running them, and that running them starts no process.

import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bashScript } from '../../src/script/bash.ts';
import { environmentOf, makePlace, shellDirectory, shellVariables } from './driver.ts';

const scripts = readdirSync(shellDirectory).filter((name) => name.endsWith('.bash'));

/** Runs a tool that must be there; its output if it found fault. */
function faults(tool: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(tool, args, { cwd: shellDirectory, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${tool} is missing; on Debian: apt-get install ${tool} (${error.message})`);
  return status === 0 ? '' : stdout + stderr;
}

test('ShellCheck has nothing to say about rcfile.bash and all that it reads.', () => {
  expect(faults('shellcheck', ['--shell=bash', '--external-sources', '--check-sourced', '--source-path=SCRIPTDIR', 'rcfile.bash'])).toBe('');
});

test('Every script is read by rcfile.bash, so that ShellCheck has seen it.', () => {
  const read = new Set(['rcfile.bash']);
  for (const name of read) {
    for (const [, source] of readFileSync(join(shellDirectory, name), 'utf8').matchAll(/# shellcheck source=(\S+\.bash)$/gm)) read.add(source as string);
  }
  expect([...read].sort()).toEqual([...scripts].sort());
});

test('The scripts are formatted as shfmt does it with two spaces.', () => {
  expect(faults('shfmt', ['--language-dialect', 'bash', '--indent', '2', '--case-indent', '--diff', '.'])).toBe('');
});

/** What bash 3.2 lacks, as far as it can be seen. */
const lacking: readonly (readonly [what: string, pattern: RegExp, example: string])[] = [
  ['associative arrays', /\b(declare|local|typeset)\s+-\w*A/, 'declare -A map'],
  ['${v@Q} and its kin', /\$\{[^}]*@[QEPAaULuKk]\}/, 'echo "${v@Q}"'],
  ['case changes', /\$\{!?\w+(\[[^\]]*\])?(\^|,)/, 'echo "${v^^}"'],
  ['mapfile', /\b(mapfile|readarray)\b/, 'mapfile -t lines'],
  ['|&', /\|&/, 'a |& b'],
  ['&>>', /&>>/, 'a &>>file'],
  ['coproc', /\bcoproc\b/, 'coproc cat'],
  ['declare -g', /\b(declare|local|typeset)\s+-\w*g/, 'declare -g v'],
  ['namerefs', /\b(declare|local|typeset)\s+-\w*n/, 'local -n v'],
  ["printf '%(...)T'", /%\([^)]*\)T/, "printf '%(%s)T'"],
  ['{fd}>', /(^|[\s;])\{\w+\}[<>]/, 'exec {fd}>file'],
  ['negative indices', /\[-\d/, 'echo "${a[-1]}"'],
  ['negative lengths', /\$\{\w+:[^}]*:\s*-/, 'echo "${v:0:-1}"'],
  ['[[ -v', /\[\[[^\]]*\s-v\s/, '[[ -v name ]]'],
  [';& and ;;&', /;;?&(?!&)/, 'a) b ;;&'],
  ['BASHPID and EPOCH*', /\$\{?(BASHPID|EPOCH\w+|SRANDOM)\b/, 'echo $BASHPID'],
  ['read -i and -N', /\bread\s+(-\w+\s+)*-\w*[iN]\b/, 'read -N 1'],
  ['printf -v into an element', /printf\s+-v\s+["']?\w+\[/, "printf -v 'a[1]' x"],
  ['unset of a negative index or wait -n', /\bwait\s+-n/, 'wait -n'],
  ['shopt globstar, lastpipe', /\b(globstar|lastpipe|inherit_errexit)\b/, 'shopt -s lastpipe'],
  ['here-strings into a temporary file', /<<</, 'read -r a <<<"$b"'],
  ['local - without a version', /^(?!.*__devshell_version < 404).*\blocal\s+-(\s|$)/, '  local -'],
  ['read -t 0 without a version', /^(?!.*__devshell_version < 400).*\bread\b.*-t\s*0/, '  read -t 0'],
];

describe('What bash 3.2 lacks is used nowhere', () => {
  test.each(lacking)('%s', (_, pattern, example) => {
    expect(example).toMatch(pattern);
    const found = scripts.flatMap((name) =>
      readFileSync(join(shellDirectory, name), 'utf8')
        .split('\n')
        .flatMap((line, index) => (pattern.test(line.replace(/(^|\s)#.*$/, '')) ? [`${name}:${index + 1}: ${line}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

test('Every name that the scripts leave behind begins with __devshell_.', () => {
  const place = makePlace();
  try {
    const list = 'compgen -v; compgen -A function; :';
    const names = (script: string): string[] =>
      execFileSync('bash', ['--noprofile', '--norc', '-c', `${script}\n${list}`], { encoding: 'utf8', env: shellVariables(place) }).trim().split('\n');
    const before = new Set([...names(':'), '_', 'BASH_REMATCH', 'PIPESTATUS', 'BASH_LINENO', 'REPLY']);
    const left = names('. "$DEVSHELL_SHELL_DIR/hook.bash"').filter((name) => !before.has(name) && !name.startsWith('__devshell_'));
    expect(left).toEqual([]);
  } finally {
    place.remove();
  }
});

test('No process is started: not while starting, applying, undoing, at a prompt with nothing new, by the signal, nor by the key.', () => {
  const place = makePlace();
  try {
    const environments = [
      environmentOf({ variables: { A: '1' }, lists: { PATH: { front: ['/ours'] }, MANPATH: { back: ['/man'] } }, functions: { f: 'echo f' }, aliases: { a: 'b' } }),
      environmentOf({ variables: { A: '2', B: '3' }, lists: { PATH: { front: ['/other', '/ours'] } }, functions: { f: 'echo g', g: ':' }, init: 'C=1; return 3' }),
      environmentOf({}),
    ];
    environments.forEach((environment, index) => {
      const name = index === 0 ? 'shell-env.sh' : index === 1 ? 'pending-env.sh' : 'held-env.sh';
      writeFileSync(join(place.session, name), bashScript(environment, index + 1));
    });
    writeFileSync(join(place.home, '.bashrc'), 'f() { :; }; alias a=x; PATH=/mine:$PATH; false');
    const script = [
      '. "$DEVSHELL_SHELL_DIR/rcfile.bash"',
      'DIRENV_DIFF=loaded PROMPT_COMMAND+=";_direnv_hook"; _direnv_hook() { :; }',
      'eval "$PROMPT_COMMAND"; echo "$A $B $C"; PATH=/user:$PATH; A=mine; unset -f f; eval "$PROMPT_COMMAND"',
      'unset DIRENV_DIFF; eval "$PROMPT_COMMAND"; eval "$PROMPT_COMMAND"',
      'eval "$__devshell_on_signal"',
      '__devshell_file=/nonexistent; eval "$__devshell_on_key"',
      'echo "$A ${B-unset} $PATH $__devshell_generation"',
    ].join('\n');
    writeFileSync(join(place.session, 'script'), script);
    const traced = spawnSync(
      'strace',
      ['--seccomp-bpf', '-f', '-o', join(place.session, 'trace'), '-e', 'trace=clone,clone3,fork,vfork,execve', 'bash', '--noprofile', '--norc', join(place.session, 'script')],
      { encoding: 'utf8', env: { ...shellVariables(place), DEVSHELL_NONCE: 'nonce' } },
    );
    if (traced.error !== undefined) throw new Error(`strace is missing; on Debian: apt-get install strace (${traced.error.message})`);
    expect(traced.stdout).toBe('2 3 1\nmine unset /user:/mine:/usr/local/bin:/usr/bin:/bin 3\n');
    const calls = readFileSync(join(place.session, 'trace'), 'utf8').split('\n').filter((line) => /clone|fork|exec/.test(line));
    // The one is strace starting bash.
    expect(calls.slice(1)).toEqual([]);
  } finally {
    place.remove();
  }
});
