import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDotenv } from '../../src/build/dotenv.ts';

const outer: Record<string, string> = { HOME: '/home/me', EMPTY: '' };
const parse = (text: string) => parseDotenv('.env', text, (name) => outer[name]);
const values = (text: string) => Object.fromEntries(parse(text).entries.map(({ name, value }) => [name, value]));

describe('a dotenv file', () => {
  it.each<[string, string, Record<string, string>]>([
    ['a plain value', 'A=1', { A: '1' }],
    ['export in front', 'export A=1', { A: '1' }],
    ['spaces around', '  A = 1  ', { A: '1' }],
    ['the YAML form', 'A: 1', { A: '1' }],
    ['an empty value', 'A=', { A: '' }],
    ['a comment behind', 'A=1 # one', { A: '1' }],
    ['a # that is no comment', 'A=a#b', { A: 'a#b' }],
    ['comments and blank lines', '# x\n\n  # y\nA=1\n', { A: '1' }],
    ['single quotes, literally', "A='$HOME \\n #'", { A: '$HOME \\n #' }],
    ['double quotes with escapes', 'A="a\\nb\\t\\"c\\" \\\\ \\$HOME"', { A: 'a\nb\t"c" \\ $HOME' }],
    ['backquotes, literally', 'A=`"x" \'y\'`', { A: '"x" \'y\'' }],
    ['several lines', 'A="one\ntwo"\nB=2', { A: 'one\ntwo', B: '2' }],
    ['Windows line ends', 'A=1\r\nB="x"\r\n', { A: '1', B: 'x' }],
    ['a byte order mark', '\uFEFFA=1', { A: '1' }],
    ['expansion of what is set outside', 'A=$HOME/x', { A: '/home/me/x' }],
    ['expansion of what was set before', 'A=1\nB=${A}2', { A: '1', B: '12' }],
    ['what the file sets before what is outside', 'HOME=/x\nA=$HOME', { HOME: '/x', A: '/x' }],
    ['an unset name as nothing', 'A=[$NOPE]', { A: '[]' }],
    ['a default for unset', 'A=${NOPE:-d}', { A: 'd' }],
    ['a default for empty', 'A=${EMPTY:-d}', { A: 'd' }],
    ['- only for unset', 'A=[${EMPTY-d}]', { A: '[]' }],
    ['a quoted comment behind a value', 'A="x" # y', { A: 'x' }],
    ['emoji and JSON', `A='{"k": ["♀", 1]}'`, { A: '{"k": ["♀", 1]}' }],
    ['an equals sign in the value', 'A=b=c', { A: 'b=c' }],
    ['an apostrophe within single quotes, as Docker writes it', "A='it\\'s'", { A: "it's" }],
    ['a Windows path within single quotes', "A='C:\\'\nB='D:\\x\\' # y", { A: 'C:\\', B: 'D:\\x\\' }],
    ['a backslash without quotes as it is', 'A=\\\\server\\share\\new\nB=\\$HOME', { A: '\\\\server\\share\\new', B: '$HOME' }],
    ['a space within a value', 'A=some words here', { A: 'some words here' }],
    ['a doubled dollar as one', 'A=pa$$word\nB="$$HOME"', { A: 'pa$word', B: '$HOME' }],
    ['a dollar that begins no name', 'A=$5.00\nB="$ $"', { A: '$5.00', B: '$ $' }],
    ['defaults within defaults', 'A=${NOPE:-${EMPTY:-${HOME}/x}y}', { A: '/home/me/xy' }],
    ['what stands in place of a variable that is set', 'A=${HOME:+yes}${NOPE:+no}${EMPTY:+no}${EMPTY+set}', { A: 'yesset' }],
    ['a variable that must be set, and is', 'A=${HOME:?needed}', { A: '/home/me' }],
    ['a need that is not needed', 'A=${HOME:-${NOPE:?never}}', { A: '/home/me' }],
    ['a value that begins with #', 'A=#x\nB="#x"', { A: '', B: '#x' }],
    ['a tab in front of a comment', 'A=1\t# one', { A: '1' }],
    ['words about export', 'exportA=1\nexport\tB=2\nexport export=3', { exportA: '1', B: '2', export: '3' }],
  ])('takes %s', (_title, text, expected) => {
    expect(parse(text).problems).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  it('names every bad line, and reads the ones around it', () => {
    const { entries, problems } = parse('A=1\nnot a line\nB=2\n3C=4\nD="open\n');
    expect(entries.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(problems.map(({ line, column, text }) => [line, column, text])).toEqual([
      [2, 1, 'not a line'],
      [4, 1, '3C=4'],
      [5, 3, '"open'],
    ]);
  });

  it('refuses text behind a closing quote', () => {
    expect(parse('A="x"y\nB=1').problems).toMatchObject([{ line: 1, column: 6, text: 'y' }]);
    expect(parse('A="x\n y"  z # c').problems).toMatchObject([{ line: 2, column: 6, text: 'z # c' }]);
  });

  it.each<[text: string, place: [line: number, column: number], message: RegExp]>([
    ['A=1\n  B=${HOME', [2, 5], /no closing brace/],
    ['A="one\ntwo ${HOME:-x"', [2, 5], /no closing brace/],
    ['A=${1}', [1, 3], /does not name a variable/],
    ['A=${HOME:=x}', [1, 3], /of all the forms/],
    ['A=${NOPE:?give me one}', [1, 3], /NOPE: give me one/],
    ['A=x${EMPTY:?}', [1, 4], /EMPTY is not set/],
    ['export A.B=1', [1, 8], /A\.B is no name that a shell can export/],
    ['A', [1, 1], /not a dotenv line/],
    ['export A', [1, 1], /not a dotenv line/],
    ['...', [1, 1], /not a dotenv line/],
    ['  ="x"', [1, 3], /not a dotenv line/],
    ['lol$wut', [1, 1], /not a dotenv line/],
    ['A = \'x', [1, 5], /never closed/],
  ])('names the place of the mistake in %j', (text, place, message) => {
    const { entries, problems } = parse(`${text}\n`);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([place]);
    expect(problems[0]).toMatchObject({ file: '.env', message: expect.stringMatching(message) as string, hint: expect.any(String) as string });
    expect(entries.map(({ name }) => name)).toEqual(place[0] === 2 && text.startsWith('A=1') ? ['A'] : []);
  });

  it('reads any text as some lines and some mistakes, each inside the file', () => {
    const pieces = fc.constantFrom('A', 'B=', 'export ', '"', "'", '`', '\\', '$', '${', '}', ':-', ':?', '#', ' ', '\n', ': ', 'x', '=');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const { entries, problems } = parse(text);
        const lines = text.split('\n');
        for (const { line } of [...entries, ...problems]) expect(line).toBeLessThanOrEqual(lines.length);
        for (const { line = 0, column = 0, text: shown = '' } of problems) expect(lines[line - 1]?.slice(column - 1)).toContain(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it('tells the line on which a value of several lines begins', () => {
    expect(parse('\nA="1\n2"\nB=3').entries.map(({ line }) => line)).toEqual([2, 4]);
  });
});

/** The cases of direnv's own tests, each as it stands there. */
describe('direnv reads', () => {
  const direnv = (text: string) => {
    const { entries, problems } = parseDotenv('.env', text, (name) => (name === 'FOO' ? 'foo' : undefined));
    expect(problems).toEqual([]);
    return Object.fromEntries(entries.map(({ name, value }) => [name.replace('OPTION_', ''), value]));
  };

  it('what is exported', () => {
    expect(direnv(`export OPTION_A=2\nexport OPTION_B='\\n' # foo\n#export OPTION_C=3\nexport OPTION_D=\nexport OPTION_E="foo"\n`)).toEqual({ A: '2', B: '\\n', D: '', E: 'foo' });
  });

  it('what is plain', () => {
    expect(direnv('OPTION_A=1\nOPTION_B=2\nOPTION_C= 3\nOPTION_D =4\nOPTION_E = 5\nOPTION_F=\nOPTION_G =\nSMTP_ADDRESS=smtp    # This is a comment\n')).toEqual({
      A: '1', B: '2', C: '3', D: '4', E: '5', F: '', G: '', SMTP_ADDRESS: 'smtp',
    });
    expect(direnv('SOME_VAR=')).toEqual({ SOME_VAR: '' });
    expect(direnv('\nVARIABLE=value\n#VARIABLE=disabled_value\n')).toEqual({ VARIABLE: 'value' });
  });

  it('what is quoted', () => {
    expect(direnv(`OPTION_A='1'\nOPTION_B='2'\nOPTION_C=''\nOPTION_D='\\n'\nOPTION_E="1"\nOPTION_F="2"\nOPTION_G=""\nOPTION_H="\\n"\n#OPTION_I="3"\n`)).toEqual({
      A: '1', B: '2', C: '', D: '\\n', E: '1', F: '2', G: '', H: '\n',
    });
  });

  it('what looks like YAML', () => {
    expect(direnv(`OPTION_A: 1\nOPTION_B: '2'\nOPTION_C: ''\nOPTION_D: '\\n'\n#OPTION_E: '333'\nOPTION_F: \n`)).toEqual({ A: '1', B: '2', C: '', D: '\\n', F: '' });
  });

  it.each<[value: string, expected: string]>([
    ['$FOO', 'foo'], ['"$FOO"', 'foo'], ['${FOO}', 'foo'], ['"${FOO}"', 'foo'], ["'$FOO'", '$FOO'], ['$FOO/bar', 'foo/bar'], ['"$FOO/bar"', 'foo/bar'],
    ['${FOO}/bar', 'foo/bar'], ['"${FOO}/bar"', 'foo/bar'], ["'$FOO/bar'", '$FOO/bar'], ['$BAR', ''], ['"$BAR"', ''], ['${BAR}', ''], ['"${BAR}"', ''], ["'$BAR'", '$BAR'],
    ['$BAR/baz', '/baz'], ['"$BAR/baz"', '/baz'], ['${BAR}/baz', '/baz'], ['"${BAR}/baz"', '/baz'], ["'$BAR/baz'", '$BAR/baz'], ['"$OPTION_A/bar"', 'foo/bar'],
    ['$OPTION_A/bar', 'foo/bar'], ['${OPTION_A}/bar', 'foo/bar'], ['"${OPTION_A}/bar"', 'foo/bar'], ["'$OPTION_A/bar'", '$OPTION_A/bar'],
    ['"$OPTION_A/bar/${OPTION_H}/$FOO"', 'foo/bar/foo/bar/foo'],
    ['"${FOO:-}"', 'foo'], ['"${FOO:-default}"', 'foo'], ["'${FOO:-default}'", '${FOO:-default}'], ['"${FOO:-default}/bar"', 'foo/bar'], ["'${FOO:-default}/bar'", '${FOO:-default}/bar'],
    ['"$FOO:-default"', 'foo:-default'], ['"$BAR:-default"', ':-default'], ['"${BAR:-}"', ''], ['"${BAR:-default}"', 'default'], ["'${BAR:-default}'", '${BAR:-default}'],
    ['"${BAR:-default}/bar"', 'default/bar'], ["'${BAR:-default}/bar'", '${BAR:-default}/bar'], ['"${OPTION_A:-}"', 'foo'], ['"${OPTION_A:-default}"', 'foo'],
    ["'${OPTION_A:-default}'", '${OPTION_A:-default}'], ['"${OPTION_A:-default}/bar"', 'foo/bar'], ["'${OPTION_A:-default}/bar'", '${OPTION_A:-default}/bar'], ['"${:-}"', ''],
    ['"${BAR:-:-}"', ':-'],
  ])('the value %s as %j', (value, expected) => {
    expect(direnv(`OPTION_A=$FOO\nOPTION_H=\${FOO}/bar\nOPTION_X=${value}\n`)['X']).toBe(expected);
  });

  it('what has several lines', () => {
    expect(direnv('MULTILINE="line1\nline2\nline3"\nSINGLE=one')).toEqual({ MULTILINE: 'line1\nline2\nline3', SINGLE: 'one' });
    expect(direnv('A=1\nB="foo\nbar"\nC=3')).toEqual({ A: '1', B: 'foo\nbar', C: '3' });
    const json = '{\n  "key1": "value1",\n  "nested": {\n    "nested_key_1": "nested_value_1"\n  }\n}';
    expect(direnv(`CONFIG='${json}'\nOTHER=value`)).toEqual({ CONFIG: json, OTHER: 'value' });
    expect(parse('FOO="line1\nline2').problems[0]).toMatchObject({ line: 1, column: 5 });
  });
});

/** The cases of Docker Compose's own tests of its dotenv, but those listed below. */
describe('Docker Compose reads', () => {
  it.each<[text: string, expected: string]>([
    ['FOO=bar', 'bar'], ['FOO =bar', 'bar'], ['FOO= bar', 'bar'], ['FOO="bar"', 'bar'], ["FOO='bar'", 'bar'], ['FOO="escaped\\"bar"', 'escaped"bar'],
    ['FOO="\\"quoted\\""', '"quoted"'], ['FOO="\'d\'"', "'d'"], ['FOO: 1', '1'], ['FOO: Foo=bar', 'Foo=bar'], ['FOO=1:B', '1:B'], ['export FOO=2', '2'],
    ["export FOO='\\n'", '\\n'], ['export\tFOO=2', '2'], ['  export FOO=2', '2'], ['\texport FOO=2', '2'], ['export FOO="export A"', 'export A'], ['FOO="bar\\nbaz"', 'bar\nbaz'],
    ['FOO=a\\tb', 'a\\tb'], ['FOO="a\\tb"', 'a\tb'], ['FOO=foobar=', 'foobar='], ['FOO=bar ', 'bar'], ['FOO=bar # this is foo', 'bar'], ['FOO=bar #this is foo', 'bar'], ['FOO=bar #', 'bar'],
    ['FOO=123#not-an-inline-comment', '123#not-an-inline-comment'], ['FOO="bar#baz"', 'bar#baz'], ['FOO="bar#baz"#', 'bar#baz'], ['FOO="bar#baz" # comment', 'bar#baz'],
    ["FOO='bar#baz' # comment", 'bar#baz'], ['FOO="bar\\nbaz\\\\"', 'bar\nbaz\\'], [' FOO =value', 'value'], ['\tFOO=value', 'value'], ['FOO="foo\\$BAR"', 'foo$BAR'],
    ['FOO="foo\\${BAR}"', 'foo${BAR}'], ['BAR=test\nFOO="foo\\${BAR} ${BAR}"', 'foo${BAR} test'], ["FOO='quote $FOO'", 'quote $FOO'],
    ['FOO="stratum+tcp://a:3333\nstratum+tcp://b:443"', 'stratum+tcp://a:3333\nstratum+tcp://b:443'],
  ])('%j as %j', (text, expected) => {
    expect(parse(text).problems).toEqual([]);
    expect(values(text)['FOO']).toBe(expected);
  });

  it.each(['KEY="', 'KEY="value', 'KEY="value\\"', 'KEY="value\'', "KEY='", "KEY='value", 'KEY=\'value"'])('%j as a mistake', (text) => {
    expect(parse(text).problems).toHaveLength(1);
  });

  // Where it and direnv disagree, as docs/configuration.md has it: escapes of echo, unknown escapes, and names that no shell can export.
  it.each<[text: string, ours: string | undefined]>([
    ['FOO="\\0123"', '0123'], ['FOO="\\x07"', 'x07'], ['FOO="\\a"', 'a'], ['FOO.BAR=foobar', undefined], ["FOO='value\\'", 'value\\'],
  ])('%j otherwise', (text, ours) => {
    expect(values(text)['FOO']).toBe(ours);
  });
});
