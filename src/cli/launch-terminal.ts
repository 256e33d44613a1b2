// What the launcher has asked `stty` about the terminal, while node was starting.

import { closeSync, fstatSync, readFileSync } from 'node:fs';
import type { Context } from './context.ts';

export interface LaunchTerminal {
  /** As `stty -g` prints them. */
  readonly termios: string;
  readonly columns: number;
  readonly rows: number;
}

/** Once. undefined where the launcher has not asked: standard input and output are no terminal then, or there was no launcher. */
export function readLaunchTerminal({ env }: Context): LaunchTerminal | undefined {
  const fd = Number(env['DEVSHELL_TERMINAL'] || NaN);
  try {
    // A name that anybody can set: only a pipe is read.
    if (!(fd > 2) || !fstatSync(fd).isFIFO()) return undefined;
    const text = readFileSync(fd, 'utf8');
    closeSync(fd);
    return launchTerminalIn(text);
  } catch {
    return undefined;
  }
}

/** Two lines: the settings, and `ROWS COLUMNS`; zeros where the terminal does not know its size. */
export function launchTerminalIn(text: string): LaunchTerminal | undefined {
  const [, termios, rows, columns] = /^(\S+)\n(\d+) (\d+)\n$/.exec(text) ?? [];
  return termios === undefined ? undefined : { termios, rows: Number(rows) || 24, columns: Number(columns) || 80 };
}
