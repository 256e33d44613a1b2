// Aliases, functions and completions that an .envrc exports, as shell/envrc/exports.bash writes them down.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionBody } from '../declared-function.ts';
import { wordsOf } from './words.ts';

export interface Definitions {
  readonly aliases: ReadonlyMap<string, string>;
  /** Bodies, without the braces. */
  readonly functions: ReadonlyMap<string, string>;
  /** What `complete` is to be called with, without the name of the command. */
  readonly completions: ReadonlyMap<string, string>;
}

export const noDefinitions: Definitions = { aliases: new Map(), functions: new Map(), completions: new Map() };

export function readDefinitions(directory: string): Definitions {
  const read = (name: string): string => (existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'utf8') : '');
  const bodies = new Map(pairs(read('functions')).map(([name, text]) => [name, functionBody(text)]));
  const specs = new Map(read('completions').split('\n').filter((line) => line !== '').map(completionOf));
  const functions = withHelpers(parts(read('exported')), [...specs.values()], bodies);
  return { aliases: new Map(pairs(read('aliases'))), functions, completions: specs };
}

function parts(text: string): string[] {
  return text.split('\0').slice(0, -1);
}

function pairs(text: string): (readonly [string, string])[] {
  const all = parts(text);
  return all.flatMap((name, index) => (index % 2 === 0 ? [[name, all[index + 1] ?? ''] as const] : []));
}

/** `complete ARGUMENTS NAME`. */
function completionOf(line: string): [string, string] {
  const words = wordsOf(line);
  const name = words.at(-1) ?? '';
  return [name, line.slice('complete '.length, line.trimEnd().lastIndexOf(' ')).trim()];
}

/** Completion functions and, since they are made of others, all those with an underscore in front that they name. */
function withHelpers(exported: readonly string[], specs: readonly string[], bodies: ReadonlyMap<string, string>): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const name of exported) wanted.set(name, bodies.get(name) ?? ':');
  const open = specs.flatMap((spec) => {
    const words = wordsOf(spec);
    return words.flatMap((word, index) => (words[index - 1] === '-F' ? [word] : []));
  });
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const body = bodies.get(name);
    if (body === undefined || wanted.has(name)) continue;
    wanted.set(name, body);
    open.push(...(body.match(/(?<![\w-])_[\w:-]*/g) ?? []));
  }
  return wanted;
}
