// `npm run bench`: installs what is compared with, builds, and measures.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Unprepared, installPackages, installTools } from './dependencies.mjs';

const root = resolve(import.meta.dirname, '..');

function mustRun(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Unprepared(`${args.join(' ')} failed`);
}

try {
  installTools();
  installPackages();
  mustRun('scripts/build.mjs');
  mustRun('--import', './scripts/typescript.mjs', 'test/bench/main.ts', ...process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Unprepared ? error.message : error);
  process.exitCode = 1;
}
