// Which Git repository a directory is a worktree of, as far as both say so: no checkout can claim to be one of another repository.
import type { Stats } from 'node:fs';
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
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
export function repositoryOf(path: string): Repository | undefined {
  try {
    const real = realpathSync.native(path);
    // Names that are not UTF-8 may look the same.
    if (real.includes('\ufffd')) return undefined;
    const top = topOf(real);
    if (top === undefined) return undefined;
    const link = lstatSync(join(top, '.git'));
    const directory = link.isDirectory() ? mainDirectory(top) : link.isFile() ? linkedDirectory(top) : undefined;
    if (directory === undefined) return undefined;
    const owners = [statSync(directory), statSync(top), lstatSync(join(top, '.git'))] as const;
    const owner = owners[0].uid;
    return owners.every(({ uid }) => uid === owner) ? { directory, owner, below: relative(top, real) } : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest directory upwards that has a `.git`, whatever it is. */
function topOf(path: string): string | undefined {
  for (let directory = path; ; directory = dirname(directory)) {
    if (statsOf(join(directory, '.git')) !== undefined) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

/** The main worktree: a real directory, with what makes a repository. */
function mainDirectory(top: string): string | undefined {
  const directory = join(top, '.git');
  const parts = ['HEAD', 'objects', 'refs'].map((name) => statsOf(join(directory, name)));
  const isElsewhere = statsOf(join(directory, 'commondir')) !== undefined;
  return parts.every((part) => part !== undefined) && !isElsewhere ? directory : undefined;
}

/** A linked one: its `.git` names a directory below `worktrees` of the repository, and that one names this very `.git`. */
function linkedDirectory(top: string): string | undefined {
  const named = /^gitdir: (.+)\n*$/.exec(readFileSync(join(top, '.git'), 'utf8'))?.[1];
  if (named === undefined) return undefined;
  const own = realpathSync.native(resolve(top, named));
  const common = realpathSync.native(resolve(own, readFileSync(join(own, 'commondir'), 'utf8').trim()));
  if (dirname(own) !== join(common, 'worktrees') || basename(own) === '') return undefined;
  const back = realpathSync.native(resolve(own, readFileSync(join(own, 'gitdir'), 'utf8').trim()));
  return back === join(top, '.git') ? common : undefined;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
