// What `nix print-dev-env --json` prints, as data; and what `nix develop` makes of it before the shell starts.

import { ownOfOneShell } from '../../model/bash-variables.ts';

export type NixValue =
  | { readonly type: 'exported' | 'var'; readonly value: string }
  | { readonly type: 'array'; readonly value: readonly string[] }
  | { readonly type: 'associative'; readonly value: Readonly<Record<string, string>> };

export interface DevelopmentEnvironment {
  readonly variables: ReadonlyMap<string, NixValue>;
  /** Bodies, without the braces. */
  readonly functions: ReadonlyMap<string, string>;
  /** What a builder finds in `.attrs.json` and `.attrs.sh`; only where the derivation has structured attributes, and not before Nix 2.22. */
  readonly structuredAttributes: { readonly json: string; readonly sh: string } | undefined;
}

/** Undefined where it is not what Nix prints. What has another type, such as an integer of bash, is left out by Nix itself. */
export function parseDevelopmentEnvironment(text: string): DevelopmentEnvironment | undefined {
  const all = objectOf(tryParse(text));
  const variables = objectOf(all?.['variables']);
  if (all === undefined || variables === undefined) return undefined;
  const attributes = objectOf(all['structuredAttrs']);
  const [json, sh] = [attributes?.['.attrs.json'], attributes?.['.attrs.sh']];
  return {
    variables: new Map(Object.entries(variables).flatMap(([name, entry]) => valueOf(entry).map((value) => [name, value] as const))),
    functions: new Map(Object.entries(objectOf(all['bashFunctions']) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    structuredAttributes: typeof json === 'string' && typeof sh === 'string' ? { json, sh } : undefined,
  };
}

/**
 * What the builder wrote, where Nix cannot read it back: it escapes newlines, tabs and returns, and no other control character
 * (Nix 2.8 to 2.36; NixOS/nix#6463).
 */
export function repaired(text: string): string {
  return [...text].map((character) => (character < ' ' && character !== '\n' ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character)).join('');
}

function valueOf(entry: unknown): NixValue[] {
  const { type, value } = objectOf(entry) ?? {};
  if ((type === 'exported' || type === 'var') && typeof value === 'string') return [{ type, value }];
  if (type === 'array' && Array.isArray(value)) return [{ type, value: value.map(String) }];
  const record = objectOf(value);
  if (type !== 'associative' || record === undefined) return [];
  return [{ type, value: Object.fromEntries(Object.entries(record).map(([key, item]) => [key, String(item)])) }];
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The store paths that an installation would go to, and where `nix develop` has it go: `outputs/NAME` in the working directory. */
export function outputRewrites({ variables }: DevelopmentEnvironment, directory: string): ReadonlyMap<string, string> {
  const outputs = variables.get('outputs');
  if (outputs === undefined) return new Map();
  const named = (names: readonly string[]): [string, string][] =>
    names.flatMap((name) => {
      const path = variables.get(name)?.value;
      return typeof path === 'string' && path !== '' ? [[path, `${directory}/outputs/${name}`]] : [];
    });
  switch (outputs.type) {
    case 'exported':
    case 'var':
      return new Map(named(outputs.value.split(/\s+/).filter((name) => name !== '')));
    case 'array':
      return new Map(named(outputs.value));
    case 'associative':
      return new Map(Object.entries(outputs.value).map(([name, path]) => [path, `${directory}/outputs/${name}`]));
  }
}

/** Every value, function and attribute with `rewrites` applied, as the form of `print-dev-env` that is not JSON does. */
export function rewritten(environment: DevelopmentEnvironment, rewrites: ReadonlyMap<string, string>): DevelopmentEnvironment {
  const text = (value: string): string => [...rewrites].reduce((changed, [from, to]) => changed.replaceAll(from, to), value);
  const { structuredAttributes } = environment;
  return {
    variables: new Map([...environment.variables].map(([name, value]) => [name, mapped(value, text)])),
    functions: new Map([...environment.functions].map(([name, body]) => [name, text(body)])),
    structuredAttributes: structuredAttributes && { json: text(structuredAttributes.json), sh: text(structuredAttributes.sh) },
  };
}

function mapped(value: NixValue, text: (from: string) => string): NixValue {
  switch (value.type) {
    case 'exported':
    case 'var':
      return { type: value.type, value: text(value.value) };
    case 'array':
      return { type: value.type, value: value.value.map(text) };
    case 'associative':
      return { type: value.type, value: Object.fromEntries(Object.entries(value.value).map(([key, item]) => [text(key), text(item)])) };
  }
}

/** What belongs to the builder and not to a shell: the list of `nix develop`, and what a user's shell has of its own. */
const ofBuilder: ReadonlySet<string> = new Set([
  ...['HOME', 'NIX_BUILD_TOP', 'NIX_ENFORCE_PURITY', 'NIX_LOG_FD', 'NIX_REMOTE', 'SSL_CERT_FILE', 'TEMP', 'TEMPDIR', 'TERM', 'TMP', 'TMPDIR', 'TZ'],
  ...['BASH', 'COLUMNS', 'LINES', 'SHELL', ...ownOfOneShell],
]);

export function belongsToBuilder(name: string): boolean {
  return ofBuilder.has(name) || /^(BASH_|COMP_|EPOCH)/.test(name);
}

/** The elements of a list that Nix puts in front of the user's; where no PATH was set there is a placeholder. */
export function listElements(value: string): string[] {
  return value.split(':').filter((element) => element !== '' && element !== '/path-not-set');
}
