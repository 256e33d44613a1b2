// Nothing of a project runs that its user has not allowed: asks once, or says what to do where nobody can be asked.

import { readTrust, writeTrust } from '../config/trust.ts';
import type { Project } from '../config/project.ts';
import { DevshellError } from '../model/problem.ts';
import type { Context } from './context.ts';

/** Returns when the project may be built; throws where it may not. */
export async function obtainLeave(project: Project, context: Context, signal: AbortSignal): Promise<void> {
  if (project.kind === 'detected' && project.found.length === 0) return;
  const trust = await readTrust(project.root, context.dataDirectory);
  if (trust === 'allowed') return;
  if (trust === 'denied') throw untrusted(project, 'you have denied it', 'devshell allow changes that');
  if (!context.terminal.stdin || !context.terminal.stderr) throw untrusted(project, 'it is not allowed yet', `look at it, then: devshell allow ${project.root}`);
  if (!(await askUser(project, context, signal))) throw untrusted(project, 'it is not allowed', 'devshell allow changes that');
  await writeTrust(project.root, 'allowed', context.dataDirectory);
}

/** Loaded when there is somebody to ask: that happens once a project. */
async function askUser(project: Project, context: Context, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const { describe } = await import('./commands/project-commands.ts');
  context.warn(`devshell: ${project.root} is new here. In your shell it would:\n`);
  for (const line of await describe(project, context)) context.warn(`  ${line}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question('Allow this project? [y/N] ', { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

function untrusted(project: Project, why: string, hint: string): DevshellError {
  return new DevshellError('untrusted', { message: `nothing of this project is run: ${why}`, file: project.root, hint });
}
