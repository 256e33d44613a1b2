// Saves a file the way real tools do; where the tool itself can be run, it is.
//
// | function            | what happens to the file                                                        | its inode |
// |---------------------|---------------------------------------------------------------------------------|-----------|
// | saveAsVim           | vim's own choice: here the original is renamed away and a new file is written   | new       |
// | saveAsVimByRename   | `backupcopy=no`: as above, always                                               | new       |
// | saveAsVimByCopy     | `backupcopy=yes`: a backup is copied, the file is truncated and written         | same      |
// | saveAsVsCode        | opened with O_TRUNC, written in one or two chunks, flushed                      | same      |
// | saveAtomically      | temporary file in the same directory, fsync, rename (JetBrains, gedit, Emacs)   | new       |
// | saveWithSed         | `sed -i`: temporary file in the same directory, rename                          | new       |
// | saveInTwoChunks     | truncated, first half, a pause, second half (a slow `command > file`)           | same      |
// | deleteAndRecreate   | unlinked, then written anew                                                     | new       |
// | checkoutBranch      | `git checkout`: unlinks and writes each file that differs                       | new       |
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Replaces the whole content of `path`; the directory must exist. */
export type Save = (path: string, content: string) => Promise<void>;

/** Every way that takes any path and any content, existing file or not, by the name of who saves like that. */
export const editors: readonly { readonly name: string; readonly save: Save }[] = [
  { name: 'vim', save: saveAsVim },
  { name: 'vim with backupcopy=no', save: saveAsVimByRename },
  { name: 'vim with backupcopy=yes', save: saveAsVimByCopy },
  { name: 'VS Code', save: saveAsVsCode },
  { name: 'VS Code in two chunks', save: saveAsVsCodeInTwo },
  { name: 'an atomic save', save: saveAtomically },
  { name: 'delete and recreate', save: deleteAndRecreate },
];

/** Really runs vim, with its own defaults, on the file: reads it, replaces the buffer, `:wq`. With a swap file beside it, as always. */
export function saveAsVim(path: string, content: string): Promise<void> {
  return runVim(path, content, []);
}

/** vim that renames the original away and writes a new file. */
export function saveAsVimByRename(path: string, content: string): Promise<void> {
  return runVim(path, content, ['-c', 'set backupcopy=no']);
}

/** vim that keeps the file: copies a backup, truncates, writes. */
export function saveAsVimByCopy(path: string, content: string): Promise<void> {
  return runVim(path, content, ['-c', 'set backupcopy=yes']);
}

async function runVim(path: string, content: string, settings: readonly string[]): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'devshell-vim-'));
  try {
    const source = join(scratch, 'content');
    await writeFile(source, content);
    // Binary with `endofline` as it is in the content: the very bytes are written. An emptied buffer is written as no bytes.
    // In ex mode `:read` into an empty buffer takes the empty line away itself.
    const fill = content === '' ? [] : ['-c', `silent read ++bin ${escapeForVim(source)}`];
    const ending = content.endsWith('\n') ? 'set binary endofline' : 'set binary noendofline';
    // vim makes no backup below /tmp, where tests live: `backupskip` emptied, it saves as it does in a project.
    const asInProject = ['-c', 'set backupskip='];
    await run('vim', [...['-Nu', 'NONE', '-es'], ...asInProject, ...settings, '-c', 'silent %delete _', ...fill, '-c', ending, '-c', 'wq!', '--', path]);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function escapeForVim(path: string): string {
  return path.replaceAll(/[\\ #%|"'`$*?[\]{}<]/g, '\\$&');
}

/** As VS Code does: opens with O_TRUNC, writes, flushes; never renames. */
export function saveAsVsCode(path: string, content: string): Promise<void> {
  return overwrite(path, [content], 0);
}

/** As VS Code does with a file that is larger than its buffer. */
export function saveAsVsCodeInTwo(path: string, content: string): Promise<void> {
  return overwrite(path, halves(content), 0);
}

/** Truncates, writes the first half, waits `pauseMs`, writes the rest. */
export function saveInTwoChunks(path: string, content: string, pauseMs: number): Promise<void> {
  return overwrite(path, halves(content), pauseMs);
}

function halves(content: string): readonly string[] {
  const middle = Math.ceil(content.length / 2);
  return [content.slice(0, middle), content.slice(middle)];
}

async function overwrite(path: string, chunks: readonly string[], pauseMs: number): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0 && pauseMs > 0) await pause(pauseMs);
      await file.write(chunk);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Writes a temporary file in the same directory, flushes it, and renames it over `path`. */
export async function saveAtomically(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    await file.write(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Really runs `sed -i` with `script`, say `s/old/new/`. The file must exist. */
export async function saveWithSed(path: string, script: string): Promise<void> {
  await run('sed', ['-i', '-e', script, '--', path]);
}

/** Deletes the file if it is there, and writes it anew. */
export async function deleteAndRecreate(path: string, content: string): Promise<void> {
  await rm(path, { force: true });
  await writeFile(path, content, { flag: 'wx' });
}

/** Really runs `git checkout` of a branch that exists. */
export async function checkoutBranch(repository: string, branch: string): Promise<void> {
  await git(repository, 'checkout', '-q', branch);
}

/** Commits everything below `repository` to the new branch `branch`; makes a repository of it first if it is none. */
export async function commitToBranch(repository: string, branch: string): Promise<void> {
  await git(repository, 'init', '-q');
  await git(repository, 'checkout', '-q', '-b', branch);
  await git(repository, 'add', '-A');
  await git(repository, '-c', 'user.name=test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false', 'commit', '-q',
    '--allow-empty', '-m', branch);
}

async function git(repository: string, ...parameters: readonly string[]): Promise<void> {
  await run('git', ['-C', repository, '-c', 'gc.auto=0', ...parameters]);
}
