// Nothing of a project runs that its user has not allowed: asks once, or says what to do where nobody can be asked.

import type { Answer } from '../config/trust.ts';
import { readAnswer } from '../config/trust.ts';
import type { Project } from '../config/project.ts';
import { DevshellError } from '../model/problem.ts';
import type { Context } from './context.ts';

/** The user's answer, when the project may be built; throws where it may not. undefined where nothing was to be asked, or the answer is new. */
export async function obtainLeave(project: Project, context: Context, signal: AbortSignal): Promise<Answer | undefined> {
  if (project.kind === 'detected' && project.found.length === 0) return undefined;
  const answer = await readAnswer(project.root, context.dataDirectory);
  const { trust, files } = answer;
  if (trust === 'allowed' && files === undefined) return answer;
  if (trust === 'denied') throw untrusted(project, 'you have denied it', 'devshell allow changes that');
  const isKnown = trust === 'allowed';
  if (!isKnown && !canAsk(context)) throw untrusted(project, 'it is not allowed yet', `look at it, then: devshell allow ${project.root}`);
  // Loaded when there is something to show: for most projects that happens once.
  const allowing = await import('./allowing.ts');
  const proposal = await allowing.propose(project, context, signal);
  const changes = isKnown && proposal.review !== undefined ? allowing.changesIn(proposal.review, project.root) : [];
  if (isKnown && changes.length === 0) return answer;
  if (!canAsk(context)) throw untrusted(project, `it has changed since it was allowed (${changes.join(', ')})`, `look at it, then: devshell allow ${project.root}`);
  const question = isKnown ? `${project.root} has changed since it was allowed:` : `${project.root} is new here. In your shell it would:`;
  context.warn(`devshell: ${question}\n`);
  for (const line of isKnown ? changes : allowing.describeProposal(proposal)) context.warn(`  ${line}\n`);
  if (!(await askUser(isKnown ? 'Allow it in this form?' : 'Allow this project?', signal))) throw untrusted(project, 'it is not allowed', 'devshell allow changes that');
  await allowing.allowProposed(proposal, context);
  return undefined;
}

function canAsk({ terminal }: Context): boolean {
  return terminal.stdin && terminal.stderr;
}

async function askUser(question: string, signal: AbortSignal): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // After Ctrl-Z and fg it stays paused (Node 20): with nothing to wait for, node would end as if all were well.
  lines.on('SIGCONT', () => lines.resume());
  try {
    const answer = await lines.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

function untrusted(project: Project, why: string, hint: string): DevshellError {
  return new DevshellError('untrusted', { message: `nothing of this project is run: ${why}`, file: project.root, hint });
}
