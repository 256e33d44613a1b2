// What `nix = "..."` names: a Nix file, a flake of this machine, or one from elsewhere.

import { isAbsolute, resolve } from 'node:path';

export type NixReference =
  | { readonly kind: 'file'; readonly path: string; readonly attribute: string | undefined; readonly options: readonly string[] }
  | { readonly kind: 'flake'; readonly installable: string; readonly source: FlakeSource; readonly options: readonly string[] };

/** `git`: what Nix takes from a directory where it is below a Git repository; `path`: all of the directory, asked for as such. */
export type FlakeSource =
  | { readonly kind: 'local'; readonly directory: string; readonly as: 'git' | 'path' }
  | { readonly kind: 'remote' };

/** Undefined where nothing is named. Words after the first are options for Nix, as in `. --impure` or `default.nix -A shell`. */
export function parseReference(text: string, root: string): NixReference | undefined {
  const [first, ...options] = words(text);
  if (first === undefined || first.startsWith('-')) return undefined;
  if (first.endsWith('.nix')) return fileReference(resolve(root, first), options);
  return { kind: 'flake', installable: first, source: flakeSource(first, root), options };
}

function fileReference(path: string, options: readonly string[]): NixReference {
  const rest: string[] = [];
  let attribute: string | undefined;
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (option === '-A' || option === '--attr') attribute = options[++at];
    else rest.push(option);
  }
  return { kind: 'file', path, attribute, options: rest };
}

function flakeSource(installable: string, root: string): FlakeSource {
  const [location = ''] = installable.split('#');
  const [address = '', query = ''] = location.split('?');
  const scheme = /^(path|git\+file):(?:\/\/(?=\/))?(.*)$/.exec(address);
  const path = scheme?.[2] ?? address;
  const isLocal = scheme !== null || path === '' || isAbsolute(path) || /^\.{1,2}(\/|$)/.test(path);
  const asked = new URLSearchParams(query);
  // Nothing of a submodule, another branch or an earlier commit is what lies there.
  if (!isLocal || ['submodules', 'ref', 'rev'].some((name) => asked.has(name))) return { kind: 'remote' };
  const below = asked.get('dir') ?? '';
  return { kind: 'local', directory: resolve(root, path, below), as: scheme?.[1] === 'path' ? 'path' : 'git' };
}

/** The first option by which an evaluation may come to depend on what is not watched; undefined where there is none. */
export function openingOption(options: readonly string[]): string | undefined {
  for (let at = 0; at < options.length; at++) {
    const option = options[at] ?? '';
    if (option === '--argstr') at += 2;
    else if (!harmless.has(option)) return option;
  }
  return undefined;
}

const harmless = new Set(['--accept-flake-config', '--no-accept-flake-config', '--offline', '--show-trace', '--print-build-logs', '-L']);

/** Words as a shell has them, with quotes and without anything else. */
function words(text: string): string[] {
  const found = text.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return found.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_all, single?: string, double?: string) => single ?? double ?? ''));
}
