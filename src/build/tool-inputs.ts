// What is known of well-known tools: what they read, as inputs of a command that runs them, and where they say why they failed.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ExecCommand } from '../config/configuration.ts';
import type { LayerContext } from './layer.ts';
import { miseFailure } from './mise-failure.ts';
import { observeMise } from './mise-inputs.ts';
import type { ToolFailure } from './tool-output.ts';
import { lastLine } from './tool-output.ts';

type Step = (context: LayerContext, signal: AbortSignal) => Promise<readonly string[]>;

interface Knowledge {
  readonly runs: RegExp;
  readonly before?: Step;
  readonly after?: Step;
  readonly failure?: (stderr: string) => ToolFailure | undefined;
}

const known: readonly Knowledge[] = [
  { runs: /\bmise\s(?:[^|;&]*\s)?(env|e|exec|x|hook-env|direnv)\b/, before: observeMise, failure: miseFailure },
  { runs: /\bdevenv\s+(print-dev-env|direnv-export)\b/, after: observeDevenv },
];

/** To be asked before the command runs: what changes while it does is then a change. Returns the files whose content counts. */
export async function observeBefore({ run }: Pick<ExecCommand, 'run'>, context: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  for (const { runs, before } of known) if (runs.test(run)) files.push(...((await before?.(context, signal)) ?? []));
  return files;
}

/** Whether a command of a script runs one of them; what only looks so does no harm. */
export function runsKnownTool(command: string): boolean {
  return known.some(({ runs, before }) => before !== undefined && runs.test(command));
}

/** What the tool says that it has read. */
export async function observeAfter({ run }: ExecCommand, context: LayerContext, signal: AbortSignal): Promise<void> {
  for (const { runs, after } of known) if (runs.test(run)) await after?.(context, signal);
}

/** Why it failed; of a tool that is not known it is the last thing that it said, and empty where that was nothing. */
export function failureSaid({ run }: ExecCommand, stderr: string): ToolFailure {
  for (const { runs, failure } of known) {
    const said = runs.test(run) ? failure?.(stderr) : undefined;
    if (said !== undefined) return said;
  }
  return { message: lastLine(stderr) };
}

/** It lists the files that its evaluation read; those in the store never change. */
async function observeDevenv({ root, draft, reader }: LayerContext, signal: AbortSignal): Promise<readonly string[]> {
  const directory = resolve(root, draft.get('DEVENV_DOTFILE') ?? '.devenv');
  const text = await readFile(join(directory, 'input-paths.txt'), 'utf8').catch(() => '');
  for (const path of text.split('\n')) {
    if (path === '' || path.startsWith('/nix/store/') || path.startsWith(`${directory}/`)) continue;
    await reader.observe({ kind: 'file', path: resolve(root, path) }, signal);
  }
  return [];
}
