// Recognises a devshell.toml of numtide/devshell, a tool for Nix whose file has the same name.
import type { Problem } from '../model/problem.ts';
import type { Document, Entry } from './document.ts';
import { problemAt } from './document.ts';

/** The one problem worth saying about such a file, at the first key that gives it away. */
export function foreignProblem({ source, root }: Document): Problem | undefined {
  const first = [...root.entries].filter(isTheirs).sort(([, a], [, b]) => a.key.start - b.key.start)[0];
  if (first === undefined) return undefined;
  const message = `this ${source.file} belongs to numtide/devshell, another tool (\`${first[0]}\` is its key)`;
  const hint = 'give that file another name, also where Nix imports it (importTOML, fromTOML); then devshell init writes one for this tool';
  return problemAt(source, first[1].key, message, hint);
}

function isTheirs([name, { node }]: readonly [string, Entry]): boolean {
  switch (name) {
    case 'devshell':
      return node.kind === 'table';
    case 'commands':
    case 'imports':
      return node.kind === 'list';
    case 'env':
      return node.kind === 'list' && node.items.length > 0 && node.items.every((item) => item.kind === 'table' && item.entries.has('name'));
    default:
      return false;
  }
}
