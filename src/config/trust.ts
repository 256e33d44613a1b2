// What the user allowed to run, one file per project, which only the user can have written.
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { DevshellError } from '../model/problem.ts';

export type Trust = 'allowed' | 'denied' | 'unknown';

/** The root as the system knows it, whatever links led there, and its owner: another user's directory in its place is another one. */
interface Root {
  readonly key: string;
  readonly path: string;
  readonly owner: number;
}

/** Throws a DevshellError of code `state` where somebody else could have written the answer. */
export async function readTrust(root: string, dataDirectory: string): Promise<Trust> {
  const { key, path, owner } = await rootOf(root);
  for (const directory of [dataDirectory, storeOf(dataDirectory)]) {
    if ((await expectOwnDirectory(directory)) === 'missing') return 'unknown';
  }
  const content = await readOwnFile(join(storeOf(dataDirectory), key));
  return content === undefined ? 'unknown' : answerIn(content, path, owner);
}

/** Remembers the answer for the user, in place of an earlier one. Directories and files that are not there are made for the user alone. */
export async function writeTrust(root: string, trust: 'allowed' | 'denied', dataDirectory: string): Promise<void> {
  const { key, path, owner } = await rootOf(root);
  const store = storeOf(dataDirectory);
  await makeOwnDirectory(dataDirectory);
  await makeOwnDirectory(store);
  const file = join(store, key);
  await readOwnFile(file);
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeNewFile(temporary, `${JSON.stringify({ trust, root: path, owner })}\n`);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw storeError(`the answer could not be written to ${file}`, `is ${store} on a disk with space that can be written?`, error);
  }
}

/** The file that holds the answer for a root, whether it is there or not: an input of every build, so that a new answer is seen. */
export async function trustFile(root: string, dataDirectory: string): Promise<string> {
  return join(storeOf(dataDirectory), (await rootOf(root)).key);
}

function storeOf(dataDirectory: string): string {
  return join(dataDirectory, 'trust');
}

async function rootOf(root: string): Promise<Root> {
  try {
    // As bytes: two names that are not UTF-8 may look the same as strings.
    const path = await realpath(root, { encoding: 'buffer' });
    const { uid } = await stat(path);
    return { key: createHash('sha256').update(path).digest('hex'), path: path.toString(), owner: uid };
  } catch (error) {
    const message = `${root} is not a directory that can be entered`;
    throw new DevshellError('usage', { message, hint: 'name the directory of the project' }, { cause: error });
  }
}

/** Anything that is not word for word an answer for this very root is none. */
function answerIn(content: string, path: string, owner: number): Trust {
  try {
    const answer = JSON.parse(content) as { readonly trust?: unknown; readonly root?: unknown; readonly owner?: unknown } | null;
    if (answer?.root !== path || answer.owner !== owner) return 'unknown';
    return answer.trust === 'allowed' || answer.trust === 'denied' ? answer.trust : 'unknown';
  } catch {
    return 'unknown';
  }
}

async function makeOwnDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storeError(`${directory} cannot be made`, 'is there something else of that name, or may its parent not be written?', error);
  }
  await expectOwnDirectory(directory);
}

async function expectOwnDirectory(directory: string): Promise<'present' | 'missing'> {
  try {
    const stats = await stat(directory);
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
async function readOwnFile(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw storeError(`${file} is not a regular file`, `rm -r ${file}`);
      expectOwn(file, stats);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
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
