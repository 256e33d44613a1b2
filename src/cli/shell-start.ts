// How the user's shell is started so that it takes the environment, and every later one, through the same merge.

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, Variables } from '../model/environment.ts';
import { bashScript } from '../script/bash.ts';
import { writePrivateFile } from '../system/private-file.ts';
import { shellDirectory } from './package-files.ts';

export interface ShellStart {
  readonly base: Variables;
  readonly root: string;
  readonly directory: string;
  readonly keybind: string;
  /** Empty where nobody listens: the hook then prints no marks. */
  readonly nonce: string;
}

/** `-i` comes after the long options, or bash takes them for file names. */
export function shellArguments(): string[] {
  return ['--noprofile', '--rcfile', join(shellDirectory, 'bash', 'rcfile.bash'), '-i'];
}

/** The environment of the shell itself: what devshell was started in, and where its session is. */
export function shellVariables({ base, root, directory, keybind, nonce }: ShellStart): Record<string, string> {
  return {
    ...base,
    DEVSHELL_ROOT: root,
    DEVSHELL_SESSION: directory,
    DEVSHELL_RELOAD_FILE: join(directory, 'pending-env.sh'),
    DEVSHELL_RELOAD_KEYBIND: keybind,
    DEVSHELL_SHELL_DIR: join(shellDirectory, 'bash'),
    ...(nonce === '' ? {} : { DEVSHELL_NONCE: nonce }),
  };
}

/** What the shell finds in the session's directory: its first environment, and for bin/devshell the node that runs it. */
export function writeStart(directory: string, environment: Environment): void {
  symlinkSync(process.execPath, join(directory, 'node'));
  writePrivateFile(join(directory, 'shell-env.sh'), bashScript(environment, 1));
}
