// What shell code did to the exported variables, from what shell/exec-code.bash says about it.

import { bashVariables } from '../model/bash-variables.ts';

export type ShellOutput =
  | { readonly kind: 'evaluated'; readonly set: ReadonlyMap<string, string>; readonly unset: readonly string[] }
  /** A syntax error, or the code ended its shell. */
  | { readonly kind: 'unfinished' };

/** What a shell keeps itself, and what is not the code's doing. */
const kept = [...bashVariables.kept, ...bashVariables.readonly, ...bashVariables.hooks, ...bashVariables.prompts];
/** Point into the directory that code of `nix print-dev-env` makes for a build; it is gone by now. */
const ofBuild = ['NIX_BUILD_TOP', 'TMP', 'TMPDIR', 'TEMP', 'TEMPDIR'];

export function parseShellOutput(bytes: Uint8Array): ShellOutput {
  const parts = new TextDecoder('utf-8').decode(bytes).split('\0');
  const [before, next] = section(parts, 0);
  const [after] = section(parts, next);
  if (before === undefined || after === undefined) return { kind: 'unfinished' };
  const top = after.get('NIX_BUILD_TOP') ?? '';
  const ignored = new Set<string>([...kept, ...(top.includes('/nix-shell.') && top !== before.get('NIX_BUILD_TOP') ? ofBuild : [])]);
  const set = [...after].filter(([name, value]) => !ignored.has(name) && before.get(name) !== value);
  const unset = [...before.keys()].filter((name) => !ignored.has(name) && !after.has(name));
  return { kind: 'evaluated', set: new Map(set), unset };
}

/** The pairs from `start` to the empty name that closes them, and where the next section begins; undefined where it is not closed. */
function section(parts: readonly string[], start: number): [Map<string, string> | undefined, number] {
  const variables = new Map<string, string>();
  for (let at = start; at + 1 < parts.length; at += 2) {
    const name = parts[at] ?? '';
    if (name === '') return [variables, at + 1];
    variables.set(name, parts[at + 1] ?? '');
  }
  return [undefined, parts.length];
}

export interface ShellError {
  readonly line: number;
  readonly message: string;
}

/** What bash itself found wrong with a line of the code; the code came to it by a descriptor. */
export function shellErrors(stderr: string): ShellError[] {
  return [...stderr.matchAll(/^\/dev\/fd\/\d+: line (\d+): (.*)$/gm)].map(([, line, message = '']) => ({ line: Number(line), message }));
}
