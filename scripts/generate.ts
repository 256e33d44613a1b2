// Writes what is generated: docs/devshell.schema.json and the reference in docs/configuration.md from the schema of the configuration,
// docs/cli.md from the table of commands. `--check` writes nothing and fails where something is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { referenceText } from '../src/cli/help.ts';
import { generated } from './schema.ts';

const root = process.cwd();

function current(name: string): string | undefined {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return undefined;
  }
}

const files = new Map([...generated(current('docs/configuration.md') ?? ''), ['docs/cli.md', referenceText()]]);
const stale = [...files].filter(([name, content]) => current(name) !== content);
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`${name} is stale: npm run generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, content] of stale) writeFileSync(join(root, name), content);
}
