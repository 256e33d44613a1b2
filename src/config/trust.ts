// What the user allowed to run, one file per project (or per repository, for all of its worktrees), which only the user can have written.
import { createHash } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Fingerprint } from '../model/input.ts';
import { DevshellError } from '../model/problem.ts';
import { readOwn, writeOwn } from './own-files.ts';
import { shownPath } from './project-path.ts';
import { repositoryOf } from './worktree.ts';

export type Trust = 'allowed' | 'denied' | 'unknown';

/** The files whose code was allowed, by absolute path, and what each of them held. */
export type ApprovedFiles = ReadonlyMap<string, Fingerprint>;

export interface Answer {
  readonly trust: Trust;
  /** Where the project is allowed by content: its files. undefined: by its path, whatever they hold. */
  readonly files: ApprovedFiles | undefined;
}

/** `project`: this directory; `worktrees`: this place in every worktree of its Git repository. */
export type TrustScope = 'project' | 'worktrees';

/** What an answer is about: a directory as the system knows it, whatever links led there, and its owner: another user's in its place is another one. */
interface Subject {
  readonly key: string;
  readonly path: string;
  readonly owner: number;
  /** For the worktrees of a repository: where in them the project is. */
  readonly below?: string;
}

const unknown: Answer = { trust: 'unknown', files: undefined };

/** Throws a DevshellError of code `state` where somebody else could have written the answer. */
export async function readTrust(root: string, dataDirectory: string): Promise<Trust> {
  return (await readAnswer(root, dataDirectory)).trust;
}

/** A denial wins, of the project or of its repository; then the answer for the project itself counts, then that for all worktrees. */
export function readAnswer(root: string, dataDirectory: string): Promise<Answer> {
  // Read at once: every start asks, and a turn of the loop costs more than all of it.
  return new Promise((resolveAnswer) => resolveAnswer(answerNow(root, dataDirectory)));
}

function answerNow(root: string, dataDirectory: string): Answer {
  const answers: Answer[] = [];
  for (const subject of subjectsOf(root)) {
    const content = readOwn(fileOf(subject, dataDirectory), directoriesOf(dataDirectory));
    answers.push(content === undefined ? unknown : answerIn(content, subject, resolve(root)));
  }
  return answers.find(({ trust }) => trust === 'denied') ?? answers.find(({ trust }) => trust === 'allowed') ?? unknown;
}

/**
 * Remembers the answer for the user, in place of an earlier one. Directories and files that are not there are made for the user alone.
 * @param files where the project is allowed by content.
 */
export async function writeTrust(root: string, trust: 'allowed' | 'denied', dataDirectory: string, files?: ApprovedFiles, scope: TrustScope = 'project'): Promise<void> {
  const [project, repository] = subjectsOf(root);
  const subject = scope === 'project' ? project : repository;
  if (subject === undefined) {
    const message = `${root} is in no Git repository that could share trust among its worktrees`;
    throw new DevshellError('usage', { message, hint: 'leave --worktrees out; a submodule, or a .git that is a symbolic link, shares with nobody' });
  }
  const { key: _, ...about } = subject;
  const base = resolve(root);
  // Relative to the root: so the worktrees of a repository share them, and a project that is reached by another path has them too.
  const content = files === undefined ? {} : { files: Object.fromEntries([...files].map(([path, seen]) => [shownPath(base, path), seen])) };
  const { path, ...rest } = about;
  await writeOwn(fileOf(subject, dataDirectory), `${JSON.stringify({ trust, root: path, ...rest, ...content })}\n`, directoriesOf(dataDirectory));
}

/** The files that hold the answers for a root, whether they are there or not: inputs of every build, so that a new answer is seen. */
export function trustFiles(root: string, dataDirectory: string): Promise<string[]> {
  return new Promise((resolveFiles) => resolveFiles(subjectsOf(root).map((subject) => fileOf(subject, dataDirectory))));
}

function directoriesOf(dataDirectory: string): string[] {
  return [dataDirectory, join(dataDirectory, 'trust')];
}

function fileOf({ key }: Subject, dataDirectory: string): string {
  return join(dataDirectory, 'trust', key);
}

/** The project, and the worktrees of the repository that it is in, if they can share. */
function subjectsOf(root: string): [Subject, ...Subject[]] {
  const project = projectSubject(root);
  const repository = repositoryOf(root);
  if (repository === undefined) return [project];
  const { directory, owner, below } = repository;
  return [project, { key: hash(`worktrees\0${directory}\0${below}`), path: directory, owner, below }];
}

function projectSubject(root: string): Subject {
  try {
    // As bytes: two names that are not UTF-8 may look the same as strings.
    const path = realpathSync.native(root, { encoding: 'buffer' });
    const { uid } = statSync(path);
    return { key: hash(path), path: path.toString(), owner: uid };
  } catch (error) {
    const message = `${root} is not a directory that can be entered`;
    throw new DevshellError('usage', { message, hint: 'name the directory of the project' }, { cause: error });
  }
}

function hash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Anything that is not word for word an answer for this very subject is none. */
function answerIn(content: string, { path, owner, below }: Subject, root: string): Answer {
  try {
    const answer = JSON.parse(content) as { readonly [name: string]: unknown } | null;
    if (answer?.['root'] !== path || answer['owner'] !== owner || answer['below'] !== below) return unknown;
    if (answer['trust'] === 'denied') return { trust: 'denied', files: undefined };
    if (answer['trust'] !== 'allowed') return unknown;
    if (!('files' in answer)) return { trust: 'allowed', files: undefined };
    const files = filesIn(answer['files'], root);
    return files === undefined ? unknown : { trust: 'allowed', files };
  } catch {
    return unknown;
  }
}

function filesIn(value: unknown, root: string): ApprovedFiles | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const files = new Map<string, Fingerprint>();
  for (const [path, seen] of Object.entries(value)) {
    if (typeof seen !== 'string' || !/^[0-9a-f]{64}$/.test(seen)) return undefined;
    files.set(resolve(root, path), seen);
  }
  return files;
}
