// Evaluations that are hostile, or are killed at any point, in a live session: it goes on, says what is the matter, and nothing is left behind.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { kill, waitUntil } from '../support/processes.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import { configure, devshell, nodeOf, openBash, openShell, seeded, sessionsOf, waitForOnly, waitForProcess } from './support-3.ts';

const toml = '[load]\nenvrc = ".envrc"\n';
const log = async (project: Project): Promise<string> => readFile(project.path('.devshell/sessions', (await sessionsOf(project))[0]!, 'build.log'), 'utf8').catch(() => '');

describe('an .envrc', () => {
  test('that changes its own inputs is named and stopped, its result is kept, and mending it ends the matter', async ({ project }) => {
    await project.write('.envrc', 'export A=1\n');
    const session = await openShell(project, toml, [], { columns: 120 });
    await project.write('stamp.sh', 'export STAMP=0\n');
    await project.replace('.envrc', 'source_env stamp.sh\nexport A=2\necho "export STAMP=$(date +%s%N)" >stamp.sh\n');
    await waitUntil(async () => (await log(project)).includes('changes its own input'), { what: 'the build to be named', deadlineMs: 40_000 });
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $A')).toEqual(['2']);
    await session.waitForStatus(`note the build changes its own input ${project.path('stamp.sh')}; building stopped`);
    await project.replace('.envrc', 'source_env stamp.sh\nexport A=3\n');
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $A')).toEqual(['3']);
  });

  test('that never ends and prints without measure says so on the line, keeps the log small, and is ended by the next edit', async ({ project }) => {
    await project.write('.envrc', 'export A=1\n');
    const session = await openShell(project, toml, [], { columns: 120 });
    await project.replace('.envrc', 'trap "" TERM\nyes "a line of output"\n');
    await session.waitForStatus(/building \d.*\.envrc/);
    const size = async (): Promise<number> => Buffer.byteLength(await log(project));
    await waitUntil(async () => (await size()) > 3_000_000, { what: 'the log to be full' });
    expect(await session.run('echo $A')).toEqual(['1']);
    expect(await size()).toBeLessThan(5_000_000);
    await project.replace('.envrc', 'export A=2\n');
    await session.waitForStatus(' ready ');
    expect(await session.run('echo $A')).toEqual(['2']);
    await waitForProcess(project, ({ commandLine }) => commandLine.startsWith('bash --noprofile'), 'the shell');
    session.enter('exit');
    await project.waitForNoProcess();
  });
});

/** Takes a tenth of a second, has children, and leaves a large environment to be stored. */
const envrc = `source_env values
watch_dir lib
sleep 0.05 & wait
big=$(head -c 60000 /dev/zero | tr '\\0' x)
for ((i = 0; i < 12; i++)); do export "BIG_$i=$big"; done
sh -c 'sleep 0.03; :'
export A=$VALUE
`;

describe('after kill -9', () => {
  test('at any point of an evaluation and of a cache write the next start works, and nothing is left for ever', { timeout: 180_000 }, async ({ project }) => {
    await project.write('values', 'export VALUE=0\n');
    await project.write('lib/a', '');
    await project.write('.envrc', envrc);
    await configure(project, toml);
    const outer = openBash(project);
    await outer.waitForScreen('$');
    const random = seeded(4);
    for (let round = 1; round <= 18; round++) {
      await project.write('values', `export VALUE=${round}\n`);
      // Command mode waits for the build and stores it; a session does both beside the shell.
      outer.enter(`clear; ${devshell(round % 3 === 0 ? '' : 'true')}; echo "round ${round} ended with $?"`);
      const { pid } = await nodeOf(project);
      await sleep(random() * 500);
      kill(pid, 'SIGKILL');
      // What is typed while the terminal is put back may be lost.
      await outer.waitForScreen(new RegExp(`^round ${round} ended with \\d+`, 'm'));
      await waitForOnly(project, [outer.pid]);
    }
    expect(await readdir(join(project.base, 'tmp'))).toEqual([]);
    await project.write('values', 'export VALUE=last\n');
    expect(await project.devshell(['echo "$A ${#BIG_3}"'])).toMatchObject({ exitCode: 0, stdout: 'last 60000\n', stderr: '' });
    // What a writer has left is seen for what it is, and goes after an hour, or at once by request.
    const stored = await readdir(project.path('.devshell/cache'), { recursive: true });
    expect(stored.filter((name) => /\.env\.json$/.test(name)).length).toBeGreaterThan(0);
    expect(await project.devshell(['clean'])).toMatchObject({ exitCode: 0 });
    expect(existsSync(project.path('.devshell/cache'))).toBe(false);
    // One that was killed before it wrote down who it is goes after a minute.
    for (const left of await sessionsOf(project)) expect(await readdir(project.path('.devshell/sessions', left))).not.toContain('status.json');
    expect((await project.devshell(['echo "$A"'])).stdout).toBe('last\n');
  });
});
