import { describe, expect } from 'vitest';
import { waitUntil } from './processes.ts';
import { test } from './project-test.ts';
import { Tmux } from './tmux.ts';

describe('tmux', () => {
  test('runs a shell, types into it and shows its screen', async ({ project }) => {
    await using tmux = await Tmux.start({ command: 'bash', cwd: project.root, env: project.environment(), columns: 60, rows: 12 });
    await tmux.waitForScreen(/^\$/);
    await tmux.enter('stty size; echo "[$PWD]"');
    const rows = await tmux.waitForScreen(`[${project.root}]`);
    expect(rows).toHaveLength(12);
    expect(rows).toContain('12 60');
    await tmux.resize(70, 15);
    await waitUntil(async () => (await tmux.screen()).length === 15, { what: 'the new size' });
    await tmux.enter('seq 100');
    await tmux.waitForScreen(/^100$/m);
    expect(await tmux.history()).toContain('3');
    await tmux.type('exit 5');
    await tmux.press('Enter');
    expect(await tmux.exitCode()).toBe(5);
  });

  test('says what it shows when it is waited for in vain', async ({ project }) => {
    await using tmux = await Tmux.start({ command: 'sh', args: ['-c', 'echo something; cat'], cwd: project.root, env: project.environment() });
    await tmux.waitForScreen('something');
    await expect(tmux.waitForScreen('nothing', { deadlineMs: 100 })).rejects.toThrow(/tmux to show nothing; the screen:\nsomething/);
  });

  test('is gone with everything in it', async ({ project }) => {
    const tmux = await Tmux.start({ command: 'sleep', args: ['300'], cwd: project.root, env: project.environment() });
    await tmux.dispose();
    await project.waitForNoProcess();
  });
});
