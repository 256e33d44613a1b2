// Where PATH leads.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';

/** The directories of a PATH in their order; relative ones would depend on where one is. */
export function searchDirectories(searchPath: string): string[] {
  return [...new Set(searchPath.split(':').filter(isAbsolute))];
}

export async function isCommand(directory: string, name: string): Promise<boolean> {
  const path = resolve(directory, name);
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

export async function hasCommand(name: string, searchPath: string): Promise<boolean> {
  for (const directory of searchDirectories(searchPath)) if (await isCommand(directory, name)) return true;
  return false;
}
