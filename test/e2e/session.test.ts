// The session as a terminal program: its end, jobs, sizes, keys.
import { describe, expect } from 'vitest';
import { processInfo, waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import type { Project } from '../support/project.ts';
import { greeting, nodeOf, openShell, sessionsOf, shellOf, waitForPrompt, waitForProcess } from './support-3.ts';

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

/** Types the two parts as two, so that they may arrive as two, until the line says what is expected: parts that leave here too far apart are keys of their own. */
async function pressInPieces(session: TerminalSession, first: string, second: string, expected: string): Promise<void> {
  for (;;) {
    session.type(first);
    const sentAtMs = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 3));
    const apartMs = performance.now() - sentAtMs;
    session.type(second);
    const seen = session.waitForStatus(expected, apartMs < 15 ? {} : { deadlineMs: 3000 });
    if ((await (apartMs < 15 ? seen : seen.catch(() => undefined))) !== undefined) return;
  }
}

describe('keys', () => {
  test('are recognised in any chunking, and not inside a bracketed paste', async ({ project }) => {
    const session = await openShell(project);
    const { stdout } = await project.run('ls', ['-l', `/proc/${(await nodeOf(project)).pid}/fd/0`]);
    expect(stdout).toContain('/dev/pts');
    // To readline, the two ESC that go out alone are a wish for completion: of nothing, it would look through all of PATH, and Ctrl-C would only end that.
    await session.run('shopt -s no_empty_cmd_completion');
    const keys = ['\x1b\x04', '\x1b[100;7u', '\x1b[27;7;100~'];
    let state: 'watching' | 'paused' = 'watching';
    for (const key of keys) {
      for (let at = 0; at < key.length; at++) {
        state = state === 'watching' ? 'paused' : 'watching';
        await pressInPieces(session, key.slice(0, at), key.slice(at), state);
      }
    }
    expect(state).toBe(keys.join('').length % 2 === 0 ? 'watching' : 'paused');
    if (session.statusRow().includes('paused')) session.press('Alt-Ctrl-D');
    await session.waitForStatus('watching');
    // An ESC that came alone had to go out at once: readline still waits for what belongs to it.
    session.press('Ctrl-C');
    // Readline throws away what was typed before it has heard of it: the new prompt is what counts, which it draws in the same row where a completion was wished for.
    await session.waitForScreen('^C');
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
