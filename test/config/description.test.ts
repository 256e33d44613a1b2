import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeProject } from '../../src/config/description.ts';
import { printable } from '../../src/config/printable.ts';
import type { Project } from '../../src/config/project.ts';
import { configurationOf } from './files.ts';

const project: Project = { kind: 'configured', root: '/p', file: '/p/devshell.toml' };

test('a project is described by what it runs in full, and what it loads and sets', async () => {
  const configuration = await configurationOf(`
env = { A = "secret", B = "2", C = false }
load.path = ["bin", "x y"]
load.dotenv = [".env", { file = "b.env", optional = true }]
load.venv = { directory = ".venv", create = true }
load.envrc = ".envrc"
load.nix = ".#dev"
load.exec = [{ run = "mise env" }, { run = "one\\ntwo" }]
shell.init = '''
echo "hello"
  exit
'''
shell.program = "bash"
shell.aliases = { gs = "git status" }
`);
  expect(describeProject(project, configuration)).toEqual([
    '/p/devshell.toml',
    '  runs at each change, for variables:',
    '  | mise env',
    '  | one',
    '  | two',
    '  runs in your shell at each change:',
    '  | echo "hello"',
    '  |   exit',
    '  defines aliases:',
    '  | gs = git status',
    '  starts bash',
    '  evaluates .envrc',
    '  evaluates with Nix .#dev',
      '  loads .env, b.env (if it is there)',
    '  uses the Python environment .venv (made by python3 where it is not there)',
    '  puts on PATH bin, x y',
    '  sets A, B',
    '  unsets C',
  ]);
});

test('a project with nothing in it, with mistakes, or only detected is described as such', async () => {
  expect(describeProject(project, await configurationOf(''))).toEqual(['/p/devshell.toml', '  runs and loads nothing']);
  expect(describeProject(project, undefined)).toEqual(['/p/devshell.toml', '  has mistakes: what it would run is not known']);
  const found = [{ kind: 'dotenv', file: '.env' }, { kind: 'path', directory: 'node_modules/.bin' }] as const;
  expect(describeProject({ kind: 'detected', root: '/p', found, idle: [] }, undefined)).toEqual(['/p (no devshell.toml)', '  loads .env, node_modules/.bin']);
  expect(describeProject({ kind: 'detected', root: '/p', found: [], idle: [] }, undefined)).toEqual(['/p (no devshell.toml)', '  runs and loads nothing']);
});

test('a hostile project cannot paint over the question', async () => {
  const configuration = await configurationOf(`
load.exec = [{ run = "rm -rf ~\\u001b[2K\\r# harmless \\u202e\\u2066 \\u009b1A\\u0007" }]
load.path = ["\\u001b]0;x\\u0007"]
shell.aliases = { "a\\u001b[A" = "b\\u200b" }
`);
  expect(describeProject({ ...project, file: '/p/\u001b[1A\n/devshell.toml' }, configuration)).toEqual([
    '/p/\\u{1b}[1A\\n/devshell.toml',
    '  runs at each change, for variables:',
    '  | rm -rf ~\\u{1b}[2K\\r# harmless \\u{202e}\\u{2066} \\u{9b}1A\\u{7}',
    '  defines aliases:',
    '  | a\\u{1b}[A = b\\u{200b}',
    '  puts on PATH \\u{1b}]0;x\\u{7}',
  ]);
});

test('no text reaches the terminal with a control, format or surrogate character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u);
      expect(printable(shown)).toBe(shown);
    }),
    { numRuns: 1000 },
  );
  expect(printable('plain "é" 日本 😀 \\ ~')).toBe('plain "é" 日本 😀 \\ ~');
});
