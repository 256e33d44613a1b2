// Where the files that come with the package lie: beside the bundle, which stands one folder below the package's own.

import { join } from 'node:path';

const bundleDirectory = __dirname;
export const packageDirectory = join(bundleDirectory, '..');
export const shellDirectory = join(packageDirectory, 'shell');
export const coordinatorFile = join(bundleDirectory, 'coordinator.cjs');
/** Everything of devshell's own that evaluates. */
export const bundleFiles: readonly string[] = [join(bundleDirectory, 'main.cjs'), coordinatorFile];
export const guardScript = join(shellDirectory, 'guard.sh');
export const execScript = join(shellDirectory, 'exec.bash');
