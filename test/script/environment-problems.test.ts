import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import { scriptProblems } from '../../src/script/environment-problems.ts';

function messages(parts: Partial<Environment>): string[] {
  return scriptProblems({ ...emptyEnvironment, ...parts }).map((problem) => problem.message);
}

const variable = (name: string, value: string | null = ''): string[] => messages({ variables: new Map([[name, value]]) });

test('An ordinary environment has no problems.', () => {
  expect(
    messages({
      variables: new Map<string, string | null>([['A_1', 'x\n\x01\x7f'], ['_B', null], ['LC_ALL', 'C'], ['PS1', '$ '], ['DEVSHELL_TASK_OUTPUT_FILE', 'x']]),
      lists: new Map([['PATH', { front: ['/a b'], back: ['.'] }]]),
      functions: new Map([['git-root', ':'], ['ns:task', ':']]),
      aliases: new Map([['..', 'cd ..'], ['l.', 'ls'], ['if', 'x']]),
      init: 'x',
    }),
  ).toEqual([]);
});

describe('A name that bash cannot take, or keeps for itself, is named', () => {
  test.each(['', '1A', 'A-B', 'A B', 'A.B', 'Ä', 'A\n', 'A=B', 'BASH_FUNC_x%%'])('%j', (name) => {
    expect(variable(name)).toEqual([`${JSON.stringify(name)} cannot be the name of a variable`]);
  });

  test('Every variable that is readonly in a fresh bash is among them.', () => {
    const output = execFileSync('bash', ['--noprofile', '--norc', '-c', 'readonly -p'], { encoding: 'utf8' });
    const names = [...output.matchAll(/^declare -\w+ (\w+)/gm)].map((match) => match[1] as string);
    expect(names.length).toBeGreaterThan(4);
    for (const name of [...names, 'IFS', 'PWD', '_', 'PROMPT_COMMAND']) expect(variable(name)).toEqual([`${name} belongs to bash itself and cannot be set`]);
  });

  test('So are the names of devshell.', () => {
    for (const name of ['DEVSHELL_ROOT', 'DEVSHELL_NONCE', '__devshell_x']) expect(variable(name, null)).toEqual([`${name} belongs to devshell and cannot be set`]);
  });

  test('So are those of functions and aliases.', () => {
    for (const name of ['', 'a b', 'a;b', '-x', 'a(', "a'", 'a/b', 'a=b', '$a', '__devshell_do', 'while']) {
      expect(messages({ functions: new Map([[name, ':']]) })).toEqual([`${JSON.stringify(name)} cannot be the name of a function`]);
    }
    expect(messages({ aliases: new Map([['a b', ':']]) })).toEqual(['"a b" cannot be the name of an alias']);
  });
});

test('A NUL and half a character are named wherever they stand.', () => {
  const nul = 'contains a NUL character, which no shell can hold';
  expect(messages({ variables: new Map([['A', 'a\0b']]), functions: new Map([['f', '\0']]), aliases: new Map([['a', '\0']]), init: '\0' })).toEqual([
    ...[`A ${nul}`, `function f ${nul}`, `alias a ${nul}`, `init ${nul}`],
  ]);
  expect(variable('A', '\ud800')).toEqual(['A contains half a character (a lone surrogate)']);
});

test('An element of a list that is empty or has a colon is named.', () => {
  expect(messages({ lists: new Map([['PATH', { front: ['', 'a:b'], back: ['c\0'] }]]) })).toEqual([
    'an element of PATH is empty',
    'an element of PATH contains a colon',
    'PATH contains a NUL character, which no shell can hold',
  ]);
});

test('What is a byte too long for a program to be started with is named, and what is not is not.', () => {
  const longest = 128 * 1024 - 'A='.length - 1;
  const starts = (value: string): boolean => spawnSync('true', [], { env: { PATH: '/bin:/usr/bin', A: value } }).error === undefined;
  expect([starts('x'.repeat(longest)), starts('x'.repeat(longest + 1))]).toEqual([true, false]);
  expect(variable('A', 'x'.repeat(longest))).toEqual([]);
  expect(variable('A', 'x'.repeat(longest + 1))).toEqual(['A has 131073 bytes; a variable may have 131072, or no command can be started']);
  expect(variable('A', 'é'.repeat(longest / 2 + 1))[0]).toMatch(/^A has \d+ bytes/);
  expect(messages({ lists: new Map([['PATH', { front: ['x'.repeat(70_000)], back: ['y'.repeat(70_000)] }]]) })).toHaveLength(1);
});

test('So is too much in all.', () => {
  const many = (count: number): string[] => messages({ variables: new Map(Array.from({ length: count }, (_, index) => [`V${index}`, 'x'.repeat(100_000)])) });
  expect(many(19)).toEqual([]);
  expect(many(20)).toEqual([expect.stringMatching(/^the variables have 2\d{6} bytes in all/)]);
});
