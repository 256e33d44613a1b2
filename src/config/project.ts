// Which directory is the project, and what it is configured by.
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { DevshellError } from '../model/problem.ts';
import { binName, dotenvName, venvMark, venvName } from './detected.ts';

/** Names are relative to the root. */
export type Detected =
  | { readonly kind: 'dotenv'; readonly file: string }
  | { readonly kind: 'venv'; readonly directory: string }
  | { readonly kind: 'path'; readonly directory: string };

export type Project =
  | { readonly root: string; readonly kind: 'configured'; readonly file: string }
  /** `unsupported`: what other tools would load here and this version does not; relative to the root. */
  | { readonly root: string; readonly kind: 'detected'; readonly found: readonly Detected[]; readonly unsupported: readonly string[] };

const configurationNames = ['devshell.toml', 'devshell.local.toml'];
const unsupportedNames = ['.envrc', 'flake.nix', 'shell.nix', 'default.nix', 'devenv.nix', 'mise.toml', '.mise.toml', '.tool-versions'];

/** The nearest project at or above `start`; `start` itself where there is none. */
export function findProject(start: string, signal: AbortSignal): Promise<Project> {
  return findProjectBelow(start, homeDirectory(), signal);
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
export async function findProjectBelow(start: string, home: string, signal: AbortSignal): Promise<Project> {
  const from = resolve(start);
  await expectDirectory(from);
  for (const directory of upwards(from)) {
    signal.throwIfAborted();
    const configured = await configuredAt(directory);
    if (configured !== undefined) return configured;
  }
  return detectUpwards(from, resolve(home), signal);
}

/** The project whose root is known. */
export async function projectAt(root: string, signal: AbortSignal): Promise<Project> {
  const directory = resolve(root);
  await expectDirectory(directory);
  signal.throwIfAborted();
  const configured = await configuredAt(directory);
  if (configured !== undefined) return configured;
  return { root: directory, kind: 'detected', found: await detect(directory), unsupported: await unsupportedAt(directory) };
}

/** What is used in place of devshell.toml, in one line; undefined where there is one. */
export function detectionLine(project: Project): string | undefined {
  if (project.kind === 'configured') return undefined;
  const found = project.found.map((one) => (one.kind === 'dotenv' ? one.file : one.directory)).join(', ');
  const used = found === '' ? 'no devshell.toml, and nothing that could be used without one' : `no devshell.toml: using ${found}`;
  const ignored = project.unsupported.length === 0 ? '' : `; not loaded by this version: ${project.unsupported.join(', ')}`;
  return `${used}${ignored} (devshell init writes ${found === '' ? 'one' : 'it down'})`;
}

/**
 * The repository, else the home directory, bounds the search: a .env there belongs to everything below only if that is a project.
 * Where nothing is found, the nearest files of other tools are named all the same.
 */
async function detectUpwards(start: string, home: string, signal: AbortSignal): Promise<Project> {
  let unsupported: readonly string[] = [];
  for (const directory of upwards(start)) {
    signal.throwIfAborted();
    if (directory !== start && (directory === home || directory === dirname(directory))) break;
    const found = await detect(directory);
    const others = await unsupportedAt(directory);
    if (found.length > 0) return { root: directory, kind: 'detected', found, unsupported: others };
    if (unsupported.length === 0) unsupported = others.map((name) => relative(start, join(directory, name)));
    if (directory === home || (await kindOf(join(directory, '.git'))) !== 'missing') break;
  }
  return { root: start, kind: 'detected', found: [], unsupported };
}

async function configuredAt(directory: string): Promise<Project | undefined> {
  for (const name of configurationNames) {
    const file = join(directory, name);
    if ((await kindOf(file)) !== 'missing') return { root: directory, kind: 'configured', file };
  }
  return undefined;
}

async function detect(directory: string): Promise<readonly Detected[]> {
  const [dotenv, venv, bin] = await Promise.all([dotenvName, venvMark, binName].map((name) => kindOf(join(directory, name))));
  const found: Detected[] = [];
  if (dotenv === 'file') found.push({ kind: 'dotenv', file: dotenvName });
  if (venv === 'file') found.push({ kind: 'venv', directory: venvName });
  if (bin === 'directory') found.push({ kind: 'path', directory: binName });
  return found;
}

async function unsupportedAt(directory: string): Promise<readonly string[]> {
  const kinds = await Promise.all(unsupportedNames.map((name) => kindOf(join(directory, name))));
  return unsupportedNames.filter((_, index) => kinds[index] !== 'missing');
}

/** Symbolic links are followed; what cannot be looked at counts as missing. */
async function kindOf(path: string): Promise<'file' | 'directory' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch {
    return 'missing';
  }
}

async function expectDirectory(path: string): Promise<void> {
  const kind = await kindOf(path);
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
