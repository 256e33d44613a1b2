// What `mise env` goes by, read off its files: checked against the system calls of mise 2026.9.

import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readMise } from '../config/mise-file.ts';
import { userDirectory } from '../config/user-directories.ts';
import type { LayerContext } from './layer.ts';

/** In the project, and in every directory above it. */
const configuration = oneOf(
  '{mise,.mise,.config/mise,{mise,.mise,.config/mise}/config,.config/mise/mise}{,.*}.{toml,lock}',
  '{mise,.mise,.config/mise}/conf.d/*.toml',
  '{.miserc,.config/miserc}{,.local}.toml',
  '.tool-versions',
);
const ownConfiguration = oneOf('{config,mise,miserc}{,.*}.{toml,lock}', 'conf.d/*.toml');
/** Other tools' ways to say a version, which mise heeds where a setting wants it. */
const idiomatic =
  '{.*-version,.*-versions,.nvmrc,.ruby-gemset,.sdkmanrc,.bun-version,.bazelversion,.exenv-version,.tfswitchrc,.yvmrc,Gemfile,package.json,go.mod,go.work,build.zig.zon,rust-toolchain,rust-toolchain.toml,main.tf,global.json}';

function oneOf(...patterns: readonly string[]): string {
  return `{${patterns.join(',')}}`;
}

interface Read {
  readonly context: LayerContext;
  readonly signal: AbortSignal;
  readonly variable: (name: string) => string | undefined;
}

/** Returns the files whose content counts. */
export async function observeMise(context: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const variable = (name: string): string | undefined => context.draft.get(name);
  const read: Read = { context, signal, variable };
  const levels = [context.root];
  for (let above = dirname(context.root); above !== levels.at(-1); above = dirname(above)) levels.push(above);
  const user = variable('MISE_CONFIG_DIR') || join(userDirectory('config', variable, '/'), 'mise');
  const files: string[] = [];
  for (const level of levels) files.push(...(await observeConfiguration(level, configuration, level, read)));
  files.push(...(await observeConfiguration(user, ownConfiguration, variable('HOME') ?? '/', read)), ...(await observeConfiguration('/etc/mise', ownConfiguration, '/', read)));
  files.push(...(await observeWanted(levels, files, read)));
  const data = variable('MISE_DATA_DIR') || join(userDirectory('data', variable, '/'), 'mise');
  for (const directory of [data, '/usr/local/share/mise']) await observeInstalled(join(directory, 'installs'), read);
  return files;
}

/** What a setting makes mise look for, here and further up. */
async function observeWanted(levels: readonly string[], files: readonly string[], { context, signal, variable }: Read): Promise<readonly string[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const envFiles = new Set([...texts.flatMap((text) => readMise(text).envFiles), variable('MISE_ENV_FILE') ?? '']);
  envFiles.delete('');
  const isIdiomatic = variable('MISE_IDIOMATIC_VERSION_FILE_ENABLE_TOOLS') || texts.some((text) => text.includes('idiomatic_version_file'));
  const found: string[] = [];
  for (const level of levels) {
    for (const name of envFiles) found.push(...(await context.reader.observePattern(level, name, [], signal)));
    if (isIdiomatic) await context.reader.observePattern(level, idiomatic, [], signal); // There is no code in them.
  }
  return found;
}

/** The files there, and those that they load; `root` is what their paths are relative to. */
async function observeConfiguration(directory: string, pattern: string, root: string, read: Read): Promise<string[]> {
  const { context, signal } = read;
  const files = await context.reader.observePattern(directory, pattern, [], signal);
  const loaded: string[] = [];
  for (const file of files) {
    for (const name of await filesLoadedBy(file, root, read)) loaded.push(...(await context.reader.observePattern(root, name, [], signal)));
  }
  return [...files, ...loaded];
}

/** Names and patterns, as far as they can be told without mise: what cannot makes the result one that is not kept. */
async function filesLoadedBy(file: string, root: string, { context, variable }: Read): Promise<readonly string[]> {
  const { names, computing } = readMise(await readFile(file, 'utf8').catch(() => ''));
  const filled = names.map((name) => filledIn(name, root, variable));
  const unknown = computing ?? names.find((_, index) => filled[index] === undefined);
  if (unknown !== undefined) context.once(`${file} uses ${unknown}, and nobody can see when that would give something else`);
  return filled.filter((name) => name !== undefined);
}

function filledIn(template: string, root: string, variable: Read['variable']): string | undefined {
  const known = (name: string): string => (name.startsWith('env.') ? variable(name.slice(4)) : name === 'config_root' ? root : undefined) ?? '{{';
  const name = template.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (_, inner: string) => known(inner)).replace(/^~(?=\/)/, variable('HOME') ?? '~');
  return name.includes('{{') || name.includes('{%') ? undefined : name;
}

async function observeInstalled(directory: string, { context, signal }: Read): Promise<void> {
  await context.reader.observe({ kind: 'directory', path: directory }, signal);
  for (const name of await readdir(directory).catch(() => [])) await context.reader.observe({ kind: 'directory', path: join(directory, name) }, signal);
}
