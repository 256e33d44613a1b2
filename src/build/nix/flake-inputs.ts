// What a flake of this machine is made of: its lock file, its code, and as much of its tree as its evaluation can see.

import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { listGlob } from '../../watch/fingerprint.ts';
import type { LayerContext } from '../layer.ts';
import type { FlakeSource } from './reference.ts';
import { flakeScope } from './flake-scope.ts';

export interface FlakeInputs {
  /** The directory with flake.nix in it. */
  readonly directory: string;
  /** What Nix copies into its store: the Git repository, or the directory itself. */
  readonly tree: string;
  /** What says what is evaluated, by absolute path: its code, and the lock file for the code of others. */
  readonly code: readonly string[];
  /** What the result depends on, by absolute path. */
  readonly paths: ReadonlySet<string>;
  /** Changes with much that does not matter: the names are what counts of it. */
  readonly index: string | undefined;
  /** Set where something in the tree is not watched that the result may depend on. */
  readonly unseen: string | undefined;
}

type LocalSource = Extract<FlakeSource, { kind: 'local' }>;

/** Every file is an input before Nix looks at it, so that a change in between is seen. */
export async function observeFlake(context: LayerContext, source: LocalSource, signal: AbortSignal): Promise<FlakeInputs> {
  const { reader } = context;
  const directory = source.as === 'git' ? flakeAbove(source.directory) : source.directory;
  for (const name of ['flake.nix', 'flake.lock']) await reader.read(join(directory, name)).catch(() => undefined);
  const tree = await treeOf(context, directory, source.as, signal);
  const start = relative(tree.path, join(directory, 'flake.nix'));
  const scope = await flakeScope(start, (path) => textOf(context, join(tree.path, path)), (path) => tree.has(path));
  const seen = scope.kind === 'code' ? { names: scope.files, ignored: 0 } : await observeTree(context, tree, signal);
  for (const path of seen.names) {
    signal.throwIfAborted();
    await reader.observe({ kind: 'file', path: join(tree.path, path) }, signal);
  }
  await observePathInputs(context, directory, signal);
  const submodules = /\bsubmodules\b/.test(await textOf(context, join(directory, 'flake.nix'))) ? 'files of submodules are not watched' : undefined;
  const ignored = scope.kind === 'tree' && seen.ignored > 0 ? `${scope.because}, and [watch] ignore leaves out a part of the tree` : undefined;
  const inTree = (path: string): string => join(tree.path, path);
  const paths = seen.names.map(inTree);
  const code = [...paths.filter((path) => path.endsWith('.nix')), join(directory, 'flake.lock')];
  return { directory, tree: tree.path, code, paths: new Set(paths), index: tree.index, unseen: submodules ?? ignored };
}

/** All of the tree but what `[watch] ignore` says. */
async function observeTree({ reader, root, configuration }: LayerContext, tree: Tree, signal: AbortSignal) {
  // A commit changes what `self.rev` is.
  for (const path of tree.heads) await reader.observe({ kind: 'file', path }, signal);
  if (tree.files === undefined) await reader.observe({ kind: 'glob', root: tree.path, pattern: '**', ignore: configuration.watch.ignore }, signal);
  const all = tree.files ?? (await listGlob(tree.path, '**', [])).map((path) => relative(tree.path, path));
  const ignored = new Set<string>();
  for (const pattern of configuration.watch.ignore) for (const path of await listGlob(root, pattern, [])) ignored.add(relative(tree.path, path));
  const names = all.filter((path) => !ignored.has(path));
  return { names, ignored: all.length - names.length };
}

async function textOf({ reader }: LayerContext, path: string): Promise<string> {
  const bytes = await reader.read(path).catch(() => undefined);
  return new TextDecoder('utf-8').decode(bytes);
}

/** As Nix does: upwards, not beyond the repository. */
function flakeAbove(directory: string): string {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, 'flake.nix'))) return at;
    if (existsSync(join(at, '.git')) || dirname(at) === at) return directory;
  }
}

interface Tree {
  readonly path: string;
  /** What Git knows; undefined where it is a directory as it stands. */
  readonly files: readonly string[] | undefined;
  readonly has: (path: string) => boolean;
  readonly index: string | undefined;
  /** What changes with each commit. */
  readonly heads: readonly string[];
}

async function treeOf(context: LayerContext, directory: string, as: 'git' | 'path', signal: AbortSignal): Promise<Tree> {
  const asked = ['rev-parse', '--show-toplevel', '--git-path', 'index', '--git-path', 'HEAD', '--git-path', 'logs/HEAD'];
  const said = as === 'git' ? await git(context, directory, asked, signal) : undefined;
  const [path, index, ...heads] = said?.split('\n').map((line) => resolve(directory, line)) ?? [];
  if (path === undefined || index === undefined) {
    const has = (name: string): boolean => isRegularFile(join(directory, name));
    return { path: directory, files: undefined, has, index: undefined, heads: [] };
  }
  // What Git knows: `git add` of a new file is a change.
  await context.reader.observe({ kind: 'file', path: index }, signal);
  const listed = await git(context, path, ['ls-files', '-z'], signal);
  const files = listed?.split('\0').filter((name) => name !== '') ?? [];
  const known = new Set(files);
  return { path, files, has: (name) => known.has(name), index, heads };
}

function isRegularFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Undefined where it fails: no Git, no repository, one of somebody else's. */
async function git({ executor, draft }: LayerContext, cwd: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const limits = { timeoutMs: 60_000, maxBytes: 256 * 1024 * 1024, log: () => undefined };
  const env = { ...draft.resolved(), GIT_OPTIONAL_LOCKS: '0' };
  const result = await executor.run({ command: 'git', args: ['-c', 'core.quotePath=false', ...args], cwd, env, ...limits }, signal);
  signal.throwIfAborted();
  if (result.kind !== 'exited' || result.exitCode !== 0) return undefined;
  return new TextDecoder('utf-8').decode(result.stdout).replace(/\n$/, '');
}

/** An input by path that the lock file does not hold by its content (Nix 2.26 and later, paths relative to the flake) is read as it is. */
async function observePathInputs({ reader, configuration }: LayerContext, directory: string, signal: AbortSignal): Promise<void> {
  const bytes = await reader.read(join(directory, 'flake.lock')).catch(() => undefined);
  for (const path of unlockedPaths(new TextDecoder('utf-8').decode(bytes)))
    await reader.observePattern(resolve(directory, path), '**', configuration.watch.ignore, signal);
}

export function unlockedPaths(lock: string): string[] {
  try {
    const { nodes } = JSON.parse(lock) as { nodes: Record<string, { locked?: { type?: string; path?: string; narHash?: string } }> };
    return Object.values(nodes).flatMap(({ locked }) => (locked?.type === 'path' && locked.narHash === undefined && locked.path !== undefined ? [locked.path] : []));
  } catch {
    return [];
  }
}
