// The last evaluation of a reference: while nothing that it depends on has changed, a build for another reason need not ask Nix again.

import { join } from 'node:path';
import type { Observation } from '../../model/input.ts';
import { inputKey } from '../../model/input.ts';
import { fingerprintBytes } from '../../watch/fingerprint.ts';
import { readPrivateFile, writePrivateFile } from '../../system/private-file.ts';
import type { LayerContext } from '../layer.ts';
import type { NixDirectory } from './garbage-root.ts';
import { storePathOf } from './garbage-root.ts';

const format = 1;
const maxBytes = 128 * 1024 * 1024;

export interface Remembered {
  /** What `print-dev-env --json` printed. */
  readonly output: string;
  readonly observations: readonly Observation[];
  /** Code that was evaluated, by absolute path. */
  readonly code: readonly string[];
}

interface Entry extends Remembered {
  readonly format: number;
  readonly key: string;
  readonly storePath: string;
}

/** Everything beside the files: what was asked for, by which devshell, and in which environment. */
export function memoryKey({ draft, root }: LayerContext, reference: string, names: readonly string[]): string {
  const variables = Object.entries(draft.resolved()).sort(([a], [b]) => (a < b ? -1 : 1));
  return fingerprintBytes(Buffer.from(JSON.stringify([format, root, reference, names, variables])));
}

/** Undefined where there is none that still holds; then everything is as it was before the call, inputs included. */
export async function recall(context: LayerContext, directory: NixDirectory, key: string, signal: AbortSignal): Promise<Remembered | undefined> {
  const entry = readEntry(directory);
  if (entry?.format !== format || entry.key !== key || entry.storePath !== (await storePathOf(directory))) return undefined;
  const known = new Map(context.reader.observations.map((observation) => [inputKey(observation.input), observation.fingerprint]));
  for (const { input, fingerprint: seen } of entry.observations)
    if ((known.get(inputKey(input)) ?? (await context.reader.peek(input, signal))) !== seen) return undefined;
  for (const { input } of entry.observations) await context.reader.observe(input, signal);
  return entry;
}

export async function remember(directory: NixDirectory, key: string, remembered: Remembered): Promise<void> {
  const storePath = await storePathOf(directory);
  if (storePath === undefined) return;
  const entry: Entry = { format, key, storePath, ...remembered };
  writePrivateFile(memoryFile(directory), JSON.stringify(entry));
}

function memoryFile({ path }: NixDirectory): string {
  return join(path, 'evaluation.json');
}

/** What is not whole, or not the user's own, is no entry. */
function readEntry(directory: NixDirectory): Entry | undefined {
  const file = readPrivateFile(memoryFile(directory), maxBytes);
  if (file.kind !== 'read') return undefined;
  try {
    const entry = JSON.parse(file.bytes.toString('utf8')) as Partial<Entry>;
    const isWhole = typeof entry.output === 'string' && Array.isArray(entry.observations) && Array.isArray(entry.code);
    return isWhole ? (entry as Entry) : undefined;
  } catch {
    return undefined;
  }
}
