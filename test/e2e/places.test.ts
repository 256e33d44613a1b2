// Where a session keeps its things, and sessions inside sessions.
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import { configure, devshell, greeting, nodeOf, openShell, outputOf, sessionsOf } from './support-3.ts';

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

  test('a start in a directory that is gone says so, and a session is heard there', async ({ project }) => {
    const script = `mkdir gone && cd gone && rmdir ../gone && exec ${launcher} "$@"`;
    for (const args of [['true'], []]) {
      const { exitCode, stderr } = await project.run('bash', ['-c', script, 'bash', ...args]);
      expect(exitCode).toBe(125);
      expect(stderr).toMatch(/^devshell: the directory that this was started in is no longer there\n {2}change to one that exists/m);
      expect(stderr).not.toMatch(/node:|^ +at /m);
    }
    const session = await openShell(project);
    await session.run('mkdir gone; cd gone; rmdir ../gone');
    expect((await session.run(devshell('status'))).join('\n')).toMatch(new RegExp(`project +${project.root}`));
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
    const atInner = async (started: () => Promise<boolean>): Promise<void> => {
      await waitUntil(started, { what: 'the inner session to be made' });
      await session.waitForScreen((rows) => rows[0]?.trim() === '$' && rows[1] === '' && rows.at(-1)?.includes('watching') === true);
    };
    await atInner(async () => (await sessionsOf(project)).length === 2);
    const [inner] = await session.run('echo $DEVSHELL_SESSION');
    expect(inner).not.toBe(outer);
    expect(await session.run('echo $GREETING')).toEqual(['hello']);
    await waitUntil(async () => (await session.run('stty size')).join() === '23 80', { what: 'the row of the outer one', everyMs: 100 });
    session.enter('exit');
    // Keys that arrive while a program ends are nobody's.
    await waitUntil(async () => (await sessionsOf(project)).length === 1, { what: 'the inner session to be gone' });
    await session.waitForScreen(/exit\nexit\n\$/);
    expect(await session.run('echo $DEVSHELL_SESSION')).toEqual([outer]);
    const other = await createProject();
    await other.write('devshell.toml', '[env]\nOTHER = "yes"\n');
    expect((await project.devshell(['allow', other.root])).exitCode).toBe(0);
    session.enter(`clear; cd ${other.root}; ${devshell()}`);
    await atInner(async () => (await sessionsOf(other)).length === 1);
    expect(await session.run('echo $OTHER $GREETING')).toEqual(['yes hello']);
  });
});
