// Which Git repository a directory is a worktree of, as far as both say so: no checkout can claim to be one of another repository.
import type { Stats } from 'node:fs';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

export interface Repository {
  /** The real path of the directory that all worktrees have in common. */
  readonly directory: string;
  /** Of that directory and of the worktree. */
  readonly owner: number;
  /** Where in the worktree the given directory is; empty for its top. */
  readonly below: string;
}

/** undefined where there is none, or where something does not fit. */
export async function repositoryOf(path: string): Promise<Repository | undefined> {
  try {
    const real = await realpath(path);
    // Names that are not UTF-8 may look the same.
    if (real.includes('\ufffd')) return undefined;
    const top = await topOf(real);
    if (top === undefined) return undefined;
    const link = await lstat(join(top, '.git'));
    const directory = link.isDirectory() ? await mainDirectory(top) : link.isFile() ? await linkedDirectory(top) : undefined;
    if (directory === undefined) return undefined;
    const owners = await Promise.all([stat(directory), stat(top), lstat(join(top, '.git'))]);
    const owner = owners[0].uid;
    return owners.every(({ uid }) => uid === owner) ? { directory, owner, below: relative(top, real) } : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest directory upwards that has a `.git`, whatever it is. */
async function topOf(path: string): Promise<string | undefined> {
  for (let directory = path; ; directory = dirname(directory)) {
    if ((await statsOf(join(directory, '.git'))) !== undefined) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

/** The main worktree: a real directory, with what makes a repository. */
async function mainDirectory(top: string): Promise<string | undefined> {
  const directory = join(top, '.git');
  const parts = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => statsOf(join(directory, name))));
  const isElsewhere = (await statsOf(join(directory, 'commondir'))) !== undefined;
  return parts.every((part) => part !== undefined) && !isElsewhere ? directory : undefined;
}

/** A linked one: its `.git` names a directory below `worktrees` of the repository, and that one names this very `.git`. */
async function linkedDirectory(top: string): Promise<string | undefined> {
  const named = /^gitdir: (.+)\n*$/.exec(await readFile(join(top, '.git'), 'utf8'))?.[1];
  if (named === undefined) return undefined;
  const own = await realpath(resolve(top, named));
  const common = await realpath(resolve(own, (await readFile(join(own, 'commondir'), 'utf8')).trim()));
  if (dirname(own) !== join(common, 'worktrees') || basename(own) === '') return undefined;
  const back = await realpath(resolve(own, (await readFile(join(own, 'gitdir'), 'utf8')).trim()));
  return back === join(top, '.git') ? common : undefined;
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}
