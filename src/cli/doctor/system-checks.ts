// The system: Node, the limits for watching files, and the file system that the project lies on.

import { statfs } from 'node:fs/promises';
import { release } from 'node:os';
import type { Context } from '../context.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';
import type { InotifyUse } from './inotify.ts';
import { inotifyUse, readLimit } from './inotify.ts';

const leastNode = [20, 19] as const;

export function checkNode({ env }: Context): readonly Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const what = `Node.js ${process.versions.node} (${process.execPath})`;
  const isOld = major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]);
  const found = [
    isOld ? finding('node', 'error', `${what} is too old`, `${leastNode.join('.')} or newer is needed; DEVSHELL_NODE may name one beside the one on PATH`) : finding('node', 'ok', what),
  ];
  const options = env['DEVSHELL_NODE_OPTIONS'] ?? env['NODE_OPTIONS'];
  if (options) found.push(finding('node', 'note', 'NODE_OPTIONS is set: devshell itself runs without it, what it starts runs with it'));
  return found;
}

export interface WatchLimits {
  readonly watches: number | undefined;
  readonly instances: number | undefined;
  readonly queued: number | undefined;
  readonly use: InotifyUse | undefined;
}

/** @param inputs how many the session here watches; undefined outside of one. */
export function checkWatching(inputs: number | undefined): readonly Finding[] {
  const limits = { watches: readLimit('max_user_watches'), instances: readLimit('max_user_instances'), queued: readLimit('max_queued_events') };
  return watchFindings({ ...limits, use: limits.watches === undefined ? undefined : inotifyUse() }, inputs);
}

export function watchFindings({ watches, instances, queued, use }: WatchLimits, inputs: number | undefined): Finding[] {
  if (watches === undefined || instances === undefined) return [];
  // A directory is watched once, whatever lies in it: an input needs two at most, and a project without a session counts as a small one.
  const needed = inputs === undefined ? 200 : 2 * inputs;
  const taken = use === undefined ? '' : ` (in use: ${use.watches} and ${use.instances})`;
  const free = { watches: watches - (use?.watches ?? 0), instances: instances - (use?.instances ?? 0) };
  const sweep = 'changes are then found by looking, within some seconds';
  const found: Finding[] = [];
  if (free.instances < 1)
    found.push(finding('system', 'warning', `all ${instances} inotify instances are in use: ${sweep}`, 'sudo sysctl fs.inotify.max_user_instances=1024, or end programs that watch files'));
  if (free.watches < needed)
    found.push(finding('system', 'warning', `${Math.max(0, free.watches)} of ${watches} inotify watches are left, about ${needed} are needed: ${sweep}`, 'sudo sysctl fs.inotify.max_user_watches=524288'));
  if (queued !== undefined && queued < 1024)
    found.push(finding('system', 'note', `the queue of file events holds only ${queued}: what overflows is found by looking`, 'sudo sysctl fs.inotify.max_queued_events=16384'));
  return found.length === 0 ? [finding('system', 'ok', `${watches} inotify watches and ${instances} instances are allowed${taken}`)] : found;
}

/** By the number that statfs gives: file systems on which changes made elsewhere, or any, send no events. */
const silent: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x01021997, '9p (a shared folder, or a Windows drive under WSL 2)'],
  [0x53464846, 'a Windows drive under WSL 1'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
  [0x786f4256, 'a shared folder of VirtualBox'],
  [0x7c7c6673, 'a shared folder of Parallels'],
  [0x65735546, 'FUSE'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
]);

export async function checkFileSystem(root: string): Promise<readonly Finding[]> {
  // The numbers are those of Linux.
  if (process.platform !== 'linux') return [];
  try {
    return fileSystemFindings((await statfs(root)).type);
  } catch {
    // Whatever keeps it from being looked at is said of the project.
    return [];
  }
}

export function fileSystemFindings(type: number): Finding[] {
  const name = silent.get(type);
  if (name === undefined) return [];
  const wsl = /microsoft/i.test(release()) ? ', or keep the project in the Linux file system of WSL' : '';
  return [finding('system', 'warning', `the project lies on ${name}: not every change there is told; they are found by looking, within some seconds`, `devshell reload builds at once${wsl}`)];
}
