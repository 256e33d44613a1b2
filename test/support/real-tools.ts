// Tools that are installed for the tests alone: scripts/dependencies.mjs puts them there.
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const installed = resolve(import.meta.dirname, '../../scripts/test-tools/node_modules/.bin');

/** Where a tool is: there, or else on the PATH that the tests run with. */
export function realTool(name: string): string {
  const places = [installed, ...(process.env['PATH'] ?? '').split(delimiter)].map((directory) => join(directory, name));
  const found = places.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is missing: npm test installs it`);
  return found;
}
