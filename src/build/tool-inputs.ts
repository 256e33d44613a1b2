// What well-known tools read, as inputs of a command that runs them: nobody has to list it.

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ExecCommand } from '../config/configuration.ts';
import { userDirectory } from '../config/user-directories.ts';
import type { LayerContext } from './layer.ts';

type Step = (context: LayerContext, signal: AbortSignal) => Promise<readonly string[]>;

interface Knowledge {
  readonly runs: RegExp;
  readonly before?: Step;
  readonly after?: Step;
}

const known: readonly Knowledge[] = [
  { runs: /\bmise\s+(env|e|exec|x|hook-env)\b/, before: observeMise },
  { runs: /\bdevenv\s+(print-dev-env|direnv-export)\b/, after: observeDevenv },
];

/** To be asked before the command runs: what changes while it does is then a change. Returns the files whose content counts. */
export async function observeBefore({ run }: ExecCommand, context: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { runs, before } of known) if (runs.test(run)) files.push(...((await before?.(context, signal)) ?? []));
  return files;
}

/** What the tool says that it has read. */
export async function observeAfter({ run }: ExecCommand, context: LayerContext, signal: AbortSignal): Promise<void> {
  for (const { runs, after } of known) if (runs.test(run)) await after?.(context, signal);
}

/** As mise 2026.9 does: its files here and in every directory above, the user's and the system's, what they load, and what is installed. */
async function observeMise(context: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const { root, draft, reader } = context;
  const variable = (name: string): string | undefined => draft.get(name);
  const user = variable('MISE_CONFIG_DIR') || join(userDirectory('config', variable, '/'), 'mise');
  const data = variable('MISE_DATA_DIR') || join(userDirectory('data', variable, '/'), 'mise');
  const files = await reader.observePattern(root, '{mise,.mise,mise/config,.mise/config,.config/mise,.config/mise/config,.config/mise/mise}{,.*}.toml', [], signal);
  files.push(...(await reader.observePattern(root, '{.config/mise,.mise}/conf.d/*.toml', [], signal)));
  for (let directory = dirname(root); ; directory = dirname(directory)) {
    files.push(...(await reader.observePattern(directory, '{mise,.mise,mise.local,.mise.local,.tool-versions}{,.toml}', [], signal)));
    if (directory === dirname(directory)) break;
  }
  for (const place of [user, '/etc/mise']) files.push(...(await reader.observePattern(place, '{{config,mise}{,.*},conf.d/*}.toml', [], signal)));
  const loaded: string[] = [];
  for (const file of files) loaded.push(...(await observeLoaded(file, context, signal)));
  await observeInstalled(join(data, 'installs'), context, signal);
  return [...files, ...loaded];
}

/** Files that a configuration of mise loads: `_.file`, `_.source`. */
async function observeLoaded(file: string, { root, reader }: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const loaded: string[] = [];
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const [, value = ''] of text.matchAll(/^\s*(?:_\.)?(?:file|source)\s*=(.*)$/gm)) {
    for (const [, name = ''] of value.matchAll(/["']([^"'{}~]+)["']/g)) {
      const base = dirname(file).startsWith(root) ? root : dirname(file);
      loaded.push(resolve(base, name));
      await reader.observe({ kind: 'file', path: resolve(base, name) }, signal);
    }
  }
  return loaded;
}

async function observeInstalled(directory: string, { reader }: LayerContext, signal: AbortSignal): Promise<void> {
  await reader.observe({ kind: 'directory', path: directory }, signal);
  for (const name of await readdir(directory).catch(() => [])) await reader.observe({ kind: 'directory', path: join(directory, name) }, signal);
}

/** It lists the files that its evaluation read; those in the store never change. */
async function observeDevenv({ root, draft, reader }: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const directory = resolve(root, draft.get('DEVENV_DOTFILE') ?? '.devenv');
  const text = await readFile(join(directory, 'input-paths.txt'), 'utf8').catch(() => '');
  for (const path of text.split('\n')) {
    if (path === '' || path.startsWith('/nix/store/') || path.startsWith(`${directory}/`)) continue;
    await reader.observe({ kind: 'file', path: resolve(root, path) }, signal);
  }
  return [];
}
