// What goes wrong in a project's files: the shell lives, nothing is half-applied, the error is named where it stands, mending recovers.
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { Shell } from './support-2.ts';

/** So wide that no line of the status has to be cut. */
const wide = { columns: 170 };
const good = '[env]\nV = "good"\nW = "good"\n';

/** The error view as it is read: its rows joined where they were broken. */
async function errorView(shell: Shell): Promise<string> {
  shell.session.press('Alt-Ctrl-E');
  const rows = await shell.session.waitForScreen('any other key returns');
  shell.session.press('q');
  await shell.session.waitForScreen((now) => !now.join('\n').includes('any other key returns'));
  return rows.join('\n');
}

interface Breakage {
  readonly title: string;
  readonly file: string;
  readonly good: string;
  readonly bad: string;
  /** As the line says it, and as the log and the error view do. */
  readonly named: string;
  readonly details: readonly string[];
}

const breakages: readonly Breakage[] = [
  {
    title: 'broken TOML',
    file: 'devshell.toml',
    good,
    bad: '[env]\nV = "half"\nW = "unclosed\n',
    named: 'devshell.toml:3:',
    details: ['W = "unclosed'],
  },
  {
    title: 'several mistakes',
    file: 'devshell.toml',
    good,
    bad: '[env]\nV = "half"\n[lod]\npath = []\n[status]\nline = "up"\n',
    named: 'devshell.toml:3:2: unknown key `lod`',
    details: ['devshell.toml:6:8:', 'did you mean `load`?'],
  },
  {
    title: 'a variable that is not there',
    file: 'devshell.toml',
    good,
    bad: '[env]\nV = "half"\nW = "${NO_SUCH_THING}"\n',
    named: 'devshell.toml:3:1: W uses NO_SUCH_THING, which is not set',
    details: ['${NO_SUCH_THING:-}'],
  },
  {
    title: 'a dotenv file with a bad line',
    file: '.env',
    good: 'V=good\nW=good\n',
    bad: 'V=half\nW=half\nthis is no assignment\nX="never closed\n',
    named: '.env:3:1: not a dotenv line',
    details: ['this is no assignment', '.env:4', 'opens a " that is never closed'],
  },
  {
    title: 'an init with a syntax error',
    file: 'devshell.toml',
    good,
    bad: "[env]\nV = \"half\"\n[shell]\ninit = '''\nINIT=half\nif true; then (\nfi\n'''\n",
    named: 'devshell.toml:7: [shell] init: syntax error near unexpected token',
    details: ["`fi'"],
  },
  {
    title: 'a command that fails',
    file: 'devshell.toml',
    good,
    bad: "[env]\nV = \"half\"\n[load]\nexec = [\n  { run = 'for i in {1..40}; do echo \"detail $i\" >&2; done; exit 3' },\n]\n",
    named: 'devshell.toml:5:3: exec exited with 3: detail 40',
    details: ['detail 1\n', 'detail 15\n'],
  },
  {
    title: 'a command that prints no JSON',
    file: 'devshell.toml',
    good,
    bad: '[env]\nV = "half"\n[load]\nexec = [{ run = "echo oops" }]\n',
    named: 'devshell.toml:4:9: exec printed no JSON',
    details: ['oops'],
  },
  {
    title: 'a value that no program could be started with',
    file: 'devshell.toml',
    good,
    bad: `[env]\nV = "half"\nW = "${'x'.repeat(140_000)}"\n`,
    named: 'devshell.toml:3:5: a variable can hold at most 128 KiB',
    details: ['put it into a file'],
  },
];

describe('a build that fails', () => {
  test.for(breakages.map((breakage) => [breakage.title, breakage] as const))('on %s leaves the old environment whole, names it, and recovers', async ([, breakage], { project }) => {
    const inDotenv = breakage.file === '.env';
    if (inDotenv) await project.write('.env', breakage.good);
    const shell = await Shell.open(project, inDotenv ? '[load]\ndotenv = [".env"]\n' : breakage.good, wide);
    const { session } = shell;
    await project.replace(breakage.file, breakage.bad);
    const line = await session.waitForStatus('failed');
    expect(line).toContain(`✗ failed ${breakage.named}`);
    expect([await shell.value('V'), await shell.value('W'), await shell.value('INIT')]).toEqual(['good', 'good', undefined]);

    const view = await errorView(shell);
    const log = (await shell.devshell('log')).join('\n');
    const status = (await shell.devshell('status')).join('\n');
    for (const text of [breakage.named, ...breakage.details]) {
      expect.soft(flat(view), 'the error view').toContain(flat(text));
      expect.soft(flat(log), 'devshell log').toContain(flat(text));
    }
    expect(flat(status)).toContain(flat(breakage.named));
    expect(session.statusRow()).toContain('failed');

    await project.replace(breakage.file, breakage.good.replace('W', 'X').replace('"good"', '"mended"').replace('V=good', 'V=mended'));
    await session.waitForStatus(/ready|reloaded/);
    expect([await shell.value('V'), await shell.value('W'), await shell.value('X')]).toEqual(['mended', undefined, 'good']);
    expect(session.statusRow()).toContain('reloaded');
  });

  test('takes back an environment that was ready and not yet applied, and mending to the applied one leaves nothing to do', async ({ project }) => {
    const shell = await Shell.open(project, good);
    await project.replace('devshell.toml', good.replace('"good"', '"never"'));
    await shell.session.waitForStatus('ready');
    await project.replace('devshell.toml', 'nonsense');
    await shell.session.waitForStatus('failed devshell.toml:1:');
    expect(await shell.value('V')).toBe('good');
    await project.replace('devshell.toml', good);
    await shell.session.waitForStatus('unchanged');
    expect(await shell.value('V')).toBe('good');
    await shell.session.waitForStatus('watching');
  });

  test('at the start gives the shell without an environment, says why, and mending brings it', async ({ project }) => {
    const shell = await Shell.open(project, '[env]\nV = "good"\nW = \n');
    expect(shell.session.terminal.lines().join('\n')).toMatch(/^devshell: devshell\.toml:3:/m);
    expect(shell.session.statusRow()).toContain('failed devshell.toml:3:');
    expect(await shell.value('V')).toBeUndefined();
    expect(flat(await errorView(shell))).toContain('devshell.toml:3:');
    await project.replace('devshell.toml', good);
    expect(await shell.readyValue('V')).toBe('good');
  });

  test('at the start for a file that is missing, ends when the file is there', async ({ project }) => {
    const shell = await Shell.open(project, '[env]\nV = "good"\n[load]\ndotenv = [".env.more"]\n');
    expect(shell.session.statusRow()).toContain('failed devshell.toml:4:11: no dotenv file .env.more');
    await project.write('.env.more', 'MORE=1\n');
    expect(await shell.readyValue('MORE')).toBe('1');
    expect(await shell.value('V')).toBe('good');
  });
});

describe('init code', () => {
  const init = (code: string, value: string): string => `[env]\nV = "${value}"\n[shell]\ninit = '''\n${code}\n'''\n`;

  // Where the shell cannot tell the line, it is the first one of the code.
  test.for([
    ['ends in an error', 'A=1\nno-such-command --flag', 127, 'devshell.toml:6: [shell] init failed with 127: no-such-command: command not found'],
    ['is left by return', 'A=1\nreturn 3\nA=2', 3, 'devshell.toml:5: [shell] init failed with 3'],
    ['is left by exit', 'A=1\nexit 4\nA=2', 4, 'devshell.toml:6: [shell] init failed with 4'],
    ['sets -e and fails', 'A=1\nset -e\nfalse', 1, 'devshell.toml:7: [shell] init failed with 1'],
    ['uses an unset variable under set -u', 'A=1\nset -u\n: "$NO_SUCH_THING"', 1, 'devshell.toml:5: [shell] init failed with 1: NO_SUCH_THING: unbound variable'],
    ['divides by zero', 'A=1\n: $((1 / 0))', 1, 'devshell.toml:5: [shell] init failed with 1: 1 / 0: division by 0'],
    ['assigns to a readonly variable', 'A=1\nreadonly RO=1\nRO=2', 1, 'devshell.toml:5: [shell] init failed with 1: RO: readonly variable'],
    ['replaces the shell', 'A=1\nexec true', 126, 'devshell.toml:6: [shell] init failed with 126: devshell: init cannot replace the shell: exec true'],
  ] as const)('that %s does not end or change the shell, and is named', async ([, code, status, named], { project }) => {
    const shell = await Shell.open(project, init('A=0', 'old'), wide);
    const { session } = shell;
    const shellPid = await shell.value('$');
    const options = await session.run('echo $-; set -o | sort | cksum; shopt | cksum; trap');
    await project.replace('devshell.toml', init(code, 'new'));
    expect(await shell.readyValue('V')).toBe('new');
    await session.waitForStatus(new RegExp(`reloaded .*init failed with ${status}`));
    expect([await shell.value('A'), await shell.value('$')]).toEqual(['1', shellPid]);
    expect(await session.run('echo $-; set -o | sort | cksum; shopt | cksum; trap')).toEqual(options);

    expect(flat(await errorView(shell))).toContain(flat(named));
    expect(flat((await shell.devshell('log')).join('\n'))).toContain(flat(named));

    await project.replace('devshell.toml', init('A=2', 'mended'));
    expect(await shell.readyValue('V')).toBe('mended');
    expect(await shell.value('A')).toBe('2');
    expect(JSON.parse((await shell.devshell('status --json')).join(''))).not.toHaveProperty('notice');
  });

  test('that failed stays named in the line until the environment is another', async ({ project }) => {
    const shell = await Shell.open(project, init(':', 'old'), wide);
    await project.replace('devshell.toml', init('A=1\nno-such-command', 'new'));
    expect(await shell.readyValue('V')).toBe('new');
    await shell.session.waitForStatus('! note devshell.toml:6: [shell] init failed with 127: no-such-command: command not found');
    await project.replace('devshell.toml', `# A comment.\n${init('A=1\nno-such-command', 'new')}`);
    await shell.buildsEnded(2);
    await shell.session.waitForStatus('! note devshell.toml:6:');
    await project.replace('devshell.toml', init('A=1', 'mended'));
    expect(await shell.readyValue('V')).toBe('mended');
    await shell.session.waitForStatus('watching');
  });

  test('that fails at the start is named as well', async ({ project }) => {
    const shell = await Shell.open(project, init('A=1\nno-such-command', 'good'));
    await shell.session.waitForStatus('note devshell.toml:6: [shell] init failed with 127');
    expect(shell.session.terminal.lines().join('\n')).toContain('no-such-command: command not found');
    expect([await shell.value('A'), await shell.value('V')]).toEqual(['1', 'good']);
  });

  test('may print: nothing of it reaches the prompt, all of it the log', async ({ project }) => {
    const shell = await Shell.open(project, init(':', 'old'));
    await project.replace('devshell.toml', init('echo to stdout\necho to stderr >&2\nread -r line', 'new'));
    expect(await shell.readyValue('V')).toBe('new');
    expect(shell.session.terminal.lines().join('\n')).not.toMatch(/^to std/m);
    const log = await shell.devshell('log');
    expect(log).toEqual(expect.arrayContaining(['to stdout', 'to stderr']));
  });
});

/** Without blanks and line ends: a view breaks lines where it must. */
function flat(text: string): string {
  return text.replace(/\s+/g, '');
}
