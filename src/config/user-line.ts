// Remembers where the user wants to see the state: one value in the user's settings file, and nothing else of that file.
import { mkdir, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { DevshellError } from '../model/problem.ts';
import type { StatusMode } from '../model/settings.ts';
import { writeLastingFile } from '../system/private-file.ts';
import type { Document } from './document.ts';
import { nodeAt, parseDocument, problemAt } from './document.ts';
import { configurationNames } from './project.ts';
import type { Read } from './source.ts';
import { placeAt, readSource, sourceOf } from './source.ts';

/** What a file of the project says, and where. */
export interface ProjectLine {
  readonly mode: string;
  readonly file: string;
  readonly line: number;
}

const mostLinks = 40;

/** Writes `[status] line` into the settings file, made if it is missing. Throws a DevshellError, and touches nothing, where that cannot be done. */
export async function rememberLine(file: string, mode: StatusMode): Promise<'written' | 'same'> {
  const source = await readSource(file, file, readFile);
  if (source.kind === 'unusable') throw refused(file, [source.problem]);
  if (source.kind === 'text' && source.problems.length > 0) throw refused(file, source.problems);
  const before = source.kind === 'missing' ? '' : source.source.text;
  const after = withStatusLine(before, file, mode);
  if (after === before) return 'same';
  await replaceFile(file, after);
  return 'written';
}

/** The text with `line` of `[status]` as wanted; everything else, comments above all, stays as it is. */
export function withStatusLine(text: string, file: string, mode: StatusMode): string {
  const value = JSON.stringify(mode);
  const document = documentOf(text, file);
  const status = nodeAt(document, 'status');
  const line = nodeAt(document, 'status', 'line');
  if (line?.kind === 'string') return line.value === mode ? text : `${text.slice(0, line.spot.start)}${value}${text.slice(line.spot.end)}`;
  if (status === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${text.trim() === '' ? '' : '\n'}[status]\nline = ${value}\n`;
  if (status.kind !== 'table' || line !== undefined) {
    const { spot } = line ?? status;
    throw refused(file, [problemAt(document.source, spot, 'this is not what [status] can hold', 'write [status], and line = "bottom" below it')]);
  }
  const opening = text[status.spot.start];
  const after = opening === '{' ? inInlineTable(text, status.spot.end, status.entries.size, value) : inTable(text, status.spot.end, value);
  return verified(after, file, mode);
}

/** What the project says over the user's settings, of the file that wins; a file with mistakes says nothing here. */
export async function projectLine(root: string, read: Read): Promise<ProjectLine | undefined> {
  for (const name of configurationNames.toReversed()) {
    const source = await readSource(join(root, name), name, read);
    if (source.kind !== 'text') continue;
    const parsed = parseDocument(source.source);
    const node = parsed.kind === 'document' ? nodeAt(parsed.document, 'status', 'line') : undefined;
    if (node?.kind === 'string') return { mode: node.value, file: name, line: placeAt(source.source, node.spot.start).line };
  }
  return undefined;
}

function documentOf(text: string, file: string): Document {
  const parsed = parseDocument(sourceOf(file, text));
  if (parsed.kind === 'syntax') throw refused(file, [parsed.problem]);
  return parsed.document;
}

/** Behind the line of the header. */
function inTable(text: string, headerEnd: number, value: string): string {
  const end = text.indexOf('\n', headerEnd);
  return end < 0 ? `${text}\nline = ${value}\n` : `${text.slice(0, end + 1)}line = ${value}\n${text.slice(end + 1)}`;
}

function inInlineTable(text: string, end: number, entries: number, value: string): string {
  const before = text.slice(0, end - 1).trimEnd();
  return `${before}${entries === 0 ? '' : ','} line = ${value} }${text.slice(end)}`;
}

/** There are more ways to write a table than are worth knowing here: what came out is read again. */
function verified(text: string, file: string, mode: StatusMode): string {
  const parsed = parseDocument(sourceOf(file, text));
  const line = parsed.kind === 'document' ? nodeAt(parsed.document, 'status', 'line') : undefined;
  if (line?.kind === 'string' && line.value === mode) return text;
  throw refused(file, [{ message: `${file}: [status] is written in a way that cannot be edited`, file, hint: `write line = "${mode}" under [status] yourself` }]);
}

function refused(file: string, problems: readonly Problem[]): DevshellError {
  const first: Problem = { message: `it cannot be remembered: ${file} is left as it is, because of this:` };
  return new DevshellError('config', [first, ...problems]);
}

/** Whole or not at all. A link stays a link; the file keeps its mode. */
async function replaceFile(file: string, text: string): Promise<void> {
  try {
    const target = await behindLinks(file);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const mode = await stat(target).then((stats) => stats.mode & 0o777, () => 0o600);
    await writeLastingFile(target, text, mode);
  } catch (cause) {
    const problem = { message: `it cannot be remembered: ${file} cannot be written: ${(cause as Error).message}`, hint: `may you write ${dirname(file)}?` };
    throw new DevshellError('config', problem, { cause });
  }
}

/** The file that a link, and every link behind that, stands for, whether it is there or not. */
async function behindLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < mostLinks; links++) {
    const next = await readlink(target).catch(() => undefined);
    if (next === undefined) return target;
    target = resolve(dirname(target), next);
  }
  throw new Error('too many symbolic links');
}
