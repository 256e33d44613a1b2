// Reads the configuration of a project: defaults, then the user's settings, devshell.toml, devshell.local.toml.
import { join } from 'node:path';
import type { Problem } from '../model/problem.ts';
import { check } from './check.ts';
import type { Configuration } from './configuration.ts';
import { detectedLayer } from './detected.ts';
import type { Look } from './detection.ts';
import type { Document } from './document.ts';
import { parseDocument } from './document.ts';
import { foreignProblem } from './foreign.ts';
import { keyConflicts } from './key-conflict.ts';
import { layerOf, merge } from './layer.ts';
import type { TableShape } from './schema.ts';
import { projectShape, userShape } from './schema.ts';
import type { Read } from './source.ts';
import { readSource } from './source.ts';

export type { Read } from './source.ts';

export type Loaded =
  | { readonly kind: 'loaded'; readonly configuration: Configuration }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

interface FileRead {
  readonly kind: 'missing' | 'present';
  readonly document: Document | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Every mistake of every file is reported at once. Where the project has neither file, what was found there is the configuration.
 * `userSettingsFile` is absolute, or empty for none. Where nobody looks for commands, none is there.
 */
export async function loadConfiguration(root: string, userSettingsFile: string, read: Read, hasCommand: Look['hasCommand'] = noCommand): Promise<Loaded> {
  const [user, project, local] = await Promise.all([
    readFile(userSettingsFile, userSettingsFile, userShape, read),
    readFile(join(root, 'devshell.toml'), 'devshell.toml', projectShape, read),
    readFile(join(root, 'devshell.local.toml'), 'devshell.local.toml', projectShape, read),
  ]);
  const files = [user, project, local];
  const documents = files.flatMap(({ document }) => document ?? []);
  const problems = [...files.flatMap((file) => file.problems), ...keyConflicts(documents)];
  if (problems.length > 0) return { kind: 'invalid', problems };
  const layers = documents.map(layerOf);
  if (project.kind === 'missing' && local.kind === 'missing') layers.push(await detectedLayer(root, read, hasCommand));
  return { kind: 'loaded', configuration: merge(layers) };
}

function noCommand(): Promise<boolean> {
  return Promise.resolve(false);
}

async function readFile(path: string, name: string, shape: TableShape, read: Read): Promise<FileRead> {
  const missing: FileRead = { kind: 'missing', document: undefined, problems: [] };
  if (path === '') return missing;
  const result = await readSource(path, name, read);
  if (result.kind === 'missing') return missing;
  if (result.kind === 'unusable') return { kind: 'present', document: undefined, problems: [result.problem] };
  const parsed = parseDocument(result.source);
  if (parsed.kind === 'syntax') return { kind: 'present', document: undefined, problems: [...result.problems, parsed.problem] };
  const foreign = foreignProblem(parsed.document);
  if (foreign !== undefined) return { kind: 'present', document: undefined, problems: [foreign] };
  return { kind: 'present', document: parsed.document, problems: [...result.problems, ...check(parsed.document, shape)] };
}
