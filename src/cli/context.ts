// What the process was given: environment, directories, terminals. The only reader of process.env.

import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir, constants as osConstants } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { Variables } from '../model/environment.ts';
import { DevshellError } from '../model/problem.ts';

export interface Context {
  /** Everything that was in the environment. */
  readonly env: Variables;
  /** What shells, builds and commands start from: without what belongs to devshell itself. */
  readonly base: Variables;
  readonly cwd: string;
  readonly dataDirectory: string;
  readonly userSettingsFile: string;
  readonly runtimeDirectory: string | undefined;
  /** Ignored when devshell was started, and by whatever a plain shell would start in its place. */
  readonly ignoredSignals: readonly NodeJS.Signals[];
  /** Open when devshell was started, beyond the standard ones. */
  readonly descriptors: readonly number[];
  /** The standard ones that were not; node has put /dev/null there. */
  readonly closed: readonly number[];
  readonly terminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** Node keeps children from inheriting descriptors up to the first gap above 15; what is far above passes by itself. */
const tallFd = 64;
/** What the launcher tells us of itself. */
const launcherOnly = ['DEVSHELL_IGNORED_SIGNALS', 'DEVSHELL_DESCRIPTORS', 'DEVSHELL_CLOSED', 'DEVSHELL_GUARD'];
/** What a session sets for its shell; a devshell inside it starts without. The rest of `DEVSHELL_*` is the user's to set. */
const ours = ['DEVSHELL_ROOT', 'DEVSHELL_SESSION', 'DEVSHELL_RELOAD_FILE', 'DEVSHELL_NONCE', 'DEVSHELL_SHELL_DIR', ...launcherOnly];
/** What the launcher set aside, because it is not meant for this node, goes back to whatever devshell starts. */
const setAside = { DEVSHELL_NODE_EXTRA_CA_CERTS: 'NODE_EXTRA_CA_CERTS', DEVSHELL_NODE_OPTIONS: 'NODE_OPTIONS' };

export function readContext(write: Context['write']): Context {
  const env = variables(process.env);
  const home = env['HOME'] ?? homedir();
  return {
    env,
    base: baseVariables(env),
    // Asked when it is wanted: it may be gone, and `devshell status` works there, too.
    get cwd() {
      return presentDirectory();
    },
    dataDirectory: join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'devshell'),
    userSettingsFile: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'devshell', 'config.toml'),
    runtimeDirectory: env['XDG_RUNTIME_DIR'] || undefined,
    ignoredSignals: signalsOf(env['DEVSHELL_IGNORED_SIGNALS'] ?? ''),
    descriptors: numbers(env['DEVSHELL_DESCRIPTORS']).filter((fd) => fd > 2 && fd < tallFd),
    closed: numbers(env['DEVSHELL_CLOSED']),
    // Asked when it is wanted: what node needs for it takes 2 ms to load.
    terminal: {
      get stdin() {
        return isatty(0);
      },
      get stdout() {
        return isatty(1);
      },
      get stderr() {
        return isatty(2);
      },
    },
    write,
    warn: (text) => void process.stderr.write(text),
  };
}

function presentDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    const hint = 'change to one that exists (cd .. may do), or start a new shell';
    throw new DevshellError('state', { message: 'the directory that this was started in is no longer there', hint }, { cause });
  }
}

/** The bare environment of `--clean`. */
export function cleanVariables(base: Variables): Variables {
  const kept = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'COLORTERM', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'DISPLAY', 'WAYLAND_DISPLAY', 'SSH_AUTH_SOCK'];
  const entries = kept.flatMap((name) => (base[name] === undefined ? [] : [[name, base[name]] as const]));
  return { ...Object.fromEntries(entries), PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
}

/** Where sessions of a project live: `$DEVSHELL_STATE`, `<root>/.devshell`, or the user's own state where the root cannot be written, Nix may copy it, or it is no project's. */
export async function stateDirectory(root: string, context: Context): Promise<string> {
  const { env } = context;
  if (env['DEVSHELL_STATE']) return env['DEVSHELL_STATE'];
  const home = env['HOME'] || homedir();
  const state = join(root, '.devshell');
  const isShared = root === '/' || root === realPath(home);
  if (!isShared && mayWrite(root, state) && !hasNixFile(root)) return state;
  const { createHash } = await import('node:crypto');
  const states = env['XDG_STATE_HOME'] || join(home, '.local', 'state');
  return join(states, 'devshell', createHash('sha256').update(root).digest('hex').slice(0, 16));
}

/** Itself where it cannot be looked at. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

/** `src = ./.` copies all of a directory to where everybody may read it, and fails at a socket. */
function hasNixFile(root: string): boolean {
  return ['flake.nix', 'shell.nix', 'default.nix'].some((name) => existsSync(join(root, name)));
}

function mayWrite(root: string, state: string): boolean {
  const uid = process.getuid?.();
  try {
    accessSync(root, constants.W_OK);
    const info = statSync(existsSync(state) ? state : root);
    return uid === undefined || info.uid === uid;
  } catch {
    // Not writable, or not there: whoever uses the root next says which.
    return false;
  }
}

function baseVariables(env: Variables): Variables {
  const base = Object.fromEntries(Object.entries(env).filter(([name]) => !ours.includes(name)));
  for (const [aside, name] of Object.entries(setAside)) {
    const value = base[aside];
    if (value !== undefined) base[name] = value;
    delete base[aside];
  }
  return base;
}

function numbers(text = ''): number[] {
  return (text.match(/\d+/g) ?? []).map(Number);
}

/** From the mask that the kernel shows as hexadecimal digits; signal 1 is the lowest bit. */
function signalsOf(mask: string): NodeJS.Signals[] {
  const bits = /^[0-9a-f]+$/.test(mask) ? BigInt(`0x${mask}`) : 0n;
  const names = Object.entries(osConstants.signals) as [NodeJS.Signals, number][];
  return names.filter(([, number]) => (bits >> BigInt(number - 1)) & 1n).map(([name]) => name);
}

function variables(env: NodeJS.ProcessEnv): Variables {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
