// The commands without a session: command mode, `env`, `init`, help and mistakes.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { parseDotenv } from '../../src/build/dotenv.ts';
import { processesWith } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import { configure, devshell, greeting, nodeOf, sessionsOf, waitForProcess, waitForPrompt } from './support-3.ts';

const names = ['run', 'init', 'allow', 'deny', 'status', 'reload', 'pause', 'resume', 'log', 'inputs', 'why', 'diff', 'doctor', 'env'];

describe('command mode', () => {
  test('gives the exit code of the command', async ({ project }) => {
    await configure(project);
    await project.write('not-executable', 'x');
    const codes: [string[], number][] = [
      [['true'], 0],
      [['exit 42'], 42],
      [['false'], 1],
      [['no-such-command-here'], 127],
      [['./not-executable'], 126],
      [['kill -TERM $$'], 143],
      [['kill -KILL $$'], 137],
      [['run', 'exit 3'], 3],
      [['run', '--', 'exit', '4'], 4],
      [['--', 'exit 5'], 5],
    ];
    for (const [args, code] of codes) {
      const { exitCode, stdout, stderr } = await project.devshell(args);
      expect({ exitCode, stdout }, args.join(' ')).toEqual({ exitCode: code, stdout: '' });
      if (code !== 126 && code !== 127) expect(stderr, args.join(' ')).toBe('');
    }
    // Dead of Ctrl-C, which shells call 130 and after which they end their loops.
    expect(await project.devshell(['kill -INT $$'])).toMatchObject({ exitCode: null, signal: 'SIGINT' });
    expect((await project.run('sh', ['-c', `'${launcher}' 'kill -INT $$'; exit $?`])).exitCode).toBe(130);
    expect((await project.devshell(['no-such-command-here'])).stderr).toContain('no-such-command-here');
  });

  test('hands over every argument as it is, and the environment', async ({ project }) => {
    await configure(project, `${greeting}OTHER = "a \\"b\\" $c"\n`);
    const odd = ['a  b', '*', '', '$HOME', "it's", '"', '\\', 'new\nline', '--', '--help', '-x', 'é🎉', '-- '];
    expect((await project.devshell(["printf '<%s>'", '--', ...odd])).stdout).toBe(odd.map((word) => `<${word}>`).join(''));
    expect((await project.devshell(['run', '--', 'printf', '<%s>', ...odd])).stdout).toBe(odd.map((word) => `<${word}>`).join(''));
    expect((await project.devshell(['echo "$GREETING" "$OTHER" && pwd'])).stdout).toBe(`hello a "b" $c\n${project.root}\n`);
    expect((await project.devshell(['pwd'], { cwd: project.home })).stdout).toBe(`${project.home}\n`);
    expect((await project.devshell(['--root', project.root, 'echo $GREETING; pwd'], { cwd: project.home })).stdout).toBe(`hello\n${project.home}\n`);
  });

  test('reads no start-up file, even where bash takes itself for a remote shell', async ({ createProject }) => {
    const project = await createProject({ bashrc: 'echo from .bashrc\n' });
    await configure(project);
    // A socket as standard input, and no shell around it.
    const env = { ...project.environment(), SHLVL: undefined };
    const child = spawn(launcher, ['echo $GREETING'], { cwd: project.root, env, stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end();
    expect(await text(child.stdout)).toBe('hello\n');
  });

  test('takes reserved names only after run', async ({ project }) => {
    await configure(project);
    await project.write('bin/status', '#!/bin/sh\necho my own status "$@"\n', { mode: 0o755 });
    const env = { PATH: `${project.path('bin')}:${project.environment()['PATH']!}` };
    expect((await project.devshell(['run', '--', 'status', '--json'], { env })).stdout).toBe('my own status --json\n');
    expect((await project.devshell(['run', 'status'], { env })).stdout).toBe('my own status\n');
    expect((await project.devshell(['--', 'status'], { env })).stdout).toBe('my own status\n');
    const { exitCode, stderr } = await project.devshell(['status'], { env });
    expect(exitCode).toBe(125);
    expect(stderr).toContain('not inside a devshell session');
  });

  test('leaves standard input, output and error alone, binary and closed ones too', async ({ project }) => {
    await configure(project);
    await project.write('bytes', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) & 0xff)));
    const script = `${launcher} cat < bytes > copy 2> errors; cmp bytes copy; ${launcher} 'cat >&2' < bytes 2> copy; cmp bytes copy; echo same`;
    expect((await project.run('bash', ['-c', script])).stdout).toBe('same\n');
    const count = await project.run('bash', ['-c', `(${launcher} 'head -c1'; cat) < bytes | wc -c`]);
    expect(count.stdout.trim(), 'what the command did not read is still there').toBe('100000');
    const closed = await project.run('bash', ['-c', `${launcher} 'echo hidden; echo $? >&2' >&-; ${launcher} 'exit 7' >&- 2>&- <&-; echo $?`]);
    expect(closed.stderr).toMatch(/write error.*\n1\n$/);
    expect(closed.stdout).toBe('7\n');
    expect((await project.run('bash', ['-c', `${launcher} 'yes' | head -1`])).stdout).toBe('y\n');
  });

  test('passes signals on and leaves nothing behind', async ({ project }) => {
    await configure(project);
    for (const [signal, code] of [['TERM', 143], ['HUP', 129], ['INT', 5]] as const) {
      const running = project.devshell(["trap 'exit 5' INT; sleep 306 >/dev/null 2>&1 & wait; sleep 307"]);
      await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 306', 'the command');
      const { pid } = await nodeOf(project);
      // Ctrl-C reaches both from a terminal; here only devshell is told, and it must not die of it.
      process.kill(pid, `SIG${signal}`);
      if (signal === 'INT') {
        const command = await waitForProcess(project, ({ commandLine }) => commandLine.startsWith('bash --norc -c trap'), 'the command');
        process.kill(command.pid, 'SIGINT');
      }
      expect((await running).exitCode, signal).toBe(code);
      for (const { pid: left, commandLine } of await processesWith(project.token)) if (commandLine.startsWith('sleep')) process.kill(left, 'SIGKILL');
      await project.waitForNoProcess();
    }
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('works in a terminal with job control as without devshell', async ({ project }) => {
    await configure(project);
    const outer = project.terminal('bash', ['-i']);
    await outer.waitForScreen('$');
    outer.enter(devshell("'cat -u'"));
    await waitForProcess(project, ({ commandLine }) => commandLine === 'cat -u', 'cat');
    outer.enter('heard');
    await outer.waitForScreen('heard\nheard');
    outer.press('Ctrl-Z');
    await outer.waitForScreen('Stopped');
    outer.enter('fg');
    await outer.waitForScreen(/fg\n.*cat -u/);
    outer.enter('again');
    await outer.waitForScreen('again\nagain');
    outer.press('Ctrl-C');
    await outer.waitForScreen(/\^C\n\$/);
    expect(await outer.run('echo $?')).toEqual(['130']);
    // A loop ends by Ctrl-C only if the command is seen to have died of it.
    outer.enter(`for i in 1 2 3; do ${devshell("'sleep 308'")}; done; echo after the loop`);
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 308', 'the command');
    outer.press('Ctrl-C');
    await waitForPrompt(outer);
    expect(outer.screen()).not.toContain('after the loop');
    expect(outer.statusRow()).not.toContain('watching');
  });

  test('shows what a slow first build does, and nothing of it is left', async ({ project }) => {
    const run = 'printf "\\033[31mstep one\\n" >&2; until [ -e go ]; do sleep 0.1; done; echo {}';
    await configure(project, `[load]\nexec = [{ run = '''${run}''' }]\n`);
    const outer = project.terminal('bash', ['-i']);
    await outer.waitForScreen('$');
    outer.enter(devshell("'echo built'"));
    await outer.waitForScreen(/\ndevshell: building exec \S+ {2}step one/);
    await project.write('go', '');
    await outer.waitForScreen(/\nbuilt\n/);
    expect(outer.screen().join('\n')).not.toContain('building');
  });

  test('reads a script from standard input where there is no terminal', async ({ project }) => {
    await configure(project);
    const outcome = await project.devshell([], { input: 'echo "$GREETING from a script"; exit 9\n' });
    expect(outcome).toMatchObject({ exitCode: 9, stdout: 'hello from a script\n', stderr: '' });
  });

  test('builds nothing it cannot: a mistake ends with 125 and its place', async ({ project }) => {
    await configure(project, '[env\n');
    for (const args of [['true'], [], ['env']]) {
      const { exitCode, stdout, stderr } = await project.devshell(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 125, stdout: '' });
      expect(stderr).toMatch(/devshell\.toml:1:\d+: /);
    }
  });
});

describe('devshell env', () => {
  const values: Record<string, string> = {
    PLAIN: 'x',
    EMPTY: '',
    SPACES: ' a  b ',
    QUOTES: `'single' "double" \`back\``,
    DOLLAR: '$HOME ${HOME} $(id) !x',
    SLASH: 'a\\b\\\\n\\',
    LINES: 'a\nb\n',
    TABS: 'a\tb\rc',
    HASH: 'a #b',
    UNICODE: 'é 🎉',
    ALL: `'"\`$\\\n\t#é!`,
  };

  test('prints what bash, dotenv and JSON readers read back, byte for byte', async ({ project }) => {
    await configure(project, '[load]\npath = ["bin"]\nexec = [{ run = "cat values.json", format = "json", inputs = ["values.json"] }]\n[env]\nGONE = false\n');
    await project.write('values.json', JSON.stringify(values));
    const path = `${project.path('bin')}:${project.environment()['PATH']!}`;
    const json = JSON.parse((await project.devshell(['env', '--json'])).stdout) as Record<string, string>;
    expect(json).toEqual({ ...values, PATH: path });
    const dotenv = await project.devshell(['env', '--dotenv']);
    expect((await project.devshell(['env'])).stdout).toBe(dotenv.stdout);
    const { entries, problems } = parseDotenv('env', dotenv.stdout, () => undefined);
    expect(problems).toEqual([]);
    expect(Object.fromEntries(entries.map(({ name, value }) => [name, value]))).toEqual(json);
    const script = `GONE=here; export GONE; eval "$(${launcher} env --shell bash)"; env -0`;
    const { stdout } = await project.run('bash', ['-c', script]);
    const variables = new Map(stdout.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    for (const [name, value] of Object.entries({ ...values, PATH: path })) expect(variables.get(name), name).toBe(value);
    expect(variables.has('GONE')).toBe(false);
  });

  test('prints nothing else, wherever it is called', async ({ project }) => {
    await configure(project);
    await project.write('a/b/c', '');
    const outcome = await project.devshell(['env'], { cwd: project.path('a/b') });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: 'GREETING=hello\n', stderr: '' });
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('starts from a bare environment with --clean', async ({ project }) => {
    await configure(project, '[env]\nGREETING = "hello ${SECRET:-nobody}"\n');
    const env = { SECRET: 'me' };
    expect((await project.devshell(['env'], { env })).stdout).toBe("GREETING='hello me'\n");
    expect((await project.devshell(['env', '--clean'], { env })).stdout).toBe("GREETING='hello nobody'\n");
    expect((await project.devshell(['--clean', 'echo "$SECRET|$HOME|$GREETING"'], { env })).stdout).toBe(`|${project.home}|hello nobody\n`);
  });
});

describe('devshell init', () => {
  test('writes down what is found, allows it, and never overwrites', async ({ project }) => {
    await project.write('.env', 'FROM_DOTENV=yes\n');
    await project.write('node_modules/.bin/tool', '#!/bin/sh\necho tool\n', { mode: 0o755 });
    const outcome = await project.devshell(['init']);
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
    expect(outcome.stderr).toContain(project.path('devshell.toml'));
    expect((await project.devshell(['tool; echo $FROM_DOTENV'])).stdout).toBe('tool\nyes\n');
    const written = await project.read('devshell.toml');
    const again = await project.devshell(['init']);
    expect(again.exitCode).toBe(125);
    expect(again.stderr).toContain('devshell.toml already');
    expect(await project.read('devshell.toml')).toBe(written);
  });
});

describe('help and mistakes', () => {
  test('every command says how it is used', async ({ project }) => {
    for (const args of [['--help'], ['-h'], ...names.map((name) => [name, '--help'])]) {
      const { exitCode, stdout, stderr } = await project.devshell(args);
      expect({ exitCode, stderr }, args.join(' ')).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout, args.join(' ')).toMatch(new RegExp(`^usage: devshell${args.length > 1 ? ` ${args[0]!}` : ''} `));
      expect(Math.max(...stdout.split('\n').map((line) => line.length)), args.join(' ')).toBeLessThanOrEqual(140);
    }
    const { stdout } = await project.devshell(['--help']);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect((await project.devshell(['-V'])).stdout).toMatch(/^devshell \d+\.\d+\.\d+\n$/);
  });

  test('a wrong use is named, on standard error, with 2', async ({ project }) => {
    const wrong: [string[], string][] = [
      [['--no-such-option'], '--no-such-option'],
      [['-z'], '-z'],
      [['status', '--bogus'], '--bogus'],
      [['env', '--shell', 'tcsh'], 'tcsh'],
      [['env', '--shell'], '--shell'],
      [['--status', 'left'], 'left'],
      [['--quiet=yes'], '--quiet'],
      [['init', 'extra'], 'extra'],
      [['allow', '.', 'extra'], 'extra'],
      [['run'], 'run'],
      [['--json', 'env'], '--json'],
    ];
    for (const [args, named] of wrong) {
      const { exitCode, stdout, stderr } = await project.devshell(args);
      expect({ exitCode, stdout }, args.join(' ')).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr, args.join(' ')).toContain(named);
      expect(stderr, args.join(' ')).toContain('usage: devshell');
    }
  });

  test('a root that is not there is a wrong use or a named failure, never a fault', async ({ project }) => {
    for (const args of [['--root', 'nowhere', 'true'], ['--root', 'nowhere'], ['allow', 'nowhere'], ['env', '--root', 'nowhere'], ['init', '--root', 'nowhere']]) {
      const { exitCode, stderr } = await project.devshell(args);
      expect([2, 125], args.join(' ')).toContain(exitCode);
      expect(stderr).toContain('nowhere');
      expect(stderr, args.join(' ')).not.toContain('fault');
    }
  });
});
