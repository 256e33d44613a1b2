// Whether a process that wrote its name down is still there. A pid alone is used again, and means something in its own PID namespace only.

import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** As the kernel tells it; undefined where it cannot be had. */
  readonly start: string | undefined;
  /** Where the pid means something: `HOST BOOT NAMESPACE MACHINE`, each empty where it cannot be had. */
  readonly where: string;
}

/** `elsewhere`: on another machine or in another container, of which nothing can be told from here. */
export type Liveness = 'alive' | 'gone' | 'elsewhere';

export function self(): ProcessIdentity {
  return { pid: process.pid, start: processStart(process.pid), where: where() };
}

export function livenessOf({ pid, start, where: there }: ProcessIdentity): Liveness {
  switch (seenFrom(where(), there)) {
    case 'here':
      return isRunning(pid, start) ? 'alive' : 'gone';
    case 'before':
      return 'gone';
    case 'elsewhere':
      return 'elsewhere';
  }
}

/**
 * `before`: on this machine, which was started anew since; nothing of that time runs. Clones of a machine, the nodes of a cluster, and containers of
 * one image may have its identifier in common, so the name counts as well. Within one boot neither does: two names may share their processes.
 */
export function seenFrom(here: string, there: string): 'here' | 'before' | 'elsewhere' {
  const [name, boot, namespace, machine] = here.split(' ');
  const [thatName, thatBoot, thatNamespace, thatMachine] = there.split(' ');
  if (!boot || !thatBoot) return here === there ? 'here' : 'elsewhere';
  if (boot === thatBoot) return namespace === thatNamespace ? 'here' : 'elsewhere';
  return machine && machine === thatMachine && name === thatName ? 'before' : 'elsewhere';
}

/** Of a process that can be seen from here. @param start as `processStart` gave it; undefined where it could not be had. */
function isRunning(pid: number, start: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === undefined || start === processStart(pid);
}

let known: string | undefined;

function where(): string {
  known ??= [hostname(), read('/proc/sys/kernel/random/boot_id'), link('/proc/self/ns/pid'), machine()].join(' ');
  return known;
}

/** What stands there is not to be given away: machine-id(5). */
function machine(): string {
  const id = read('/etc/machine-id');
  return /^[0-9a-f]{32}$/.test(id) ? createHash('sha256').update(`devshell ${id}`).digest('hex').slice(0, 16) : '';
}

/** Field 22 of /proc/PID/stat, in clock ticks since boot; the command before it may hold anything but is in parentheses. A zombie is gone: it only waits to be counted. */
export function processStart(pid: number): string | undefined {
  // In a namespace of its own without a /proc of its own, the numbers there are those of other processes.
  if (link('/proc/self') !== String(process.pid)) return undefined;
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

/** Empty where the system has no such file. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
