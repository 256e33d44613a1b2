// From the command line to a built environment: find the project, ask for leave, build.

import { DevshellError } from '../model/problem.ts';
import type { BuildOutcome } from '../model/builder.ts';
import type { Settings } from '../model/settings.ts';
import { ProjectBuilder } from '../build/project-builder.ts';
import type { ProjectBuilderOptions } from '../build/project-builder.ts';
import { findProject, projectAt } from '../config/project.ts';
import type { Project } from '../config/project.ts';
import { resolve } from 'node:path';
import type { Guard } from '../terminal/guard.ts';
import type { Context } from './context.ts';
import { cleanVariables, stateDirectory } from './context.ts';
import { BuildHost } from './host.ts';
import type { Parsed } from './options.ts';
import { Progress } from './progress.ts';

export async function projectOf(parsed: Parsed, context: Context, signal: AbortSignal): Promise<Project> {
  const root = parsed.values.get('root');
  const searchPath = context.base['PATH'];
  return root === undefined ? findProject(context.cwd, signal, searchPath) : projectAt(resolve(context.cwd, root), signal, searchPath);
}

/** What the builder needs, as plain data: the coordinator's thread builds with the same. */
export type BuilderData = Omit<ProjectBuilderOptions, 'host'>;

export async function builderData(project: Project, parsed: Parsed, context: Context): Promise<BuilderData> {
  const { dataDirectory, userSettingsFile } = context;
  const state = await stateDirectory(project.root, context);
  const base = parsed.flags.has('clean') ? cleanVariables(context.base) : context.base;
  return { root: project.root, state, base, dataDirectory, userSettingsFile, overrides: overridesOf(parsed, context) };
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

/**
 * The build before there is a session: in the foreground, with progress on the terminal, ended by Ctrl-C.
 * @param guard the one that is there already, if any.
 */
export async function firstBuild(
  data: BuilderData,
  parsed: Parsed,
  context: Context,
  guard: Guard | undefined,
  signal: AbortSignal,
): Promise<BuildOutcome> {
  const progress = new Progress(context, parsed.flags.has('quiet') ? 'silent' : parsed.flags.has('verbose') ? 'verbose' : 'terse');
  const host = new BuildHost(guard);
  try {
    const builder = new ProjectBuilder({ ...data, host });
    return await builder.build({ generation: 1, changed: [], log: (text) => progress.output(text), observed: () => undefined }, signal);
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
