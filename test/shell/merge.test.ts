// The merge, case by case, in a bash without a terminal.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bashScript } from '../../src/script/bash.ts';
import { environmentOf, makePlace, runMerges } from './driver.ts';

const report = 'echo "$__devshell_report"';

/** The lines a script prints. */
function lines(environments: Parameters<typeof runMerges>[0], script: string): string[] {
  return runMerges(environments, script).trimEnd().split('\n');
}

describe('Values', () => {
  const odd: Record<string, string> = {
    SPACES: ' a  b ',
    QUOTES: `it's "so" \`yes\``,
    DOLLAR: '$HOME ${HOME} $(date) `date` $((1))',
    BACKSLASHES: '\\ \\\\ \\n \\',
    NEWLINES: '\na\n\nb\n',
    TABS: '\ta\t',
    CONTROLS: '\x01a\x02\x7f\x1b[1m\x07\r\x1f',
    EMOJI: '👩‍👩‍👧 日本語 ñ',
    EMPTY: '',
    BANG: '!',
    BANGS: '!! !$ ^a^b',
    GLOB: '* ? [a-z] {a,b} ~ ~root',
    AMPERSAND: '& && a&b',
    EQUALS: '=a=b',
    DASH: '-n',
    LONG: 'x'.repeat(100_000),
    LOOKALIKE: "' || __devshell_failed=1; '",
    SEPARATED: 'a\x1fSPACES=b\x1f',
  };

  test('Every value arrives byte for byte in a program, is seen as unchanged, and goes.', () => {
    const output = runMerges(
      [environmentOf({ variables: odd }), environmentOf({ variables: { ...odd, EMPTY: 'full' } }), environmentOf({})],
      `apply 1; env -0; printf 'END\\0'; ${report}; apply 2; ${report}; apply 3; ${report}; printf '\\0'; env -0`,
    );
    const [first = '', rest = ''] = output.split('END\0');
    const values = Object.fromEntries(first.split('\0').map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
    for (const [name, value] of Object.entries(odd)) expect({ [name]: values[name] }).toEqual({ [name]: value });
    const count = Object.keys(odd).length;
    expect(rest.split('\0')[0]).toBe(`1;${count};0;0;\n2;0;1;0;\n3;0;0;${count};\n`);
    expect(rest.split('\0').filter((text) => text.split('=')[0] as string in odd)).toEqual([]);
  });

  test('So does any value at all.', () => {
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}X$/);
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string()).map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 40, noNullPrototype: true }), (variables) => {
        const names = Object.keys(variables);
        const print = names.map((key) => `printf '%s\\0' "$${key}"`).join('\n');
        const output = runMerges([environmentOf({ variables })], `apply 1\n${print}\nunset -v ${names.join(' ')} _\nprintf end`);
        expect(output.split('\0')).toEqual([...names.map((key) => variables[key]), 'end']);
      }),
      { numRuns: 25 },
    );
  });
});

describe('Variables', () => {
  test('The original comes back, with its export attribute, be it unset, empty, exported or not.', () => {
    const names = { A: 'new', B: 'new', C: 'new', D: 'new', E: null, F: null };
    expect(
      lines(
        [environmentOf({ variables: names }), environmentOf({})],
        'unset A; B=; export C=c; D=d; export E=e; F=f; apply 1; declare -p A B C D; echo "${E-unset} ${F-unset}"; apply 2; echo "${A-unset}"; declare -p B C D E F',
      ),
    ).toEqual([
      ...['declare -x A="new"', 'declare -x B="new"', 'declare -x C="new"', 'declare -x D="new"', 'unset unset'],
      ...['unset', 'declare -- B=""', 'declare -x C="c"', 'declare -- D="d"', 'declare -x E="e"', 'declare -- F="f"'],
    ]);
  });

  test("What the user changed or unset is the user's, is named, and is devshell's again once it holds what devshell set.", () => {
    const variables = (A: string, B: string): ReturnType<typeof environmentOf> => environmentOf({ variables: { A, B } });
    expect(
      lines(
        [variables('1', '1'), variables('2', '2'), variables('2', '3'), variables('4', '4'), variables('mine', '5'), environmentOf({})],
        `apply 1; A=mine; unset B; apply 2; ${report}; echo "$A \${B-unset}"; apply 3; ${report}; A=1 B=1; apply 4; ${report}; echo "$A $B"; A=mine; apply 5; ${report}; apply 6; ${report}; echo "$A"`,
      ),
    ).toEqual(['2;0;0;0;A,B', 'mine unset', '3;0;0;0;A,B', '4;0;2;0;', '4 4', '5;0;1;0;', '6;0;0;1;A', 'mine']);
  });

  test("What the user set to the very value that came next, and then back again, is devshell's.", () => {
    const variables = (A: string, B: string): ReturnType<typeof environmentOf> => environmentOf({ variables: { A, B } });
    expect(lines([variables('x', '1'), variables('y', '1'), variables('y', '1'), variables('y', '2')], `apply 1; A=y; apply 2; ${report}; A=x; apply 3; ${report}; echo "$A"; apply 4; ${report}`)).toEqual([
      ...['2;0;0;0;', '3;0;1;0;', 'y', '4;0;1;0;'],
    ]);
    const one = (A: string): ReturnType<typeof environmentOf> => environmentOf({ variables: { A } });
    expect(lines([one('1'), one('2'), one('2')], `apply 1; A=mine; apply 2; ${report}; A=1; apply 3; ${report}; echo "$A"`)).toEqual(['2;0;0;0;A', '3;0;1;0;', '2']);
  });

  test('A readonly variable is named as kept, and the rest applied.', () => {
    expect(
      lines(
        [environmentOf({ variables: { A: '1', B: '1', RO: 'new' }, lists: { PATH: { front: ['/ours'] } } }), environmentOf({ variables: { RO: null, B: '2' } })],
        `readonly RO=mine; apply 1; ${report}; echo "$A $B $RO \${PATH%%:*}"; apply 2; ${report}; echo "$RO $B"`,
      ),
    ).toEqual(['1;3;0;0;RO', '1 1 mine /ours', '2;0;1;2;RO', 'mine 2']);
  });

  test('Many variables are added, changed and removed among those that stay.', () => {
    const numbers = Array.from({ length: 300 }, (_, index) => index);
    const some = (wanted: (index: number) => string | undefined): ReturnType<typeof environmentOf> =>
      environmentOf({ variables: Object.fromEntries(numbers.flatMap((index) => (wanted(index) === undefined ? [] : [[`V${index}`, wanted(index) as string]]))) });
    expect(
      lines(
        [some((index) => (index % 3 === 0 ? undefined : 'a')), some((index) => (index % 3 === 1 ? undefined : index % 2 === 0 ? 'a' : 'b'))],
        `apply 1; ${report}; V2=mine V4=mine; apply 2; ${report}; echo "$V0 \${V1-unset} $V2 $V3 $V4 $V5"`,
      ),
    ).toEqual(['1;200;0;0;', '2;100;50;99;V4,V2', 'a unset mine b mine b']);
  });

  test('A locale that does not exist, and one that does, disturb nothing.', () => {
    expect(
      lines(
        [environmentOf({ variables: { LC_ALL: 'xx_YY.UTF-8', B: 'é' } }), environmentOf({ variables: { LC_ALL: 'C', B: 'è', a: '1' } }), environmentOf({ variables: { B: 'è' } })],
        `apply 1; ${report}; apply 2; ${report}; echo "$LC_ALL $B"; apply 3; ${report}`,
      ),
    ).toEqual(['1;2;0;0;', '2;1;2;0;', 'C è', '3;0;0;2;']);
  });
});

describe('Lists', () => {
  const path = (...front: string[]): ReturnType<typeof environmentOf> => environmentOf({ lists: { PATH: { front } } });

  test.each([
    ['set anew in front', ['/a', '/b'], '', ['/a', '/c'], '/a:/c:/usr/bin:/bin'],
    ["the user's in front stays there", ['/a', '/b'], 'PATH=/me:$PATH', ['/a', '/c'], '/me:/a:/c:/usr/bin:/bin'],
    ["the user's behind stays there", ['/a', '/b'], 'PATH=$PATH:/me', ['/c'], '/c:/usr/bin:/bin:/me'],
    ["the user's between ours stays there", ['/a', '/b'], 'PATH=/a:/me:/b:/usr/bin', ['/a', '/b', '/c'], '/a:/me:/b:/c:/usr/bin'],
    ['what the user took out stays out', ['/a', '/b'], 'PATH=/b:/usr/bin:/bin', ['/a', '/b', '/c'], '/b:/c:/usr/bin:/bin'],
    ['empty elements stay', ['/a'], 'PATH=:$PATH::/me:', ['/b'], ':/b:/usr/bin:/bin::/me:'],
    ['a venv activated by hand survives', ['/a'], 'VIRTUAL_ENV=/v; PATH=$VIRTUAL_ENV/bin:$PATH', ['/a', '/b'], '/v/bin:/a:/b:/usr/bin:/bin'],
    ["one of the user's moves to the front", [], '', ['/bin', '/a'], '/bin:/a:/usr/bin'],
  ])('PATH: %s.', (_, before, edit, after, expected) => {
    expect(lines([path(...before), path(...after)], `PATH=/usr/bin:/bin; apply 1; ${edit}\napply 2; echo "$PATH"`)).toEqual([expected]);
  });

  test.each([
    ['unset', 'unset MANPATH', '/m:', 'unset'],
    ['empty', 'export MANPATH=', '/m:', 'declare -x MANPATH=""'],
    ['set', 'MANPATH=/x:', '/m:/x:', 'declare -- MANPATH="/x:"'],
    ['with twice the same', 'export MANPATH=/x:/m:/y:/m', '/m:/x:/y', 'declare -x MANPATH="/x:/m:/y:/m"'],
  ])("MANPATH that was %s keeps the system's manual pages, and is undone.", (_, before, during, after) => {
    const script = `${before}; apply 1; echo "$MANPATH"; apply 2; declare -p MANPATH 2>/dev/null || echo unset`;
    expect(lines([environmentOf({ lists: { MANPATH: { front: ['/m'] } } }), environmentOf({})], script)).toEqual([during, after]);
  });

  test('XDG_DATA_DIRS that was unset keeps its defaults.', () => {
    const script = 'unset XDG_DATA_DIRS; apply 1; echo "$XDG_DATA_DIRS"; XDG_DATA_DIRS=/me:$XDG_DATA_DIRS; apply 2; echo "$XDG_DATA_DIRS"';
    expect(lines([environmentOf({ lists: { XDG_DATA_DIRS: { front: ['/d'], back: ['/e'] } } }), environmentOf({})], script)).toEqual([
      '/d:/usr/local/share:/usr/share:/e',
      '/me:/usr/local/share:/usr/share',
    ]);
  });

  test('A list of which the user took something out that is wanted is named as kept.', () => {
    expect(lines([path('/a', '/b'), path('/a', '/b'), path('/b')], `apply 1; ${report}; PATH=/b:/bin; apply 2; ${report}; apply 3; ${report}`)).toEqual(['1;1;0;0;', '2;0;0;0;PATH', '3;0;1;0;']);
  });
});

describe('Functions and aliases', () => {
  const both = (text: string): ReturnType<typeof environmentOf> => environmentOf({ functions: { f: `echo ${text}` }, aliases: { a: `echo ${text}` } });

  test('The originals come back.', () => {
    expect(
      lines([both('1'), both('2'), environmentOf({})], `f() { echo mine; }; alias a="echo 'my own'"; apply 1; f; alias a; apply 2; f; alias a; ${report}; apply 3; f; alias a; ${report}`),
    ).toEqual(['1', "alias a='echo 1'", '2', "alias a='echo 2'", '2;0;2;0;', 'mine', "alias a='echo '\\''my own'\\'''", '3;0;0;2;']);
  });

  test("Where there was none, none is left; what the user redefined or removed is the user's.", () => {
    expect(
      lines([both('1'), environmentOf({}), both('3'), both('4'), environmentOf({})], [
        `apply 1; apply 2; declare -f f; alias a 2>/dev/null; ${report}`,
        `apply 3; f() { echo mine; }; alias a=mine; apply 4; f; alias a; ${report}`,
        `apply 5; f; alias a; ${report}`,
      ].join('\n')),
    ).toEqual(['2;0;0;2;', 'mine', "alias a='mine'", '4;0;0;0;f(),alias a', 'mine', "alias a='mine'", '5;0;0;0;f(),alias a']);
    expect(lines([both('1'), both('2')], `apply 1; unset -f f; unalias a; apply 2; ${report}; type -t f a || echo none`)).toEqual(['2;0;0;0;f(),alias a', 'none']);
  });

  test('Bodies and texts may hold anything, extended patterns too; the aliases of the user are not baked in.', () => {
    const functions = {
      heredoc: "cat <<'EOF'\n$x `y` 'z'\nEOF",
      pattern: 'case $1 in @(a|b)) echo yes ;; *) echo no ;; esac',
      'with-dash': 'rm() { echo inner; }\nrm',
      empty: '',
      comment: 'echo body # comment',
    };
    expect(
      lines([environmentOf({ functions, aliases: { '..': 'cd ..', 'g-s': "echo 'a b' \"$HOME\"" } })], [
        `shopt -s expand_aliases; alias echo='echo broken' rm=broken cat=broken; shopt -u extglob`,
        `apply 1; heredoc; pattern a; with-dash; empty; comment; alias .. g-s; ${report}; shopt -p extglob expand_aliases`,
      ].join('\n')),
    ).toEqual([
      ...["$x `y` 'z'", 'no', 'inner', 'body', "alias ..='cd ..'", `alias g-s='echo '\\''a b'\\'' "$HOME"'`, 'broken 1;7;0;0;'],
      ...['shopt -u extglob', 'shopt -s expand_aliases'],
    ]);
  });

  test('A readonly function and one with a syntax error are named as kept, and the rest is defined.', () => {
    const environment = environmentOf({ functions: { bad: 'if true', good: 'echo good', ro: 'echo ours' } });
    expect(lines([environment], `ro() { echo mine; }; readonly -f ro; apply 1; good; ro; ${report}`)).toEqual(['good', 'mine', '1;1;0;0;bad(),ro()']);
  });

  test('A function that the environment and the user share a name with goes through many generations.', () => {
    const many = (from: number, to: number, text: string): ReturnType<typeof environmentOf> =>
      environmentOf({ functions: Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`f${index + from}`, `echo ${text}`])) });
    expect(
      lines([many(0, 150, 'a'), many(50, 200, 'a'), many(50, 200, 'b')], `f160() { echo mine; }; apply 1; f70() { echo mine; }; apply 2; ${report}; apply 3; ${report}; f70; f71; f160; type -t f1 || echo none`),
    ).toEqual(['2;50;0;50;f70()', '3;0;149;0;f70()', 'mine', 'b', 'b', 'none']);
  });

  test('A function that cannot be defined is named as kept in each generation, until it can.', () => {
    const of = (good: string, bad: string): ReturnType<typeof environmentOf> => environmentOf({ functions: { bad, good: `echo ${good}` } });
    expect(
      lines([of('1', 'echo 1'), of('2', 'if true'), of('3', 'if true'), of('3', 'echo 3')], `apply 1; apply 2 2>/dev/null; good; bad; ${report}; apply 3; good; bad; ${report}; apply 4; good; bad; ${report}`),
    ).toEqual(['2', '1', '2;0;1;0;bad()', '3', '1', '3;0;1;0;bad()', '3', '3', '4;0;2;0;']);
  });

  test('Of many functions only those that changed are defined anew, and those that the user changed are counted by what they are.', () => {
    const some = (...changed: number[]): ReturnType<typeof environmentOf> =>
      environmentOf({ functions: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, `echo ${changed.includes(index) ? 'new' : 'old'}`])) });
    expect(
      lines([some(), some(3, 40), some(3, 40, 41), some(41), some(41, 42)], [
        `apply 1; apply 2; f3; f4; f40; ${report}; f4() { echo mine; }; apply 3; f4; f41; ${report}; apply 4; f3; f4; ${report}`,
        `unset -f f4; apply 5; f42; ${report}`,
      ].join('\n')),
    ).toEqual(['new', 'old', 'new', '2;0;2;0;', 'mine', 'new', '3;0;1;0;f4()', 'old', 'mine', '4;0;2;0;f4()', 'new', '5;0;1;0;f4()']);
  });
});

test('A file that is cut short anywhere applies nothing.', () => {
  const place = makePlace();
  try {
    const environment = environmentOf({ variables: { A: "it's\nlong", B: null }, lists: { PATH: { front: ['/a'] } }, functions: { f: 'echo "f"' }, aliases: { a: 'b' }, init: 'C=1' });
    const text = bashScript(environment, 1);
    const cuts = Array.from({ length: text.length - 1 }, (_, index) => index);
    for (const cut of cuts) writeFileSync(join(place.session, `cut-${cut}.sh`), text.slice(0, cut));
    const script = `__devshell_test_cut() { __devshell_apply "$__devshell_session/cut-$1.sh"; }
for ((n = 0; n < ${cuts.length - 1}; n++)); do __devshell_do test_cut "$n" 2>/dev/null; [[ ! \${A+x} && ! $__devshell_report ]] || echo "cut at $n"; done
apply 1; ${report}`;
    expect(runMerges([environment], script, { place }).trimEnd()).toBe('1;6;0;0;');
  } finally {
    place.remove();
  }
});

test('A file that is written for the generation before and is cut short applies nothing, or all.', () => {
  const place = makePlace();
  try {
    const of = (text: string): ReturnType<typeof environmentOf> =>
      environmentOf({ variables: { A: `it's ${text}`, B: null, C: text }, lists: { PATH: { front: [`/${text}`] } }, functions: { f: `echo ${text}`, g: ':' }, aliases: { a: text }, init: `D=${text}` });
    const text = bashScript(of('new'), 2, { generation: 1, environment: of('old') });
    const cuts = Array.from({ length: text.length }, (_, index) => index);
    for (const cut of cuts) writeFileSync(join(place.session, `cut-${cut}.sh`), text.slice(0, cut));
    const script = `__devshell_test_cut() { __devshell_apply "$__devshell_session/cut-$1.sh"; }
apply 1
for ((n = 0; n < ${cuts.length}; n++)); do
  (__devshell_do test_cut "$n"; echo "$__devshell_report|$A|$C|\${PATH%%:*}|$(f)|$__devshell_init") 2>/dev/null
done`;
    expect([...new Set(runMerges([of('old')], script, { place }).trimEnd().split('\n'))]).toEqual(["1;8;0;0;|it's old|old|/old|old|D=old", "2;0;6;0;|it's new|new|/new|new|D=new"]);
  } finally {
    place.remove();
  }
});

test('What a file says of the generation before it holds only in a shell that runs in that.', () => {
  const of = (A: string, f: string): ReturnType<typeof environmentOf> => environmentOf({ variables: { A, B: '1' }, functions: { f: `echo ${f}`, g: ':' } });
  const environments = [of('1', '1'), of('2', '2'), of('2', '3')];
  expect(lines(environments, `apply 1; apply 3; f; ${report}`)).toEqual(['3', '3;0;2;0;']);
  expect(lines(environments, `apply 1; apply 2; apply 3; f; ${report}`)).toEqual(['3', '3;0;1;0;']);
});

test('The merge runs nowhere but in the hook, and a generation that is not newer changes nothing.', () => {
  expect(
    lines(
      [environmentOf({ variables: { A: '1' } }), environmentOf({ variables: { A: '2' } })],
      'apply 2; A=mine; apply 2; apply 1; . "$DEVSHELL_SESSION/generation-2.sh"; __devshell_generation=0; . "$DEVSHELL_SESSION/generation-1.sh"; echo "$A"',
    ),
  ).toEqual(['mine']);
});
