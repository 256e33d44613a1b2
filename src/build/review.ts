// What of a project's code is not in the form in which it was allowed: for the question whether it may run.

import { resolve } from 'node:path';
import type { Configuration } from '../config/configuration.ts';
import { readReached } from '../config/reached-files.ts';
import type { Answer, ApprovedFiles } from '../config/trust.ts';
import { contentOf } from '../model/input.ts';
import { fingerprint } from '../watch/fingerprint.ts';
import { knownCode } from './code-files.ts';

export interface ReviewedFile {
  /** Absolute. */
  readonly path: string;
  readonly change: 'none' | 'changed' | 'new' | 'gone';
}

export interface Review {
  readonly files: readonly ReviewedFile[];
  /** The present forms, to be allowed as they were reviewed. */
  readonly present: ApprovedFiles;
}

/** Of what was allowed before, what is known to be code, and what the last builds reached; each is read once. */
export async function reviewCode(
  root: string,
  configuration: Configuration | undefined,
  answer: Answer,
  dataDirectory: string,
  signal: AbortSignal,
): Promise<Review> {
  const approved = answer.files ?? new Map<string, string>();
  const base = resolve(root);
  const paths = new Set([...(await knownCode(configuration, base)), ...approved.keys(), ...(await readReached(base, dataDirectory))]);
  const files: ReviewedFile[] = [];
  const present = new Map<string, string>();
  for (const path of [...paths].sort()) {
    const seen = contentOf(await fingerprint({ kind: 'file', path }, signal));
    const isThere = /^[0-9a-f]{64}$/.test(seen);
    if (isThere) present.set(path, seen);
    const before = approved.get(path);
    if (before === undefined && isThere) files.push({ path, change: 'new' });
    else if (before !== undefined) files.push({ path, change: !isThere ? 'gone' : seen === before ? 'none' : 'changed' });
  }
  return { files, present };
}
