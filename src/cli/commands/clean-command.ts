// `devshell clean`: removes what devshell keeps of a project, but for what a running session needs.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyCache, removeTree } from '../../build/cache/cleaning.ts';
import { counted } from '../../model/status.ts';
import { cleanStaleSessions, readRecord, sessionLiveness } from '../../session/session-directory.ts';
import type { Command } from '../command.ts';
import { stateDirectory } from '../context.ts';
import { projectOf } from '../project-environment.ts';

export const cleanCommand: Command = async (parsed, context, signal) => {
  const project = await projectOf(parsed, context, signal);
  const state = await stateDirectory(project.root, context);
  const say = (line: string): void => {
    if (!parsed.flags.has('quiet')) context.warn(`devshell: ${line}\n`);
  };
  const { environments, bytes, busy } = emptyCache(state);
  const before = await namesIn(join(state, 'sessions'));
  await cleanStaleSessions(state, Date.now());
  const sessions = await namesIn(join(state, 'sessions'));
  const { here, elsewhere } = await livingOf(state, sessions);
  const ended = before.length - sessions.length;
  const nix = here.length + elsewhere.length > 0 || busy === 'yes' ? undefined : removeTree(join(state, 'nix'));
  const removed = [
    environments === 0 ? '' : `${counted(environments, 'stored environment')} (${size(bytes)})`,
    ended === 0 ? '' : `what ${counted(ended, 'ended session')} left`,
    nix === undefined || nix === 0 ? '' : `the roots that kept Nix packages (${size(nix)})`,
  ].filter(Boolean);
  say(removed.length === 0 ? `nothing to remove in ${state}` : `removed ${removed.join(', ')}`);
  for (const path of here) say(`kept what the running session ${path} needs`);
  for (const path of elsewhere) say(`kept ${path}, a session in another container or on another machine, which cannot be seen from here; remove it if that has ended`);
  if (busy === 'yes') say('kept what a build that runs right now needs');
  return 0;
};

interface Living {
  readonly here: readonly string[];
  readonly elsewhere: readonly string[];
}

async function livingOf(state: string, sessions: readonly string[]): Promise<Living> {
  const living = { here: [] as string[], elsewhere: [] as string[] };
  for (const name of sessions) {
    const path = join(state, 'sessions', name);
    const record = await readRecord(path);
    // One without a record is only just starting.
    const liveness = record === undefined ? 'alive' : sessionLiveness(record);
    if (liveness !== 'gone') living[liveness === 'alive' ? 'here' : 'elsewhere'].push(path);
  }
  return living;
}

async function namesIn(directory: string): Promise<readonly string[]> {
  // No directory, no sessions.
  return readdir(directory).catch(() => []);
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
