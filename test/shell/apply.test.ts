// When an environment is applied: at the prompt, at the key, before the next command; and what the session hears of it.

import { expect, test } from 'vitest';
import { environmentOf, openShell, startShell } from './driver.ts';
import type { Shell, ShellOptions } from './driver.ts';

let shell: Shell;

async function open(options: ShellOptions = {}): Promise<Shell> {
  return (shell = await openShell(options));
}

const variable = (A: string): ReturnType<typeof environmentOf> => environmentOf({ variables: { A } });

/** SIGURG reaches the shell before the line that is typed behind it. */
function nudge(): void {
  process.kill(shell.pty.pid, 'SIGURG');
}

test('The session hears of the start, of each prompt with its status, and of each application.', async () => {
  await open({ first: variable('1') });
  await shell.run('(exit 3)');
  const generation = shell.publish(variable('2'));
  expect(await shell.run('true')).toBe('');
  expect(shell.marks).toEqual([
    { kind: 'applied', report: { generation: 1, added: 1, changed: 0, removed: 0, kept: [], initStatus: 0, initLine: 0 } },
    { kind: 'started', shell: 'bash', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string },
    { kind: 'prompt', status: 0, typeahead: false },
    { kind: 'prompt', status: 3, typeahead: false },
    { kind: 'applied', report: { generation, added: 0, changed: 1, removed: 0, kept: [], initStatus: 0, initLine: 0 } },
    { kind: 'prompt', status: 0, typeahead: false },
  ]);
});

test('A file that is still there is applied once, and an older one never.', async () => {
  await open();
  shell.publish(variable('2'));
  await shell.run(':');
  await shell.run('A=mine');
  expect(await shell.run('echo $A')).toBe('mine');
  await shell.run('sed -i "s/__devshell_generation < 2/__devshell_generation < 1/; s/generation=2/generation=1/" $DEVSHELL_RELOAD_FILE');
  expect(await shell.run('echo $A')).toBe('mine');
  expect(shell.count('applied')).toBe(2);
  expect(await shell.run('test -f $DEVSHELL_RELOAD_FILE && echo there')).toBe('there');
});

test('SIGURG applies before the line that was half typed when it came, and keeps $?, $_ and PIPESTATUS.', async () => {
  await open();
  await shell.run('true argument | (exit 4)');
  await shell.run('echo argument; (exit 4)');
  shell.type('echo $A $? ');
  const generation = shell.publish(variable('2'));
  nudge();
  shell.type('"${PIPESTATUS[@]}" $_\r');
  await shell.applied(generation);
  await shell.until('the output', () => shell.output.includes('2 4 4 '));
  await shell.run('');
  await shell.run('echo last');
  shell.publish(variable('3'));
  nudge();
  expect(await shell.run('echo $_ $A')).toBe('last 3');
});

test('SIGURG while a hook behind ours still runs changes nothing in it; the next prompt applies.', async () => {
  await open({ bashrc: 'slow() { local A=local; read -r -t 0.3 <"$HOME/fifo"; SEEN=$A; }; mkfifo fifo; exec 9<>fifo; PROMPT_COMMAND=slow' });
  const prompts = shell.count('prompt');
  shell.type(':\r');
  await shell.until('the prompt mark', () => shell.count('prompt') > prompts);
  const generation = shell.publish(variable('2'));
  nudge();
  shell.type(':\r');
  expect(await shell.applied(generation)).toMatchObject({ kept: [] });
  await shell.until('the end of the hooks', () => /:\r\n(.*\n)*\$ :\r\n\$ $/.test(shell.output));
  expect(await shell.run('echo "$A $SEEN"')).toBe('2 local');
});

test('SIGURG with nothing to apply changes nothing, nor does it in a loop, in a function or in a subshell.', async () => {
  await open();
  nudge();
  expect(await shell.run('echo $?')).toBe('0');
  shell.publish(variable('2'));
  expect(await shell.run('f() { local A=local; kill -URG $$; echo "$A"; }; A=; f; (kill -URG $$; echo "[$A]")')).toMatch(/^local\n/);
  expect(await shell.run('echo $A')).toBe('2');
});

test('The key applies at once, leaves the half-typed line and nothing in the history.', async () => {
  await open();
  await shell.run('history -c');
  shell.type('echo A is ');
  const generation = shell.publish(variable('2'));
  shell.type('\x1b\x12');
  await shell.applied(generation);
  shell.type('$A\r');
  await shell.until('the output', () => shell.output.includes('A is 2\r\n'));
  expect(await shell.run('history')).toMatch(/^ +\d+ +echo A is \$A\n +\d+ +history$/);
});

test('With nothing pending the key applies what is held back, which the prompt does not.', async () => {
  await open();
  const generation = shell.publish(variable('2'), 'held-env.sh');
  expect(await shell.run('echo "[$A]"')).toBe('[]');
  nudge();
  expect(await shell.run('echo "[$A]"')).toBe('[]');
  shell.type('\x1b\x12');
  await shell.applied(generation);
  expect(await shell.run('echo "[$A]"')).toBe('[2]');
});

test.each([
  ['insert', ''],
  ['command', '\x1b'],
])('The key works in vi mode, in its %s map.', async (_, before) => {
  await open({ bashrc: 'set -o vi' });
  const generation = shell.publish(variable('2'));
  shell.type(before);
  shell.type('\x1b\x12');
  await shell.applied(generation);
});

test('Another key may be chosen, or none.', async () => {
  await open({ env: { DEVSHELL_RELOAD_KEYBIND: '\\C-x\\C-r' } });
  const generation = shell.publish(variable('2'));
  shell.type('\x18\x12');
  await shell.applied(generation);
  await shell.close();
  await open({ env: { DEVSHELL_RELOAD_KEYBIND: '' } });
  expect(await shell.run('bind -X | grep -c devshell')).toBe('0');
});

test('Ctrl-C still gives a new prompt after the key was used.', async () => {
  await open();
  const generation = shell.publish(variable('2'));
  shell.type('half\x1b\x12');
  await shell.applied(generation);
  shell.type(' line');
  await shell.until('the line', () => /\$ half line$/.test(shell.output));
  await shell.interrupt(() => /\^C\r\n\$ $/.test(shell.output));
  expect(await shell.run('echo $A')).toBe('2');
});

test('What was typed ahead of a prompt is told, and not read.', async () => {
  await open();
  shell.type('sleep 0.3\r');
  await shell.until('the command', () => shell.output.includes('sleep 0.3\r\n'));
  shell.type('echo typed ahead\r');
  await shell.until('the output', () => shell.output.includes('\ntyped ahead\r\n'));
  await shell.until('the prompts', () => shell.count('prompt') === 3);
  expect(shell.marks.filter((mark) => mark.kind === 'prompt').map((mark) => mark.typeahead)).toEqual([false, true, false]);
});

test('Marks reach the terminal though the output of the shell goes elsewhere, and no descriptor of ours reaches a program.', async () => {
  await open();
  expect(await shell.run('ls -l /proc/self/fd | grep -c -e /session/ -e /dev/tty')).toBe('0');
  shell.type('exec >"$DEVSHELL_SESSION/out" 2>&1\r');
  await shell.until('the prompt mark', () => shell.count('prompt') === 3);
  const generation = shell.publish(variable('2'));
  shell.type('\r');
  await shell.applied(generation);
  shell.type('exec >/dev/tty 2>&1\r');
  await shell.until('the prompt mark', () => shell.count('prompt') === 5);
  expect(await shell.run('grep -c 7717 "$DEVSHELL_SESSION/out"')).toBe('0');
});

test('Without a nonce no mark is printed, and the environment is applied all the same.', async () => {
  shell = startShell({ nonce: '', first: variable('1') });
  await shell.until('a prompt', () => shell.output.endsWith('$ '));
  shell.publish(variable('2'));
  shell.type('\recho "A is $A"\r');
  await shell.until('the output', () => shell.output.includes('A is 2\r\n'));
  expect(shell.marks).toEqual([]);
});
