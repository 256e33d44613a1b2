// devshell in a terminal that is itself a program, or far away, or another devshell; and such programs in devshell.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { Tmux } from '../support/tmux.ts';
import { configure, devshell, greeting, openShell, sessionsOf, waitForPrompt } from './support-3.ts';
import { marginsOf, statusRows } from './support-4.ts';

const execute = promisify(execFile);

/** The things that must hold wherever the outer terminal is: size, scrolling above the row, reload, keys, and the row given back at the end. */
async function expectWorking(project: Project, session: TerminalSession, rows: number): Promise<void> {
  const row = rows - 1 - session.terminal.emulator.rows;
  await session.waitForRow(row, /watching [1-9]/);
  expect(await session.run('stty size; tput lines')).toEqual([`${rows - 1} 80`, String(rows - 1)]);
  session.enter('clear; seq 100');
  await session.waitForScreen((all) => all[rows - 3] === '100' && all[rows - 2]?.startsWith('$') === true && all[rows - 1]?.includes('watching') === true);
  await project.write('devshell.toml', '[env]\nGREETING = "changed"\n');
  await session.waitForRow(row, 'ready');
  expect(await session.run('echo $GREETING')).toEqual(['changed']);
  await project.write('devshell.toml', '[env\n');
  await session.waitForRow(row, 'failed');
  session.press('Alt-Ctrl-E');
  await session.waitForScreen('any other key returns');
  session.type('q');
  await session.waitForRow(row, 'failed');
  await project.write('devshell.toml', greeting);
  await session.waitForRow(row, 'ready');
  expect(await session.run('echo $GREETING')).toEqual(['hello']);
  await session.waitForRow(row, 'reloaded');
}

describe('devshell in', () => {
  test('tmux: the row, lines above it in tmux’s own scrollback, the error view, a new size', async ({ project }) => {
    await configure(project);
    await using tmux = await Tmux.start({ command: 'bash', args: ['-c', devshell()], cwd: project.root, env: project.environment() });
    await tmux.waitForScreen(/watching [1-9]/);
    await tmux.enter('seq 200; stty size');
    await tmux.waitForScreen(/200\n23 80\n\$[^]* watching/);
    const history = await tmux.history();
    expect(history.filter((line) => /^\d+$/.test(line)).map(Number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(history.filter((line) => line.includes('watching'))).toHaveLength(1);
    await project.write('devshell.toml', '[env\n');
    await tmux.waitForScreen('failed');
    const before = await tmux.screen();
    await tmux.press('M-C-e');
    await tmux.waitForScreen('any other key returns');
    await tmux.press('q');
    await waitUntil(async () => JSON.stringify(await tmux.screen()) === JSON.stringify(before), { what: 'the screen of before' });
    await tmux.resize(100, 30);
    await project.write('devshell.toml', greeting);
    await tmux.enter('clear; stty size');
    await tmux.waitForScreen(/29 100\n[^]*(watching|unchanged|ready|reloaded)/);
    await tmux.enter('exit 3');
    expect(await tmux.exitCode()).toBe(3);
  });

  test('GNU screen', async ({ project }) => {
    await configure(project);
    await project.write('.screenrc', 'startup_message off\naltscreen on\ndefscrollback 1000\n');
    await mkdir(join(project.base, 'screens'), { mode: 0o700 });
    const session = project.terminal('screen', ['-U', '-c', project.path('.screenrc'), '-S', 'test', 'bash', '-c', devshell()], { env: { SCREENDIR: join(project.base, 'screens'), TERM: 'xterm' } });
    await expectWorking(project, session, 24);
    session.enter('vim -u NONE');
    await session.waitForRow(1, '~');
    session.type(':q!\r');
    await waitForPrompt(session);
    session.enter('seq 50; echo behind vim');
    await session.waitForScreen(/50\nbehind vim\n\$/);
    await session.waitForStatus('watching');
    expect(statusRows(session)).toHaveLength(1);
    session.resize(90, 30);
    await session.waitForStatus(/watching|unchanged|reloaded/);
    expect(await session.run('stty size')).toEqual(['29 90']);
    session.enter('exit');
    await session.exit;
    await project.waitForNoProcess();
  });

  test('a shell at the other end of ssh', async ({ project }) => {
    await configure(project);
    await using server = await Ssh.start(project);
    const session = server.open(project);
    await waitForPrompt(session);
    session.enter(`cd ${project.root}; stty -g > before; ${devshell()}; stty -g > after; cmp before after && echo as before`);
    await expectWorking(project, session, 24);
    session.resize(80, 30);
    await session.waitForStatus(/watching|unchanged|reloaded/);
    expect(await session.run('stty size')).toEqual(['29 80']);
    session.enter('exit');
    await session.waitForScreen('as before');
    session.enter(`clear; ${devshell()}`);
    await session.waitForStatus(/watching [1-9]/);
    // The line is cut.
    session.hangUp();
    await session.exit;
    await waitUntil(async () => (await project.run('pgrep', ['-f', project.path('.devshell')])).stdout === '', { what: 'the far end to be gone' });
  });

  test('devshell: one row and the keys, those of the inner one, and the outer one whole when that has ended', async ({ project }) => {
    const session = await openShell(project);
    const [outer = ''] = await session.run('echo $DEVSHELL_SESSION');
    session.enter(`clear; ${devshell('--nested')}`);
    await waitUntil(async () => (await sessionsOf(project)).length === 2, { what: 'the inner session to be made' });
    await session.waitForScreen((rows) => rows[0]?.trim() === '$' && rows[1] === '' && rows.at(-1)?.includes('watching') === true);
    const [inner = ''] = await session.run('echo $DEVSHELL_SESSION');
    await waitUntil(async () => (await session.run('stty size')).join() === '23 80', { what: 'the size', everyMs: 100 });
    await session.waitForStatus(/watching [1-9]/);
    expect(statusRows(session)).toHaveLength(1);
    // One key, one pause: that of the session whose row is shown.
    session.press('Alt-Ctrl-D');
    await session.waitForStatus('paused');
    expect([await stateOf(project, inner), await stateOf(project, outer)]).toEqual(['paused', 'watching']);
    session.press('Alt-Ctrl-D');
    await session.waitForStatus('watching');
    session.resize(100, 30);
    await session.waitForStatus('watching');
    await waitUntil(async () => (await session.run('stty size')).join() === '29 100', { what: 'the size', everyMs: 100 });
    expect(statusRows(session)).toHaveLength(1);
    session.enter('vim -u NONE');
    await session.waitForScreen((rows) => session.terminal.isAlternate && rows[1]?.startsWith('~') === true && rows.filter((row) => row.includes('watching')).length === 1);
    session.type(':q!\r');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await waitForPrompt(session);
    // Stopped and taken up again, ended outright: the row is that of whoever has the prompt.
    const expectIn = async (directory: string): Promise<void> => {
      await session.waitForStatus('watching');
      await waitUntil(async () => (await session.run('stty size')).join() === '29 100', { what: 'the size', everyMs: 100 });
      expect(await session.run('echo $DEVSHELL_SESSION')).toEqual([directory]);
      expect(statusRows(session)).toHaveLength(1);
    };
    kill(await pidOf(inner), 'SIGTSTP');
    await session.waitForScreen(/Stopped.*\n\$/);
    await expectIn(outer);
    session.enter('clear; fg');
    await session.waitForScreen((rows) => rows[0]?.includes('devshell') === true);
    await session.waitForScreen((rows) => rows.some((row) => row.startsWith('$')));
    await expectIn(inner);
    kill(await pidOf(inner), 'SIGKILL');
    await session.waitForScreen(/Killed[^]*\n\$/);
    await expectIn(outer);
    await session.waitForScreen(() => marginsOf(session).bottom === 29);
    session.press('Alt-Ctrl-D');
    await session.waitForStatus('paused');
    expect(await stateOf(project, outer)).toBe('paused');
  });

  test('devshell whose row is shown elsewhere: the one row and the keys are those of the outer one', async ({ project }) => {
    const session = await openShell(project);
    const [outer = ''] = await session.run('echo $DEVSHELL_SESSION');
    session.enter(`clear; ${devshell('--nested --status off')}`);
    await session.waitForScreen((rows) => rows[0]?.startsWith('$') === true && rows[1] === '');
    expect(await session.run('stty size')).toEqual(['23 80']);
    expect(statusRows(session)).toHaveLength(1);
    session.press('Alt-Ctrl-D');
    await session.waitForStatus('paused');
    const [inner = ''] = await session.run('echo $DEVSHELL_SESSION');
    expect([await stateOf(project, inner), await stateOf(project, outer)]).toEqual(['watching', 'paused']);
  });
});

describe('in devshell', () => {
  test('tmux has its own row above ours, and scrolls, splits and leaves as ever', async ({ project }) => {
    const session = await openShell(project);
    await session.run('echo kept');
    await writeFile(join(project.home, '.tmux.conf'), 'set -g status-right ""\n');
    session.enter(`tmux -L inner -f ${join(project.home, '.tmux.conf')} new 'PS1="% " bash --norc'`);
    await session.waitForScreen((rows) => rows[0]?.startsWith('%') === true && rows[22]?.startsWith('[0]') === true && rows[23]?.includes('watching') === true);
    session.enter('seq 100; stty size');
    await session.waitForScreen(/100\n22 80\n%/);
    session.type('\x02"');
    await session.waitForScreen(/─{20}/);
    session.resize(90, 30);
    await session.waitForScreen((rows) => rows.length === 30 && rows[28]?.startsWith('[0]') === true && rows[29]?.includes('watching') === true);
    session.type('\x02:');
    await session.waitForRow(-2, /^:/);
    session.type('kill-server\r');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await waitForPrompt(session);
    expect(session.screen().join('\n')).toContain('kept');
    expect(await session.run('stty size')).toEqual(['29 90']);
    expect(statusRows(session)).toHaveLength(1);
  });
});

async function stateOf(project: Project, directory: string): Promise<string> {
  return (JSON.parse((await project.devshell(['status', '--json', '--session', directory])).stdout) as { state: string }).state;
}

/** Of the devshell that has this session. */
async function pidOf(directory: string): Promise<number> {
  return (JSON.parse(await readFile(join(directory, 'status.json'), 'utf8')) as { pid: number }).pid;
}

/** An ssh server of the test's own, on a free port of this machine, for a key that nobody else has. */
class Ssh {
  readonly #server: ReturnType<typeof execFile>;
  readonly #directory: string;
  readonly #port: number;

  static async start(project: Project): Promise<Ssh> {
    const directory = join(project.base, 'ssh');
    await mkdir(directory, { mode: 0o700 });
    for (const name of ['host', 'user']) await execute('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(directory, name)]);
    await execute('cp', [join(directory, 'user.pub'), join(directory, 'authorized')]);
    await chmod(join(directory, 'authorized'), 0o600);
    // sshd refuses to start without it, and Debian makes it only when the service starts.
    await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
    const port = await freePort();
    const lines = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${directory}/host`, `AuthorizedKeysFile ${directory}/authorized`, 'StrictModes no', 'PermitRootLogin yes', 'UsePAM no', `PidFile ${directory}/pid`, `SetEnv TEST_PROJECT=${project.token}`];
    await writeFile(join(directory, 'config'), `${lines.join('\n')}\n`);
    const server = execFile('/usr/sbin/sshd', ['-D', '-e', '-f', join(directory, 'config')], { env: project.environment() });
    let said = '';
    server.stderr?.on('data', (text: string) => (said += text));
    await waitUntil(() => said.includes('listening'), { what: () => `the server to listen; it says ${said}` });
    return new Ssh(server, directory, port);
  }

  private constructor(server: ReturnType<typeof execFile>, directory: string, port: number) {
    this.#server = server;
    this.#directory = directory;
    this.#port = port;
  }

  /** A login with a terminal, in the plain environment of the project. */
  open(project: Project): TerminalSession {
    const options = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${this.#directory}/known`, 'IdentitiesOnly=yes', 'LogLevel=ERROR'].flatMap((option) => ['-o', option]);
    const far = Object.entries(project.environment()).map(([name, value]) => `${name}='${value}'`).join(' ');
    return project.terminal('ssh', ['-tt', '-F', '/dev/null', '-i', join(this.#directory, 'user'), '-p', String(this.#port), ...options, '127.0.0.1', `env -i ${far} bash -i`]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once('close', resolve));
    this.#server.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
