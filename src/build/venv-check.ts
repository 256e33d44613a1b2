// Whether a virtual environment can be used: its interpreter is there, runs, and is of the version that it was made for.

import { realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { isInside } from '../config/project-path.ts';
import type { LayerContext } from './layer.ts';

const timeoutMs = 20_000;
/** Without the user's variables and without site-packages: nothing of the environment itself runs yet. */
const printVersion = ['-I', '-S', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];

/** The lines of pyvenv.cfg. */
export function parseVenvConfiguration(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line));
  return new Map(lines.flatMap((match) => (match === null ? [] : [[(match[1] ?? '').toLowerCase(), match[2] ?? ''] as const])));
}

/** What its own `activate` would show in the prompt. */
export function venvPrompt(directory: string, configuration: ReadonlyMap<string, string>): string {
  return configuration.get('prompt')?.replace(/^(['"])(.*)\1$/, '$2') ?? basename(directory);
}

/** @param shown the directory as the configuration has it. */
export async function checkVenv(
  context: LayerContext,
  directory: string,
  shown: string,
  configuration: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const python = join(directory, 'bin', 'python');
  const seen = await context.reader.observe({ kind: 'file', path: python }, signal);
  const hint = `make it anew: rm -r ${shown}, then python3 -m venv ${shown} (or create = true)`;
  const home = configuration.get('home') ?? '';
  if (home !== '' && !(await isThere(home))) return { message: `${shown} was made with a Python in ${home}, which is no longer there`, hint };
  if (!(await isThere(python))) return { message: `${shown}/bin/python leads nowhere: the Python that it was made with is no longer there`, hint };
  // An interpreter that the project brings along is code of the project.
  const isOwn = isInside(await realpath(context.root), await realpath(python));
  if (isOwn && !context.gate.admits(python, seen)) return { message: `${shown}/bin/python is not allowed`, hint: 'devshell allow' };
  const execution = { command: python, args: printVersion, cwd: context.root, env: {}, timeoutMs, maxBytes: 4096, log: context.log };
  const result = await context.executor.run(execution, signal);
  signal.throwIfAborted();
  if (result.kind !== 'exited' || result.exitCode !== 0) {
    return { message: `${shown}/bin/python does not run`, hint, detail: 'stderr' in result ? result.stderr : await realpath(python) };
  }
  const runs = new TextDecoder().decode(result.stdout).trim();
  const made = /^\d+\.\d+/.exec(configuration.get('version') ?? configuration.get('version_info') ?? '')?.[0] ?? runs;
  return made === runs ? undefined : { message: `${shown} was made for Python ${made}, but its interpreter is now ${runs}: it finds none of its packages`, hint };
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
