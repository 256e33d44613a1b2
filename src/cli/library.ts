// Which devshell this is, as far as it matters to what was evaluated: its version, and whether its files are the very ones.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFiles, shellDirectory } from './package-files.ts';
import { version } from './version.ts';

/** Equal only while nothing of the package was replaced or edited. By stamps, which cost less than reading: a new file has a new one even where its content is the same. */
export function libraryIdentity(): string {
  const scripts = readdirSync(shellDirectory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(shellDirectory, entry.name);
    return entry.isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  });
  return [version(), ...[...bundleFiles, ...scripts].sort().map(stampOf)].join(' ');
}

function stampOf(path: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return `${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}
