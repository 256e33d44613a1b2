// Where programs keep what is the user's, by the XDG base directory specification. What is set to nothing is not set.
import { join } from 'node:path';

const places = {
  config: ['XDG_CONFIG_HOME', '.config'],
  data: ['XDG_DATA_HOME', '.local/share'],
  cache: ['XDG_CACHE_HOME', '.cache'],
} as const;

/** @param home what stands in for `$HOME` where it is not set either. */
export function userDirectory(kind: keyof typeof places, variable: (name: string) => string | undefined, home: string): string {
  const [name, below] = places[kind];
  return variable(name) || join(variable('HOME') || home, below);
}
