// Ctrl-C where a paste stands in its way: a program that does not read keeps everything behind it from being heard.
// The kernel throws the waiting input away when it hears such a key; so do we, so that it can.

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { stty } from './stty.ts';

const names = ['intr', 'quit', 'susp'];

/** Whether the key is one that the kernel makes a signal of. `settings` is what `stty -a` prints. */
export function makesSignal(settings: string, byte: number): boolean {
  if (byte >= 0x20 || !/(?:^|\s)isig\b/.test(settings)) return false;
  const shown = `^${String.fromCharCode(byte + 0x40)}`;
  return names.some((name) => new RegExp(`(?:^|[\\s;])${name} = ([^;]+);`).exec(settings)?.[1] === shown);
}

/**
 * What `stty -a` says of a terminal; nothing if it is gone. Not by the master: Node makes what it gives to a child as standard input
 * blocking for everybody who has it open (20.19), and then the next write to a program that does not read stops this thread.
 */
export async function settingsOf(terminal: string): Promise<string> {
  let fd: number | undefined;
  try {
    fd = openSync(terminal, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    return await stty(fd, ['-a']);
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const buffer = Buffer.allocUnsafe(65_536);

/** Reads what waits for the program in its terminal, and drops it. False: there was nothing. */
export function dropInput(terminal: string): boolean {
  let fd: number;
  try {
    fd = openSync(terminal, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    // The program has ended, and its terminal with it.
    return false;
  }
  let dropped = false;
  try {
    while (readSync(fd, buffer) > 0) dropped = true;
  } catch {
    // EAGAIN: no more.
  } finally {
    closeSync(fd);
  }
  return dropped;
}
