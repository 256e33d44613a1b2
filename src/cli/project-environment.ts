// From the command line to a built environment: find the project, ask for leave, build.

import { DevshellError } from '../model/problem.ts';
import type { BuildOutcome, Freshness } from '../model/builder.ts';
import type { Settings } from '../model/settings.ts';
import type { CachingBuilderOptions } from '../build/cache/caching-builder.ts';
import { CachingBuilder } from '../build/cache/caching-builder.ts';
import type { Found } from '../build/cache/environment-cache.ts';
import { findProject, projectAt } from '../config/project.ts';
import type { Project } from '../config/project.ts';
import type { Sight } from '../watch/sight.ts';
import { Sights } from '../watch/sights.ts';
import { resolve } from 'node:path';
import type { Guard } from '../terminal/guard.ts';
import type { Context } from './context.ts';
import { cleanVariables, stateDirectory } from './context.ts';
import { BuildHost } from './host.ts';
import { libraryIdentity } from './library.ts';
import type { Parsed } from './options.ts';
import { Progress } from './progress.ts';

export async function projectOf(parsed: Parsed, context: Context, signal: AbortSignal): Promise<Project> {
  const root = parsed.values.get('root');
  const searchPath = context.base['PATH'];
  return root === undefined ? findProject(context.cwd, signal, searchPath) : projectAt(resolve(context.cwd, root), signal, searchPath);
}

/** What a first build has seen of the inputs, for the thread that watches them. */
export type Seen = ReadonlyMap<string, Sight>;

/** What the builder needs, as plain data: the coordinator's thread builds with the same. */
export type BuilderData = Omit<CachingBuilderOptions, 'host' | 'sights'>;

export async function builderData(project: Project, parsed: Parsed, context: Context): Promise<BuilderData> {
  const { dataDirectory, userSettingsFile } = context;
  const state = await stateDirectory(project.root, context);
  const base = parsed.flags.has('clean') ? cleanVariables(context.base) : context.base;
  const overrides = overridesOf(parsed, context);
  return { root: project.root, state, base, dataDirectory, userSettingsFile, overrides, library: libraryIdentity() };
}

function overridesOf(parsed: Parsed, context: Context): Partial<Settings> {
  const status = parsed.values.get('status') as Settings['statusLine'] | undefined;
  // Inside another session it is that session's key, not what the user wants here.
  const keybind = context.env['DEVSHELL_SESSION'] === undefined ? context.env['DEVSHELL_RELOAD_KEYBIND'] : undefined;
  return {
    ...(parsed.flags.has('manual') ? { apply: 'manual' as const } : {}),
    ...(status === undefined ? {} : { statusLine: status }),
    ...(keybind === undefined ? {} : { keybind }),
  };
}

/** What a session begins with, and what there is to be told of it in the log. */
export interface Beginning {
  readonly outcome: BuildOutcome;
  readonly freshness: Freshness;
  readonly log: readonly string[];
  readonly seen: Seen;
}

/** What a reloading shell starts in: at once where an environment is stored, even one that is not right any more, else once it is built. */
export async function begin(data: BuilderData, parsed: Parsed, context: Context, guard: Guard, signal: AbortSignal): Promise<Beginning> {
  const log: string[] = [];
  const startedAtMs = performance.now();
  const sights = new Sights();
  const seen = sights.all;
  const found: Found = await new CachingBuilder({ ...data, sights, host: new BuildHost(guard) }).enter((text) => void log.push(text), signal);
  const tookMs = Math.round(performance.now() - startedAtMs);
  switch (found.kind) {
    case 'current':
      return { outcome: found.built, freshness: { kind: 'current' }, seen, log: [...log, `environment from the cache: nothing has changed (looked for ${tookMs} ms)\n`] };
    case 'stale': {
      const why = found.changed.length > 0 ? '' : ', since the variables that devshell was started with, or devshell itself, are others';
      return { outcome: found.built, freshness: { kind: 'stale', changed: found.changed }, seen, log: [...log, `environment from the cache: the last good one${why} (looked for ${tookMs} ms)\n`] };
    }
    case 'nothing':
      return { outcome: await firstBuild({ ...data, sights }, parsed, context, guard, signal), freshness: { kind: 'current' }, seen, log };
  }
}

/**
 * The build before there is a session: in the foreground, with progress on the terminal, ended by Ctrl-C. Takes what is stored where that is right.
 * @param guard the one that is there already, if any.
 */
export async function firstBuild(
  data: BuilderData & Pick<CachingBuilderOptions, 'sights'>,
  parsed: Parsed,
  context: Context,
  guard: Guard | undefined,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const progress = new Progress(context, parsed.flags.has('quiet') ? 'silent' : parsed.flags.has('verbose') ? 'verbose' : 'terse');
  const host = new BuildHost(guard);
  try {
    const builder = new CachingBuilder({ ...data, host });
    const request = { generation: 1, changed: [], log: (text: string) => progress.output(text), observed: () => undefined, stage: (what: string) => progress.stage(what) };
    return await builder.build(request, signal);
  } finally {
    progress.end();
    await host.end();
  }
}

/** The outcome where nothing but success is of use. */
export function built(outcome: BuildOutcome): Extract<BuildOutcome, { kind: 'built' }> {
  switch (outcome.kind) {
    case 'built':
      return outcome;
    case 'failed':
      throw new DevshellError('build', outcome.problems);
    case 'blocked':
      throw new DevshellError('untrusted', outcome.problems);
    case 'cancelled':
      throw new DevshellError('build', { message: 'cancelled' });
  }
}
