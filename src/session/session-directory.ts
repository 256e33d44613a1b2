// The private directory of one session: made, recorded, removed; those of dead sessions are cleaned away.

import { mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DevshellError } from '../model/problem.ts';
import type { SessionRecord } from '../model/session-record.ts';
import { foreignness } from '../system/private-file.ts';
import type { Liveness } from '../system/process-identity.ts';
import { livenessOf, self } from '../system/process-identity.ts';
import { keepOutOfGit } from '../system/state-directory.ts';

/** The kernel takes 107 bytes on Linux and 103 on macOS for the path of a Unix socket. */
const maxSocketBytes = 103;
/** A directory without a record that is older than this was left by a crash between making and recording it, ms. */
const unrecordedMs = 60_000;

export interface SessionDirectory {
  readonly path: string;
  readonly record: SessionRecord;
  /** What else must go with the session. */
  readonly extra: readonly string[];
}

/** Makes `<state>/sessions/<id>`, private to the user. */
export async function createSessionDirectory(
  state: string,
  root: string,
  runtimeDirectory: string | undefined,
  now: () => number,
): Promise<SessionDirectory> {
  prepareState(state);
  const path = mkdtempSync(join(state, 'sessions', 's'));
  const near = join(path, 'control.sock');
  const far = Buffer.byteLength(near) <= maxSocketBytes ? undefined : await makeSocketDirectory(runtimeDirectory);
  const { pid, start, where } = self();
  const record: SessionRecord = {
    version: 1,
    pid,
    processStart: start,
    where,
    root,
    socket: far === undefined ? near : join(far, 'control.sock'),
    startedAt: new Date(now()).toISOString(),
  };
  writeRecord(path, record);
  return { path, record, extra: far === undefined ? [] : [far] };
}

/** The same session with its socket elsewhere: not every file system has sockets. */
export async function moveSocket(directory: SessionDirectory, runtimeDirectory: string | undefined): Promise<SessionDirectory> {
  const far = await makeSocketDirectory(runtimeDirectory);
  const record = { ...directory.record, socket: join(far, 'control.sock') };
  writeRecord(directory.path, record);
  return { ...directory, record, extra: [...directory.extra, far] };
}

function writeRecord(path: string, record: SessionRecord): void {
  writeFileSync(join(path, 'status.json'), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

export async function removeSessionDirectory(directory: SessionDirectory): Promise<void> {
  for (const path of [...directory.extra, directory.path]) await rm(path, { recursive: true, force: true });
}

/** Private as well, and with a name that nobody can foresee. */
async function makeSocketDirectory(runtimeDirectory: string | undefined): Promise<string> {
  for (const parent of [runtimeDirectory ?? tmpdir(), tmpdir(), '/tmp']) {
    if (Buffer.byteLength(join(parent, 'devshell-XXXXXX', 'control.sock')) > maxSocketBytes) continue;
    const made = await mkdtemp(join(parent, 'devshell-')).catch(() => undefined);
    if (made !== undefined) return made;
  }
  throw new DevshellError('state', { message: 'no directory with a path short enough for a socket can be made', hint: 'set XDG_RUNTIME_DIR or TMPDIR to one' });
}

/** Removes what sessions that are no longer alive have left. */
export async function cleanStaleSessions(state: string, nowMs: number): Promise<void> {
  const sessions = join(state, 'sessions');
  const names = await readdir(sessions).catch(ifMissing<string[]>([]));
  for (const name of names) await cleanIfStale(join(sessions, name), nowMs);
}

/** The record of a session, or undefined where there is none that can be read. */
export async function readRecord(path: string): Promise<SessionRecord | undefined> {
  const text = await readFile(join(path, 'status.json'), 'utf8').catch(ifMissing(''));
  try {
    const record = JSON.parse(text) as SessionRecord;
    return record.version === 1 ? record : undefined;
  } catch {
    // Half-written by a crash, or of another version: as good as none.
    return undefined;
  }
}

/** The record of a session that is still there, as far as can be told from here. */
export async function readLivingRecord(path: string): Promise<SessionRecord | undefined> {
  const record = await readRecord(path);
  return record === undefined || sessionLiveness(record) === 'gone' ? undefined : record;
}

/** Alive only if the pid and the start time match; what cannot be seen from here is never taken for dead. */
export function sessionLiveness({ pid, processStart, where = self().where }: SessionRecord): Liveness {
  return livenessOf({ pid, start: processStart, where });
}

async function cleanIfStale(path: string, nowMs: number): Promise<void> {
  const record = await readRecord(path);
  if (record !== undefined && sessionLiveness(record) !== 'gone') return;
  const info = await stat(path).catch(ifMissing(undefined));
  if (info === undefined || (record === undefined && nowMs - info.mtimeMs < unrecordedMs)) return;
  await rm(path, { recursive: true, force: true });
  const apart = record === undefined ? undefined : dirname(record.socket);
  if (apart !== undefined && apart !== path && /\/devshell-[A-Za-z0-9]{6}$/.test(apart)) await rm(apart, { recursive: true, force: true });
}

function prepareState(state: string): void {
  mkdirSync(join(state, 'sessions'), { recursive: true, mode: 0o700 });
  const info = statSync(state);
  const shared = foreignness(info);
  if (shared !== undefined) {
    const hint = shared.fault === 'other user' ? 'set DEVSHELL_STATE to a directory of your own' : `chmod 700 ${state}`;
    throw new DevshellError('state', { message: `the state directory ${shared.why}`, file: state, hint });
  }
  keepOutOfGit(state);
}

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH') return value;
    throw error;
  };
}
