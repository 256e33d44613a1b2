// Which files of a project are code that a build runs, as far as that can be said before it does: what they source is met on the way.

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Configuration, ExecCommand } from '../config/configuration.ts';
import { configurationNames } from '../config/project.ts';
import { isInside } from '../config/project-path.ts';
import { listGlob } from '../watch/fingerprint.ts';
import { isPattern } from '../watch/glob.ts';

const interpreters = /^(?:bash|sh|dash|zsh|source|\.|env|node|deno|bun|ruby|perl|php|lua|python[\d.]*)$/;

/** What is run by its path, be it executable yet or not: the first word of a simple command, behind its assignments. */
const commandWord = /(?:^|[;&|(\n])\s*(?:\w+=\S*\s+)*([^\s;&|()<>'"`=]*\/[^\s;&|()<>'"`=]*)/g;

export interface NamedFile {
  readonly path: string;
  /** It can be run, is to be run, or stands right behind an interpreter. */
  readonly isScript: boolean;
}

/** Files of the project that the words of a command name, but for those that it only writes. */
export async function filesNamedBy({ run }: ExecCommand, root: string): Promise<NamedFile[]> {
  const words = run.replace(/>+\s*[^\s;&|]+/g, ' ').split(/[\s'"`|&;<>()=]+/).filter((word) => word !== '');
  const commands = new Set([...run.matchAll(commandWord)].map(([, word]) => word));
  const found = await Promise.all(words.map((word, index) => fileAt(resolve(root, word), commands.has(word) || interpreters.test(words[index - 1] ?? ''))));
  const inside = found.filter((file): file is NamedFile => file !== undefined && isInside(root, file.path));
  return [...new Map(inside.map((file) => [file.path, file])).values()];
}

async function fileAt(path: string, isRun: boolean): Promise<NamedFile | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true ? { path, isScript: isRun || (stats.mode & 0o111) !== 0 } : undefined;
}

/** Absolute paths, whether anything is there or not. */
export async function knownCode(configuration: Configuration | undefined, root: string): Promise<string[]> {
  const own = configurationNames.map((name) => join(root, name));
  if (configuration === undefined) return own;
  const { envrc, nix, exec } = configuration.load;
  const nixFiles = nix === undefined ? [] : nixFilesOf(nix.reference);
  const commands = await Promise.all(exec.map(async (command) => [...(await filesNamedBy(command, root)).map(({ path }) => path), ...(await inputsOf(command, configuration, root))]));
  const all = [...(envrc === undefined ? [] : [envrc.file]), ...nixFiles, ...commands.flat()].map((name) => resolve(root, name));
  return [...new Set([...own, ...all])];
}

async function inputsOf({ inputs }: ExecCommand, { watch }: Configuration, root: string): Promise<string[]> {
  const paths = await Promise.all(inputs.map(async (pattern) => (isPattern(pattern) ? await listGlob(root, pattern, watch.ignore) : [resolve(root, pattern)])));
  return paths.flat().filter((path) => isInside(root, path));
}

/** A flake of this directory, or a Nix file; what they import is met on the way. */
function nixFilesOf(reference: string): string[] {
  const [first = ''] = reference.split(/\s+/);
  if (first.endsWith('.nix')) return [first];
  return /^(?:\.|path:\.\/?)?(?:[?#].*)?$/.test(first) ? ['flake.nix', 'flake.lock'] : [];
}
