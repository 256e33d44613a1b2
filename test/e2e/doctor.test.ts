// `devshell doctor` where all is well, and where something is not.
import { chmod, mkdir, stat } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import type { Project, RunOptions } from '../support/project.ts';
import { configure, devshell, openShell, outputOf } from './support-3.ts';

interface Report {
  readonly exitCode: number | null;
  readonly errors: number;
  readonly warnings: number;
  /** `area level: message | remedy`, one line each. */
  readonly text: string;
}

async function doctor(project: Project, options: RunOptions = {}): Promise<Report> {
  const { exitCode, stdout, stderr } = await project.devshell(['doctor', '--json'], options);
  expect(stderr).toBe('');
  return { exitCode, ...read(stdout) };
}

function read(json: string): Omit<Report, 'exitCode'> {
  const { errors, warnings, findings } = JSON.parse(json) as { errors: number; warnings: number; findings: { area: string; level: string; message: string; remedy?: string }[] };
  for (const { level, message, remedy } of findings) if (level === 'error' || level === 'warning') expect(remedy, message).toBeTruthy();
  return { errors, warnings, text: findings.map(({ area, level, message, remedy }) => `${area} ${level}: ${message} | ${remedy ?? ''}\n`).join('') };
}

describe('devshell doctor', () => {
  test('finds nothing wrong where nothing is, changes nothing, and answers for people and for programs', async ({ project }) => {
    await configure(project);
    const { text, ...report } = await doctor(project);
    expect(report).toEqual({ exitCode: 0, errors: 0, warnings: 0 });
    for (const line of ['shell ok: bash 5', 'shell ok: nothing in your start-up files', 'terminal ok: a pseudoterminal', 'node ok: Node.js', 'system ok:', 'state ok:', 'project ok: it is allowed'])
      expect(text).toContain(line);
    await expect(stat(project.path('.devshell'))).rejects.toThrow('ENOENT');
    const { stdout, exitCode } = await project.devshell(['doctor']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^shell\n {2}✓ bash 5[^]*\n\nno errors, no warnings\n$/);
  });

  test('runs nothing of a project, whether that is allowed or not', async ({ project }) => {
    await project.write('tool', '#!/bin/sh\ntouch "$0-ran"\necho {}\n', { mode: 0o755 });
    await project.write('devshell.toml', '[load]\nexec = [{ run = "./tool", inputs = ["tool"] }]\n[shell]\ninit = "touch tool-ran"\n');
    expect((await doctor(project)).text).toContain('project warning: it is not allowed yet: nothing of it is run | look at what it would run, then: devshell allow');
    await project.allow();
    expect(await doctor(project)).toMatchObject({ exitCode: 0, errors: 0 });
    await project.devshell(['deny', '-q']);
    expect((await doctor(project)).text).toContain('project note: you have denied it');
    await expect(stat(project.path('tool-ran'))).rejects.toThrow('ENOENT');
  });

  test('names every mistake, every tool that is missing, and what to do about it; with 1', async ({ project }) => {
    await configure(project, '[env]\nA = true\n[lod]\n');
    const mistakes = await doctor(project);
    expect(mistakes).toMatchObject({ exitCode: 1, errors: 2 });
    expect(mistakes.text).toMatch(/project error: devshell\.toml:2:\d+: .*\n(?:.*\n)*project error: devshell\.toml:3:\d+: unknown/);
    await configure(project, '[load]\nexec = [{ run = "A=1 no-such-tool --token=abc" }]\ndotenv = ["missing.env"]\nvenv = ".venv"\n');
    const missing = await doctor(project);
    expect(missing).toMatchObject({ exitCode: 1, errors: 3 });
    for (const words of ['no-such-tool is not on PATH', 'there is no missing.env', 'python3 -m venv .venv', 'it is run only when something else changes']) expect(missing.text).toContain(words);
    expect(missing.text).not.toContain('abc');
    expect((await project.devshell(['doctor', '--root', '/nowhere/at/all'])).exitCode).toBe(1);
  });

  test('looks at the state directory and what has become of it', async ({ project }) => {
    await configure(project);
    await mkdir(project.path('.devshell'));
    expect((await doctor(project)).text).toContain(`state ok: ${project.path('.devshell')} can be written`);
    await chmod(project.path('.devshell'), 0o777);
    expect((await doctor(project)).text).toContain('can be written by others | chmod 700');
  });

  test('sees what start-up files hook into the prompt, and survives whatever they do', async ({ project }) => {
    await configure(project);
    await project.writeBashrc('_direnv_hook() { :; }\n_mise_hook() { :; }\nPROMPT_COMMAND=(_direnv_hook _mise_hook)\ntrap : URG\n');
    const hooked = (await doctor(project)).text;
    for (const words of ['direnv is hooked into your prompt', 'mise is activated', 'trap SIGURG']) expect(hooked).toContain(words);
    await project.writeBashrc('readonly PROMPT_COMMAND=x\n');
    expect(await doctor(project)).toMatchObject({ exitCode: 1, errors: 1 });
    for (const text of ['sleep 311 & sleep 312\n', 'exec sleep 313\n', 'trap "" TERM HUP INT; while :; do :; done\n']) {
      await project.writeBashrc(text);
      const startedAtMs = performance.now();
      expect((await doctor(project)).text).toMatch(/shell warning: your ~\/\.bashrc (?:takes more than|does not come)/);
      expect(performance.now() - startedAtMs).toBeLessThan(10_000);
      await project.waitForNoProcess();
    }
    await project.writeBashrc('exit 3\n');
    expect((await doctor(project)).text).toContain('your ~/.bashrc does not come to its end');
  });

  test('tells of the terminal and of the session it is called in', async ({ project }) => {
    const session = await openShell(project);
    const inside = read(await outputOf(session, project, devshell('doctor --json')));
    expect(inside.text).toContain('session ok: watching 4 inputs');
    const shown = (await session.run(devshell('doctor'))).join('\n');
    expect(shown).toContain('  ✓ xterm-256color, 80 columns by 23 rows');
    expect(await session.run(`TERM=dumb LANG=C ${devshell('doctor')} | grep -c '!'`)).toEqual(['1']);
    await project.write('devshell.toml', '[env\n');
    await session.waitForStatus('failed');
    expect(read(await outputOf(session, project, `${devshell('doctor --json')} || :`)).text).toMatch(/session warning: failed/);
    const directory = await outputOf(session, project, 'printf %s "$DEVSHELL_SESSION"');
    session.enter('exit');
    await session.exit;
    expect((await doctor(project, { env: { DEVSHELL_SESSION: directory } })).text).toContain('session warning: ');
  });
});
