// A small shell process that outlives us: if we are killed outright, it puts the terminal back and ends what we started.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { foreground } from './foreground.ts';
import { stdioWithoutMasters } from './masters.ts';

export class Guard {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #questions: ((answer: string | undefined) => void)[] = [];
  #heard = '';

  /**
   * @param scriptPath where guard.sh lies.
   * @param terminalFd a descriptor of the user's terminal, undefined if there is none to look after.
   */
  static start(scriptPath: string, terminalFd: number | undefined): Guard {
    const stdio = stdioWithoutMasters(['pipe', terminalFd === undefined ? 'ignore' : 'pipe', 'ignore', terminalFd ?? 'ignore']);
    const kind = terminalFd === undefined ? 'none' : 'terminal';
    return new Guard(spawn('/bin/sh', [scriptPath, kind], { stdio, detached: true, cwd: '/' }));
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.unref();
    (child.stdin as Socket | null)?.unref();
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#hear(chunk.toString()));
    this.#wait('no');
    this.#ended = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    // A guard that has been killed answers nothing. Its end is not waited for: that alone keeps no process up.
    child.stdout?.once('close', () => this.#questions.splice(0).forEach((answer) => answer(undefined)));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What another thread writes lines to; undefined if there is no guard. Node does not declare it. */
  get fd(): number | undefined {
    const fd = (this.#child.stdin as unknown as { _handle?: { fd?: number } | null } | null)?._handle?.fd;
    return fd === undefined || fd < 0 ? undefined : fd;
  }

  /** The settings to go back to, and what to print for that; replaces what was said before. */
  protectTerminal(termios: string, leave: Uint8Array): void {
    this.#say(`tty ${termios}`);
    this.#say(`screen ${octal(leave)}`);
  }

  /**
   * Makes the terminal raw; false where that is left to be done. In the background it is: `stty` as a child of ours is stopped then
   * until devshell is in the foreground, and the guard, in a session of its own, would not be.
   */
  async makeRaw(): Promise<boolean> {
    return foreground(process.pid) === 'yes' && (await this.#ask('raw')) === 'raw';
  }

  #ask(question: string): Promise<string | undefined> {
    const { stdout } = this.#child;
    if (this.fd === undefined || stdout === null || stdout.destroyed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#questions.push(resolve);
      this.#wait('yes');
      this.#say(question);
    });
  }

  #hear(text: string): void {
    const lines = (this.#heard + text).split('\n');
    this.#heard = lines.pop() ?? '';
    for (const line of lines) this.#questions.shift()?.(line);
    if (this.#questions.length === 0) this.#wait('no');
  }

  /** Whether the process stays up for what the guard has to say. */
  #wait(forIt: 'yes' | 'no'): void {
    const stdout = this.#child.stdout as Socket | null;
    if (forIt === 'yes') stdout?.ref();
    else stdout?.unref();
  }

  /** A process group to be ended with us. */
  addGroup(pgid: number): void {
    this.#say(`group ${pgid}`);
  }

  removeGroup(pgid: number): void {
    this.#say(`ungroup ${pgid}`);
  }

  /** A directory to be removed with us; only one of a session, or of a build, is. */
  addDirectory(path: string): void {
    this.#say(directoryLine('remove', path));
  }

  /** It is gone already. */
  removeDirectory(path: string): void {
    this.#say(directoryLine('keep', path));
  }

  /** All is in order: the guard ends and touches nothing. */
  async end(): Promise<void> {
    this.#say('bye');
    this.#child.ref();
    this.#wait('yes');
    this.#child.stdin?.end();
    await this.#ended;
  }

  #say(line: string): void {
    const { fd } = this;
    if (fd !== undefined) writeLine(fd, line);
  }
}

/** Empty, and so nothing, for a path that is no line. */
export function directoryLine(word: 'remove' | 'keep', path: string): string {
  return path.includes('\n') ? '' : `${word} ${path}`;
}

/** What another thread says to the guard: one line, whole. */
export function writeLine(fd: number, line: string): void {
  try {
    writeSync(fd, `${line}\n`);
  } catch {
    // Without a guard the session goes on; it is a net, nothing more.
  }
}

/** As `printf '%b'` reads it: every byte as `\0` and three octal digits. */
function octal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => `\\0${byte.toString(8).padStart(3, '0')}`).join('');
}
