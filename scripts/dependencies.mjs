// What has to be there before anything can be built: npm's packages, and for the tests some of Debian's.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const testTools = join(root, 'scripts/test-tools');

/** A message for people, without a stack. */
export class Unprepared extends Error {}

/** Installs the locked packages unless exactly they are there, and makes sure that what is native runs here. */
export function installPackages() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Unprepared(`Node.js 20.19 or newer is needed; this is ${process.versions.node}`);
  if (!packagesAreFresh(root)) run('npm', ['ci', '--no-audit', '--no-fund']);
  if (nativePackagesLoad()) return;
  // A user's ignore-scripts, or node_modules from another machine.
  run('npm', ['rebuild', 'node-pty', 'esbuild', '--ignore-scripts=false']);
  if (!nativePackagesLoad()) throw new Unprepared('node-pty could not be built; it needs python3, make and g++');
}

/** npm writes down what it has installed; the same versions with the same content are wanted. */
function packagesAreFresh(directory) {
  const wanted = readLock(directory, 'package-lock.json');
  const installed = readLock(directory, 'node_modules/.package-lock.json');
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return entry.optional === true; // For another platform.
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function readLock(directory, path) {
  try {
    return JSON.parse(readFileSync(join(directory, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function nativePackagesLoad() {
  const probe = "require('node-pty').spawn; require('esbuild').transformSync('')";
  return spawnSync(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' }).status === 0;
}

/** Installs what the tests need besides the locked packages. */
export function installTools() {
  installDebianPackages();
  if (!packagesAreFresh(testTools)) run('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--no-update-notifier'], { cwd: testTools });
  // npm carries it for Linux on x64 only, as far as is locked here.
  const mise = existsSync(join(testTools, 'node_modules/.bin/mise')) || isInstalled('mise');
  if (!mise) throw new Unprepared('the tests need mise: https://mise.jdx.dev says how to install it');
}

/** When they are missing, and that is allowed; else says what to install. */
function installDebianPackages() {
  const missing = missingTools();
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(({ name }) => name))].join(' ');
  const commands = missing.map(({ command }) => command).join(', ');
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    throw new Unprepared(`the tests need ${commands}; on Debian: sudo apt-get install ${packages}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages.split(' ')], { env });
  const left = missingTools();
  if (left.length > 0) throw new Unprepared(`still missing after installing ${packages}: ${left.map(({ command }) => command).join(', ')}`);
}

function missingTools() {
  const lines = readFileSync(join(root, 'scripts/test-packages'), 'utf8').split('\n');
  const tools = lines.filter((line) => /^[^#\s]/.test(line)).map((line) => line.trim().split(/\s+/));
  return tools.filter(([command]) => !isInstalled(command)).map(([command, name]) => ({ command, name }));
}

function isInstalled(command) {
  const [python, module] = command.split(':');
  if (module !== undefined) return spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(command, args, { env = process.env, cwd = root } = {}) {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Unprepared(`${command} failed${error === undefined ? '' : `: ${error.message}`}`);
}
