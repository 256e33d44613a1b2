// A small shell process that outlives us: if we are killed outright, it puts the terminal back and ends what we started.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { foreground } from './foreground.ts';
import { stdioWithoutMasters } from './masters.ts';

/** How a guard is spoken to, whoever has started it. */
interface Line {
  readonly pid: number | undefined;
  /** What it reads; undefined if there is no guard. */
  readonly fd: () => number | undefined;
  readonly hearing: Socket | null;
  readonly ended: Promise<void>;
  /** From now on the process stays up until the guard has ended. */
  readonly hangUp: () => void;
}

export class Guard {
  readonly #line: Line;
  readonly #questions: ((answer: string | undefined) => void)[] = [];
  #heard = '';

  /**
   * @param scriptPath where guard.sh lies.
   * @param terminalFd a descriptor of the user's terminal, undefined if there is none to look after.
   */
  static start(scriptPath: string, terminalFd: number | undefined): Guard {
    const stdio = stdioWithoutMasters(['pipe', terminalFd === undefined ? 'ignore' : 'pipe', 'ignore', terminalFd ?? 'ignore']);
    const kind = terminalFd === undefined ? 'none' : 'terminal';
    return new Guard(lineTo(spawn('/bin/sh', [scriptPath, kind], { stdio, detached: true, cwd: '/' })));
  }

  /** One that the launcher has started: what it reads, and what it says, are pipes of ours already. */
  static adopt(inputFd: number, outputFd: number): Guard {
    const hearing = new Socket({ fd: outputFd, readable: true, writable: false });
    let fd: number | undefined = inputFd;
    const hangUp = (): void => {
      if (fd !== undefined) closeSync(fd);
      fd = undefined;
    };
    return new Guard({ pid: undefined, fd: () => fd, hearing, ended: new Promise((resolve) => hearing.once('close', () => resolve())), hangUp });
  }

  private constructor(line: Line) {
    this.#line = line;
    const { hearing } = line;
    hearing?.on('error', () => undefined);
    hearing?.on('data', (chunk: Buffer) => this.#hear(chunk.toString()));
    this.#wait('no');
    // A guard that has been killed answers nothing. Its end is not waited for: that alone keeps no process up.
    hearing?.once('close', () => this.#questions.splice(0).forEach((answer) => answer(undefined)));
  }

  get pid(): number | undefined {
    return this.#line.pid;
  }

  /** What another thread writes lines to; undefined if there is no guard. */
  get fd(): number | undefined {
    return this.#line.fd();
  }

  /** The settings to go back to, and what to print for that; replaces what was said before. */
  protectTerminal(termios: string, leave: Uint8Array): void {
    this.#say(`tty ${termios}`);
    this.#say(`screen ${octal(leave)}`);
  }

  /** It is somebody else's for now: nothing is to be put back. */
  releaseTerminal(): void {
    this.#say('tty');
    this.#say('screen');
  }

  /**
   * Makes the terminal raw; false where that is left to be done. In the background it is: `stty` as a child of ours is stopped then
   * until devshell is in the foreground, and the guard, in a session of its own, would not be.
   */
  async makeRaw(): Promise<boolean> {
    return foreground(process.pid) === 'yes' && (await this.#ask('raw')) === 'raw';
  }

  #ask(question: string): Promise<string | undefined> {
    const { hearing } = this.#line;
    if (this.fd === undefined || hearing === null || hearing.destroyed) return Promise.resolve(undefined);
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
    const { hearing } = this.#line;
    if (forIt === 'yes') hearing?.ref();
    else hearing?.unref();
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
    this.#wait('yes');
    this.#line.hangUp();
    await this.#line.ended;
  }

  #say(line: string): void {
    const { fd } = this;
    if (fd !== undefined) writeLine(fd, line);
  }
}

function lineTo(child: ChildProcess): Line {
  child.unref();
  const stdin = child.stdin as Socket | null;
  stdin?.unref();
  stdin?.on('error', () => undefined);
  return {
    pid: child.pid,
    fd: () => {
      // Node does not declare it.
      const fd = (stdin as unknown as { _handle?: { fd?: number } | null } | null)?._handle?.fd;
      return fd === undefined || fd < 0 ? undefined : fd;
    },
    hearing: child.stdout as Socket | null,
    ended: new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    }),
    hangUp: () => {
      child.ref();
      stdin?.end();
    },
  };
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
