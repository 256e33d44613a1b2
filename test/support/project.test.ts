import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describe, expect } from 'vitest';
import { processesWith } from './processes.ts';
import { Project } from './project.ts';
import { test } from './project-test.ts';

describe('a project', () => {
  test('shows nothing of the environment around the tests', async ({ project }) => {
    process.env['DEVSHELL_OUTER'] = 'leak';
    try {
      const { stdout } = await project.run('env');
      const names = stdout.split('\n').map((line) => line.split('=')[0]);
      expect(names).not.toContain('DEVSHELL_OUTER');
      expect(names.filter((name) => /^(DEVSHELL|NODE|VITEST|npm)_?/.test(name!))).toEqual([]);
      expect(stdout).toContain(`HOME=${project.home}\n`);
    } finally {
      delete process.env['DEVSHELL_OUTER'];
    }
  });

  test('writes files, their directories and their mode', async ({ project }) => {
    const path = await project.write('bin/deep/tool', '#!/bin/sh\necho tool\n', { mode: 0o755 });
    expect(path).toBe(`${project.root}/bin/deep/tool`);
    expect(await project.run('bin/deep/tool')).toEqual({ exitCode: 0, signal: null, stdout: 'tool\n', stderr: '' });
  });

  test('replaces a file by another one', async ({ project }) => {
    const before = await stat(await project.write('file', 'one'));
    const after = await stat(await project.replace('file', 'two'));
    expect(after.ino).not.toBe(before.ino);
    expect(await project.read('file')).toBe('two');
    expect((await project.run('ls')).stdout).toBe('file\n');
  });

  test('tells the exit code, the signal and both outputs of what it runs', async ({ project }) => {
    expect(await project.run('sh', ['-c', 'cat; echo err >&2; exit 3'], { input: 'in' })).toEqual({
      exitCode: 3, signal: null, stdout: 'in', stderr: 'err\n',
    });
    expect(await project.run('sh', ['-c', 'kill -TERM $$'])).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
    await expect(project.run('no-such-command')).rejects.toThrow('no-such-command could not be started');
    await expect(project.run('sleep', ['300'], { deadlineMs: 50 })).rejects.toThrow('sleep 300 did not end within 50 ms');
  });

  test('opens a shell that reads its .bashrc', async ({ createProject }) => {
    const project = await createProject({ bashrc: "PS1='ready> '\nexport FROM_BASHRC=yes\n", env: { MORE: 'more' } });
    const session = project.terminal('bash', [], { columns: 60, rows: 10 });
    await session.waitForScreen('ready> ');
    expect(await session.run('echo "$FROM_BASHRC $MORE $PWD"')).toEqual([`yes more ${project.root}`]);
    expect(session.screen()).toHaveLength(10);
  });

  test('leaves neither processes nor files', async ({ task: _ }) => {
    const project = await Project.create();
    const session = project.terminal('bash');
    await session.waitForScreen('$ ');
    await session.run("(trap '' HUP; exec setsid sleep 300) &");
    expect(await processesWith(project.token)).not.toEqual([]);
    await expect(project.waitForNoProcess({ deadlineMs: 50 })).rejects.toThrow('sleep 300');
    await project.dispose();
    await project.waitForNoProcess();
    expect(existsSync(project.base)).toBe(false);
  });
});
