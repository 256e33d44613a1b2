import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import { bashCodeText, bashScript } from '../../src/script/bash.ts';
import { bashQuote } from '../../src/script/quote.ts';

const check = (text: string): number | null => spawnSync('bash', ['--noprofile', '--norc', '-O', 'extglob', '-n'], { input: text }).status;

test('Any text is one word that bash reads back exactly.', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^['"\\$`!\n]*$/)).map((value) => value.replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(text, { minLength: 50, maxLength: 100 }), (texts) => {
      const { stdout } = spawnSync('bash', ['--noprofile', '--norc'], { input: `printf '%s\\0' ${texts.map(bashQuote).join(' ')}`, encoding: 'utf8' });
      expect(stdout.split('\0').slice(0, -1)).toEqual(texts);
    }),
    { numRuns: 10 },
  );
});

test('The same environment gives the same text, in whatever order it was put together.', () => {
  const entries: [string, string][] = [['B', '2'], ['A', '1'], ['a', '3'], ['_', '4']];
  const build = (order: [string, string][]): Environment => ({
    ...emptyEnvironment,
    variables: new Map(order),
    functions: new Map(order),
    aliases: new Map(order),
    lists: new Map(order.map(([name, value]) => [`L${name}`, { front: [value], back: [] }])),
  });
  expect(bashScript(build(entries), 3)).toBe(bashScript(build([...entries].reverse()), 3));
});

test('The script is valid, and names its generation in its first lines.', () => {
  const environment: Environment = {
    variables: new Map<string, string | null>([['A', "it's"], ['GONE', null]]),
    lists: new Map([['PATH', { front: ['/a', '/b', '/a'], back: ['/c', '/b'] }], ['EMPTY', { front: [], back: [] }], ['A', { front: ['/x'], back: [] }]]),
    completions: new Map(),
    functions: new Map([['f', 'echo f']]),
    aliases: new Map([['..', 'cd ..']]),
    init: 'complete -C x y',
  };
  expect(check(bashScript(environment, 7))).toBe(0);
  expect(bashScript(environment, 7)).toMatchInlineSnapshot(`
    "# The environment of generation 7, whole.
    ((__devshell_generation < 7)) || return 0
    __devshell_new_generation=7
    __devshell_new_completions=() __devshell_new_specs=()
    __devshell_new_variables=(
    'A=it'\\''s'
    'GONE'
    )
    __devshell_new_unset=(
    GONE
    )
    __devshell_new_lists=(
    ':/a:/b::/c:'
    )
    __devshell_new_bodies=(
    'f () {
    echo f
    } || __devshell_failed+='\\'',f()'\\''
    '
    )
    __devshell_new_aliases=(
    '..'
    )
    __devshell_new_texts=(
    'cd ..'
    )
    __devshell_new_init='complete -C x y'
    __devshell_new_names=(
    A
    GONE
    )
    __devshell_new_list_names=(
    PATH
    )
    __devshell_new_functions=(
    f
    )
    __devshell_new_glance='__devshell_joined="A\${A+=}$AGONE\${GONE+=}$GONE"'
    __devshell_merge
    "
  `);
});

test('A script for a shell that runs in another generation with the same names says what of it changes, before it states the names.', () => {
  const of = (A: string, f: string): Environment => ({ ...emptyEnvironment, variables: new Map([['A', A], ['B', '1']]), functions: new Map([['e', ':'], ['f', f]]) });
  const base = { generation: 6, environment: of('1', 'echo 1') };
  const text = bashScript(of('2', 'echo 2'), 7, base);
  expect(check(text)).toBe(0);
  expect(text).toContain('\n__devshell_new_base=6 __devshell_new_count=1 __devshell_new_redefined=(1)\n! __devshell_renew || return 0\n__devshell_new_list_names=()\n__devshell_new_names=(\nA\nB\n)\n');
  expect(bashScript({ ...of('2', ''), variables: new Map([['A', '2']]) }, 7, base)).not.toContain('renew');
  expect(bashScript({ ...of('2', ''), lists: new Map([['PATH', { front: ['/a'], back: [] }]]) }, 7, base)).not.toContain('renew');
  expect(bashScript({ ...of('2', ''), functions: new Map() }, 7, base)).not.toContain('renew');
});

test('The code of an environment can be checked before it is published.', () => {
  const code = (functions: Record<string, string>, init: string): number | null => check(bashCodeText({ ...emptyEnvironment, functions: new Map(Object.entries(functions)), init }));
  expect(code({ f: 'case $1 in @(a|b)) : ;; esac', g: '' }, 'echo # comment')).toBe(0);
  expect(code({ f: 'if true' }, '')).not.toBe(0);
  expect(code({}, 'for x in; do')).not.toBe(0);
});
