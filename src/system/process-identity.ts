// Whether a process that wrote its name down is still there. A pid alone is used again.

import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** As the kernel tells it; undefined where it cannot be had. */
  readonly start: string | undefined;
  /** The machine, its boot, and the namespace in which the pid means something. */
  readonly where: string;
}

export function self(): ProcessIdentity {
  return { pid: process.pid, start: processStart(process.pid), where: where() };
}

/** `elsewhere`: on another machine or in another container, of which nothing can be told from here. */
export function livenessOf({ pid, start, where: there }: ProcessIdentity): 'alive' | 'gone' | 'elsewhere' {
  if (there !== where()) return 'elsewhere';
  return isRunning(pid, start) ? 'alive' : 'gone';
}

/** Of a process of this machine. @param start as `processStart` gave it; undefined where it could not be had. */
export function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === undefined || start === processStart(pid);
}

let known: string | undefined;

function where(): string {
  known ??= [hostname(), told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()), told(() => readlinkSync('/proc/self/ns/pid'))].join(' ');
  return known;
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot; the command before it may hold anything but is in parentheses. A zombie is gone: it only waits to be counted. */
export function processStart(pid: number): string | undefined {
  const text = told(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === '') return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** Empty where the system has no such file. */
function told(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
