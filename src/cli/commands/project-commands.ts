// `init`, `allow`, `deny`: what a user says about a project.

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeProject } from '../../config/description.ts';
import { initialConfiguration } from '../../config/initial.ts';
import { loadConfiguration } from '../../config/load.ts';
import type { Project } from '../../config/project.ts';
import { projectAt } from '../../config/project.ts';
import { hasCommand } from '../../config/search-path.ts';
import { writeTrust } from '../../config/trust.ts';
import { InputReader } from '../../build/input-reader.ts';
import { DevshellError } from '../../model/problem.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import { projectOf } from '../project-environment.ts';

export const initCommand: Command = async (parsed, context, signal) => {
  const project = await projectAt(resolve(context.cwd, parsed.values.get('root') ?? '.'), signal, context.base['PATH']);
  const file = join(project.root, 'devshell.toml');
  await writeFile(file, initialConfiguration(project), { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DevshellError('config', { message: 'there is a devshell.toml already', file, hint: 'edit it, or move it away first' });
  });
  await writeTrust(project.root, 'allowed', context.dataDirectory);
  if (!parsed.flags.has('quiet')) context.warn(`devshell: wrote ${file}; start the shell with: devshell\n`);
  return 0;
};

export const allowCommand: Command = async (parsed, context, signal) => {
  const project = await named(parsed, context, signal);
  if (!parsed.flags.has('quiet')) {
    context.warn(`devshell: allowed ${project.root}\n`);
    for (const line of await describe(project, context)) context.warn(`  ${line}\n`);
  }
  await writeTrust(project.root, 'allowed', context.dataDirectory);
  return 0;
};

export const denyCommand: Command = async (parsed, context, signal) => {
  const project = await named(parsed, context, signal);
  await writeTrust(project.root, 'denied', context.dataDirectory);
  if (!parsed.flags.has('quiet')) context.warn(`devshell: denied ${project.root}\n`);
  return 0;
};

/** What a project would run and load, as lines for people. */
export async function describe(project: Project, context: Context): Promise<readonly string[]> {
  const reader = new InputReader(() => undefined);
  const loaded = await loadConfiguration(project.root, context.userSettingsFile, (path) => reader.read(path), (name) => hasCommand(name, context.base['PATH'] ?? ''));
  return describeProject(project, loaded.kind === 'loaded' ? loaded.configuration : undefined);
}

async function named(...[parsed, context, signal]: Parameters<Command>): Promise<Project> {
  const [directory] = parsed.words;
  return directory === undefined ? projectOf(parsed, context, signal) : projectAt(resolve(context.cwd, directory), signal, context.base['PATH']);
}
