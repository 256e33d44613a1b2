// `npm start`: installs, builds and opens the reloading shell in the example; without a terminal it plays the scene by itself.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { Unprepared, installPackages } from './dependencies.mjs';

const root = resolve(import.meta.dirname, '..');
const launcher = join(root, 'bin/devshell');
const example = join(root, 'docs/examples/hello');

function mustRun(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Unprepared(`${[command, ...args].join(' ')} failed`);
}

/** The exit code: that of devshell where devshell itself failed, else 0, whatever the last command in the shell was. */
async function openShell() {
  mustRun(launcher, ['allow', '--root', example]);
  console.log(`
This is your own shell, in docs/examples/hello. Edit devshell.toml there from
another terminal (GREETING, say), watch the bottom line, then type a command:
'hello'. 'exit' leaves.
`);
  for (const signal of ['SIGINT', 'SIGQUIT']) process.on(signal, () => undefined); // For the shell alone.
  const [code] = await once(spawn(launcher, [], { cwd: example, stdio: 'inherit' }), 'exit');
  return code === 125 ? 125 : 0;
}

async function playScene() {
  await import('./typescript.mjs');
  const { playScene } = await import('./scene.ts');
  return (await playScene(example)) ? 0 : 1;
}

try {
  installPackages();
  mustRun(process.execPath, ['scripts/build.mjs']);
  process.exitCode = process.stdin.isTTY && process.stdout.isTTY ? await openShell() : await playScene();
} catch (error) {
  console.error(error instanceof Unprepared ? error.message : error);
  process.exitCode = 1;
}
