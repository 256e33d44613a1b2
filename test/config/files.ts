// Files that are only in memory, for what is read through a `Read`.
import type { Problem } from '../../src/model/problem.ts';
import { placed } from '../../src/model/problem.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import type { Loaded, Read } from '../../src/config/load.ts';
import { loadConfiguration } from '../../src/config/load.ts';

export const root = '/project';
export const userFile = '/home/user/.config/devshell/config.toml';

/** By path; a string that is an error code (`EISDIR`) is thrown where it is asked for. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly code: string }>>;

export function reading(files: Files): Read {
  return (path) => {
    const content = files[path];
    if (content === undefined) return Promise.resolve(undefined);
    if (typeof content === 'string') return Promise.resolve(new TextEncoder().encode(content));
    if (content instanceof Uint8Array) return Promise.resolve(content);
    return Promise.reject(Object.assign(new Error(content.code), content));
  };
}

/** The three files of a project that has them. */
export function load(project: string | undefined, local?: string, user?: string): Promise<Loaded> {
  const files: Record<string, string> = {};
  if (project !== undefined) files[`${root}/devshell.toml`] = project;
  if (local !== undefined) files[`${root}/devshell.local.toml`] = local;
  if (user !== undefined) files[userFile] = user;
  return loadConfiguration(root, userFile, reading(files));
}

export async function configurationOf(project: string | undefined, local?: string, user?: string): Promise<Configuration> {
  const loaded = await load(project, local, user);
  if (loaded.kind === 'invalid') throw new Error(loaded.problems.map(shown).join('\n'));
  return loaded.configuration;
}

export async function problemsOf(project: string | undefined, local?: string, user?: string): Promise<readonly string[]> {
  const loaded = await load(project, local, user);
  return loaded.kind === 'invalid' ? loaded.problems.map(shown) : [];
}

/** All of a problem in one line: place, message, text, hint. */
export function shown(problem: Problem): string {
  return `${placed(problem)} [${problem.text ?? ''}] ${problem.hint ?? ''}`;
}
