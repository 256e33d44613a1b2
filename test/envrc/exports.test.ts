// Aliases, functions and completions that an .envrc exports.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { EnvrcProject } from './support.ts';

let project: EnvrcProject;

beforeEach(async () => {
  project = await EnvrcProject.create();
});
afterEach(() => project.remove());

it('They come along, with the line that exported them.', async () => {
  const { environment, provenance } = await project.build(`export_alias ll 'ls -l "$HOME"'
greet() { echo "hello $1"; }
noisy() { echo x; } >&2
export_function greet \\
  noisy
_tool_words() { echo a b; }
_tool() { COMPREPLY=($(compgen -W "$(_tool_words)" -- "$2")); }
complete -o nospace -F _tool tool "other tool"
complete -W 'x y' plain
export_completion tool plain
unrelated() { :; }
`);
  expect(environment.aliases).toEqual(new Map([['ll', 'ls -l "$HOME"']]));
  expect([...environment.functions.keys()].sort()).toEqual(['_tool', '_tool_words', 'greet', 'noisy']);
  expect(environment.functions.get('greet')?.trim()).toBe('echo "hello $1"');
  expect(environment.functions.get('noisy')).toMatch(/^\{ [\s\S]*\} 1>&2$/);
  expect(environment.completions).toEqual(new Map([['tool', '-o nospace -F _tool'], ['plain', "-W 'x y'"]]));
  expect(provenance?.aliases.get('ll')).toEqual({ layer: 'envrc', file: '.envrc', line: 1 });
  expect(provenance?.completions.get('tool')).toEqual({ layer: 'envrc', file: '.envrc', line: 10 });
  expect(provenance?.functions.get('_tool_words')).toEqual({ layer: 'envrc', file: '.envrc' });
  expect(provenance?.functions.get('greet')).toMatchObject({ layer: 'envrc', file: '.envrc' });
});

it.each([
  ['export_alias ll', 'export_alias: give a name and a text'],
  ['export_function nowhere', 'export_function: there is no function nowhere'],
  ['export_completion nowhere', 'export_completion: nowhere has no completion'],
])('%s is an error', async (line, message) => {
  expect(await project.problem(`set -e\n${line}\n`)).toMatchObject({ message: expect.stringContaining(message) as string, file: '.envrc', line: 2 });
});

it('A function is what it is at the end.', async () => {
  const { environment } = await project.build('f() { echo 1; }\nexport_function f\nf() { echo 2; }\n');
  expect(environment.functions.get('f')?.trim()).toBe('echo 2');
});
