// The directory that holds what devshell keeps of one project.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** It may lie in the project's own directory. Throws what the file system says. */
export function keepOutOfGit(state: string): void {
  try {
    writeFileSync(join(state, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
