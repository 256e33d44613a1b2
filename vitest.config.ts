// The suites of devshell. They run one after the other; inside a suite two files at a time.
import { defineConfig } from 'vitest/config';

/** What a suite holds, in the order they run, and how long one test of it may take. */
const suites = [
  {
    name: 'unit',
    directories: ['architecture', 'build', 'cache', 'cli', 'config', 'model', 'nix', 'reload', 'script', 'session', 'support', 'system', 'watch'],
    deadlineMs: 30_000,
  },
  { name: 'shell', directories: ['envrc', 'shell'], deadlineMs: 60_000 },
  { name: 'terminal', directories: ['terminal'], deadlineMs: 60_000 },
  { name: 'e2e', directories: ['e2e'], deadlineMs: 60_000 },
] as const;

export default defineConfig({
  test: {
    projects: suites.map(({ name, directories, deadlineMs }, order) => ({
      test: {
        name,
        include: directories.map((directory) => `test/${directory}/**/*.test.ts`),
        pool: 'forks' as const,
        maxWorkers: 2,
        sequence: { groupOrder: order },
        testTimeout: deadlineMs,
        hookTimeout: deadlineMs,
        retry: 0,
      },
    })),
  },
});
