// What a configuration file of mise says of other files.
import { parse } from 'smol-toml';

export interface MiseFile {
  /** The files it loads: paths, patterns, templates. */
  readonly names: readonly string[];
  /** Names of files that are loaded from every directory above. */
  readonly envFiles: readonly string[];
  /** What it computes besides: a function, a plugin. */
  readonly computing: string | undefined;
}

/** `_.file`, `_.source` and `_.python.venv` wherever variables are set, and the setting `env_file`. */
export function readMise(text: string): MiseFile {
  const { tasks: _, ...document } = parsed(text);
  const names: string[] = [];
  const plugins: string[] = [];
  for (const set of [document['env'], document['vars']].flatMap(listOf)) {
    const { file, source, python, path: _path, ...others } = tableOf(tableOf(set)['_']);
    names.push(...[file, source].flatMap(pathsOf), ...pathsOf(tableOf(python)['venv']).map((directory) => `${directory}/pyvenv.cfg`));
    plugins.push(...Object.keys(others).map((name) => `_.${name}`));
  }
  const [, called] = /\{[{%][^}]*\b(exec|read_file|hash_file|file_size|last_modified)\s*\(/.exec(JSON.stringify(document)) ?? [];
  const envFiles = [document['env_file'], tableOf(document['settings'])['env_file']].flatMap(pathsOf);
  return { names, envFiles, computing: called ?? plugins[0] };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch {
    return {}; // mise says what is wrong with it.
  }
}

function pathsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(pathsOf) : typeof value === 'object' && value !== null ? pathsOf(tableOf(value)['path']) : [];
}

function listOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
}

function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
