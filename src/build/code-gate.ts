// Whose code a build may run: everything of a project that is allowed by its path, only what was seen and allowed where it is allowed by content.

import { isInside, shownPath } from '../config/project-path.ts';
import { contentOf, type Fingerprint } from '../model/input.ts';
import type { Problem } from '../model/problem.ts';

/** The files whose code may run, by absolute path, in the form in which they were allowed. */
export type Approved = 'all' | ReadonlyMap<string, Fingerprint>;

export class CodeGate {
  readonly approved: Approved;
  readonly #root: string;
  readonly #evaluated = new Map<string, Fingerprint>();
  readonly #refused: Problem[] = [];

  /** @param root files below it are shown without it. */
  constructor(approved: Approved, root = '') {
    this.approved = approved;
    this.#root = root;
  }

  /** To be asked before the code of a file runs, with the fingerprint of the very bytes that will; whether it is executable says nothing of the code. */
  admits(path: string, seen: Fingerprint): boolean {
    const fingerprint = contentOf(seen);
    this.#evaluated.set(path, fingerprint);
    if (this.approved === 'all' || this.approved.get(path) === fingerprint) return true;
    const what = this.approved.has(path) ? 'has changed since it was allowed' : 'is not allowed yet';
    const shown = this.#root === '' ? path : shownPath(this.#root, path);
    this.#refused.push({ message: `${shown} ${what}: nothing of it is run`, hint: 'look at it, then: devshell allow' });
    return false;
  }

  /** Every file whose code was to run, whether it was admitted or not. */
  get evaluated(): ReadonlyMap<string, Fingerprint> {
    return this.#evaluated;
  }

  /** A build that was refused something is blocked, not failed. */
  get refused(): readonly Problem[] {
    return this.#refused;
  }
}

/** The same files by the root's real path, for tools that know nothing of the links that lead there. */
export function withRealPaths(approved: ReadonlyMap<string, Fingerprint>, root: string, realRoot: string): ReadonlyMap<string, Fingerprint> {
  if (root === realRoot) return approved;
  const inside = [...approved].filter(([path]) => isInside(root, path));
  return new Map([...approved, ...inside.map(([path, seen]) => [realRoot + path.slice(root.length), seen] as const)]);
}
