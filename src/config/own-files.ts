// Files that only the user can have written, in directories that only the user can write to.
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { geteuid } from 'node:process';
import { DevshellError } from '../model/problem.ts';

/** undefined where there is none. Throws a DevshellError of code `state` where somebody else could have written it. */
export function readOwn(file: string, directories: readonly string[]): string | undefined {
  for (const directory of directories) if (expectOwnDirectory(directory) === 'missing') return undefined;
  return readOwnFile(file);
}

/** In place of an earlier one, whole or not at all. Directories that are not there are made for the user alone. */
export async function writeOwn(file: string, content: string, directories: readonly string[]): Promise<void> {
  for (const directory of directories) await makeOwnDirectory(directory);
  readOwnFile(file);
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeNewFile(temporary, content);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw storeError(`${file} could not be written`, `is ${dirname(file)} on a disk with space that can be written?`, error);
  }
}

async function makeOwnDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeError(`${directory} cannot be made`, 'is there something else of that name, or may its parent not be written?', error);
  }
  expectOwnDirectory(directory);
}

function expectOwnDirectory(directory: string): 'present' | 'missing' {
  try {
    const stats = statSync(directory);
    if (!stats.isDirectory()) throw storeError(`${directory} is not a directory`, 'move it away');
    expectOwn(directory, stats);
    return 'present';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'missing';
    if (error instanceof DevshellError) throw error;
    throw storeError(`${directory} cannot be looked at`, 'may you enter the directories above it?', error);
  }
}

/** undefined where there is none. A symbolic link is refused. */
function readOwnFile(file: string): string | undefined {
  try {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = fstatSync(fd);
      if (!stats.isFile()) throw storeError(`${file} is not a regular file`, `rm -r ${file}`);
      expectOwn(file, stats);
      return readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (codeOf(error) === 'ELOOP') throw storeError(`${file} is a symbolic link`, `rm ${file}`, error);
    throw error instanceof DevshellError ? error : storeError(`${file} cannot be read`, `chmod 600 ${file}`, error);
  }
}

async function writeNewFile(file: string, content: string): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function expectOwn(path: string, stats: Stats): void {
  const user = geteuid?.();
  if (user !== undefined && stats.uid !== user) {
    const message = `${path} belongs to another user (${stats.uid}, not ${user}): what it says of trust does not count`;
    throw storeError(message, 'run devshell as that user, or move it away');
  }
  if ((stats.mode & 0o022) !== 0) {
    const message = `${path} can be written by others: what it says of trust does not count`;
    throw storeError(message, `look whether it is as you left it, then: chmod go-w ${path}`);
  }
}

function storeError(message: string, hint: string, cause?: unknown): DevshellError {
  return new DevshellError('state', { message, hint }, { cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
