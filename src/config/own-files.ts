// Files that only the user can have written, in directories that only the user can write to.
import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DevshellError } from '../model/problem.ts';
import type { Foreignness } from '../system/private-file.ts';
import { foreignness, readPrivateFile, writeLastingFile } from '../system/private-file.ts';

/** undefined where there is none. Throws a DevshellError of code `state` where somebody else could have written it. */
export function readOwn(file: string, directories: readonly string[]): string | undefined {
  for (const directory of directories) if (expectOwnDirectory(directory) === 'missing') return undefined;
  return readOwnFile(file);
}

/** In place of an earlier one, whole or not at all. Directories that are not there are made for the user alone. */
export async function writeOwn(file: string, content: string, directories: readonly string[]): Promise<void> {
  for (const directory of directories) await makeOwnDirectory(directory);
  readOwnFile(file);
  try {
    await writeLastingFile(file, content);
  } catch (error) {
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
    const shared = foreignness(stats);
    if (shared !== undefined) throw foreignError(directory, shared);
    return 'present';
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'missing';
    if (error instanceof DevshellError) throw error;
    throw storeError(`${directory} cannot be looked at`, 'may you enter the directories above it?', error);
  }
}

/** undefined where there is none. */
function readOwnFile(file: string): string | undefined {
  const found = readPrivateFile(file, Infinity);
  switch (found.kind) {
    case 'missing':
      return undefined;
    case 'foreign':
      throw foreignError(file, found);
    case 'read':
      return found.bytes.toString('utf8');
  }
}

function foreignError(path: string, { fault, why }: Foreignness): DevshellError {
  const refused = `${path} ${why}: what it says of trust does not count`;
  switch (fault) {
    case 'other user':
      return storeError(refused, 'run devshell as that user, or move it away');
    case 'open to others':
      return storeError(refused, `look whether it is as you left it, then: chmod go-w ${path}`);
    case 'link':
      return storeError(`${path} ${why}`, `rm ${path}`);
    case 'no file':
      return storeError(`${path} ${why}`, `rm -r ${path}`);
    case 'unreadable':
    case 'too large':
      return storeError(`${path} ${why}`, `chmod 600 ${path}`);
  }
}

function storeError(message: string, hint: string, cause?: unknown): DevshellError {
  return new DevshellError('state', { message, hint }, { cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
