// Where the state is shown instead of the bottom row, or not at all; and shells that reload by hand or never.
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import { launcher } from '../support/project.ts';
import { configure, devshell, gated, gatedToml, greeting, hold, nodeOf, openShell, release, waitForProcess, waitForPrompt } from './support-3.ts';

describe('the other modes', () => {
  test('off: no row, the full size, and the reload all the same', async ({ project }) => {
    await configure(project);
    const session = project.open(['--status', 'off']);
    await waitForPrompt(session);
    expect(await session.run('stty size')).toEqual(['24 80']);
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    await waitUntil(async () => (await session.run('echo $GREETING'))[0] === 'later', { what: 'the reload', everyMs: 50 });
    await project.write('devshell.toml', '[env\n');
    await waitUntil(async () => (await session.run(`${devshell('status')} | head -1`))[0]?.includes('failed'), { what: 'the failure', everyMs: 100 });
    // Even without a row the key shows it.
    session.press('Alt-Ctrl-E');
    await session.waitForScreen('any other key returns');
    session.type('q');
    await waitForPrompt(session);
    expect(session.bytes.toString('latin1')).not.toMatch(/\x1b\[\d+;\d+r|\x1b\[r|7717/);
  });

  test('title: the window title says it, and is put back', async ({ project }) => {
    await configure(project);
    const session = project.open(['--status=title']);
    await waitForPrompt(session);
    await waitUntil(() => /watching [1-9]/.test(session.terminal.title), { what: 'the title' });
    expect(await session.run('stty size')).toEqual(['24 80']);
    await project.write('devshell.toml', '[env\n');
    await waitUntil(() => session.terminal.title.includes('failed'), { what: 'the failure in the title' });
    session.enter('exit');
    await session.exit;
    const bytes = session.bytes.toString('latin1');
    expect(bytes.indexOf('\x1b[22;2t')).toBeGreaterThanOrEqual(0);
    expect(bytes.lastIndexOf('\x1b[23;2t')).toBeGreaterThan(bytes.lastIndexOf('\x1b]2;'));
  });

  test('busy: a row only while there is something to say', async ({ project }) => {
    await project.write('values', 'A=1\n');
    await project.write('build.sh', gated);
    await configure(project, `${gatedToml}[status]\nline = "busy"\n`);
    const session = project.open();
    await waitForPrompt(session);
    await waitUntil(async () => (await session.run('stty size'))[0] === '24 80', { what: 'the full size', everyMs: 50 });
    await hold(project);
    await project.write('values', 'A=2\n');
    await session.waitForStatus('building');
    expect(await session.run('stty size')).toEqual(['23 80']);
    await release(project);
    await session.waitForStatus('ready');
    session.enter('');
    await session.waitForScreen((rows) => !rows.join('\n').includes('reloaded'), { deadlineMs: 20_000 });
    await waitUntil(async () => (await session.run('stty size'))[0] === '24 80', { what: 'the full size again', everyMs: 100 });
  });

  test('a change of the mode in devshell.toml is seen at once', async ({ project }) => {
    const session = await openShell(project);
    await project.write('devshell.toml', `${greeting}[status]\nline = "off"\n`);
    await session.waitForScreen((rows) => !rows.at(-1)!.includes('watching') && !rows.at(-1)!.includes('unchanged'));
    await waitUntil(async () => (await session.run('stty size'))[0] === '24 80', { what: 'the full size', everyMs: 50 });
    await project.write('devshell.toml', `${greeting}[status]\nline = "bottom"\n`);
    await session.waitForStatus(/watching|unchanged|reloaded/);
    expect(await session.run('stty size')).toEqual(['23 80']);
  });

  test.for(['TERM=dumb', 'TERM=', '-uTERM'])('%s gets no row, no title and no sequence of ours', async (term, { project }) => {
    await configure(project);
    const session = project.terminal('env', [term, launcher]);
    await waitForPrompt(session);
    expect(await session.run('stty size')).toEqual(['24 80']);
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    await waitUntil(async () => (await session.run('echo $GREETING'))[0] === 'later', { what: 'the reload', everyMs: 50 });
    session.enter('exit');
    await session.exit;
    // Bracketed paste is readline's, which takes no name for a terminal that can do it.
    expect(session.bytes.toString('latin1').replace(/\x1b\[\?2004[hl]/g, '')).not.toContain('\x1b');
  });

  test('no terminal, no row: a pipe gets what the command wrote and nothing else', async ({ project }) => {
    await configure(project);
    const session = project.terminal('bash', ['-c', `echo 'echo "$GREETING"; exit 3' | ${devshell()} | cat -A; echo "\${PIPESTATUS[1]}"; ${devshell("'echo $GREETING'")} | cat -A`]);
    await session.exit;
    expect(session.screen().filter((row) => row !== '')).toEqual(['hello$', '3', 'hello$']);
  });

  test('--manual waits for the key or for devshell reload', async ({ project }) => {
    const session = await openShell(project, greeting, ['--manual']);
    await project.write('devshell.toml', '[env]\nGREETING = "second"\n');
    await session.waitForStatus(/ready ~1 {2}Alt-Ctrl-R or devshell reload/);
    expect(await session.run('echo $GREETING')).toEqual(['hello']);
    session.press('Alt-Ctrl-R');
    await session.waitForStatus('reloaded');
    expect(await session.run('echo $GREETING')).toEqual(['second']);
    await project.write('devshell.toml', '[env]\nGREETING = "third"\n');
    await session.waitForStatus('ready');
    await session.run(devshell('reload -q'));
    await waitUntil(async () => (await session.run('echo $GREETING'))[0] === 'third', { what: 'the reload', everyMs: 50 });
  });

  test('--no-reload is the shell in the environment as it is, watched by nothing', async ({ project }) => {
    await configure(project);
    const session = project.open(['--no-reload']);
    await waitForPrompt(session);
    expect(await session.run('echo $GREETING; stty size')).toEqual(['hello', '24 80']);
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    expect(await session.run('sleep 0.5; echo $GREETING')).toEqual(['hello']);
    expect(session.bytes.toString('latin1')).not.toContain('7717');
    session.enter('sleep 309');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 309', 'the command');
    kill((await nodeOf(project)).pid, 'SIGTERM');
    session.press('Ctrl-C');
    session.enter('exit 4');
    expect((await session.exit).exitCode).toBe(4);
    await project.waitForNoProcess();
  });
});
