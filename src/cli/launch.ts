// What the launcher has started and asked about the terminal, while node was starting: the guard, which has told what `stty` says.

import { closeSync, fstatSync, readSync } from 'node:fs';
import { knownSize } from '../terminal/room.ts';
import type { Context } from './context.ts';

export interface LaunchTerminal {
  /** As `stty -g` prints them. */
  readonly termios: string;
  readonly columns: number;
  readonly rows: number;
}

/** The guard that is there already: what it reads, and what it says. */
export interface LaunchGuard {
  readonly inputFd: number;
  readonly outputFd: number;
}

export interface Launch {
  readonly terminal: LaunchTerminal;
  readonly guard: LaunchGuard;
}

/** Once. undefined where the launcher has not asked: standard input and output are no terminal then, or it could not, or there was none. */
export function readLaunch({ env }: Context): Launch | undefined {
  const [inputFd = 0, outputFd = 0] = (env['DEVSHELL_GUARD'] ?? '').split(' ').map(Number);
  try {
    // A name that anybody can set: only pipes are taken.
    if (!(inputFd > 2 && outputFd > 2 && fstatSync(inputFd).isFIFO() && fstatSync(outputFd).isFIFO())) return undefined;
    const terminal = launchTerminalIn(firstLines(outputFd));
    return terminal && { terminal, guard: { inputFd, outputFd } };
  } catch {
    return undefined;
  }
}

/** Where there is nothing to guard: it ends when nobody is left to speak to it. */
export function dismiss(launch: Launch | undefined): void {
  if (launch !== undefined) closeSync(launch.guard.inputFd);
}

/** Two lines: the settings, and `ROWS COLUMNS`; zeros where the terminal does not know its size. */
export function launchTerminalIn(text: string): LaunchTerminal | undefined {
  const [, termios, rows, columns] = /^(\S+)\n(\d+) (\d+)\n$/.exec(text) ?? [];
  return termios === undefined ? undefined : { termios, ...knownSize(Number(columns), Number(rows)) };
}

/** Two of them, or what there was before the end. Nothing more is said before it is asked for. */
function firstLines(fd: number): string {
  const buffer = Buffer.alloc(1024);
  let text = '';
  while (text.split('\n').length <= 2) {
    const length = readSync(fd, buffer);
    if (length === 0) break;
    text += buffer.toString('latin1', 0, length);
  }
  return text;
}
