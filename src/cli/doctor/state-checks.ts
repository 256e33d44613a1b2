// Where devshell keeps its state: can it be written, does it hold sockets, and does its clock agree with this machine's.

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { stateDirectory } from '../context.ts';
import { foreignness } from '../../system/private-file.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

/** A difference below this is what a network does, ms. */
const skewMs = 2000;

export async function checkState(root: string, context: Context): Promise<readonly Finding[]> {
  const state = await stateDirectory(root, context);
  const info = await stat(state).catch(() => undefined);
  const fault = info === undefined ? undefined : ownershipFault(state, info);
  if (fault !== undefined) return [fault];
  // Where it is not there yet nothing is made in the project; the file system of the temporary directory is no worse.
  return tryIn(info === undefined ? undefined : state, state);
}

function ownershipFault(state: string, info: { readonly uid: number; readonly mode: number; isDirectory(): boolean }): Finding | undefined {
  if (!info.isDirectory()) return finding('state', 'error', `${state} is not a directory`, 'move it away, or set DEVSHELL_STATE to another');
  const shared = foreignness(info);
  if (shared === undefined) return undefined;
  return finding('state', 'error', `${state} ${shared.why}`, shared.fault === 'other user' ? 'set DEVSHELL_STATE to a directory of your own' : `chmod 700 ${state}`);
}

async function tryIn(present: string | undefined, state: string): Promise<Finding[]> {
  const parent = present ?? tmpdir();
  const directory = await mkdtemp(join(parent, 'doctor-')).catch((error: unknown) => error as Error);
  if (directory instanceof Error)
    return [finding('state', 'error', `${parent} cannot be written: ${directory.message}`, `is there space, and may you write there? ${present === undefined ? 'TMPDIR' : 'DEVSHELL_STATE'} may name another`)];
  try {
    const what = present === undefined ? `${state} will be made when a session starts` : `${state} can be written`;
    return [finding('state', 'ok', what), ...(await socketFindings(directory)), ...(await clockFindings(directory))];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function socketFindings(directory: string): Promise<Finding[]> {
  const server = createServer();
  const failure = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(join(directory, 's'), () => resolve(undefined));
  });
  server.close();
  // Too long a path, or a file system without sockets: sessions have theirs elsewhere then.
  return failure === undefined ? [] : [finding('state', 'note', `no socket can be made there (${failure.message}): it is put into ${process.platform === 'linux' ? 'XDG_RUNTIME_DIR or ' : ''}the temporary directory`)];
}

async function clockFindings(directory: string): Promise<Finding[]> {
  const file = join(directory, 'clock');
  await writeFile(file, '');
  return clockFinding((await stat(file)).mtimeMs, Date.now());
}

export function clockFinding(fileMs: number, nowMs: number): Finding[] {
  const found: Finding[] = [];
  const aheadMs = fileMs - nowMs;
  if (Math.abs(aheadMs) > skewMs) {
    const far = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
    found.push(finding('state', 'warning', `the clock of its file system is ${far} this machine’s: some changes may be built twice`, 'set both clocks by the network (NTP)'));
  }
  if (new Date(nowMs).getUTCFullYear() < 2024) found.push(finding('state', 'warning', `the clock says ${new Date(nowMs).toISOString()}`, 'set it'));
  return found;
}
