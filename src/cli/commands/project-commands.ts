// `init`, `allow`, `deny`: what a user says about a project.

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { initialConfiguration } from '../../config/initial.ts';
import type { Project } from '../../config/project.ts';
import { projectAt } from '../../config/project.ts';
import type { TrustScope } from '../../config/trust.ts';
import { readTrust, writeTrust } from '../../config/trust.ts';
import { DevshellError } from '../../model/problem.ts';
import { allowProposed, describeProposal, propose } from '../allowing.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';
import { projectOf } from '../project-environment.ts';

export const initCommand: Command = async (parsed, context, signal) => {
  const project = await projectAt(resolve(context.cwd, parsed.values.get('root') ?? '.'), signal, context.base['PATH']);
  const file = join(project.root, 'devshell.toml');
  await writeFile(file, initialConfiguration(project), { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DevshellError('config', { message: 'there is a devshell.toml already', file, hint: 'edit it, or move it away first' });
  });
  await allowProposed(await propose(project, context, signal), context);
  if (!parsed.flags.has('quiet')) context.warn(`devshell: wrote ${file}; start the shell with: devshell\n`);
  return 0;
};

export const allowCommand: Command = async (parsed, context, signal) => {
  const project = await named(parsed, context, signal);
  const proposal = await propose(project, context, signal);
  await allowProposed(proposal, context, scopeOf(parsed));
  if (!parsed.flags.has('quiet')) {
    context.warn(`devshell: allowed ${project.root}${whereElse(parsed)}\n`);
    for (const line of describeProposal(proposal)) context.warn(`  ${line}\n`);
  }
  await expectAllowed(project, parsed, context);
  return 0;
};

export const denyCommand: Command = async (parsed, context, signal) => {
  const project = await named(parsed, context, signal);
  await writeTrust(project.root, 'denied', context.dataDirectory, undefined, scopeOf(parsed));
  if (!parsed.flags.has('quiet')) context.warn(`devshell: denied ${project.root}${whereElse(parsed)}\n`);
  return 0;
};

function scopeOf(parsed: Parsed): TrustScope {
  return parsed.flags.has('worktrees') ? 'worktrees' : 'project';
}

function whereElse(parsed: Parsed): string {
  return scopeOf(parsed) === 'project' ? '' : ', and the same place in every worktree of its repository';
}

/** A denial of the other kind still wins: of this very project, or of all worktrees. */
async function expectAllowed(project: Project, parsed: Parsed, context: Context): Promise<void> {
  if ((await readTrust(project.root, context.dataDirectory)) === 'allowed') return;
  const [message, hint] =
    scopeOf(parsed) === 'project'
      ? ['all worktrees of this repository are denied, and that wins', 'devshell allow --worktrees changes that']
      : ['this project itself is denied, and that wins', 'devshell allow changes that'];
  throw new DevshellError('untrusted', { message, file: project.root, hint });
}

async function named(...[parsed, context, signal]: Parameters<Command>): Promise<Project> {
  const [directory] = parsed.words;
  return directory === undefined ? projectOf(parsed, context, signal) : projectAt(resolve(context.cwd, directory), signal, context.base['PATH']);
}
