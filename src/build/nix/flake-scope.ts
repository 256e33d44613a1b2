// Which part of a flake's tree its evaluation can see. It may read any file of the tree, and nothing tells which it did; but most
// development shells name no other file, and then it is enough to know the code.

import { codeOf, pathLiterals, targetOf } from './nix-code.ts';

/** `code`: the Nix files that lead to each other by name, and what else they name; `tree`: everything. Paths are relative to the tree. */
export type FlakeScope =
  | { readonly kind: 'code'; readonly files: readonly string[] }
  | { readonly kind: 'tree'; readonly because: string };

/** Files that nobody imports. */
const data = /\.(?:json|toml|ya?ml|xml|csv|ini|cfg|conf|env|lock|txt|md|patch|diff|sh|bash|py|rb|js|ts|c|h|rs|go|pem|key|pub)$/;

/** What gives code a path into the tree that stands nowhere as such. */
const openings: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w./+~-])(?:\.\.?\/)+(?:\.\.?)?(?![\w.+$-])/, 'a path to a directory'],
  [/(?<![\w./+~-])\.{1,2}\/[\w./+-]*(?:\$\{|\s*\)?\s*\+)|toString\s*\(?\s*\.{1,2}\//, 'a path that is put together'],
  [/(?<![\w'-])(?:dirOf|unsafeGetAttrPos|__unsafeGetAttrPos|__curPos|getFlake|__getFlake)(?![\w'-])/, 'a function that leads to other files'],
  [/(?<![\w'-])self(?![\w'-])(?!\s*(?:[,:]|\}\s*[:@])|\s*\.\s*(?:packages|devShells?|legacyPackages|lib|overlays?|apps|checks|formatter)(?![\w'-]))/, 'self'],
];

export async function flakeScope(start: string, textOf: (path: string) => Promise<string>, isFile: (path: string) => boolean): Promise<FlakeScope> {
  const files = new Set([start]);
  for (const path of files) {
    if (data.test(path)) continue;
    const code = codeOf(await textOf(path));
    const opening = openings.find(([pattern]) => pattern.test(code))?.[1] ?? wholeArgument(code);
    if (opening !== undefined) return { kind: 'tree', because: `${path} uses ${opening}` };
    for (const literal of pathLiterals(code)) {
      const target = targetOf(path, literal) ?? '';
      const file = [target, `${target}/default.nix`].find(isFile);
      if (file === undefined) return { kind: 'tree', because: `${path} names ${literal}` };
      files.add(file);
    }
  }
  return { kind: 'code', files: [...files].sort() };
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
