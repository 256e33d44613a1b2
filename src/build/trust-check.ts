// What the user's answer means for one build: nothing may run, everything, or the files in the form in which they were allowed.

import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { configurationNames } from '../config/project.ts';
import { writeReached } from '../config/reached-files.ts';
import type { Answer } from '../config/trust.ts';
import type { Problem } from '../model/problem.ts';
import { CodeGate, withRealPaths } from './code-gate.ts';
import type { InputReader } from './input-reader.ts';

/** The configuration is code as well: it has been asked for when this returns. */
export async function openGate(root: string, answer: Answer, configuration: Configuration, reader: InputReader): Promise<CodeGate> {
  if (asksForNothing(configuration)) return new CodeGate('all');
  if (answer.files === undefined && configuration.trust === 'path') return new CodeGate('all');
  const gate = new CodeGate(withRealPaths(answer.files ?? new Map<string, string>(), root, await realpath(root)), root);
  for (const name of configurationNames) {
    const seen = reader.fingerprintOf(join(root, name));
    if (seen !== 'missing') gate.admits(join(root, name), seen);
  }
  return gate;
}

/** Remembers what a build was refused, so that it can be shown and allowed; where that fails, it is named again by the next build. */
export async function rememberRefused(gate: CodeGate, root: string, dataDirectory: string, log: (text: string) => void): Promise<void> {
  await writeReached(root, gate.evaluated.keys(), dataDirectory).catch((error: unknown) => log(`${(error as Error).message}\n`));
}

/** Where nothing is configured and nothing was found there is nothing to allow. */
export function asksForNothing({ env, load, shell }: Configuration): boolean {
  const single = [load.venv, load.envrc, load.nix].filter((one) => one !== undefined);
  const loads = load.path.length + load.dotenv.length + load.exec.length + single.length;
  return env.length + loads + shell.aliases.size === 0 && shell.init === '';
}

export function notAllowed(root: string, trust: 'denied' | 'unknown'): Problem {
  const message = trust === 'denied' ? `${root} is denied` : `${root} is not allowed yet`;
  return { message, hint: 'look at what it would run, then: devshell allow' };
}
