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
  ])('takes %s', (_title, text, expected) => {
    expect(parse(text).problems).toEqual([]);
    expect(values(text)).toEqual(expected);
  });

  it('names every bad line, and reads the ones around it', () => {
    const { entries, problems } = parse('A=1\nnot a line\nB=2\n3C=4\nD="open\n');
    expect(entries.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(problems.map(({ line, text }) => [line, text])).toEqual([
      [2, 'not a line'],
      [4, '3C=4'],
      [5, '"open'],
    ]);
  });

  it('refuses text behind a closing quote', () => {
    expect(parse('A="x"y\nB=1').problems).toMatchObject([{ line: 1, text: 'y' }]);
  });

  it('tells the line on which a value of several lines begins', () => {
    expect(parse('\nA="1\n2"\nB=3').entries.map(({ line }) => line)).toEqual([2, 4]);
  });
});
