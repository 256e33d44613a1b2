// Whether a process may speak to its terminal: only the process group in the foreground may, the rest is stopped.

import { readFileSync } from 'node:fs';

/** From /proc/PID/stat; the command name before the numbers may contain anything but is in parentheses. */
export function foreground(pid: number): 'yes' | 'no' | 'unknown' {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // Not Linux, or gone already.
    return 'unknown';
  }
  const [, , processGroup, , , terminalGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return processGroup === terminalGroup ? 'yes' : 'no';
}
