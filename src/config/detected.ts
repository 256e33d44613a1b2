// What was detected, as the layer of a configuration.
import { join } from 'node:path';
import type { Place } from './configuration.ts';
import type { Detected, Look } from './detection.ts';
import { detect } from './detection.ts';
import type { Layer } from './layer.ts';
import type { Read } from './source.ts';

/** What was looked for in vain is an input too: every path is asked of `read`. */
export async function detectedLayer(root: string, read: Read, hasCommand: Look['hasCommand']): Promise<Layer> {
  const { found } = await detect({ kindOf: (name) => probe(root, name, read), hasCommand });
  const of = <Kind extends Detected['kind']>(kind: Kind): Extract<Detected, { kind: Kind }>[] =>
    found.filter((one): one is Extract<Detected, { kind: Kind }> => one.kind === kind);
  return {
    ...nothing,
    // Optional: it may be gone by the time the layers read it.
    dotenv: of('dotenv').map(({ file }) => ({ file, optional: true, at: startOf(file) })),
    venv: of('venv').map(({ directory }) => ({ directory, createWith: undefined, at: startOf(directory) }))[0],
    path: of('path').map(({ directory }) => ({ directory, at: startOf(directory) })),
    envrc: of('envrc').map(({ file }) => ({ file, at: startOf(file) }))[0],
    nix: of('nix').map(({ file, reference }) => ({ reference, at: startOf(file) }))[0],
    exec: of('exec').map(({ file, run, inputs, timeoutSeconds }) => ({ run, format: 'shell', inputs, timeoutMs: timeoutSeconds * 1000, at: startOf(file) })),
  };
}

const nothing: Omit<Layer, 'dotenv' | 'venv' | 'path' | 'envrc' | 'nix' | 'exec'> = {
  env: [],
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
