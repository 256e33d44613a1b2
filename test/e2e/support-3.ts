// What the tests of sessions, commands and ends share: a project that is allowed, a shell in it, and looks at what runs.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processesWith, waitUntil } from '../support/processes.ts';
import type { ProcessInfo } from '../support/processes.ts';
import type { OpenOptions, Project } from '../support/project.ts';
import { launcher } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';

export const greeting = '[env]\nGREETING = "hello"\n';

/** Writes devshell.toml, allows it, opens the shell and waits until everything is watched. */
export async function openShell(project: Project, toml = greeting, args: readonly string[] = [], options: OpenOptions = {}): Promise<TerminalSession> {
  await configure(project, toml);
  const session = project.open(args, options);
  await session.waitForStatus(/watching [1-9]/);
  return session;
}

export async function configure(project: Project, toml = greeting): Promise<void> {
  await project.write('devshell.toml', toml);
  await project.allow();
}

/** A plain interactive bash with the project's `.bashrc`, to start devshell from or to hold it to. */
export function openBash(project: Project, options: OpenOptions = {}): TerminalSession {
  return project.terminal('bash', ['-i'], options);
}

/** What a command prints in the live shell, byte for byte: through a file, past the screen. */
export async function outputOf(session: TerminalSession, project: Project, command: string): Promise<string> {
  const file = join(project.base, 'tmp', 'output');
  await session.run(`{ ${command}; } > ${file}`);
  return await readFile(file, 'utf8');
}

/** Waits until the shell has shown its prompt and nothing is typed there. Keys before that may be lost to what ends. */
export async function waitForPrompt(session: TerminalSession): Promise<void> {
  await session.waitForScreen(() => {
    const { row, column } = session.terminal.cursor;
    return column === 2 && session.row(row).startsWith('$');
  });
}

/** The words that start devshell inside a shell. */
export function devshell(args = ''): string {
  return `${launcher} ${args}`.trimEnd();
}

/** The directories of sessions that are there, as their names. */
export async function sessionsOf(project: Project): Promise<string[]> {
  return await readdir(project.path('.devshell/sessions')).catch(() => []);
}

/** The process of devshell itself; waits until it is there. */
export async function nodeOf(project: Project): Promise<ProcessInfo> {
  return await waitForProcess(project, ({ commandLine }) => commandLine.includes('dist/devshell.cjs'), 'node');
}

/** The shell of the session; waits until it is there. */
export async function shellOf(project: Project): Promise<ProcessInfo> {
  return await waitForProcess(project, ({ commandLine }) => commandLine.startsWith('bash --noprofile --rcfile'), 'the shell');
}

export async function waitForProcess(project: Project, is: (process: ProcessInfo) => boolean, what: string): Promise<ProcessInfo> {
  return await waitUntil(async () => (await processesWith(project.token)).find(is), { what: `${what} to run` });
}

/** Waits until nothing of the project runs but `pids`. */
export async function waitForOnly(project: Project, pids: readonly number[]): Promise<void> {
  let left: ProcessInfo[] = [];
  await waitUntil(async () => (left = (await processesWith(project.token)).filter(({ pid }) => !pids.includes(pid))).length === 0, {
    what: () => `nothing to be left, but these run:\n${left.map(({ pid, commandLine }) => `${pid} ${commandLine}`).join('\n')}`,
  });
}

/** A build that lasts as long as there is a file `hold`; it prints the file `values`. */
export const gated = 'while [ -e hold ]; do sleep 0.02; done\ncat values\n';
export const gatedToml = '[load]\nexec = [{ run = "sh ./build.sh", format = "dotenv", inputs = ["values"] }]\n';

export async function openGated(project: Project): Promise<TerminalSession> {
  await project.write('values', 'A=1\n');
  await project.write('build.sh', gated);
  return await openShell(project, gatedToml);
}

export async function hold(project: Project): Promise<void> {
  await project.write('hold', '');
}

export async function release(project: Project): Promise<void> {
  await project.run('rm', [project.path('hold')]);
}

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
