// Init code does what it says, and nothing it does ends or changes the shell.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { environmentOf, openShell } from './driver.ts';
import type { Shell, ShellOptions } from './driver.ts';

let shell: Shell;

async function open(options: ShellOptions = {}): Promise<Shell> {
  return (shell = await openShell(options));
}

/** Applies `init` at the next prompt, and returns its status. */
async function applyInit(init: string, line?: number): Promise<number> {
  const generation = shell.publish(environmentOf({ init }));
  shell.type('\r');
  const { initStatus, initLine } = await shell.applied(generation);
  if (line !== undefined) expect(initLine).toBe(line);
  await shell.prompt();
  return initStatus;
}

const log = (): string => readFileSync(join(shell.place.session, 'init.log'), 'utf8');

const endings: readonly (readonly [what: string, init: string, status: number, line: number])[] = [
  ['exit', 'exit 7\nLATER=1', 7, 1],
  ['exit without a status', '(exit 5); exit\nLATER=1', 5, 1],
  ['exit in a function', 'f() {\nfor i in 1 2; do exit 4; done; }\nf >/dev/null\nLATER=1', 4, 2],
  ['exit in a loop that reads', 'while read -r line; do exit 3; done <<< x\nLATER=1', 3, 1],
  ['return', 'return 6\nLATER=1', 6, 0],
  ['an unset variable', ': "${nothing:?is missing}"\nLATER=1', 1, 0],
  ['set -u', 'set -u; echo "$nothing"\nLATER=1', 1, 0],
  ['a syntax error', 'LATER=1\nif true; then', 2, 0],
  ['a missing command', 'true\n\nno-such-command', 127, 3],
  ['exec of a program', 'exec true\nLATER=1', 126, 1],
  ['set -e', 'set -e; false; true', 0, 1],
  ['false at the end', 'false', 1, 1],
];

describe('The shell survives, and the status is reported', () => {
  test.each(endings)('%s', async (_, init, status, line) => {
    await open();
    expect(await applyInit(init, line)).toBe(status);
    expect(await shell.run('echo "${LATER-not} $- ${#FUNCNAME[@]}"; local x 2>/dev/null || :; declare -F exit exec; kill -0 $$ && echo alive')).toBe(
      'not himBHs 0\nalive',
    );
  });
});

test('At the start init ends nothing either, and its output is on the terminal.', async () => {
  await open({ first: environmentOf({ init: 'echo out; echo err >&2; exit 9' }), bashrc: 'echo before' });
  expect(shell.output).toContain('before\r\nout\r\nerr\r\n$ ');
  expect(await shell.applied(1)).toMatchObject({ initStatus: 9 });
  expect(shell.marks.map((mark) => mark.kind)).toEqual(['applied', 'started', 'prompt']);
});

test('Later it has neither the terminal nor the keyboard: what it prints is in init.log.', async () => {
  await open();
  expect(await applyInit('echo out\nread -r line || echo "no input"\nno-such-command\n')).toBe(127);
  expect(log()).toMatch(/^out\nno input\nbash.*: no-such-command: command not found\n$/);
  expect(shell.output).not.toContain('out');
  await applyInit(':');
  expect(log()).toBe('');
});

test('Options, IFS, directory, traps and redirections are as they were.', async () => {
  await open({ bashrc: "set -o noclobber; trap 'echo bye' EXIT; trap 'echo usr1' USR1" });
  const before = await shell.run('echo "$-|$SHELLOPTS|${IFS@Q}|$PWD|$OLDPWD"; trap | grep -v URG; ls -l /proc/$$/fd | wc -l');
  await applyInit(
    [
      'set -euxfa -o pipefail; set +C; IFS=x; cd /; exec >/dev/null 2>&1 </dev/null',
      "trap 'echo mine' USR1 INT ERR DEBUG RETURN; trap '' QUIT",
    ].join('\n'),
  );
  expect(await shell.run('echo "$-|$SHELLOPTS|${IFS@Q}|$PWD|$OLDPWD"; trap | grep -v URG; ls -l /proc/$$/fd | wc -l')).toBe(before);
});

test('What init declares is global: variables, arrays, maps, functions, aliases, completions.', async () => {
  await open();
  const init = [
    'declare -A map=([k]=v); declare -a list=(1 2); declare plain=yes; typeset -i number=3',
    'hello() { echo "hello $1"; }; alias hi="hello you"; complete -W "one two" tool',
    'source <(echo "from_source() { echo sourced; }; declare -A inner=([a]=b)")',
    'x=$(exit 3); echo $? >/dev/null; (exit 2) || after=$?',
  ].join('\n');
  expect(await applyInit(init)).toBe(0);
  expect(await shell.run('echo "${map[k]} ${list[1]} $plain $number ${inner[a]} $after"; hi; from_source; complete -p tool')).toBe(
    "v 2 yes 3 b 2\nhello you\nsourced\ncomplete -W 'one two' tool",
  );
});

test("The user's own exit and exec are back, and so are extended patterns as they were.", async () => {
  await open({ bashrc: 'exit() { echo "my exit $1"; }; shopt -u extglob' });
  expect(await applyInit('shopt -s extglob\n[[ aab == +(a)b ]] && FOUND=1\nexit 3')).toBe(3);
  expect(await shell.run('exit 5; echo $FOUND')).toBe('my exit 5\n1');
  await applyInit('case x in');
  expect(await shell.run('shopt extglob')).toMatch(/on$/);
  await shell.run('shopt -u extglob');
  await applyInit('shopt -s extglob\ncase x in @(x|y)) FOUND=2 ;; esac\nshopt -u extglob');
  expect(await shell.run('echo $FOUND; shopt extglob')).toMatch(/^2\nextglob\s+off$/);
});

test('Ctrl-C ends an init that hangs; the next prompt cleans up behind it.', async () => {
  await open();
  const generation = shell.publish(environmentOf({ variables: { A: '1' }, init: 'set -e; cd /; touch "$DEVSHELL_SESSION/hangs"; while :; do :; done' }));
  shell.type('\r');
  await vi.waitFor(() => readFileSync(join(shell.place.session, 'hangs')), { timeout: 20_000 });
  await shell.interrupt(() => shell.count('applied') === 2);
  expect(await shell.applied(generation)).toMatchObject({ initStatus: 130 });
  await shell.prompt();
  expect(await shell.run('echo "$A $- $PWD"; declare -F exit')).toBe(`1 himBHs ${shell.place.home}`);
});

test('Init runs again with each generation, behind everything else.', async () => {
  await open();
  const count = 'COUNT=$((COUNT + 1)) SEEN=$A-$(f)';
  for (const A of ['1', '2', '2']) {
    const generation = shell.publish(environmentOf({ variables: { A }, functions: { f: `echo f${A}` }, init: count }));
    shell.type('\r');
    await shell.applied(generation);
  }
  await shell.prompt();
  expect(await shell.run('echo $COUNT $SEEN')).toBe('3 2-f2');
});
