// Nothing of a project runs that its user has not allowed.
import { rename } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import type { Project } from '../support/project.ts';
import { devshell, openBash, sessionsOf, waitForOnly, waitForProcess, waitForPrompt } from './support-3.ts';

const toml = `[env]
GREETING = "hello"
PYTHONHOME = false
[load]
path = ["bin"]
dotenv = [".env"]
exec = [{ run = "touch ran; echo FROM=exec", format = "dotenv" }]
[shell]
init = "touch ran-init"
aliases = { gs = "git status" }
`;

async function prepare(project: Project): Promise<void> {
  await project.write('devshell.toml', toml);
  await project.write('.env', 'FROM_DOTENV=yes\n');
}

async function ran(project: Project): Promise<boolean> {
  return (await project.run('ls', [project.root])).stdout.includes('ran');
}

describe('a project that nobody has allowed', () => {
  test('fails without a terminal, with the remedy, and runs nothing', async ({ project }) => {
    await prepare(project);
    for (const args of [[], ['true'], ['run', 'true'], ['env'], ['env', '--json'], ['--no-reload']]) {
      const { exitCode, stdout, stderr } = await project.devshell(args);
      expect({ exitCode, stdout }, args.join(' ')).toEqual({ exitCode: 125, stdout: '' });
      expect(stderr, args.join(' ')).toContain('devshell allow');
      expect(stderr, args.join(' ')).toContain(project.root);
      expect(stderr, args.join(' ')).not.toContain('fault');
    }
    expect(await ran(project)).toBe(false);
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('asks in a terminal, shows what would run, and takes anything but yes as no', async ({ project }) => {
    await prepare(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    for (const [round, answer] of ['n\r', '\r', 'maybe\r', '\x04', '\x03'].entries()) {
      outer.enter(`clear; echo this is round ${round}; ${devshell()}; echo "ended with $?"`);
      await outer.waitForScreen(new RegExp(`^this is round ${round}\n[^]*\\[y/N\\]`));
      const screen = outer.screen().join('\n');
      for (const text of ['touch ran; echo FROM=exec', 'touch ran-init', 'gs = git status', '.env', 'bin', 'GREETING', 'PYTHONHOME', project.root]) expect(screen).toContain(text);
      outer.type(answer);
      if (answer === '\x03') await waitForPrompt(outer);
      else await outer.waitForScreen('ended with 125');
      await waitForOnly(project, [outer.pid]);
      expect(await outer.run('stty -g'), JSON.stringify(answer)).toEqual([settings]);
    }
    expect(await ran(project)).toBe(false);
    expect((await project.devshell(['true'])).exitCode).toBe(125);
  });

  test('goes on asking after Ctrl-Z and fg', async ({ project }) => {
    await prepare(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    outer.enter(devshell());
    await outer.waitForScreen('[y/N]');
    outer.press('Ctrl-Z');
    await outer.waitForScreen(/Stopped[^]*\n\$/);
    outer.enter('clear; fg');
    await outer.waitForScreen('[y/N]');
    outer.enter('y');
    await outer.waitForStatus(/watching [1-9]/);
    expect(await outer.run('echo $GREETING')).toEqual(['hello']);
  });

  test('remembers yes, for the shell and for commands, and asks no more', async ({ project }) => {
    await prepare(project);
    const session = project.open();
    await session.waitForScreen('[y/N]');
    session.enter('y');
    await session.waitForStatus(/watching [1-9]/);
    expect(await session.run('echo $GREETING $FROM_DOTENV $FROM')).toEqual(['hello yes exec']);
    session.enter('exit');
    await session.exit;
    expect((await project.devshell(['echo $GREETING'])).stdout).toBe('hello\n');
    await project.write('devshell.toml', toml.replace('hello', 'changed'));
    expect((await project.devshell(['echo $GREETING'])).stdout).toBe('changed\n');
  });

  test('asks before a command as well, on standard error, and leaves the input to the command', async ({ project }) => {
    await prepare(project);
    const session = project.open(["cat; echo out: $GREETING"]);
    await session.waitForScreen('[y/N]');
    session.enter('yes');
    // What comes before is still the question's to read.
    await waitForProcess(project, ({ commandLine }) => commandLine === 'cat', 'cat');
    session.enter('typed for the command');
    await session.waitForScreen('typed for the command\ntyped for the command');
    session.press('Ctrl-D');
    expect((await session.exit).exitCode).toBe(0);
    expect(session.screen()).toContain('out: hello');
    const other = await project.run('bash', ['-c', `cd ${project.root}; ${launcher} 'echo $GREETING' > out; cat out`]);
    expect(other.stdout).toBe('hello\n');
  });

  test('is no matter where there is nothing to run', async ({ project }) => {
    expect((await project.devshell(['echo fine'])).stdout).toBe('fine\n');
    await project.write('devshell.toml', '# nothing yet\n');
    expect((await project.devshell(['echo $((1 + 1))'])).exitCode).toBeOneOf([0, 125]);
    await project.run('rm', [project.path('devshell.toml')]);
    await project.write('.env', 'FOUND=yes\n');
    const { exitCode, stderr } = await project.devshell(['true']);
    expect(exitCode).toBe(125);
    expect(stderr).toContain('devshell allow');
  });

  test('cannot steer the terminal by what it would run', async ({ project }) => {
    await project.write('devshell.toml', `[load]\nexec = [{ run = "echo \\u001b]0;owned\\u0007\\u001b[2J\\r # harmless", format = "dotenv" }]\n[shell.aliases]\n"x\\u001b[31m" = "y"\n`);
    const session = project.open();
    await session.waitForScreen(/\[y\/N\]|devshell: /);
    expect(session.terminal.title).toBe('');
    const ours = session.bytes.toString('latin1');
    expect(ours).not.toContain('\x1b]0;');
    expect(ours).not.toContain('\x1b[2J');
    expect(ours).not.toContain('\x1b[31m');
  });

  test('is another one after it has moved', async ({ project }) => {
    await prepare(project);
    await project.allow();
    expect((await project.devshell(['true'])).exitCode).toBe(0);
    await rename(project.root, `${project.root}-moved`);
    expect((await project.devshell(['true'], { cwd: `${project.root}-moved` })).exitCode).toBe(125);
    await rename(`${project.root}-moved`, project.root);
    expect((await project.devshell(['true'])).exitCode).toBe(0);
  });
});

describe('a project that is denied', () => {
  test('is refused without a question, until it is allowed', async ({ project }) => {
    await prepare(project);
    await project.allow();
    const denied = await project.devshell(['deny']);
    expect(denied).toMatchObject({ exitCode: 0, stdout: '' });
    expect(denied.stderr).toContain(`denied ${project.root}`);
    const session = project.open();
    expect((await session.exit).exitCode).toBe(125);
    expect(session.terminal.lines().join('\n')).toMatch(/you have denied it[^]*devshell allow/);
    expect((await project.devshell(['true'])).exitCode).toBe(125);
    expect((await project.devshell(['env'])).exitCode).toBe(125);
    expect(await ran(project)).toBe(false);
    const allowed = await project.devshell(['allow', project.root], { cwd: '/' });
    expect(allowed.stderr).toContain('touch ran; echo FROM=exec');
    expect((await project.devshell(['echo $GREETING'])).stdout).toBe('hello\n');
  });

  test('answers are the user’s own: nobody else may have written them', async ({ project }) => {
    await prepare(project);
    await project.allow();
    const trust = `${project.home}/.local/share/devshell/trust`;
    expect((await project.run('sh', ['-c', `stat -c %a ${trust} ${trust}/*`])).stdout).toBe('700\n600\n');
    await project.run('sh', ['-c', `chmod 666 ${trust}/*`]);
    const { exitCode, stderr } = await project.devshell(['true']);
    expect(exitCode).toBe(125);
    expect(stderr).toMatch(/can be written by others[^]*chmod go-w/);
  });
});
