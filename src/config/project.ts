// Which directory is the project, and what it is configured by.
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { DevshellError } from '../model/problem.ts';
import type { Detected, Detection, Idle } from './detection.ts';
import { detect, nameOf } from './detection.ts';
import { hasCommand } from './search-path.ts';

export type Project =
  | { readonly root: string; readonly kind: 'configured'; readonly file: string }
  /** `idle`: what could be used if its tool were there; where nothing was found, also from further up. */
  | { readonly root: string; readonly kind: 'detected'; readonly found: readonly Detected[]; readonly idle: readonly Idle[] };

/** The later one wins. */
export const configurationNames: readonly string[] = ['devshell.toml', 'devshell.local.toml'];

/**
 * The nearest project at or above `start`; `start` itself where there is none.
 * @param searchPath where the tools are looked for; without it, none is there.
 */
export function findProject(start: string, signal: AbortSignal, searchPath = ''): Promise<Project> {
  return findProjectBelow(start, homeDirectory(), signal, searchPath);
}

/** There is none for a user without an entry in the system's table and without HOME. */
function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** As `findProject`, with the directory at which the search for files other than devshell.toml stops. */
export async function findProjectBelow(start: string, home: string, signal: AbortSignal, searchPath = ''): Promise<Project> {
  const from = resolve(start);
  expectDirectory(from);
  for (const directory of upwards(from)) {
    signal.throwIfAborted();
    const configured = configuredAt(directory);
    if (configured !== undefined) return configured;
  }
  return detectUpwards(from, resolve(home), searchPath, signal);
}

/** The project whose root is known. */
export async function projectAt(root: string, signal: AbortSignal, searchPath = ''): Promise<Project> {
  const directory = resolve(root);
  expectDirectory(directory);
  signal.throwIfAborted();
  const configured = configuredAt(directory);
  if (configured !== undefined) return configured;
  return { root: directory, kind: 'detected', ...(await detectAt(directory, searchPath)) };
}

/** What is used in place of devshell.toml, in one line; undefined where there is one. */
export function detectionLine(project: Project): string | undefined {
  if (project.kind === 'configured') return undefined;
  const found = project.found.map(nameOf).join(', ');
  const used = found === '' ? 'no devshell.toml, and nothing that could be used without one' : `no devshell.toml: using ${found}`;
  const idle = project.idle.map(({ file, tool, home }) => `; ${file} needs ${tool}, which is not on PATH (${home})`).join('');
  return `${used}${idle} (devshell init writes ${found === '' ? 'one' : 'it down'})`;
}

/**
 * The repository, else the home directory, bounds the search: a .env there belongs to everything below only if that is a project.
 * Where nothing is found, the nearest files of tools that are not there are named all the same.
 */
async function detectUpwards(start: string, home: string, searchPath: string, signal: AbortSignal): Promise<Project> {
  let idle: readonly Idle[] = [];
  for (const directory of upwards(start)) {
    signal.throwIfAborted();
    if (directory !== start && (directory === home || directory === dirname(directory))) break;
    const detection = await detectAt(directory, searchPath);
    if (detection.found.length > 0) return { root: directory, kind: 'detected', ...detection };
    if (idle.length === 0) idle = detection.idle.map((one) => ({ ...one, file: relative(start, join(directory, one.file)) }));
    if (directory === home || kindOf(join(directory, '.git')) !== 'missing') break;
  }
  return { root: start, kind: 'detected', found: [], idle };
}

function configuredAt(directory: string): Project | undefined {
  for (const name of configurationNames) {
    const file = join(directory, name);
    if (kindOf(file) !== 'missing') return { root: directory, kind: 'configured', file };
  }
  return undefined;
}

function detectAt(directory: string, searchPath: string): Promise<Detection> {
  return detect({ kindOf: (name) => Promise.resolve(kindOf(join(directory, name))), hasCommand: (name) => hasCommand(name, searchPath) });
}

/** Symbolic links are followed; what cannot be looked at counts as missing. */
function kindOf(path: string): 'file' | 'directory' | 'missing' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'missing';
  }
}

function expectDirectory(path: string): void {
  const kind = kindOf(path);
  if (kind === 'directory') return;
  const message = kind === 'file' ? `${path} is not a directory` : `${path} does not exist, or may not be entered`;
  throw new DevshellError('usage', { message, hint: 'name the directory of the project' });
}

function* upwards(start: string): Generator<string> {
  for (let directory = start; ; directory = dirname(directory)) {
    yield directory;
    if (directory === dirname(directory)) return;
  }
}
