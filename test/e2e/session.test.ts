// The session as a terminal program: sizes, exit codes, signals, jobs, keys, and where it keeps its things.
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { kill, processInfo, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { configure, devshell, greeting, nodeOf, openBash, openShell, outputOf, sessionsOf, shellOf, waitForOnly, waitForPrompt, waitForProcess } from './support-3.ts';

describe('the end of the shell', () => {
  test.for([
    ['exit', { exitCode: 0, signal: 0 }],
    ['exit 42', { exitCode: 42, signal: 0 }],
    ['false; exit', { exitCode: 1, signal: 0 }],
    ['kill -KILL $$', { exitCode: 137, signal: 0 }],
    ['trap - TERM; kill -HUP $$', { exitCode: 129, signal: 0 }],
    ['exec sh -c "kill -TERM \\$\\$"', { exitCode: 143, signal: 0 }],
    ['exec true', { exitCode: 0, signal: 0 }],
  ] as const)('by %s is that of devshell', async ([command, exit], { project }) => {
    const session = await openShell(project);
    session.enter(command);
    expect(await session.exit).toEqual(exit);
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('by Ctrl-D gives the status of the last command', async ({ project }) => {
    const session = await openShell(project);
    await session.run('(exit 3)');
    session.press('Ctrl-D');
    expect(await session.exit).toEqual({ exitCode: 3, signal: 0 });
  });

  test('waits for a second exit when there are stopped jobs', async ({ project }) => {
    const session = await openShell(project);
    session.enter('sleep 300');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 300', 'the job');
    session.press('Ctrl-Z');
    await session.waitForScreen('Stopped');
    session.enter('exit');
    await session.waitForScreen('There are stopped jobs.');
    expect(await session.run('jobs')).toEqual([expect.stringMatching(/Stopped\s+sleep 300/)]);
    session.enter('exit');
    session.enter('exit');
    expect((await session.exit).exitCode).toBe(0);
    await project.waitForNoProcess();
  });

  test('shows everything the shell wrote before it', async ({ project }) => {
    const session = await openShell(project);
    session.enter('seq 5000; exec echo the last words');
    await session.exit;
    const lines = session.terminal.lines();
    expect(lines).toContain('the last words');
    expect(lines.filter((line) => /^\d+$/.test(line)).map(Number)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  });
});

describe('jobs inside', () => {
  test('are stopped, listed, continued and interrupted as without devshell', async ({ project }) => {
    const session = await openShell(project);
    session.enter('sleep 301');
    const { pid } = await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 301', 'the job');
    session.press('Ctrl-Z');
    await session.waitForScreen(/Stopped +sleep 301/);
    expect((await processInfo(pid))?.state).toBe('T');
    expect(await session.run('bg; jobs')).toContainEqual(expect.stringMatching(/Running\s+sleep 301 &/));
    session.enter('fg');
    await session.waitForScreen(/fg\nsleep 301\n/);
    session.press('Ctrl-C');
    await waitUntil(async () => (await processInfo(pid)) === undefined, { what: 'the job to be gone' });
    expect(await session.run('echo $?; jobs')).toEqual(['130']);
    session.enter('cat');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'cat', 'cat');
    session.press('Ctrl-\\');
    await session.waitForScreen(/Quit/);
    await waitForPrompt(session);
    session.type('half a line');
    await session.waitForScreen('half a line');
    session.press('Ctrl-C');
    await session.waitForScreen(/half a line\^C\n\$/);
    expect(await session.run('echo ${LAST-130}')).toEqual(['130']);
  });

  test('keep the environment they were started in while the shell goes on to the next', async ({ project }) => {
    const session = await openShell(project);
    await session.run('(sleep 0.2; while [ ! -e go ]; do sleep 0.05; done; echo "job has $GREETING" > said) &');
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    await session.waitForStatus('ready');
    expect(await session.run('echo $GREETING')).toEqual(['later']);
    await project.write('go', '');
    await waitUntil(async () => (await project.read('said').catch(() => '')) === 'job has hello\n', { what: 'the job to speak' });
  });
});

describe('signals to devshell', () => {
  test('INT and QUIT mean what the keys mean', async ({ project }) => {
    const session = await openShell(project);
    const { pid } = await nodeOf(project);
    session.type('half a line');
    await session.waitForScreen('half a line');
    kill(pid, 'SIGINT');
    await session.waitForScreen(/half a line\^C\n\$/);
    session.enter('sleep 302');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 302', 'the command');
    kill(pid, 'SIGQUIT');
    await session.waitForScreen('Quit');
    expect(await session.run('echo alive')).toEqual(['alive']);
  });

  test.for([['SIGTERM', 143], ['SIGHUP', 129]] as const)('%s ends the shell, its jobs and devshell with %i, and restores the terminal', async ([signal, code], { project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    outer.enter(`${devshell()}; echo "ended with $?"`);
    await outer.waitForStatus(/watching [1-9]/);
    await outer.run('sleep 303 &');
    outer.enter('sleep 304');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 304', 'the command');
    kill((await nodeOf(project)).pid, signal);
    await outer.waitForScreen(`ended with ${code}`);
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('stty -g')).toEqual([settings]);
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('TERM ends a shell that ignores it and hang-ups too', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='$ '\ntrap '' HUP TERM\n" });
    const session = await openShell(project);
    kill((await nodeOf(project)).pid, 'SIGTERM');
    expect((await session.exit).exitCode).toBe(143);
    await project.waitForNoProcess();
  });

  test('TSTP gives the terminal back, and fg takes it again', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    await outer.run('mine=kept');
    for (const round of [1, 2]) {
      kill((await nodeOf(project)).pid, 'SIGTSTP');
      await outer.waitForScreen(/Stopped.*\n\$/);
      expect(await outer.run('stty -g')).toEqual([settings]);
      outer.enter('seq 1001 1060');
      await outer.waitForScreen((rows) => rows[22] === '1060' && rows[23]?.trim() === '$');
      await project.write('devshell.toml', `[env]\nGREETING = "round ${round}"\n`);
      outer.enter('clear; fg');
      await outer.waitForStatus(/watching|ready|building|reloaded/);
      await waitUntil(async () => (await outer.run('echo $mine $GREETING')).join() === `kept round ${round}`, { what: 'the reload', everyMs: 50 });
      await outer.waitForStatus(/watching|reloaded/);
    }
    outer.enter('exit 7');
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('echo $?')).toEqual(['7']);
    expect(await outer.run('stty -g')).toEqual([settings]);
  });

  test('CONT in the background changes nothing on the terminal', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    const { pid } = await nodeOf(project);
    kill(pid, 'SIGTSTP');
    await outer.waitForScreen('Stopped');
    outer.enter('clear; bg');
    await outer.waitForScreen('devshell &');
    await outer.run(':');
    await project.write('devshell.toml', '[env]\nGREETING = "from the background"\n');
    for (let round = 0; round < 5; round++) expect((await outer.run('stty -g')).at(-1)).toBe(settings);
    expect(outer.statusRow()).not.toMatch(/watching|ready|building/);
    outer.enter('clear; fg');
    await outer.waitForStatus(/watching|ready|building|reloaded/);
    await waitUntil(async () => (await outer.run('echo $GREETING')).join() === 'from the background', { what: 'the reload', everyMs: 50 });
    outer.enter('exit');
    await waitForOnly(project, [outer.pid]);
    expect(await outer.run('stty -g')).toEqual([settings]);
  });

  test('KILL to the shell while devshell is stopped ends it at fg, with the terminal as it was', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const [settings = ''] = await outer.run('stty -g');
    for (let round = 1; round <= 3; round++) {
      outer.enter(`clear; ${devshell()}`);
      await outer.waitForStatus(/watching [1-9]/);
      kill((await nodeOf(project)).pid, 'SIGTSTP');
      await outer.waitForScreen('Stopped');
      kill((await shellOf(project)).pid, 'SIGKILL');
      outer.enter('clear; fg; echo "ended with $?"');
      await outer.waitForScreen('ended with 137');
      await waitForOnly(project, [outer.pid]);
      expect(await outer.run('stty -g')).toEqual([settings]);
    }
  });

  test('a window closed while devshell is stopped ends everything', async ({ project }) => {
    await configure(project);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    outer.enter(devshell());
    await outer.waitForStatus(/watching [1-9]/);
    kill((await nodeOf(project)).pid, 'SIGTSTP');
    await outer.waitForScreen('Stopped');
    outer.hangUp();
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([]);
  });

  test('a closed window ends everything', async ({ project }) => {
    const session = await openShell(project);
    await session.run('sleep 305 &');
    session.enter('vim -u NONE file');
    await session.waitForScreen(() => session.terminal.isAlternate);
    session.hangUp();
    await project.waitForNoProcess();
    expect(await sessionsOf(project)).toEqual([]);
  });
});

describe('the size', () => {
  test('reaches the shell less the status row, and programs in it, through every change', async ({ project }) => {
    const session = await openShell(project);
    const sizes: [number, number][] = [[100, 40], [60, 10], [30, 4], [80, 3], [10, 20], [1, 1], [200, 60], [80, 24]];
    for (const [columns, rows] of sizes) {
      session.resize(columns, rows);
      const row = columns >= 20 && rows >= 4;
      await waitUntil(async () => (await sizeOf(project)) === `${row ? rows - 1 : rows} ${columns}`, { what: `the size ${columns}x${rows}, is ${await sizeOf(project)}` });
      if (row) await session.waitForStatus('watching');
      else expect(session.screen().slice(1).join('\n')).not.toContain('watching');
    }
    expect(await session.run('stty size')).toEqual(['23 80']);
    session.enter('seq 1001 1060');
    await session.waitForScreen((rows) => rows[21] === '1060' && rows[22]?.trim() === '$' && rows[23]?.includes('watching') === true);
  });

  async function sizeOf(project: Project): Promise<string> {
    const { pid } = await shellOf(project);
    return (await project.run('stty', ['-F', `/proc/${pid}/fd/0`, 'size'])).stdout.trim();
  }
});

describe('keys', () => {
  test('are recognised in any chunking, and not inside a bracketed paste', async ({ project }) => {
    const session = await openShell(project);
    const { stdout } = await project.run('ls', ['-l', `/proc/${(await nodeOf(project)).pid}/fd/0`]);
    expect(stdout).toContain('/dev/pts');
    const keys = ['\x1b\x04', '\x1b[100;7u', '\x1b[27;7;100~'];
    let state: 'watching' | 'paused' = 'watching';
    for (const key of keys) {
      for (let at = 0; at < key.length; at++) {
        session.type(key.slice(0, at));
        // One write each; what the terminal sends in pieces may arrive in pieces.
        await new Promise((resolve) => setTimeout(resolve, 3));
        session.type(key.slice(at));
        state = state === 'watching' ? 'paused' : 'watching';
        await session.waitForStatus(state);
      }
    }
    expect(state).toBe(keys.join('').length % 2 === 0 ? 'watching' : 'paused');
    if (session.statusRow().includes('paused')) session.press('Alt-Ctrl-D');
    await session.waitForStatus('watching');
    // An ESC that came alone had to go out at once: readline still waits for what belongs to it.
    session.press('Ctrl-C');
    await waitForPrompt(session);
    session.enter('cat > pasted');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'cat', 'cat');
    session.enter('\x1b[200~a\x1b\x05b\x1b[201~');
    session.press('Ctrl-D');
    await waitUntil(async () => (await project.read('pasted')) !== '', { what: 'the paste' });
    expect(await project.read('pasted')).toBe('\x1b[200~a\x1b\x05b\x1b[201~\n');
    expect(session.statusRow()).toContain('watching');
  });

  test('can be turned off, both of them, and reach the program then', async ({ project }) => {
    const session = await openShell(project, `${greeting}[reload]\nkeybind = ""\n[keys]\nerror = ""\npause = ""\n`);
    session.enter('cat -v');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'cat -v', 'cat');
    session.enter('\x1b\x05');
    await session.waitForScreen('^[^E\n^[^E\n');
    session.type('\x1b\x04\x04');
    await session.waitForScreen(/\n\^\[\^\[\$/);
    expect(session.statusRow()).toContain('watching');
    expect(await session.run('bind -X | grep -c devshell; echo "[$DEVSHELL_RELOAD_KEYBIND]"')).toEqual(['0', '[]']);
  });
});

describe('where a session is', () => {
  test('a deep project has its socket elsewhere, and leaves nothing there', async ({ createProject }) => {
    const project = await createProject();
    const root = project.path(...Array.from({ length: 12 }, (_, index) => `a-rather-long-name-${index}`));
    await mkdir(root, { recursive: true });
    await project.write(join(root, 'devshell.toml'), greeting);
    expect((await project.devshell(['allow', root])).exitCode).toBe(0);
    for (const [runtime, end] of [[undefined, 'exit'], [undefined, 'kill'], [join(project.base, 'missing'), 'exit'], [`${root}/x`, 'exit']] as const) {
      const session = project.open([], { cwd: root, ...(runtime === undefined ? {} : { env: { XDG_RUNTIME_DIR: runtime } }) });
      await session.waitForStatus(/watching [1-9]/);
      const status = JSON.parse(await outputOf(session, project, devshell('status --json'))) as { root: string };
      expect(status.root).toBe(root);
      const socket = (await project.run('find', [project.base, '-name', 'control.sock'])).stdout.trim();
      expect(Buffer.byteLength(socket)).toBeLessThan(107);
      if (end === 'exit') session.enter('exit');
      else kill((await nodeOf(project)).pid, 'SIGKILL');
      await session.exit;
      await project.waitForNoProcess();
      expect((await project.run('find', [project.base, '-name', 'devshell-*', '-o', '-name', 'control.sock'])).stdout).toBe('');
    }
  });

  test('a project that cannot be written has its state with the user', async ({ createProject }) => {
    const project = await createProject();
    await configure(project);
    // Root may write everywhere, so this is somebody else.
    await project.run('sh', ['-c', `chown -R 65534:65534 ${project.base} && chmod 711 ${project.base}`]);
    await project.run('sh', ['-c', `chown -R 0:0 ${project.root} && chmod 755 ${project.root}`]);
    const as = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    expect((await project.run('setpriv', [...as, ...devshell('allow').split(' ')])).stderr).toContain('allowed');
    const session = project.terminal('setpriv', [...as, devshell()]);
    await session.waitForStatus(/watching [1-9]/);
    const [directory = ''] = await session.run('echo $DEVSHELL_SESSION');
    expect(directory.startsWith(join(project.home, '.local/state/devshell/'))).toBe(true);
    expect(await session.run('touch x 2>&1 | grep -c denied; echo $GREETING')).toEqual(['1', 'hello']);
    await project.write('devshell.toml', '[env]\nGREETING = "changed"\n');
    await session.waitForStatus('ready');
    expect(await session.run('echo $GREETING')).toEqual(['changed']);
    session.enter('exit');
    await session.exit;
    expect(await sessionsOf(project)).toEqual([]);
    await expect(stat(directory)).rejects.toThrow('ENOENT');
  });

  test('DEVSHELL_STATE names another place, which must be the user’s own', async ({ project }) => {
    const state = join(project.base, 'state');
    const session = await openShell(project, greeting, [], { env: { DEVSHELL_STATE: state } });
    const [directory = ''] = await session.run('echo $DEVSHELL_SESSION');
    expect(directory.startsWith(`${state}/sessions/`)).toBe(true);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(state)).mode & 0o777).toBe(0o700);
    session.enter('exit');
    await session.exit;
    expect((await project.run('ls', [project.root])).stdout).toBe('devshell.toml\n');
    await chmod(state, 0o777);
    const refused = project.open([], { env: { DEVSHELL_STATE: state } });
    expect((await refused.exit).exitCode).toBe(125);
    expect(refused.screen().join('\n')).toContain(`chmod 700 ${state}`);
  });

  test('a second devshell of the same project says so, unless it is asked for', async ({ project, createProject }) => {
    const session = await openShell(project);
    const [outer] = await session.run('echo $DEVSHELL_SESSION');
    expect((await session.run(`${devshell()} 2>&1; echo $?`)).join('')).toMatch(/already a devshell of .*devshell --nested starts another inside it0$/);
    session.enter(`clear; ${devshell('--nested')}`);
    await session.waitForRow(-2, /watching [1-9]/);
    const [inner] = await session.run('echo $DEVSHELL_SESSION');
    expect(inner).not.toBe(outer);
    expect(await session.run('echo $GREETING; stty size')).toEqual(['hello', '22 80']);
    session.enter('exit');
    // Keys that arrive while a program ends are nobody's.
    await waitUntil(async () => (await sessionsOf(project)).length === 1, { what: 'the inner session to be gone' });
    await session.waitForScreen(/exit\nexit\n\$/);
    expect(await session.run('echo $DEVSHELL_SESSION')).toEqual([outer]);
    const other = await createProject();
    await other.write('devshell.toml', '[env]\nOTHER = "yes"\n');
    expect((await project.devshell(['allow', other.root])).exitCode).toBe(0);
    session.enter(`clear; cd ${other.root}; ${devshell()}`);
    await session.waitForRow(-2, /watching [1-9]/);
    expect(await session.run('echo $OTHER $GREETING')).toEqual(['yes hello']);
  });
});
