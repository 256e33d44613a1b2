// The end of whole devshells: not a byte is lost. `DEVSHELL_TEST_RUNS=200 npm test -- test/e2e/terminal-exit.test.ts` does it as often
// as test/session/exit.test.ts does for sessions alone.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { withoutRow } from '../support/row.ts';
import { configure, devshell, waitForPrompt } from './support-3.ts';

const runs = Number(process.env['DEVSHELL_TEST_RUNS'] ?? 4);
/** So many at a time. */
const beside = 4;
const deadlineMs = 60_000 + runs * 20_000;

const numbers = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('');
const onTerminal = (text: string): string => text.replaceAll('\n', '\r\n');

/** Does it again and again, some of them side by side. */
async function repeatedly(work: (run: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < runs; first += beside) {
    await Promise.all(Array.from({ length: Math.min(beside, runs - first) }, (_, index) => work(first + index)));
  }
}

/** The same text; if not, what differs is told without all of it. */
function expectText(actual: string, expected: string, what: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 200));
  throw new Error(`${what}: ${actual.length} bytes instead of ${expected.length}, different from byte ${at} on:\n${around(actual)} instead of\n${around(expected)}`);
}

/** One session in which a command is typed; what the terminal got between the command and the end. */
async function lastWords(project: Project, command: string): Promise<string> {
  const session = project.open();
  await waitForPrompt(session);
  session.showNothing();
  session.enter(`printf 'be%s\\n' gun; ${command}`);
  await session.exit;
  const text = withoutRow(session.bytes.toString('latin1')).replaceAll('\x1b[?2004l', '');
  const shown = text.slice(text.indexOf('begun\r\n') + 'begun\r\n'.length);
  await session.dispose();
  return shown;
}

describe('a session that ends', { timeout: deadlineMs }, () => {
  test.for([
    ['two hundred thousand lines', 'exec seq 200000', onTerminal(numbers)],
    ['a megabyte without a line end', 'exec printf %01000000d 0', '0'.repeat(1_000_000)],
    ['the only words of a program that ends at once', 'exec printf "last words"', 'last words'],
  ] as const)('shows %s', async ([, command, expected], { project }) => {
    await configure(project);
    await repeatedly(async (run) => expectText(await lastWords(project, command), expected, `run ${run}`));
  });

  test('shows what a background job could write before the terminal was hung up', async ({ project }) => {
    await configure(project);
    await repeatedly(async (run) => {
      const file = join(project.base, 'tmp', `late-${run}`);
      const job = `trap "" HUP; (i=0; while ((i < 300)) && echo late$i; do echo $((i++)) >&9; done; echo end >&9) 9>${file} 2>/dev/null &`;
      const shown = await lastWords(project, `{ ${job} } 2>/dev/null; disown; exit`);
      const written = async (): Promise<string> => await readFile(file, 'utf8').catch(() => '');
      await waitUntil(async () => (await written()).endsWith('end\n'), { what: 'the job to end' });
      expect(shown.match(/late\d+\r\n/g)?.length ?? 0, `run ${run}`).toBeGreaterThanOrEqual((await written()).split('\n').length - 2);
    });
  });
});

describe('a command', { timeout: deadlineMs }, () => {
  test.for([
    ['two hundred thousand lines', 'seq 200000; : >LATE', numbers],
    ['a megabyte without a line end', 'printf %01000000d 0; : >LATE', '0'.repeat(1_000_000)],
    ['a job that writes on after its end', 'echo first; (sleep 0.05; echo later; : >LATE) &', 'first\nlater\n'],
  ] as const)('gives %s to a pipe and to a terminal', async ([, command, expected], { project }) => {
    await configure(project);
    await repeatedly(async (run) => {
      const late = join(project.base, 'tmp', `late-${run}`);
      const ending = command.replace('LATE', late);
      expectText((await project.devshell([command.replace('LATE', '/dev/null')])).stdout, expected, `run ${run}`);
      const session = project.terminal('bash', ['-c', `${devshell(`'${ending}'`)}; until [ -e ${late} ]; do sleep 0.02; done`]);
      session.showNothing();
      await session.exit;
      expectText(session.bytes.toString('latin1'), onTerminal(expected), `run ${run} on a terminal`);
      await session.dispose();
    });
  });
});
