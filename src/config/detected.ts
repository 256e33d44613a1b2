// What a project without devshell.toml has that can be used as it is.
import { join } from 'node:path';
import type { Place } from './configuration.ts';
import type { Layer } from './layer.ts';
import type { Read } from './source.ts';

export const dotenvName = '.env';
export const venvName = '.venv';
export const venvMark = join(venvName, 'pyvenv.cfg');
export const binName = join('node_modules', '.bin');

/** What was looked for in vain is an input too: every path is asked of `read`. */
export async function detectedLayer(root: string, read: Read): Promise<Layer> {
  const [dotenv, venv, bin] = await Promise.all([probe(root, dotenvName, read), probe(root, venvMark, read), probe(root, binName, read)]);
  return {
    env: [],
    // Optional: it may be gone by the time the layers read it.
    dotenv: dotenv === 'file' ? [{ file: dotenvName, optional: true, at: startOf(dotenvName) }] : [],
    venv: venv === 'file' ? { directory: venvName, createWith: undefined, at: startOf(venvName) } : 'none',
    path: bin === 'directory' ? [{ directory: binName, at: startOf(binName) }] : [],
    envrc: undefined,
    nix: undefined,
    exec: undefined,
    lists: undefined,
    watchPaths: undefined,
    watchIgnore: undefined,
    program: undefined,
    init: undefined,
    aliases: new Map(),
    cache: undefined,
    trust: undefined,
    apply: undefined,
    keybind: undefined,
    errorKey: undefined,
    pauseKey: undefined,
    statusLine: undefined,
  };
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 };
}

/** A file that may not be read is there all the same, and the layer that reads it says so. */
async function probe(root: string, name: string, read: Read): Promise<'file' | 'directory' | 'missing'> {
  try {
    return (await read(join(root, name))) === undefined ? 'missing' : 'file';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return 'directory';
    if (code === 'EACCES' || code === 'EPERM' || code === 'EINVAL') return 'file';
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    throw error;
  }
}
