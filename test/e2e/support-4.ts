// What the tests of the terminal share: sizes and margins as they are, the rows that look like ours, and a shell that leaves files as marks.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import type { OpenOptions, Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { configure, devshell, greeting, openShell, shellOf, waitForPrompt } from './support-3.ts';

/** The size of the shell's terminal, asked from outside: nothing is typed. */
export async function programSize(project: Project): Promise<string> {
  const { pid } = await shellOf(project);
  return (await project.run('stty', ['-F', `/proc/${pid}/fd/0`, 'size'])).stdout.trim();
}

export async function waitForSize(project: Project, size: string): Promise<void> {
  let last = '';
  await waitUntil(async () => (last = await programSize(project)) === size, { what: () => `the size ${size}; it is ${last}` });
}

/** Every row of scrollback and screen that is a status row, or was one. */
export function statusRows(session: TerminalSession): string[] {
  const { active } = session.terminal.emulator.buffer;
  return session.terminal.rowsBetween(0, active.length).filter((row) => /^ [●✓✗‖!■⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] (watching|unchanged|reloaded|ready|building|failed|stale|paused|note)/.test(row));
}

/** The numbers that stand alone in a line, of scrollback and screen. */
export function numbersShown(session: TerminalSession, before = ''): number[] {
  const number = new RegExp(`^${before}(\\d+)$`);
  return session.terminal.lines().flatMap((line) => number.exec(line)?.[1] ?? []).map(Number);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Margins as the terminal has them, from 1. xterm.js does not tell them otherwise. */
export function marginsOf(session: TerminalSession): { readonly top: number; readonly bottom: number } {
  const { _core: core } = session.terminal.emulator as unknown as { _core: { buffer: { scrollTop: number; scrollBottom: number } } };
  return { top: core.buffer.scrollTop + 1, bottom: core.buffer.scrollBottom + 1 };
}

/** The directory of the session, without a word typed. */
export async function directoryOf(project: Project): Promise<string> {
  const { pid } = await shellOf(project);
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  return /(?:^|\0)DEVSHELL_SESSION=([^\0]*)/.exec(environment)?.[1] ?? '';
}

/** Opens devshell whose status goes nowhere: nothing of ours is drawn, for tests that count bytes. */
export async function openBare(project: Project, mode: 'off' | 'title' = 'off', options: OpenOptions = {}): Promise<TerminalSession> {
  await configure(project);
  const session = project.open(['--status', mode], options);
  await waitForPrompt(session);
  return session;
}

/** A shell in a project whose last build has failed, with so many lines to tell of it. */
export async function openFailed(project: Project, lines = 60, options: OpenOptions = {}): Promise<TerminalSession> {
  const session = await openShell(project, greeting, [], options);
  await project.write('lines', Array.from({ length: lines }, (_, index) => `detail ${index + 1}\n`).join(''));
  await project.write('devshell.toml', '[load]\nexec = [{ run = "cat lines >&2; exit 1", format = "dotenv" }]\n');
  await session.waitForStatus('failed');
  return session;
}

/** A file that a program of the test writes, once it holds `bytes` bytes. */
export async function fileOf(project: Project, name: string, bytes: number): Promise<Buffer> {
  let found: Buffer = Buffer.alloc(0);
  const path = join(project.root, name);
  await waitUntil(async () => (found = await readFile(path).catch(() => Buffer.alloc(0))).length >= bytes, { what: () => `${bytes} bytes in ${name}; there are ${found.length}` });
  return found;
}

/** `devshell status --line`, from outside. */
export async function switchLine(project: Project, session: string, mode: string): Promise<string> {
  const { exitCode, stderr } = await project.devshell(['status', '--line', mode, '--session', session]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return stderr;
}

export { devshell };

/** Resident memory of a process, in bytes. */
export async function memoryOf(pid: number): Promise<number> {
  const [, pages = '0'] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * 4096;
}

/** Processor time that a process has used, in seconds. */
export async function processorTimeOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
  return (user + system) / 100;
}
