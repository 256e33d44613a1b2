// The shell is the user's: whatever their .bashrc does, ours works, and what is theirs stays as it was.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentOf, openShell, startShell } from './driver.ts';
import type { Shell, ShellOptions } from './driver.ts';

let shell: Shell;

async function open(options: ShellOptions = {}): Promise<Shell> {
  return (shell = await openShell(options));
}

const first = environmentOf({
  variables: { A: '1' },
  lists: { PATH: { front: ['/ours'] } },
  functions: { ours: 'echo ours' },
  aliases: { our: 'echo alias' },
  init: 'INIT=1',
});
const second = environmentOf({
  variables: { A: '2', B: "it's" },
  lists: { PATH: { front: ['/other', '/ours'] } },
  functions: { ours: 'echo new' },
  aliases: { our: 'echo other' },
  init: 'INIT=2',
});

const overridden = 'rm printf source builtin command unset export local return read eval declare trap bind alias shopt set umask compgen cd test'.split(' ');
const bashrcs: readonly (readonly [what: string, bashrc: string])[] = [
  ['nothing', ''],
  ['aliases of everything we use', overridden.map((name) => `\\alias ${name}='echo broken'`).join('\n')],
  ['functions named like builtins', ['printf', 'read', 'cd', 'unset', 'export', 'trap', 'test', 'set', 'declare', 'shopt', 'alias', 'source', 'bind'].map((name) => `${name}() { echo broken; }`).join('\n')],
  ['set -e', 'set -e'],
  ['set -u', 'set -u'],
  ['set -eu -o pipefail', 'set -eu -o pipefail'],
  ['set -f', 'set -f'],
  ['noclobber', 'set -o noclobber'],
  ['posix mode', 'set -o posix'],
  ['vi mode', 'set -o vi'],
  ['set -E -T and traps', "set -ET; trap 'DEBUGGED=1' DEBUG; trap 'RETURNED=1' RETURN; trap 'ERRED=1' ERR"],
  ['extdebug', 'shopt -s extdebug'],
  ['patterns', 'shopt -s nullglob failglob extglob nocasematch nocaseglob dotglob'],
  ['no extglob', 'shopt -u extglob interactive_comments sourcepath'],
  ['local variables', 'shopt -s localvar_inherit localvar_unset'],
  ['no expand_aliases', 'shopt -u expand_aliases'],
  ['an odd IFS', 'IFS=_1'],
  ['no IFS', 'unset IFS'],
  ['a readonly IFS', 'readonly IFS'],
  ['an empty IFS', 'IFS='],
  ['return 1', 'return 1'],
  ['a failing last command', 'false'],
  ['umask 000', 'umask 000'],
  ['a mistake', 'if true; then'],
  ['PROMPT_COMMAND ending in ;', "PROMPT_COMMAND='HOOKED=$?; '"],
  ['PROMPT_COMMAND ending in a comment', "PROMPT_COMMAND='HOOKED=$? # comment'"],
  ['PROMPT_COMMAND beginning with a newline', "PROMPT_COMMAND=$'\\nHOOKED=$?'"],
  ['PROMPT_COMMAND as an array', "PROMPT_COMMAND=('HOOKED=$?' 'SECOND=$?')"],
  ['an exported PROMPT_COMMAND', "export PROMPT_COMMAND='HOOKED=$?'"],
  ['another locale', 'LC_ALL=C'],
  ['xtrace', 'set -x; PS4='],
  ['allexport', 'set -a'],
];

describe('The environment is applied, changed and undone whatever ~/.bashrc holds', () => {
  test.each(bashrcs)('%s', async (_, bashrc) => {
    await open({ bashrc, first });
    const before = shell.output;
    const show = '{ \\builtin set +x; } 2>/dev/null; \\builtin echo "<$A ${B-unset} ${PATH%%:/usr*} ${INIT-none}>"; ours; \\eval our';
    const lines = async (line: string): Promise<string> => (await shell.run(line)).replace(/^\+.*\n/gm, '');
    expect(await lines(show)).toContain('<1 unset /ours 1>\nours');
    const generation = shell.publish(second);
    shell.type('\r');
    expect(await shell.applied(generation)).toMatchObject({ added: 1, changed: 5, removed: 0, kept: [], initStatus: 0 });
    await shell.prompt();
    expect(await lines(show)).toContain("<2 it's /other:/ours 2>\nnew");
    const last = shell.publish(environmentOf({}));
    shell.type('\r');
    expect(await shell.applied(last)).toMatchObject({ added: 0, changed: 0, removed: 6, kept: [], initStatus: 0 });
    await shell.prompt();
    expect(await lines('\\builtin echo "<${A-unset} ${B-unset} ${PATH%%:/usr*}>"; \\builtin type -t ours our || :')).toBe('<unset unset /usr/local/bin>');
    expect(before.replace(/^\+.*\n/gm, '')).not.toContain('broken');
    expect(shell.output).not.toMatch(/__devshell_\w+: /);
  });
});

test('Options, traps and shell options are after a reload what they were before it.', async () => {
  await open({ bashrc: "shopt -s nocasematch extglob; shopt -u expand_aliases; trap 'echo int' INT; trap 'echo debug >/dev/null' DEBUG; trap 'echo term' TERM; set -o vi -o noclobber" });
  const look = 'echo "$-|$SHELLOPTS|$BASHOPTS"; shopt; trap -p; umask; pwd; echo "${IFS@Q}"';
  const before = await shell.run(look);
  const generation = shell.publish(second);
  shell.type('\r');
  await shell.applied(generation);
  await shell.prompt();
  expect(await shell.run(look)).toBe(before);
});

test('$?, $_ and PIPESTATUS are for later hooks, for PS1 and for the next command what the last command left.', async () => {
  await open({ bashrc: `PROMPT_COMMAND='HOOK="$? $_ \${PIPESTATUS[*]}"; HOOKS+="[$HOOK]"'; PS1='$?$ '` });
  await shell.run('HOOKS=; true | false | (exit 3)');
  expect(shell.output).toMatch(/3\$ $/);
  expect(await shell.run('echo "$? ${PIPESTATUS[*]} $HOOK"')).toBe('3 0 1 3 3  0 1 3\n0');
  await shell.run('echo one two; false');
  shell.publish(second);
  expect(await shell.run('echo "$? $_ $HOOK"')).toMatch(/^1 \S* 1 /);
});

test('set -x shows nothing of ours at a prompt.', async () => {
  await open();
  await shell.run('set -x');
  shell.publish(second);
  shell.type('\r');
  await shell.prompt();
  await shell.run(':');
  expect(shell.output).not.toMatch(/devshell/);
});

test('Nothing of ours is in the environment of a program but what is documented, even with set -a, and a nested bash is plain.', async () => {
  await open({ first, bashrc: "set -a; export PROMPT_COMMAND='HOOKED=1'; [[ ! $DEVSHELL_NONCE$DEVSHELL_SHELL_DIR ]] || echo leaked" });
  shell.publish(second);
  await shell.run(':');
  await shell.run('false | true');
  expect(await shell.run('env | cut -d= -f1 | grep -ai devshell | sort | tr "\\n" " "')).toBe('DEVSHELL_RELOAD_FILE DEVSHELL_ROOT DEVSHELL_SESSION ');
  expect(shell.output).not.toContain('leaked');
  expect(await shell.run('env | grep -c "nonce-of-the-test"')).toBe('0');
  shell.publish(environmentOf({ variables: { A: '3' } }));
  expect(await shell.run('bash --norc -ic \'eval "$PROMPT_COMMAND"; echo "$A"; declare -F; trap -p URG; bind -X\' 2>&1 | grep -v -e job -e terminal')).toBe('2');
});

test('Nothing of ours is in the history, however it is kept.', async () => {
  await open({ bashrc: 'HISTCONTROL=; history -c', first });
  shell.publish(second);
  await shell.run('one=1');
  shell.publish(environmentOf({ init: ':' }));
  shell.type('\x1b\x12');
  expect(await shell.run('history')).toMatch(/^ +1 +one=1\n +2 +history$/);
});

test('A .bashrc that is read again neither doubles the hook nor loses it for long.', async () => {
  await open({ bashrc: "PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND;}'HOOKED=1'" });
  await shell.run('. ~/.bashrc; . ~/.bashrc');
  const prompts = shell.count('prompt');
  await shell.run(':');
  expect(shell.count('prompt')).toBe(prompts + 1);
  // One that sets PROMPT_COMMAND outright drops the hook; the signal and the key put it back.
  shell.type("PROMPT_COMMAND='HOOKED=2'\r");
  await shell.until('the line', () => shell.output.endsWith("HOOKED=2'\r\n$ "));
  process.kill(shell.pty.pid, 'SIGURG');
  shell.type('echo back\r');
  await shell.until('a prompt mark', () => shell.count('prompt') > prompts + 1);
  shell.type('unset PROMPT_COMMAND\r');
  await shell.until('the line', () => shell.output.endsWith('unset PROMPT_COMMAND\r\n$ '));
  shell.type('\x1b\x12\r');
  await shell.until('a prompt mark', () => shell.count('prompt') > prompts + 2);
  expect(await shell.run('echo "$PROMPT_COMMAND" | grep -c __devshell_prompt')).toBe('1');
});

test('Where PROMPT_COMMAND is readonly the session is told, and the signal and the key still apply.', async () => {
  shell = startShell({ bashrc: "readonly PROMPT_COMMAND='HOOKED=1'", first });
  await shell.until('the prompt', () => shell.output.endsWith('$ '));
  expect(shell.marks.map((mark) => mark.kind)).toEqual(['applied', 'started']);
  const generation = shell.publish(second);
  shell.type('line\x1b\x12');
  await shell.applied(generation);
  await shell.until('the line again', () => shell.output.endsWith('\r$ line'));
  const next = shell.publish(environmentOf({}));
  process.kill(shell.pty.pid, 'SIGURG');
  shell.type('\x15\r');
  await shell.applied(next);
});

test("A URG trap of the user's stays the user's.", async () => {
  await open({ bashrc: "trap 'echo urgent' URG" });
  expect(await shell.run('trap -p URG')).toBe("trap -- 'echo urgent' SIGURG");
});

test("The files in the session's directory are for nobody else to read, whatever the mask; the mask is the user's.", async () => {
  await open({ bashrc: 'umask 000', first });
  shell.publish(second);
  await shell.run(':');
  expect(await shell.run('umask')).toBe('0000');
  for (const name of ['scratch', 'init.bash', 'init.log']) expect(statSync(join(shell.place.session, name)).mode & 0o077).toBe(0);
  expect(readFileSync(join(shell.place.session, 'umask'), 'utf8')).toMatch(/^umask \d+\n$/);
});

test('bash-preexec and starship find their own PROMPT_COMMAND and their own trap.', async () => {
  const preexec = [
    'log=$HOME/log',
    '__bp_install_string=$\'__bp_trap_string="$(trap -p DEBUG)"\\ntrap - DEBUG\\n__bp_install\'',
    '__bp_precmd() { ret=$? pipe="${PIPESTATUS[*]}"; echo "precmd $ret $pipe" >>$log; }; __bp_ready() { ready=on; }',
    '__bp_debug() { [[ $ready ]] || return; ready=; echo "preexec $BASH_COMMAND" >>$log; }',
    '__bp_install() { [[ "${PROMPT_COMMAND[*]}" != *__bp_precmd* ]] || return 1; trap __bp_debug DEBUG',
    '  local existing=${PROMPT_COMMAND//$__bp_install_string/:}; PROMPT_COMMAND=__bp_precmd; PROMPT_COMMAND+=$\'\\n\'$existing; if ((BASH_VERSINFO[0] * 10 + BASH_VERSINFO[1] > 50)); then PROMPT_COMMAND+=(__bp_ready); else PROMPT_COMMAND+=$\'\\n__bp_ready\'; fi; ready=on; }',
    'PROMPT_COMMAND=${PROMPT_COMMAND:+$PROMPT_COMMAND;}$__bp_install_string',
  ].join('\n');
  await open({ bashrc: preexec });
  await shell.run('true | false');
  shell.publish(second);
  await shell.run('echo command');
  await shell.run(':');
  expect(readFileSync(join(shell.place.home, 'log'), 'utf8')).toMatch(/^preexec true\nprecmd 1 0 1\npreexec echo command\nprecmd 0 0\npreexec :\nprecmd 0 0\n$/);
});
