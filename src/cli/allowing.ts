// What `devshell allow` and the question before the first start are about: what would run, in which form, and the answer that is remembered.

import { InputReader } from '../build/input-reader.ts';
import type { Review, ReviewedFile } from '../build/review.ts';
import { reviewCode } from '../build/review.ts';
import type { Configuration } from '../config/configuration.ts';
import { describeProject } from '../config/description.ts';
import type { Loaded } from '../config/load.ts';
import { loadConfiguration } from '../config/load.ts';
import { printable } from '../config/printable.ts';
import { shownPath } from '../config/project-path.ts';
import type { Project } from '../config/project.ts';
import { hasCommand } from '../config/search-path.ts';
import type { Answer, TrustScope } from '../config/trust.ts';
import { readAnswer, writeTrust } from '../config/trust.ts';
import type { Context } from './context.ts';

export interface Proposal {
  readonly project: Project;
  /** undefined where the configuration has mistakes. */
  readonly configuration: Configuration | undefined;
  /** The answer so far. */
  readonly answer: Answer;
  /** Where the project is, or is to be, allowed by content. */
  readonly review: Review | undefined;
}

export async function propose(project: Project, context: Context, signal: AbortSignal): Promise<Proposal> {
  const loaded = await loadNow(project.root, context);
  const configuration = loaded.kind === 'loaded' ? loaded.configuration : undefined;
  const answer = await readAnswer(project.root, context.dataDirectory);
  // With mistakes in it, the file cannot say that its content no longer matters.
  const isByContent = configuration === undefined ? answer.files !== undefined : configuration.trust === 'content';
  const review = isByContent ? await reviewCode(project.root, configuration, answer, context.dataDirectory, signal) : undefined;
  return { project, configuration, answer, review };
}

/** The configuration as the files say it now, with what is found where there is none. */
export async function loadNow(root: string, { userSettingsFile, base }: Context): Promise<Loaded> {
  const reader = new InputReader(() => undefined);
  return loadConfiguration(root, userSettingsFile, (path) => reader.read(path), (name) => hasCommand(name, base['PATH'] ?? ''));
}

/** What the project would run and load, and which files are not as they were allowed; lines for people. */
export function describeProposal({ project, configuration, answer, review }: Proposal): string[] {
  const lines = describeProject(project, configuration);
  if (review !== undefined) lines.push('  allowed in this very form (trust = "content"):', ...review.files.map((file) => `  ${fileLine(file, project.root)}`));
  else if (answer.files !== undefined) lines.push('  allowed whatever its files say later; so far only in the form that was allowed (trust = "content")');
  return lines;
}

/** One line for each file that is not as it was allowed. */
export function changesIn({ files }: Review, root: string): string[] {
  return files.filter(({ change }) => change === 'changed' || change === 'new').map((file) => fileLine(file, root));
}

/** The files are allowed as they were reviewed: what changed since then will be asked for again. */
export async function allowProposed({ project, review }: Proposal, context: Context, scope: TrustScope = 'project'): Promise<void> {
  await writeTrust(project.root, 'allowed', context.dataDirectory, review?.present, scope);
}

function fileLine({ path, change }: ReviewedFile, root: string): string {
  const name = printable(shownPath(root, path));
  switch (change) {
    case 'none':
      return `  ${name}`;
    case 'changed':
      return `~ ${name} (changed)`;
    case 'new':
      return `+ ${name} (new)`;
    case 'gone':
      return `- ${name} (gone)`;
  }
}
