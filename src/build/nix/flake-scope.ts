// Which part of a flake's tree its evaluation can see. It may read any file of the tree, and nothing tells which it did; but most
// development shells name no other file, and then it is enough to know the code.

import { codeOf, pathLiterals, targetOf } from './nix-code.ts';

/** `code`: Nix files, and the files that they name; `tree`: everything. */
export type FlakeScope =
  | { readonly kind: 'code'; readonly named: readonly string[] }
  | { readonly kind: 'tree'; readonly because: string };

export interface NixFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly text: string;
}

/** What gives code a path into the tree that stands nowhere as such. */
const openings: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w./+~-])(?:\.\.?\/)+(?:\.\.?)?(?![\w.+$-])/, 'a path to a directory'],
  [/(?<![\w./+~-])\.{1,2}\/[\w./+-]*(?:\$\{|\s*\)?\s*\+)|toString\s*\(?\s*\.{1,2}\//, 'a path that is put together'],
  [/(?<![\w'-])(?:dirOf|unsafeGetAttrPos|__unsafeGetAttrPos|__curPos|getFlake|__getFlake)(?![\w'-])/, 'a function that leads to other files'],
  [/(?<![\w'-])self(?![\w'-])(?!\s*(?:[,:]|\}\s*[:@])|\s*\.\s*(?:packages|devShells?|legacyPackages|lib|overlays?|apps|checks|formatter)(?![\w'-]))/, 'self'],
];

export function flakeScope(files: readonly NixFile[], isFile: (path: string) => boolean): FlakeScope {
  const named = new Set<string>();
  for (const { path, text } of files) {
    const code = codeOf(text);
    const opening = openings.find(([pattern]) => pattern.test(code))?.[1] ?? wholeArgument(code);
    if (opening !== undefined) return { kind: 'tree', because: `${path} uses ${opening}` };
    for (const literal of pathLiterals(code)) {
      const target = targetOf(path, literal) ?? '';
      const file = [target, `${target}/default.nix`].find(isFile);
      if (file === undefined) return { kind: 'tree', because: `${path} names ${literal}` };
      named.add(file);
    }
  }
  return { kind: 'code', named: [...named].sort() };
}

/** The set of all inputs has `self` in it: whoever hands it on hands on the tree. Only its parts may be used. */
function wholeArgument(code: string): string | undefined {
  const binders = code.matchAll(/\}\s*@\s*([A-Za-z_][\w'-]*)|([A-Za-z_][\w'-]*)\s*@\s*\{|outputs\s*=\s*([A-Za-z_][\w'-]*)\s*:/g);
  const names = new Set(['inputs', ...[...binders].map(([, after, before, alone]) => after ?? before ?? alone ?? '')]);
  return [...names].find((name) => {
    const use = new RegExp(`(?<![\\w'-])${name}(?![\\w'-])(?!\\s*(?::|@|=\\s*\\{|\\.\\s*[A-Za-z_"]))(?<!@\\s*${name})`);
    return use.test(code);
  });
}
