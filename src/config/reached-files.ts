// Files whose code a build came to and was not allowed to run, so that `devshell allow` can show them. Nothing is allowed by being here.
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { readOwn, writeOwn } from './own-files.ts';

const most = 10_000;

export async function writeReached(root: string, paths: Iterable<string>, dataDirectory: string): Promise<void> {
  const names = [...paths].slice(0, most).map((path) => relative(root, path));
  await writeOwn(await fileOf(root, dataDirectory), `${JSON.stringify({ root, files: names })}\n`, directoriesOf(dataDirectory));
}

/** Absolute paths; none where nothing was written, or nothing that can be read. */
export async function readReached(root: string, dataDirectory: string): Promise<readonly string[]> {
  const content = readOwn(await fileOf(root, dataDirectory), directoriesOf(dataDirectory));
  try {
    const { files } = JSON.parse(content ?? '{}') as { readonly files?: unknown };
    if (!Array.isArray(files)) return [];
    return files.filter((name) => typeof name === 'string' && name !== '').map((name) => resolve(root, String(name)));
  } catch {
    return [];
  }
}

function directoriesOf(dataDirectory: string): string[] {
  return [dataDirectory, join(dataDirectory, 'reached')];
}

async function fileOf(root: string, dataDirectory: string): Promise<string> {
  const key = createHash('sha256').update(await realpath(root, { encoding: 'buffer' })).digest('hex');
  return join(dataDirectory, 'reached', key);
}
