// From the command line to a built environment: find the project, ask for leave, build.

import { DevshellError, problemText } from '../model/problem.ts';
import type { BuildOutcome, Freshness } from '../model/builder.ts';
import type { Settings } from '../model/settings.ts';
import type { CachingBuilderOptions } from '../build/cache/caching-builder.ts';
import { CachingBuilder } from '../build/cache/caching-builder.ts';
import type { Found } from '../build/cache/environment-cache.ts';
import { findProject, projectAt } from '../config/project.ts';
import type { Project } from '../config/project.ts';
import type { Answer } from '../config/trust.ts';
import { EarlyLog, logNote } from '../reload/build-log.ts';
import type { Sight } from '../watch/sight.ts';
import { Sights } from '../watch/sights.ts';
import { resolve } from 'node:path';
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

/** What the builder needs, as plain data: the coordinator's thread builds with the same, but for the answer, which may be another by then. */
export type BuilderData = Omit<CachingBuilderOptions, 'host' | 'sights'>;

/** With what is filled while it builds. */
type SeeingData = BuilderData & Pick<CachingBuilderOptions, 'sights'>;

/** @param answer as leave was given. */
export async function builderData(project: Project, parsed: Parsed, context: Context, answer?: Answer): Promise<BuilderData> {
  const { dataDirectory, userSettingsFile } = context;
  const state = await stateDirectory(project.root, context);
  const base = parsed.flags.has('clean') ? cleanVariables(context.base) : context.base;
  const overrides = overridesOf(parsed, context);
  return { root: project.root, state, base, dataDirectory, userSettingsFile, overrides, library: libraryIdentity(), answer };
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
  readonly log: string;
  readonly seen: Seen;
}

/** What a reloading shell starts in: at once where an environment is stored, even one that is not right any more, else once it is built. */
export async function begin(data: BuilderData, parsed: Parsed, context: Context, signal: AbortSignal): Promise<Beginning> {
  const log = new EarlyLog();
  const note = (text: string): void => log.append(logNote(text.trimEnd(), Date.now()));
  const startedAtMs = performance.now();
  const sights = new Sights();
  const seen = sights.all;
  const found: Found = await new CachingBuilder({ ...data, sights, host: new BuildHost() }).enter(note, signal);
  const tookMs = Math.round(performance.now() - startedAtMs);
  switch (found.kind) {
    case 'current':
      note(`environment from the cache: nothing has changed (looked for ${tookMs} ms)`);
      return { outcome: found.built, freshness: { kind: 'current' }, seen, log: log.text };
    case 'stale': {
      const why = found.changed.length > 0 ? '' : ', since the variables that devshell was started with, or devshell itself, are others';
      note(`environment from the cache: the last good one${why} (looked for ${tookMs} ms)`);
      return { outcome: found.built, freshness: { kind: 'stale', changed: found.changed }, seen, log: log.text };
    }
    case 'nothing':
      // What was noted is left out: the build looks at what is stored as well, and says it again.
      return { freshness: { kind: 'current' }, seen, ...(await loggedBuild({ ...data, sights }, parsed, context, signal)) };
  }
}

/** The first build, and what the log of the session is to say of it. */
export async function loggedBuild(data: SeeingData, parsed: Parsed, context: Context, signal: AbortSignal): Promise<Pick<Beginning, 'outcome' | 'log'>> {
  const log = new EarlyLog();
  const startedAtMs = Date.now();
  log.append(logNote('first build, before the shell', startedAtMs));
  const outcome = await firstBuild(data, parsed, context, signal, (text) => log.append(text));
  const endedAtMs = Date.now();
  log.append(logNote(`first build ${outcome.kind} after ${endedAtMs - startedAtMs} ms`, endedAtMs));
  if (outcome.kind === 'failed' || outcome.kind === 'blocked') for (const problem of outcome.problems) log.append(problemText(problem));
  return { outcome, log: log.text };
}

/**
 * The build before there is a session: in the foreground, with progress on the terminal, ended by Ctrl-C. Takes what is stored where that is right.
 * @param log where the output of the tools goes as well.
 */
export async function firstBuild(data: SeeingData, parsed: Parsed, context: Context, signal: AbortSignal, log = (_text: string): void => undefined): Promise<BuildOutcome> {
  const progress = new Progress(context, parsed.flags.has('quiet') ? 'silent' : parsed.flags.has('verbose') ? 'verbose' : 'terse');
  const host = new BuildHost();
  try {
    const builder = new CachingBuilder({ ...data, host });
    const output = (text: string): void => {
      log(text);
      progress.output(text);
    };
    return await builder.build({ generation: 1, changed: [], log: output, observed: () => undefined, stage: (what) => progress.stage(what) }, signal);
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
