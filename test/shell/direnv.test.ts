// The real direnv in the same shell: what it puts back when it loads or leaves a directory does not undo ours.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentOf, startShell } from './driver.ts';
import type { Shell } from './driver.ts';

let shell: Shell;

const system = '/usr/local/bin:/usr/bin:/bin';

/** A shell with direnv's hook, and a directory `in` below home whose .envrc is allowed. */
async function open(envrc: string, options: { first?: ReturnType<typeof environmentOf>; bashrc?: string; start?: 'in' } = {}): Promise<void> {
  const bashrc = [
    'export DIRENV_LOG_FORMAT=',
    'mkdir -p in; cp envrc in/.envrc; direnv allow in',
    ...(options.start === undefined ? [] : ['cd in; eval "$(direnv export bash)"']),
    options.bashrc ?? 'eval "$(direnv hook bash)"',
  ];
  shell = startShell({ bashrc: `. ./before\n${bashrc.join('\n')}`, ...(options.first === undefined ? {} : { first: options.first }) });
  writeFileSync(join(shell.place.home, 'before'), '');
  writeFileSync(join(shell.place.home, 'envrc'), envrc);
  await shell.prompt();
}

const paths = (...front: string[]): ReturnType<typeof environmentOf> => environmentOf({ variables: { A: 'ours' }, lists: { PATH: { front } } });

test('direnv is here to be tested with.', async () => {
  await open('');
  expect(execFileSync('direnv', ['version'], { encoding: 'utf8' })).toMatch(/^2\./);
});

test('Loaded before devshell, left later: ours is there at the very first prompt outside.', async () => {
  await open('PATH_add bin; export A=direnv B=direnv', { first: paths('/ours'), start: 'in' });
  const home = shell.place.home;
  expect(await shell.run('echo "$A $B $PATH"')).toBe(`ours direnv /ours:${home}/in/bin:${system}`);
  expect(await shell.run('cd ..')).toBe('');
  expect(await shell.run('echo "$A ${B-unset} $PATH"')).toBe(`ours unset /ours:${system}`);
});

test('The command behind cd on the same line aside, PATH is right in the prompt itself.', async () => {
  await open('PATH_add bin', { first: paths('/ours'), start: 'in', bashrc: 'eval "$(direnv hook bash)"; PS1=\'[$PATH]$ \'' });
  await shell.run('cd ..');
  expect(shell.output.endsWith(`[/ours:${system}]$ `)).toBe(true);
});

test('Entered in the session and left again: the user has what is theirs, and ours stays.', async () => {
  await open('PATH_add bin; export B=direnv', { first: paths('/ours') });
  const home = shell.place.home;
  await shell.run('PATH=/mine:$PATH');
  await shell.run('cd in');
  expect(await shell.run('echo "$A $B $PATH"')).toBe(`ours direnv ${home}/in/bin:/mine:/ours:${system}`);
  await shell.run('cd ..');
  expect(await shell.run('echo "$A ${B-unset} $PATH"')).toBe(`ours unset /mine:/ours:${system}`);
});

test('A reload while direnv is loaded: leaving brings back neither what is gone nor an older value.', async () => {
  await open('PATH_add bin; export A=direnv', { first: paths('/old', '/same') });
  const home = shell.place.home;
  await shell.run('cd in');
  expect(await shell.run('echo "$A $PATH"')).toBe(`direnv ${home}/in/bin:/old:/same:${system}`);
  const next = environmentOf({ variables: { A: 'new' }, lists: { PATH: { front: ['/new', '/same'] } } });
  const generation = shell.publish(next);
  shell.type('\r');
  expect(await shell.applied(generation)).toMatchObject({ kept: ['A'] });
  await shell.prompt();
  expect(await shell.run('echo "$A $PATH"')).toBe(`direnv ${home}/in/bin:/new:/same:${system}`);
  await shell.run('cd ..');
  expect(await shell.run('echo "$A $PATH"')).toBe(`new /new:/same:${system}`);
});

test('What the user took out of PATH or changed stays so, whatever direnv does.', async () => {
  await open('PATH_add bin; export B=direnv', { first: paths('/one', '/two') });
  await shell.run(`PATH=/two:${system} A=mine`);
  await shell.run('cd in');
  await shell.run('cd ..');
  expect(await shell.run('echo "$A $PATH"')).toBe(`mine /two:${system}`);
});

test.each([
  ['as a string', 'eval "$(direnv hook bash)"'],
  ['with other hooks around it', "PROMPT_COMMAND='X=1; '; eval \"$(direnv hook bash)\"; PROMPT_COMMAND+=' Y=2 # end'"],
  ['in an array', 'PROMPT_COMMAND=(one two); one() { :; }; two() { :; }; eval "$(direnv hook bash | sed \'/^if/,$d\')"; PROMPT_COMMAND=(_direnv_hook "${PROMPT_COMMAND[@]}")'],
  ['as the second of an array', 'one() { :; }; eval "$(direnv hook bash | sed \'/^if/,$d\')"; PROMPT_COMMAND=(one _direnv_hook)'],
])('Its hook may stand in PROMPT_COMMAND %s.', async (_, bashrc) => {
  await open('PATH_add bin; export A=direnv', { first: paths('/ours'), start: 'in', bashrc });
  await shell.run('cd ..');
  expect(await shell.run('echo "$A $PATH"')).toBe(`ours /ours:${system}`);
  expect(await shell.run('(exit 5)')).toBe('');
  expect(await shell.run('echo $?')).toBe('5');
});

test('Its hook may be added by hand, and again by a .bashrc that is read once more.', async () => {
  await open('PATH_add bin', { first: paths('/ours'), start: 'in', bashrc: ':' });
  await shell.run('eval "$(direnv hook bash)"');
  await shell.run(':');
  await shell.run('eval "$(direnv hook bash)"');
  await shell.run('cd ..');
  expect(await shell.run('echo "$PATH"')).toBe(`/ours:${system}`);
  expect(await shell.run('echo "${PROMPT_COMMAND[*]}" | grep -o _direnv_hook | wc -l')).toBe('1');
});

test('A reload of the .envrc in place keeps ours.', async () => {
  await open('PATH_add bin; export B=1', { first: paths('/ours'), start: 'in' });
  mkdirSync(join(shell.place.home, 'in/bin'), { recursive: true });
  await shell.run('echo "PATH_add other; export B=2" >.envrc; touch -d "+9 seconds" .envrc; direnv allow');
  expect(await shell.run('echo "$A $B $PATH"')).toBe(`ours 2 /ours:${shell.place.home}/in/other:${system}`);
});
