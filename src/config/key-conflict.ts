// Keys that mean two things at once, also across files.
import type { Problem } from '../model/problem.ts';
import { defaultSettings } from './configuration.ts';
import type { Document, Node } from './document.ts';
import { nodeAt, problemAt } from './document.ts';
import { keyOfSequence, parseKeyName } from './key-name.ts';

interface Use {
  readonly path: readonly [string, string];
  readonly key: string | undefined;
  /** undefined: it is the default. */
  readonly document: Document | undefined;
  readonly node: Node | undefined;
}

/** `documents` from the first to the last that counts; what is no key at all is left to the check of each file. */
export function keyConflicts(documents: readonly Document[]): readonly Problem[] {
  const uses = [
    useOf(documents, ['reload', 'keybind'], defaultSettings.keybind, keyOfSequence),
    useOf(documents, ['keys', 'error'], defaultSettings.keys.error, parseKeyName),
    useOf(documents, ['keys', 'pause'], defaultSettings.keys.pause, parseKeyName),
  ];
  return uses.flatMap((use, index) =>
    uses.slice(0, index).flatMap((other) => (use.key !== undefined && use.key === other.key ? (conflict(use, other) ?? []) : [])),
  );
}

type KeyOf = (text: string) => string | undefined;

function useOf(documents: readonly Document[], path: Use['path'], fallback: string, keyOf: KeyOf): Use {
  const document = documents.findLast((candidate) => nodeAt(candidate, ...path)?.kind === 'string');
  const node = document === undefined ? undefined : nodeAt(document, ...path);
  return { path, key: keyOf(node?.kind === 'string' ? node.value : fallback), document, node };
}

/** Placed where the file says it; one of the two does, for the defaults agree. */
function conflict(use: Use, other: Use): Problem | undefined {
  const [placed, against] = use.node === undefined ? [other, use] : [use, other];
  if (placed.document === undefined || placed.node === undefined) return undefined;
  const message = `\`${placed.path.join('.')}\` is the same key as \`${against.path.join('.')}\`: ${placed.key}`;
  return problemAt(placed.document.source, placed.node.spot, message, `choose another key for one of them, or turn one off with ""`);
}
