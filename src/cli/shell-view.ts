// What can be known of the shell that a command is called in, or of the one that would be started.

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionRecord, SessionStatus } from '../model/session-record.ts';
import type { ApplyReport } from '../model/mark.ts';
import type { ShellView } from '../model/explanation.ts';
import type { MergeRecord } from '../model/merge-record.ts';
import { parseMergeRecord } from '../model/merge-record.ts';
import { DevshellError } from '../model/problem.ts';
import { noProvenance } from '../model/provenance.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { unpackSnapshot } from '../model/snapshot.ts';
import { readLivingRecord } from '../session/session-directory.ts';
import type { Context } from './context.ts';
import { askFor, sessionOf } from './control-client.ts';
import type { Parsed } from './options.ts';

/** What a session knows, and what its shell is seen to have. */
export interface SessionView extends ShellView {
  readonly previous: Snapshot | undefined;
  readonly ready: Snapshot | undefined;
  readonly report: ApplyReport | undefined;
  readonly status: SessionStatus;
}

/** Where a shell is seen from outside. */
export const unseenNote = 'seen from outside of the shell: what was changed in it since the last reload is not known here';

/** Of the session of `--session`, or the one that this is called in. */
export async function sessionView(parsed: Parsed, context: Context): Promise<SessionView> {
  const place = await sessionOf(parsed, context);
  if (!(await isReloading(place.record)))
    throw new DevshellError('session', { message: 'this shell was started with --no-reload: there is nobody to ask', hint: 'devshell why NAME explains it all the same' });
  const answer = await askFor('environments', { ask: 'environments' }, place);
  const isHere = context.env['DEVSHELL_SESSION'] === place.directory;
  return {
    snapshot: unpackSnapshot(answer.applied),
    previous: answer.previous && unpackSnapshot(answer.previous),
    ready: answer.ready && unpackSnapshot(answer.ready),
    report: answer.report,
    status: answer.status,
    originals: await originalsOf(place.directory),
    // A child of the shell has what the shell exports at that moment.
    live: isHere ? context.base : undefined,
    kept: answer.report?.kept ?? [],
  };
}

/** Whether a session can be asked: the one that is named, or the one that this is called in if it is one that reloads. */
export async function hasSession(parsed: Parsed, context: Context): Promise<boolean> {
  if (parsed.values.has('session')) return true;
  const directory = context.env['DEVSHELL_SESSION'];
  if (directory === undefined || directory === '' || parsed.values.has('root')) return false;
  const record = await readLivingRecord(directory);
  return record !== undefined && (await isReloading(record));
}

/** A shell that does not reload (--no-reload) has a session, but nobody who could be asked. */
export async function isReloading({ socket }: SessionRecord): Promise<boolean> {
  return (await stat(socket).catch(() => undefined)) !== undefined;
}

/** Of a shell as it would be started from here. */
export async function builtView(parsed: Parsed, context: Context, signal: AbortSignal): Promise<ShellView> {
  const { builderData, built, firstBuild, projectOf } = await import('./project-environment.ts');
  const project = await projectOf(parsed, context, signal);
  const data = await builderData(project, parsed, context);
  const { environment, provenance } = built(await firstBuild(data, parsed, context, signal));
  const snapshot = { generation: 1, environment, provenance: provenance ?? noProvenance };
  const directory = context.env['DEVSHELL_SESSION'];
  if (directory && context.env['DEVSHELL_ROOT'] === project.root) return { snapshot, originals: await originalsOf(directory), live: context.base, kept: [] };
  const originals = { originals: new Map(Object.entries(data.base)), functions: new Map(), aliases: new Map() };
  return { snapshot, originals, live: undefined, kept: [] };
}

/** What stood there before; undefined where nothing is on record. */
async function originalsOf(directory: string): Promise<Omit<MergeRecord, 'generation'> | undefined> {
  // It may just be written.
  for (let tries = 0; tries < 3; tries++) {
    const text = await readFile(join(directory, 'merged'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const record = parseMergeRecord(text);
    if (record !== undefined) return record;
    if (text === '') return { originals: new Map(), functions: new Map(), aliases: new Map() };
  }
  return undefined;
}
