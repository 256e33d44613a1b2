// Which files match a pattern, and which directories had to be looked into to know it.
import * as fs from 'node:fs';
import { relative } from 'node:path';
import { splitAtSlashes } from './braces.ts';
import { isExhausted, readStamp, stampFrom, type Stamp, wordFor } from './stamp.ts';

export interface Walk {
  /** Absolute paths of the matching files, sorted. */
  readonly paths: readonly string[];
  /** Each directory the walk looked for or into, stamped before it was read. */
  readonly directories: ReadonlyMap<string, Stamp>;
  /** Whether it met links: what they lead to may change without a sign in these directories. */
  readonly links: 'none' | 'met';
}

/** Trees that hold thousands of directories and no input, and our own sessions, unless the pattern names them. */
const heavyNames: readonly string[] = ['.git', 'node_modules', '.devshell'];

/** Whether the text may stand for other files than the one it names. */
export function isPattern(text: string): boolean {
  return /[*?[\]{}()!]/.test(text);
}

/**
 * The files below `root` that match `pattern`; dot files match too.
 * A link to a file counts as the file. A link to a directory is followed where the pattern names its place,
 * and not below a `**` (as in bash), so that no link leads the walk out of the project or round in a circle.
 */
export async function walkGlob(root: string, pattern: string, ignore: readonly string[], signal?: AbortSignal): Promise<Walk> {
  const directories = new Map<string, Stamp>();
  const named = pattern.split('/');
  const heavy = heavyNames.filter((name) => !named.includes(name)).map((name) => `**/${name}`);
  const recorder = recordingFileSystem(root, named, directories);
  // Loaded when a pattern is first met: most projects have none, and it costs 3 ms of every start.
  const { glob } = await import('tinyglobby');
  const paths = await glob(splitAtSlashes(pattern), {
    cwd: root,
    absolute: true,
    dot: true,
    onlyFiles: true,
    expandDirectories: false,
    ignore: [...heavy, ...ignore],
    fs: recorder.fs,
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  recorder.check();
  if (directories.size === 0) directories.set(root, readStamp(root));
  return { paths: paths.sort(), directories, links: recorder.links() };
}

/**
 * The part of `node:fs` that the walk uses; it writes down each directory that is read, and refuses the links that are not followed.
 * The walk takes an error for an empty directory, and must not be thrown at: `check` throws what says nothing about the files.
 */
function recordingFileSystem(root: string, named: readonly string[], directories: Map<string, Stamp>) {
  const globstarAt = named.findIndex((segment) => segment.includes('**'));
  const isBelowGlobstar = (path: string): boolean => globstarAt >= 0 && relative(root, path).split('/').length > globstarAt;
  let exhausted: unknown;
  let links: Walk['links'] = 'none';

  const readdir = (path: string, options: { withFileTypes: true }, done: DirectoryRead): void => {
    const directory = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    fs.stat(directory, { bigint: true }, (failure, stats) => {
      if (isExhausted(failure)) exhausted = failure;
      else directories.set(directory, failure === null ? stampFrom(stats) : wordFor(failure));
      fs.readdir(path, options, (error, entries) => {
        if (isExhausted(error)) exhausted = error;
        done(error, entries);
      });
    });
  };
  const realpath = (path: string, done: PathRead): void => {
    links = 'met';
    fs.stat(path, (failure, stats) => {
      if (failure !== null) done(failure, '');
      else if (stats.isDirectory() && isBelowGlobstar(path)) done(new Error('links to directories are not followed below a globstar'), '');
      else fs.realpath(path, done);
    });
  };
  const check = (): void => {
    if (exhausted !== undefined) throw exhausted as Error;
  };
  return { links: () => links, fs: { readdir: readdir as typeof fs.readdir, realpath: realpath as typeof fs.realpath }, check };
}

type DirectoryRead = (error: NodeJS.ErrnoException | null, entries: fs.Dirent[]) => void;
type PathRead = (error: Error | null, path: string) => void;
