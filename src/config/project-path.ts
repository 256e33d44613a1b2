// Paths as they lie to the project, and as people are shown them.
import { relative } from 'node:path';

/** Below the root; the root itself is not. Both absolute and without `..`. */
export function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith('/') ? root : `${root}/`) && path !== root;
}

/** Relative to the root for what lies below it. */
export function shownPath(root: string, path: string): string {
  return isInside(root, path) ? relative(root, path) : path;
}
