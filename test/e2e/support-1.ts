// What the tests of values, lists, shell state and configuration share: a shell in a project, its exact variables, and a reload.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OpenOptions, Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';

export interface OpenShellOptions extends OpenOptions {
  readonly args?: readonly string[];
}

/** Writes `devshell.toml`, allows the project, opens the shell, and waits for its prompt and for the watching to begin. */
export async function openShell(project: Project, toml: string, { args = [], ...options }: OpenShellOptions = {}): Promise<TerminalSession> {
  await project.write('devshell.toml', toml);
  await project.allow();
  const session = project.open(args, { columns: 120, ...options });
  await session.waitForStatus(/watching [1-9]/);
  await session.waitForScreen(/\$ /);
  return session;
}

/** Lets `save` change an input, and returns once the waiting prompt has a new environment ready. Nothing is typed. */
export async function changeInput(session: TerminalSession, save: () => Promise<unknown>): Promise<string> {
  // What was applied before this must have been said, or its `ready` would pass for the new one.
  await session.waitForStatus((rows) => !rows[0]!.includes(' ready '));
  await save();
  return await session.waitForStatus(' ready ');
}

/** Lets `save` change an input, runs one command, and returns what the status line said about it. */
export async function reload(session: TerminalSession, save: () => Promise<unknown>): Promise<string> {
  await changeInput(session, save);
  await session.run(':');
  return await session.waitForStatus(' reloaded ');
}

/** The environment of a program started by the shell now, byte for byte. */
export async function environmentOf(project: Project, session: TerminalSession): Promise<Map<string, string>> {
  const text = await printedTo(project, session, '/usr/bin/env -0');
  const entries = text.split('\0').filter((entry) => entry !== '');
  return new Map(entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
}

/** What one variable of the shell itself holds; undefined where it is unset. */
export async function valueOf(project: Project, session: TerminalSession, name: string): Promise<string | undefined> {
  const text = await printedTo(project, session, `\\builtin printf '%s%s' "\${${name}+=}" "\${${name}-}"`);
  return text === '' ? undefined : text.slice(1);
}

export async function pathOf(project: Project, session: TerminalSession): Promise<string[]> {
  return (await valueOf(project, session, 'PATH'))?.split(':') ?? [];
}

/** The exact output of a command that the shell runs by itself, not in a subshell. */
export async function printedTo(project: Project, session: TerminalSession, command: string): Promise<string> {
  const file = join(project.base, 'tmp', randomUUID());
  await session.run(`${command} >| ${file}`);
  return await readFile(file, 'utf8');
}

/** A configuration of one variable. */
export const version = (value: number | string): string => `[env]\nA = "${value}"\n`;
export const saved = (project: Project, value: number | string) => () => project.replace('devshell.toml', version(value));

/** Runs `command`, behind which the environment of version `value` arrives. */
export type Arrive = (project: Project, session: TerminalSession, command: string, value: number) => Promise<void>;

/** The ways in which a new environment comes into the shell. */
export const ways: readonly { readonly way: string; readonly arrive: Arrive }[] = [
  {
    way: 'before the next command',
    arrive: async (project, session, command, value) => {
      session.enter(command);
      await changeInput(session, saved(project, value));
    },
  },
  { way: 'at the next prompt', arrive: arriveAtPrompt },
  {
    way: 'at the key',
    arrive: async (project, session, command, value) => {
      session.enter(command);
      await changeInput(session, saved(project, value));
      session.press('Alt-Ctrl-R');
      await session.waitForStatus(' reloaded ');
    },
  },
];

/** The environment becomes ready while the command runs. */
export async function arriveAtPrompt(project: Project, session: TerminalSession, command: string, value: number): Promise<void> {
  const gate = join(project.base, 'tmp', `gate-${value}`);
  await promisify(execFile)('mkfifo', [gate]);
  session.enter(`cat ${gate}; ${command}`);
  await changeInput(session, saved(project, value));
  await writeFile(gate, '');
  await session.waitForStatus(' reloaded ');
}
