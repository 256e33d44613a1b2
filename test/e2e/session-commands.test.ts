// The questions to a session, from inside and from outside.
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import { configure, devshell, openShell, outputOf, waitForProcess } from './support-3.ts';

describe('a command to the session', () => {
  test('answers from inside: status, inputs, pause, resume, reload, log', async ({ project }) => {
    const session = await openShell(project);
    const status = JSON.parse(await outputOf(session, project, devshell('status --json'))) as Record<string, unknown>;
    expect(status).toMatchObject({ state: 'watching', root: project.root, appliedGeneration: 1, inputs: 4, line: 'watching 4 inputs', problems: [] });
    expect(status['session']).toBe((await session.run('echo $DEVSHELL_SESSION'))[0]);
    expect(String(status['shellPid'])).toBe((await session.run('echo $$'))[0]);
    expect(await session.run(devshell('status'))).toEqual(expect.arrayContaining(['state    watching 4 inputs', `project  ${project.root}`]));
    // It was started by its path, and is on none here.
    expect(await session.run('devshell status')).toEqual(await session.run(devshell('status')));
    expect((await session.run('devshell why devshell; echo $?')).join('\n')).toMatch(/nothing here sets devshell[^]*\n1$/);
    expect(await outputOf(session, project, 'devshell diff')).toMatch(/^\+1\n\+ GREETING=[^\n]*\n$/);
    const inputs = await outputOf(session, project, devshell('inputs'));
    expect(inputs.split('\n')).toEqual(expect.arrayContaining([project.path('devshell.toml'), project.path('devshell.local.toml')]));
    expect(JSON.parse(await outputOf(session, project, devshell('inputs --json')))).toEqual(inputs.trimEnd().split('\n'));

    expect(await session.run(devshell('pause'))).toEqual([expect.stringContaining('devshell: paused')]);
    await session.waitForStatus('paused');
    await project.write('devshell.toml', '[env]\nGREETING = "later"\n');
    await session.waitForStatus('paused, 1 changed');
    expect(await session.run('echo $GREETING')).toEqual(['hello']);
    const paused = JSON.parse(await outputOf(session, project, devshell('status --json'))) as Record<string, unknown>;
    expect(paused).toMatchObject({ state: 'paused', pausedChanges: [project.path('devshell.toml')] });
    expect(await session.run(devshell('pause -q'))).toEqual([]);
    await session.run(devshell('resume -q'));
    await waitUntil(async () => (await session.run('echo $GREETING'))[0] === 'later', { what: 'the reload', everyMs: 50 });

    await session.run(`${devshell('reload')}; echo $?`);
    expect((await session.run(`${devshell('reload')}; echo $?`)).at(-1)).toBe('0');
    const log = await outputOf(session, project, devshell('log'));
    expect(log).toMatch(/build 2, changed: .*devshell\.toml\n.*build 2 built after \d+ ms\n/);
    expect(await session.run(`${devshell('log')} | head -1; echo "\${PIPESTATUS[1]}"`)).toEqual([log.split('\n')[0], '0']);
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    expect((await session.run(`${devshell('reload')}; echo $?`)).join('\n')).toMatch(/failed .*devshell\.toml:1[^]*\n1$/);
    expect(await outputOf(session, project, devshell('log'))).toMatch(/devshell\.toml:1:\d+: /);
    const failed = JSON.parse(await outputOf(session, project, devshell('status --json'))) as Record<string, unknown>;
    expect(failed).toMatchObject({ state: 'failed', problems: [{ file: 'devshell.toml', line: 1 }] });
  });

  test('log begins with the build before the shell, and with how it failed', async ({ project }) => {
    await configure(project, '[load]\nexec = [{ run = "echo a-word-of-the-tool >&2; exit 4", format = "dotenv" }]\n');
    const session = project.open();
    await session.waitForStatus('failed');
    await session.waitForScreen(/^\$ $/m);
    const log = await outputOf(session, project, devshell('log'));
    expect(log).toMatch(/^\[[\d:.]+\] first build, before the shell\n[^]*\na-word-of-the-tool\n\[[\d:.]+\] first build failed after \d+ ms\ndevshell\.toml:2:9: /);
  });

  test('log -f goes on as it grows, until Ctrl-C', async ({ project }) => {
    const session = await openShell(project);
    session.enter(devshell('log -f'));
    await waitForProcess(project, ({ commandLine }) => commandLine.endsWith('log -f'), 'the log');
    for (const word of ['one', 'two']) {
      await project.write('devshell.toml', `[load]\nexec = [{ run = "echo word-${word} >&2", format = "dotenv" }]\n`);
      await session.waitForScreen(new RegExp(`\\nword-${word}\\n[^]*built after`));
    }
    session.press('Ctrl-C');
    await session.waitForScreen(/\^C\n\$/);
    expect(await session.run('echo $?')).toEqual(['130']);
  });

  test('from outside needs --session, and says when it has ended', async ({ project }) => {
    const session = await openShell(project);
    const [directory = ''] = await session.run('echo $DEVSHELL_SESSION');
    expect((await project.devshell(['status', '--session', directory])).stdout).toContain('watching 4 inputs');
    expect((await project.devshell(['status'])).exitCode).toBe(125);
    session.enter('exit');
    await session.exit;
    for (const name of ['status', 'reload', 'pause', 'resume', 'log', 'inputs']) {
      const { exitCode, stdout, stderr } = await project.devshell([name], { env: { DEVSHELL_SESSION: directory } });
      expect({ exitCode, stdout }, name).toEqual({ exitCode: 125, stdout: '' });
      expect(stderr, name).toContain('the session has ended');
    }
  });
});
