// `[load] dotenv`: files of NAME=value lines, the later ones over the earlier.

import { resolve } from 'node:path';
import type { DotenvFile } from '../../config/configuration.ts';
import { shownPath } from '../../config/project-path.ts';
import { unsettable } from '../../config/rule.ts';
import type { Place, Problem } from '../../model/problem.ts';
import type { DotenvEntry } from '../dotenv.ts';
import { parseDotenv } from '../dotenv.ts';
import type { Layer, LayerContext } from '../layer.ts';
import { nameProblems } from '../layer.ts';

export const dotenvLayer: Layer = async (context) => {
  const problems: Problem[] = [];
  for (const file of context.configuration.load.dotenv) problems.push(...(await loadFile(context, file)));
  return problems;
};

async function loadFile({ root, draft, reader, log }: LayerContext, wanted: DotenvFile): Promise<readonly Problem[]> {
  const path = resolve(root, wanted.file);
  const shown = shownPath(root, path);
  const bytes = await reader.read(path).catch((error: unknown) => error as Error);
  if (bytes instanceof Error) return [{ message: `cannot read ${shown}: ${bytes.message}`, ...wanted.at }];
  if (bytes === undefined) {
    const hint = `create it, or write { file = "${wanted.file}", optional = true }`;
    return wanted.optional ? [] : [{ message: `no dotenv file ${shown}`, hint, ...wanted.at }];
  }
  const { entries, problems } = parseDotenv(shown, decode(bytes), (name) => draft.get(name));
  const reserved = entries.flatMap(({ name, line }) => [...nameProblems(name, { file: shown, line }), ...codeProblems(name, { file: shown, line })]);
  const locked = encrypted(entries);
  if (locked.size > 0) log(`${shown}: left out what is encrypted, ${[...locked].join(', ')}: [load] exec = [{ run = "dotenvx get --format json", inputs = ["${wanted.file}", ".env.keys"] }] decrypts it\n`);
  for (const { name, value, line } of entries) if (!locked.has(name)) draft.set(name, value, { layer: 'dotenv', file: shown, line });
  return [...problems, ...reserved];
}

/** The names whose values dotenvx has encrypted: nobody but dotenvx can use them, and that reads the file itself. */
function encrypted(entries: readonly DotenvEntry[]): ReadonlySet<string> {
  const isOfDotenvx = entries.some(({ name }) => name.startsWith('DOTENV_PUBLIC_KEY'));
  return new Set(isOfDotenvx ? entries.filter(({ value }) => value.startsWith('encrypted:')).map(({ name }) => name) : []);
}

/** A file of data is no way to have the shell run something. */
function codeProblems(name: string, place: Place): Problem[] {
  const reason = unsettable.get(name);
  return reason === undefined ? [] : [{ message: `${name} cannot be set: ${reason}`, hint: 'take it out', ...place }];
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(bytes);
}
