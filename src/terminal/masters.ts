// The PTY masters that are open in this process. node-pty opens them without close-on-exec, so every other child would inherit them,
// and a shell whose session died would not be hung up while such a child lives.

import type { StdioOptions } from 'node:child_process';
import { openSync } from 'node:fs';

const masters = new Set<number>();
let nullFd: number | undefined;

export function openMaster(fd: number): void {
  masters.add(fd);
}

export function closeMaster(fd: number): void {
  masters.delete(fd);
}

export function ptyMasterFds(): readonly number[] {
  return [...masters];
}

/** Standard streams for a child of this thread, with the masters covered by /dev/null (`ignore` would leave them as they are). */
export function stdioWithoutMasters(stdio: readonly (number | 'pipe' | 'ignore')[]): StdioOptions {
  const result: (number | 'pipe' | 'ignore')[] = [...stdio];
  for (const fd of masters) {
    if (fd < stdio.length) continue;
    nullFd ??= openSync('/dev/null', 'r+');
    while (result.length < fd) result.push('ignore');
    result[fd] = nullFd;
  }
  return result;
}
