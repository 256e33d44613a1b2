import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { playScene } from '../../scripts/scene.ts';
import { test } from '../support/project-test.ts';
import { repository } from '../support/project.ts';

const example = join(repository, 'docs/examples/hello');

describe('the scene of `npm start`', () => {
  test('shows the example before, while and after the change', async ({ task: _ }) => {
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      const succeeded = await playScene(example);
      const text = printed.mock.calls.flat().join('\n');
      expect(succeeded, text).toBe(true);
      expect(text).toMatch(/\nbefore\n\+-+\+\n\|\$ hello +\|\n[^]*\|Hello, world! [^]*\nwhile: [^]*\nafter: [^]*\|Good morning, world! [^]*\|Good morning since \d+ seconds in one shell/);
    } finally {
      printed.mockRestore();
    }
  });

  test('fails, with the screen, where the environment has not changed', async ({ project }) => {
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await cp(example, project.root, { recursive: true });
      await project.write('devshell.toml', `${await project.read('devshell.toml')}\n[reload]\napply = "manual"\n`);
      expect(await playScene(project.root, { deadlineMs: 5_000 })).toBe(false);
      expect(printed.mock.calls.flat().join('\n')).toMatch(/waited for the screen to show [^]*\|Hello, world! [^]*\|Hello, world! /);
    } finally {
      printed.mockRestore();
    }
  });
});
