import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { helpText, referenceText } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/arguments.ts';
import { commandSpecs, shellCommand } from '../../src/cli/options.ts';
import { DevshellError } from '../../src/model/problem.ts';

const parse = (...words: string[]) => {
  const { spec, flags, values, words: rest, asked } = parseArguments(words);
  return { command: spec.name, flags: [...flags], values: Object.fromEntries(values), words: [...rest], asked };
};

describe('the arguments', () => {
  it.each<[string, string[], Partial<ReturnType<typeof parse>>]>([
    ['nothing is the shell', [], { command: 'devshell', words: [] }],
    ['a word that is no command is one to run', ['npm test'], { command: 'devshell', words: ['npm test'] }],
    ['what follows it is its own', ['pytest', '-q', '--root', 'x'], { command: 'devshell', flags: [], words: ['pytest', '-q', '--root', 'x'] }],
    ['a -- behind the command separates its arguments', ['make', '--', '-j2'], { words: ['make', '-j2'] }],
    ['only the first -- does', ['echo', '--', '--', 'a'], { words: ['echo', '--', 'a'] }],
    ['options before it are ours', ['-q', '--root', '/p', 'make'], { flags: ['quiet'], values: { root: '/p' }, words: ['make'] }],
    ['a value may follow an equals sign', ['--status=off'], { values: { status: 'off' } }],
    ['short flags may be joined', ['-qv'], { flags: ['quiet', 'verbose'] }],
    ['a command has options of its own', ['status', '--json'], { command: 'status', flags: ['json'] }],
    ['... and takes ours from before its name', ['-q', 'allow', '/p'], { command: 'allow', flags: ['quiet'], words: ['/p'] }],
    ['run takes the names of commands', ['run', '--', 'status', '--json'], { command: 'run', flags: [], words: ['status', '--json'] }],
    ['a -- before a word makes it one to run', ['--', 'status'], { command: 'devshell', words: ['status'] }],
    ['help is asked of a command', ['log', '--help'], { command: 'log', asked: 'help' }],
    ['help is no word of a command to run', ['ls', '--help'], { asked: 'run', words: ['ls', '--help'] }],
    ['the version', ['--version'], { asked: 'version' }],
  ])('%s', (_title, given, expected) => {
    expect(parse(...given)).toMatchObject(expected);
  });

  it.each<[string[], string]>([
    [['--bogus'], 'devshell has no option --bogus'],
    [['-x'], 'devshell has no option -x'],
    [['status', '--manual'], 'devshell status has no option --manual'],
    [['--manual', 'status'], 'devshell status has no option --manual'],
    [['status', 'now'], 'devshell status does not take "now"'],
    [['allow', 'a', 'b'], 'devshell allow does not take "b"'],
    [['--root'], '--root wants a value: DIR'],
    [['--quiet=yes'], '--quiet takes no value'],
    [['--status', 'top'], '--status is one of bottom, busy, title, off, not top'],
    [['run'], 'devshell run wants a command'],
  ])('%j is refused: %s', (given, message) => {
    const error = (() => {
      try {
        return parse(...given);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(DevshellError);
    expect(error).toMatchObject({ code: 'usage', problems: [{ message, hint: expect.stringContaining('usage: ') as string }] });
  });
});

describe('what is said of the commands', () => {
  it('is fresh in docs/cli.md', async () => {
    expect(await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')).toBe(referenceText());
  });

  it.each([shellCommand, ...commandSpecs].map((spec) => [spec.name, spec] as const))('names every option of %s', (_name, spec) => {
    for (const { name } of spec.options) expect(helpText(spec)).toContain(`--${name}`);
  });
});
