// The version, as package.json has it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageDirectory } from './package-files.ts';

export function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8')) as { version: string };
  return text;
}
