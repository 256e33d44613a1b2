// The grammar of dotenv files as direnv has it: its own test list.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

async function load(text: string, env: Record<string, string> = {}): Promise<Record<string, string>> {
  Object.assign(project.env, env);
  project.write('.env', text);
  const { environment } = await project.build('dotenv\n');
  return Object.fromEntries([...environment.variables].filter((entry): entry is [string, string] => entry[1] !== null));
}

describe('dotenv reads', () => {
  it.each<[what: string, text: string, expected: Record<string, string>]>([
    ['exported', 'export OPTION_A=2\nexport OPTION_B=\'\\n\' # foo\n#export OPTION_C=3\nexport OPTION_D=\nexport OPTION_E="foo"\n', { OPTION_A: '2', OPTION_B: '\\n', OPTION_D: '', OPTION_E: 'foo' }],
    [
      'plain',
      'OPTION_A=1\nOPTION_C= 3\nOPTION_D =4\nOPTION_E = 5\nOPTION_F=\nOPTION_G =\nSMTP_ADDRESS=smtp    # This is a comment\n',
      { OPTION_A: '1', OPTION_C: '3', OPTION_D: '4', OPTION_E: '5', OPTION_F: '', OPTION_G: '', SMTP_ADDRESS: 'smtp' },
    ],
    ['one alone', 'SOME_VAR=', { SOME_VAR: '' }],
    ['quoted', "A='1'\nC=''\nD='\\n'\nE=\"1\"\nG=\"\"\nH=\"\\n\"\n#I=\"3\"\n", { A: '1', C: '', D: '\\n', E: '1', G: '', H: '\n' }],
    ['YAML', "OPTION_A: 1\nOPTION_B: '2'\nOPTION_C: ''\nOPTION_D: '\\n'\n#OPTION_E: '333'\nOPTION_F: \n", { OPTION_A: '1', OPTION_B: '2', OPTION_C: '', OPTION_D: '\\n', OPTION_F: '' }],
    ['what a comment overrides', '\nVARIABLE=value\n#VARIABLE=disabled_value\n', { VARIABLE: 'value' }],
    ['several lines', 'MULTILINE="line1\nline2\nline3"\nSINGLE=one', { MULTILINE: 'line1\nline2\nline3', SINGLE: 'one' }],
    ['several lines among others', 'A=1\nB="foo\nbar"\nC=3', { A: '1', B: 'foo\nbar', C: '3' }],
    ['JSON in quotes', `CONFIG='{\n  "key1": "value1",\n  "nested": {\n    "x": "y"\n  }\n}'\nOTHER=value`, { CONFIG: '{\n  "key1": "value1",\n  "nested": {\n    "x": "y"\n  }\n}', OTHER: 'value' }],
    ['escapes in double quotes', 'A="a\\"b \\\\ \\x"\nB="l1\\r\\nl2"\n', { A: 'a"b \\ x', B: 'l1\r\nl2' }],
    ['the lines of another system', 'A=1\r\nB="2"\r\n', { A: '1', B: '2' }],
    ['the directory that it stands in', 'HERE=$PWD/x\n', { HERE: '<root>/x' }],
  ])('%s', async (_, text, expected) => {
    const values = await load(text);
    expect(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.replace(project.root, '<root>')]))).toEqual(expected);
  });

  it('expansions, from the lines above and from the environment', async () => {
    const forms: Record<string, string> = {};
    const lines: string[] = [];
    const add = (text: string, expected: string): void => {
      const name = `OPTION_${lines.length}`;
      lines.push(`${name}=${text}`);
      forms[name] = expected;
    };
    for (const [name, value] of [['FOO', 'foo'], ['BAR', '']] as const) {
      for (const form of [`$${name}`, `\${${name}}`]) {
        for (const rest of ['', '/bar']) {
          add(form + rest, value + rest);
          add(`"${form}${rest}"`, value + rest);
          add(`'${form}${rest}'`, form + rest);
        }
      }
    }
    lines.unshift('FIRST=$FOO');
    add('"$FIRST/bar/${FIRST}/$FOO"', 'foo/bar/foo/foo');
    expect(await load(lines.join('\n'), { FOO: 'foo' })).toEqual({ FIRST: 'foo', ...forms });
  });

  it('defaults', async () => {
    const forms: [text: string, expected: string][] = [
      ['"${FOO:-}"', 'foo'],
      ['"${FOO:-default}"', 'foo'],
      ["'${FOO:-default}'", '${FOO:-default}'],
      ['"${FOO:-default}/bar"', 'foo/bar'],
      ['"$FOO:-default"', 'foo:-default'],
      ['"$BAR:-default"', ':-default'],
      ['"${BAR:-}"', ''],
      ['"${BAR:-default}"', 'default'],
      ["'${BAR:-default}/bar'", '${BAR:-default}/bar'],
      ['"${BAR:-default}/bar"', 'default/bar'],
      ['"${OPTION_0:-default}/bar"', 'foo/bar'],
      ['"${:-}"', ''],
      ['"${BAR:-:-}"', ':-'],
    ];
    const values = await load(forms.map(([text], index) => `OPTION_${index}=${text}`).join('\n'), { FOO: 'foo' });
    expect(values).toEqual(Object.fromEntries(forms.map(([, expected], index) => [`OPTION_${index}`, expected])));
  });

  it.each([['...', 1, 'not a dotenv line'], ['A=1\nB=2 3', 2, 'not a dotenv line'], ['FOO="line1\nline2', 2, 'never closed']])('not %j', async (text, line, message) => {
    project.write('.env', text);
    expect(await project.problem('dotenv\n')).toMatchObject({ file: '.env', line, message: expect.stringContaining(message) as string });
  });
});
