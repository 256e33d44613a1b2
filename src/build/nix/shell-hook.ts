// Runs `shellHook` as `nix develop` does, in a shell that has every variable, array and function of the derivation, and tells what it changed.

import { rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isVariableName } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { bashQuote } from '../../script/quote.ts';
import { functionBody } from '../declared-function.ts';
import type { LayerContext } from '../layer.ts';
import { errorOutput, sayingLast } from '../tool-output.ts';
import type { DevelopmentEnvironment, NixValue } from './development-environment.ts';
import { belongsToBuilder } from './development-environment.ts';

/** Hooks install dependencies and wait for services. */
const timeoutMs = 3_600_000;
const maxBytes = 16 * 1024 * 1024;

export interface HookChanges {
  readonly set: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
  /** Bodies, without the braces. */
  readonly functions: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
}

export type HookOutcome = { readonly kind: 'ran'; readonly changes: HookChanges } | { readonly kind: 'failed'; readonly problem: Problem };

/** @param directory a private one, for the time of the run. */
export async function runShellHook(
  context: LayerContext,
  environment: DevelopmentEnvironment,
  directory: string,
  signal: AbortSignal,
): Promise<HookOutcome> {
  const file = join(directory, `hook-${randomUUID()}.bash`);
  await writeFile(file, definitions(environment), { mode: 0o600, flag: 'wx' });
  try {
    const { executor, root, draft, log } = context;
    const line = `exec bash --norc ${bashQuote(executor.script('nix/shell-hook.bash'))} ${bashQuote(file)}`;
    const { BASH_ENV: _unread, ...env } = draft.resolved();
    const result = await executor.runLine(line, { cwd: root, env, log, timeoutMs, maxBytes }, signal);
    signal.throwIfAborted();
    if (result.kind !== 'exited') return failed(result.kind === 'killed' ? `was ended by ${result.signal}` : result.kind, errorOutput(result));
    const changes = parseHookOutput(result.stdout);
    if (changes !== undefined) return { kind: 'ran', changes };
    return failed(result.exitCode === syntaxErrorStatus ? 'has a syntax error' : `ended its shell with ${result.exitCode}`, result.stderr, hintFor(environment));
  } finally {
    await rm(file, { force: true });
  }
}

/** True for a hook of assignments and output, from variables and nothing else: what it does follows from what it is given. */
export function isPlainHook(hook: string): boolean {
  const text = hook.replace(/\\\n/g, ' ');
  if (/`|\$\(|<|>|\||&|;|\*|\?|~/.test(text)) return false;
  return text.split('\n').every((line) => /^\s*($|#|(export\s+)?[A-Za-z_]\w*\+?=|(echo|printf|unset|alias)\s)/.test(line));
}

/** As shell/nix/shell-hook.bash says it. */
const syntaxErrorStatus = 97;

function failed(what: string, stderr: string, hint?: string): HookOutcome {
  return { kind: 'failed', problem: { message: `shellHook ${what}${sayingLast(stderr)}`, detail: stderr, ...(hint === undefined ? {} : { hint }) } };
}

function hintFor({ variables }: DevelopmentEnvironment): string | undefined {
  const hook = variables.get('shellHook')?.value;
  const isExec = typeof hook === 'string' && /(^|[;&|\s])exec\s+[^<>\s\d]/.test(hook);
  return isExec ? 'take exec out of it: devshell starts your shell itself' : 'it must not call exit, nor fail under set -e';
}

/** Shell code that defines all of it; what is exported already is in the environment of the process. */
function definitions({ variables, functions }: DevelopmentEnvironment): string {
  const lines: string[] = [];
  for (const [name, value] of variables) if (!belongsToBuilder(name) && isVariableName(name)) lines.push(definition(name, value));
  for (const [name, body] of functions) lines.push(`${name} ()\n{\n${body}\n}`);
  return `${lines.join('\n')}\n`;
}

function definition(name: string, value: NixValue): string {
  switch (value.type) {
    case 'exported':
      // The others are in the environment of the process, PATH with the user's own behind it.
      return name === 'shellHook' ? `shellHook=${bashQuote(value.value)}` : '';
    case 'var':
      return `${name}=${bashQuote(value.value)}`;
    case 'array':
      return `declare -a ${name}=(${value.value.map(bashQuote).join(' ')})`;
    case 'associative':
      return `declare -A ${name}=(${Object.entries(value.value).map(([key, item]) => `[${bashQuote(key)}]=${bashQuote(item)}`).join(' ')})`;
  }
}

interface HookState {
  readonly variable: Map<string, string>;
  readonly function: Map<string, string>;
  readonly alias: Map<string, string>;
}

/** Undefined where the hook ended its shell, so that the second state is missing. */
export function parseHookOutput(bytes: Uint8Array): HookChanges | undefined {
  const fields = new TextDecoder('utf-8').decode(bytes).split('\0');
  const states: HookState[] = [];
  let state = emptyState();
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [kind = '', name = '', text = ''] = fields.slice(at, at + 3);
    if (kind === 'variable' || kind === 'function' || kind === 'alias') state[kind].set(name, text);
    else if (kind === 'end') {
      states.push(state);
      state = emptyState();
    }
  }
  const [before, after] = states;
  return before === undefined || after === undefined ? undefined : changesBetween(before, after);
}

function emptyState(): HookState {
  return { variable: new Map(), function: new Map(), alias: new Map() };
}

function changesBetween(before: HookState, after: HookState): HookChanges {
  const changed = (from: Map<string, string>, to: Map<string, string>): [string, string][] => [...to].filter(([name, text]) => from.get(name) !== text);
  const isOurs = (name: string): boolean => !belongsToBuilder(name) || ['TMPDIR', 'TMP', 'TEMP', 'TEMPDIR', 'TZ', 'SSL_CERT_FILE'].includes(name);
  const defined = changed(before.function, after.function).map(([name]) => name);
  return {
    set: new Map(changed(before.variable, after.variable).filter(([name]) => isOurs(name))),
    unset: [...before.variable.keys()].filter((name) => isOurs(name) && !after.variable.has(name)),
    functions: new Map(withCallees(defined, after.function).map((name) => [name, functionBody(after.function.get(name) ?? '')])),
    aliases: new Map(changed(before.alias, after.alias)),
  };
}

/** The functions a hook defines, and those of the derivation that they call, so that they work in the user's shell. */
function withCallees(names: readonly string[], all: ReadonlyMap<string, string>): string[] {
  const found = new Set(names);
  for (const name of found) for (const word of (all.get(name) ?? '').match(/[A-Za-z_][\w.:-]*/g) ?? []) if (all.has(word)) found.add(word);
  return [...found].sort();
}
