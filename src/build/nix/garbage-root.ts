// Where the Nix layer keeps what belongs to one reference of a project: below the state directory, private, with a profile that keeps
// the environment's store paths from being collected.

import { lstat, mkdir, readdir, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepOutOfGit } from '../../system/state-directory.ts';
import { fingerprintBytes } from '../../watch/fingerprint.ts';
import type { DevelopmentEnvironment } from './development-environment.ts';

export interface NixDirectory {
  readonly path: string;
  /** A symbolic link to `profile-N-link`, which Nix knows as a root. */
  readonly profile: string;
}

/** Makes `<state>/nix/<key>`; the state directory keeps itself out of Git. */
export async function openNixDirectory(state: string, reference: string): Promise<NixDirectory> {
  const path = join(state, 'nix', fingerprintBytes(Buffer.from(reference)).slice(0, 16));
  await mkdir(path, { recursive: true, mode: 0o700 });
  keepOutOfGit(state);
  return { path, profile: join(path, 'profile') };
}

/** The store path of the environment; undefined where there is none or it was collected all the same. */
export function storePathOf({ profile }: NixDirectory): Promise<string | undefined> {
  return realpath(profile).catch(() => undefined);
}

/**
 * The link by which the present environment is kept: it stays as it is until it is dropped, and leads nowhere where the store path was
 * collected all the same. So it is an input of whatever is made of the environment.
 */
export async function rootOf({ path, profile }: NixDirectory): Promise<string | undefined> {
  const name = await readlink(profile).catch(() => undefined);
  return name === undefined ? undefined : join(path, name);
}

/**
 * Drops what was kept for earlier environments. What was made since the oldest living session began, and the one before that, may still
 * be what a shell runs in. Sessions that ended without cleaning up are cleaned up by the next one that starts.
 */
export async function dropOld(directory: NixDirectory, state: string, present: readonly string[]): Promise<void> {
  const began = await oldestSession(state);
  const names = await readdir(directory.path);
  // What another build is just making has a higher number than the one that the profile leads to.
  const last = generationOf(await readlink(directory.profile).catch(() => ''));
  for (const kind of [/^profile-\d+-link$/, /^attrs-/]) {
    const made = await Promise.all(names.filter((name) => kind.test(name) && generationOf(name) < last).map((name) => madeAt(join(directory.path, name))));
    const before = made.filter(({ atMs }) => atMs < began).sort((a, b) => b.atMs - a.atMs);
    const inUse = Number.isFinite(began) ? before[0]?.path : undefined;
    for (const { path } of before) if (!present.includes(path) && path !== inUse) await rm(path, { recursive: true, force: true });
  }
}

/** Of `profile-N-link`; 0 for anything else. */
function generationOf(name: string): number {
  return Number(/^profile-(\d+)-link$/.exec(name)?.[1] ?? 0);
}

async function madeAt(path: string): Promise<{ path: string; atMs: number }> {
  return { path, atMs: (await lstat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs };
}

/** When the oldest session that is there began, ms; infinite where there is none. */
async function oldestSession(state: string): Promise<number> {
  const sessions = join(state, 'sessions');
  const names = await readdir(sessions).catch(() => []);
  const times = await Promise.all(names.map((name) => stat(join(sessions, name, 'status.json')).then(({ mtimeMs }) => mtimeMs, () => Infinity)));
  return Math.min(...times, Infinity);
}

export interface AttributeFiles {
  readonly directory: string;
  readonly json: string;
  readonly sh: string;
}

/** The files that a builder would find as `.attrs.json` and `.attrs.sh`, under a name for their content: an older shell keeps its own. */
export async function writeAttributes(
  { path }: NixDirectory,
  { json, sh }: NonNullable<DevelopmentEnvironment['structuredAttributes']>,
): Promise<AttributeFiles> {
  const directory = join(path, `attrs-${fingerprintBytes(Buffer.from(`${json}\0${sh}`)).slice(0, 16)}`);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = { directory, json: join(directory, '.attrs.json'), sh: join(directory, '.attrs.sh') };
  await writeFile(files.json, json, { mode: 0o600 });
  await writeFile(files.sh, sh, { mode: 0o600 });
  return files;
}
