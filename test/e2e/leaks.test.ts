// What a program started from devshell can see of it: the documented variables, and nothing else.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, nodeOf, openBash, openShell, outputOf, waitForProcess } from './support-3.ts';

/** What one process is given: environment, functions, descriptors, dispositions of signals. Paths of terminals and pipes differ and are left out. */
const reportScript = `
import os, re, sys
def target(fd):
    try: return re.sub(r'[0-9]+', 'N', os.readlink('/proc/self/fd/%d' % fd))
    except OSError: return None
fds = sorted(int(name) for name in os.listdir('/proc/self/fd'))
print('descriptors', [(fd, target(fd)) for fd in fds if target(fd) is not None and not target(fd).startswith('/proc/N/fd')])
status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
for name in ('SigBlk', 'SigIgn', 'Umask'): print(name, status[name])
print('nice', os.nice(0), 'limits', __import__('resource').getrlimit(__import__('resource').RLIMIT_NOFILE))
for name in sorted(os.environ): print('env', name, repr(os.environ[name]))
`;

interface Report {
  readonly variables: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

function parseReport(text: string): Report {
  const lines = text.trimEnd().split('\n');
  const variables = lines.filter((line) => line.startsWith('env ')).map((line) => /^env (\S+) (.*)$/.exec(line)!.slice(1) as [string, string]);
  return { variables: new Map(variables.filter(([name]) => name !== 'TEST_SESSION')), rest: lines.filter((line) => !line.startsWith('env ')) };
}

const documented = ['DEVSHELL_RELOAD_FILE', 'DEVSHELL_RELOAD_KEYBIND', 'DEVSHELL_ROOT', 'DEVSHELL_SESSION'];
/** Things a user may have that must come through: functions, odd names, odd values, a changed mask. */
const bashrc = "PS1='$ '\ngreet() { echo hi; }\nexport -f greet\nexport PROMPT_COMMAND='true'\numask 027\n";
const env = { 'BASH_FUNC_given%%': '() {  echo given\n}', ODD: 'a "b" \\c $d\n\te', NODE_OPTIONS: '--no-warnings', NODE_EXTRA_CA_CERTS: '/dev/null', 'odd.name': '1', name: 'mine', node: 'mine', self: 'mine' };

/** Each as its number and what it is. */
function descriptorsOf([line = '']: readonly string[]): string[] {
  return [...line.matchAll(/\((\d+), '([^']*)'\)/g)].map(([, fd, target]) => `${fd} ${target}`);
}

async function writeReport(project: Project): Promise<string> {
  return await project.write('report.py', reportScript);
}

async function reportOf(session: TerminalSession, project: Project, command: string): Promise<Report> {
  await session.run(`${command} > ${join(project.base, 'tmp', 'report')}`);
  return parseReport(await readFile(join(project.base, 'tmp', 'report'), 'utf8'));
}

function without(variables: ReadonlyMap<string, string>, names: readonly string[]): Map<string, string> {
  return new Map([...variables].filter(([name]) => !names.includes(name)));
}

describe('a program started in the shell', () => {
  test('gets what it gets in a plain bash, and four documented variables', async ({ createProject }) => {
    const project = await createProject({ bashrc, env });
    const script = await writeReport(project);
    const plain = openBash(project);
    await plain.waitForScreen('$');
    const shell = await openShell(project, '[load]\npath = ["bin"]\n');
    for (const command of [`python3 ${script}`, `python3 ${script} </dev/null 2>/dev/null`, `bash -c 'python3 ${script}; :'`, `(python3 ${script})`]) {
      const expected = await reportOf(plain, project, command);
      const given = await reportOf(shell, project, command);
      expect(given.rest, command).toEqual(expected.rest);
      expect([...given.variables.keys()].filter((name) => name.startsWith('DEVSHELL')).sort()).toEqual(documented);
      // An exported PROMPT_COMMAND is the one thing withheld: it holds our line, which only this shell can run.
      const other = [...documented, 'PATH', 'PROMPT_COMMAND'];
      expect(without(given.variables, other), command).toEqual(without(expected.variables, other));
      expect(given.variables.has('PROMPT_COMMAND')).toBe(false);
      expect(given.variables.get('PATH')).toBe(expected.variables.get('PATH')!.replace("'", `'${project.path('bin')}:`));
    }
  });

  test('finds no function, variable, alias, trap or hook of devshell in a shell of its own', async ({ project }) => {
    const plain = openBash(project);
    await plain.waitForScreen('$');
    const shell = await openShell(project, "[env]\nGREETING = 'hello'\n[shell]\ninit = 'in_init() { :; }'\naliases = { hey = 'echo hey' }\n");
    const look = 'declare -F; declare -p | grep -ai devshell | sed "s/=.*//"; alias; trap -p; bind -X; echo "[$PROMPT_COMMAND]"; shopt; set -o';
    const inShells = [`bash -c '${look}'`, `env -i HOME="$HOME" PATH="$PATH" bash -ic '${look}' 2>/dev/null`, `bash --norc -ic '${look}' 2>/dev/null`];
    for (const command of inShells) {
      const given = (await outputOf(shell, project, command)).split('\n').filter((line) => !/^declare -x DEVSHELL_(ROOT|SESSION|RELOAD_FILE|RELOAD_KEYBIND)$/.test(line));
      expect(given, command).toEqual((await outputOf(plain, project, command)).split('\n'));
    }
  });

  test('finds the options, limits and open files of the shell itself as they are in a plain bash', async ({ project }) => {
    const plain = openBash(project);
    await plain.waitForScreen('$');
    const shell = await openShell(project);
    for (const command of ['shopt', 'set -o', 'ulimit -a', 'umask', 'echo $-', 'echo $SHLVL', "stty -a | grep -v rows", "ls -l /proc/$$/fd | awk 'NR > 1 { print $9, $11 }' | sed 's/pts.*/pts/'"]) {
      expect(await outputOf(shell, project, command), command).toEqual(await outputOf(plain, project, command));
    }
  });
});

describe('a command of a build', () => {
  test('gets no terminal, no PTY master and no variable of devshell, at the start and later', async ({ createProject }) => {
    const project = await createProject({ env });
    const script = await writeReport(project);
    await project.write('stamp', 'one');
    await project.write('build.sh', `python3 ${script} > report-$(cat stamp)\necho STAMP=$(cat stamp)\n`);
    const shell = await openShell(project, '[load]\nexec = [{ run = "bash ./build.sh", format = "dotenv", inputs = ["stamp"] }]\n');
    await project.write('stamp', 'two');
    await shell.waitForStatus('ready');
    const plain = parseReport((await project.run('bash', ['-c', `exec 2>&1; python3 ${script} | cat`])).stdout);
    for (const stamp of ['one', 'two']) {
      const { variables, rest } = parseReport(await project.read(`report-${stamp}`));
      // What it has beyond the standard three it has from this very test, or it is /dev/null.
      const [input, output, errors, ...more] = descriptorsOf(rest);
      expect([input, output, errors], stamp).toEqual(['0 /dev/null', `1 ${project.path(`report-${stamp}`).replace(/\d+/g, 'N')}`, '2 pipe:[N]']);
      expect(more.filter((one) => !one.endsWith(' /dev/null')), stamp).toEqual(descriptorsOf(plain.rest).slice(3).filter((one) => !one.endsWith('ptmx')));
      expect(rest.slice(1), stamp).toEqual(plain.rest.slice(1));
      expect(without(variables, ['OLDPWD', 'SHLVL', '_']), stamp).toEqual(without(plain.variables, ['OLDPWD', 'SHLVL', '_']));
    }
  });

  test('and the guard hold nothing that would keep a closed terminal open', async ({ project }) => {
    await project.write('wait.sh', 'test ! -e wait || sleep 600\n');
    const shell = await openShell(project, '[load]\nexec = [{ run = "sh ./wait.sh", format = "dotenv", inputs = ["wait"] }]\n');
    await project.write('wait', '');
    await shell.waitForStatus('building');
    for (const name of ['sh ./wait.sh', 'sleep 600', 'guard.sh']) {
      const { pid } = await waitForProcess(project, ({ commandLine }) => commandLine.includes(name) && !commandLine.startsWith('bash'), name);
      const { stdout } = await project.run('ls', ['-l', `/proc/${pid}/fd`]);
      expect(stdout, name).not.toMatch(/ptmx/);
    }
    const { stdout } = await project.run('ls', ['-l', `/proc/${(await nodeOf(project)).pid}/fd`]);
    expect(stdout, 'where it has to be').toContain('ptmx');
  });
});

describe('a command in command mode', () => {
  test('gets what a plain bash gives it: environment, descriptors, signals', async ({ createProject }) => {
    const project = await createProject({ env });
    const script = await writeReport(project);
    await configure(project, '');
    const bash = (before: string, command: string) => project.run('bash', ['-c', `${before} ${command} | cat`]);
    for (const before of ['', "trap '' USR1;", "trap '' HUP INT QUIT;", 'exec 5</dev/null 6>/dev/null;', 'umask 077; ulimit -n 200;']) {
      const plain = parseReport((await bash(before, `bash -c 'python3 ${script}; :'`)).stdout);
      const outcome = await bash(before, `${launcher} 'python3 ${script}; :'`);
      const given = parseReport(outcome.stdout);
      expect(outcome.stderr).toBe('');
      expect(given.rest, before).toEqual(plain.rest);
      expect(without(given.variables, ['DEVSHELL_ROOT']), before).toEqual(plain.variables);
      expect(given.variables.get('DEVSHELL_ROOT')).toBe(`'${project.root}'`);
    }
  });

  test('can read a process substitution', async ({ project }) => {
    await configure(project);
    const { stdout } = await project.run('bash', ['-c', `${launcher} cat <(echo one) <(echo two)`]);
    expect(stdout).toBe('one\ntwo\n');
  });
});
