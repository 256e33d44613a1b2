// What is native of node-pty, without the rest of it, which hands every chunk through three listeners in a buffer of its own.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What node-pty 1.1.0 has and does not declare. */
interface Native {
  fork(
    ...command: [
      file: string, args: string[], environment: string[], cwd: string, columns: number, rows: number,
      user: number, group: number, utf8: boolean, helper: string, exited: (exitCode: number, signal: number) => void,
    ]
  ): ForkedTerminal;
  resize(fd: number, columns: number, rows: number): void;
}

export interface ForkedTerminal {
  /** The master. It does not block, and every child of this process inherits it. */
  readonly fd: number;
  readonly pid: number;
  /** The program's side, `/dev/pts/7`. */
  readonly pty: string;
}

export interface Forking {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

const require = createRequire(import.meta.url);
const same = -1;
let loaded: { readonly module: Native; readonly helper: string } | undefined;

/** Not before it is needed: a command without a terminal has no use for it. On macOS programs are started by way of the helper beside it. */
function load(): NonNullable<typeof loaded> {
  return (loaded ??= loadBuilt() ?? loadAnywhere());
}

/** Where npm has built it, 0.4 ms sooner than by asking node-pty. */
function loadBuilt(): typeof loaded {
  try {
    const module = require('node-pty/build/Release/pty.node') as Native;
    return { module, helper: join(dirname(require.resolve('node-pty/build/Release/pty.node')), 'spawn-helper') };
  } catch {
    return undefined;
  }
}

function loadAnywhere(): NonNullable<typeof loaded> {
  const { loadNativeModule } = require('node-pty/lib/utils') as { loadNativeModule: (name: string) => { dir: string; module: Native } };
  const { dir, module } = loadNativeModule('pty');
  return { module, helper: join(dirname(require.resolve('node-pty/lib/utils')), dir, 'spawn-helper') };
}

/** Starts a program in a terminal of its own. `exited` is told the number of the signal, or 0. */
export function forkTerminal(forking: Forking, exited: (exitCode: number, signal: number) => void): ForkedTerminal {
  const { file, args, cwd, env, columns, rows } = forking;
  const { module, helper } = load();
  const environment = Object.entries({ ...env, PWD: cwd, TERM: env['TERM'] ?? 'dumb' }).map(([name, value]) => `${name}=${value}`);
  return module.fork(file, [...args], environment, cwd, columns, rows, same, same, false, helper, exited);
}

export function resizeTerminal(fd: number, columns: number, rows: number): void {
  load().module.resize(fd, columns, rows);
}
