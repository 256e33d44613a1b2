// The shell's pseudoterminal, and what has to be done around it so that no byte is lost.

import { readSync } from 'node:fs';
import type { ConnectOpts, SocketConstructorOpts } from 'node:net';
import { ReadStream } from 'node:tty';
import { isVariableName } from '../model/environment.ts';
import { closeMaster, openMaster } from './masters.ts';
import { forkTerminal, resizeTerminal } from './native-pty.ts';
import type { ForkedTerminal, Forking } from './native-pty.ts';
import { PtyInput } from './pty-input.ts';
import { dropInput, makesSignal, settingsOf } from './urgent-key.ts';

export { ptyMasterFds } from './masters.ts';

export interface PtyOptions extends Forking {
  /** The user's terminal settings as `stty -g` prints them, for the program's terminal to have as well. */
  readonly termios: string | undefined;
}

export interface PtyExit {
  readonly exitCode: number;
  /** The number of the signal that ended the program. */
  readonly signal: number | undefined;
}

/** Input that has been stuck for so long is in the way of a key that means a signal, ms. */
const stuckMs = 150;
/** Between two looks whether that key got through, ms; and how often. */
const urgentMs = 5;
const urgentTries = 200;

/**
 * What the kernel gives at a time at most. A read that fills the buffer is followed by another one at once, without asking the loop first,
 * up to 32 times; one that does not is the last.
 */
const chunkSize = 4095;
/** So long a background job that has the terminal open can keep the end of the program from being told, ms. */
const lingerMs = 200;

export class Pty {
  readonly pid: number;
  readonly fd: number;
  readonly #terminal: string;
  readonly #socket: ReadStream;
  readonly #input: PtyInput;
  readonly #dataListeners: ((chunk: Uint8Array) => void)[] = [];
  readonly #exitListeners: ((exit: PtyExit) => void)[] = [];
  #flow: 'flowing' | 'paused' = 'flowing';
  #exit: PtyExit | undefined;
  #closed = false;
  /** Input that came while an urgent key was on its way. */
  #behindUrgent: Uint8Array[] | undefined;

  static spawn(options: PtyOptions): Pty {
    const [file, args] = startCommand(options);
    return new Pty((exited) => forkTerminal({ ...options, file, args }, (exitCode, signal) => exited({ exitCode, signal: signal === 0 ? undefined : signal })));
  }

  private constructor(fork: (exited: (exit: PtyExit) => void) => ForkedTerminal) {
    const { fd, pid, pty } = fork((exit) => this.#exited(exit));
    this.#terminal = pty;
    this.pid = pid;
    this.fd = fd;
    this.#input = new PtyInput(fd);
    openMaster(fd);
    this.#socket = this.#open(fd);
  }

  #open(fd: number): ReadStream {
    const chunk = Buffer.allocUnsafeSlow(chunkSize);
    const callback = (length: number): boolean => {
      this.#deliver(length === chunkSize ? chunk : chunk.subarray(0, length));
      // A socket that is paused just after it was resumed goes on reading (Node 20.20), but for this.
      return this.#flow === 'flowing';
    };
    // Declared for sockets that connect only.
    const options: SocketConstructorOpts & ConnectOpts = { onread: { buffer: chunk, callback } };
    const socket = new ReadStream(fd, options);
    // EIO is how the end comes.
    socket.on('error', () => undefined);
    // Node 20 and 22 report the end of a PTY while output is left in it (libuv #4992, fixed in Node 24).
    socket.on('end', () => this.#drain());
    const destroy = socket.destroy.bind(socket);
    socket.destroy = (error?: Error) => {
      this.#drain();
      return destroy(error);
    };
    return socket;
  }

  /** Output comes in order and whole; until somebody listens, it waits. The next chunk takes the place of this one: copy what is kept. */
  onData(listener: (chunk: Uint8Array) => void): void {
    this.#dataListeners.push(listener);
    if (this.#flow === 'flowing') this.resume();
  }

  /** Called once, after all output was delivered; at once if the program has already ended. */
  onExit(listener: (exit: PtyExit) => void): void {
    if (this.#exit !== undefined) listener(this.#exit);
    else this.#exitListeners.push(listener);
  }

  /** Input for the program, in order, however slowly it reads; nothing once it has ended. The bytes are not copied. */
  write(bytes: Uint8Array): void {
    const byte = bytes[0] ?? 0;
    if (this.#behindUrgent !== undefined) this.#behindUrgent.push(bytes);
    else if (bytes.length === 1 && byte < 0x20 && this.#input.stuckMs > stuckMs) void this.#pressUrgently(byte);
    else this.#input.write(bytes);
  }

  /** What is typed meanwhile must not be dropped with what stands before the key. */
  async #pressUrgently(byte: number): Promise<void> {
    const behind: Uint8Array[] = (this.#behindUrgent = []);
    await this.#writeUrgently(byte);
    this.#behindUrgent = undefined;
    for (const bytes of behind) this.write(bytes);
  }

  /** A key by itself, while the program has not read for a while: if it means a signal, what stands before it is dropped. */
  async #writeUrgently(byte: number): Promise<void> {
    const settings = await settingsOf(this.#terminal);
    if (this.#closed) return;
    const urgent = this.#input.stuckMs > stuckMs && makesSignal(settings, byte);
    if (urgent) this.#input.clear();
    this.#input.write(Uint8Array.of(byte));
    for (let tries = 0; urgent && tries < urgentTries && !this.#closed; tries++) {
      // Room for the key first, then for what the kernel still had on its way before it.
      const dropped = dropInput(this.#terminal);
      if (!dropped && this.#input.pendingBytes === 0) return;
      await new Promise((resolve) => setTimeout(resolve, urgentMs));
    }
  }

  resize(columns: number, rows: number): void {
    if (!this.#closed) resizeTerminal(this.fd, Math.max(1, columns), Math.max(1, rows));
  }

  pause(): void {
    this.#flow = 'paused';
    if (!this.#closed) this.#socket.pause();
  }

  resume(): void {
    this.#flow = 'flowing';
    if (!this.#closed && this.#dataListeners.length > 0) this.#socket.resume();
  }

  kill(signal: NodeJS.Signals): void {
    if (this.#exit !== undefined) return;
    try {
      process.kill(this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Closes the master, by which the kernel hangs up whatever still runs in it. */
  dispose(): void {
    this.#socket.destroy();
  }

  #deliver(chunk: Uint8Array): void {
    for (const listener of this.#dataListeners) listener(chunk);
  }

  /** All that the kernel still holds. */
  #drain(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.close();
    closeMaster(this.fd);
    for (let chunk = readRest(this.fd); chunk !== undefined; chunk = readRest(this.fd)) this.#deliver(chunk);
  }

  /** The output comes to its end as well when nobody has the terminal open any more, or is ended after a while. */
  #exited(exit: PtyExit): void {
    if (this.#socket.closed) return this.#ended(exit);
    const timer = setTimeout(() => this.#socket.destroy(), lingerMs);
    this.#socket.once('close', () => {
      clearTimeout(timer);
      this.#ended(exit);
    });
  }

  #ended(exit: PtyExit): void {
    this.#exit = exit;
    for (const listener of this.#exitListeners.splice(0)) listener(exit);
  }
}

/** undefined: nothing is left (EAGAIN while someone holds the other side, EIO when nobody does). */
function readRest(fd: number): Uint8Array | undefined {
  const buffer = Buffer.allocUnsafe(65_536);
  try {
    const length = readSync(fd, buffer);
    return length === 0 ? undefined : buffer.subarray(0, length);
  } catch {
    return undefined;
  }
}

/**
 * `stty` runs in the terminal before the program takes its place. dash drops variables whose names no shell can write,
 * which is how bash hands on exported functions: `env` gives them back.
 */
function startCommand({ file, args, env, termios }: PtyOptions): [string, readonly string[]] {
  if (termios === undefined) return [file, args];
  const foreign = Object.entries(env).filter(([name]) => !isVariableName(name));
  const restore = foreign.length === 0 ? [] : ['env', ...foreign.map(([name, value]) => `${name}=${value}`)];
  return ['/bin/sh', ['-c', 'command -p stty "$1" 2>/dev/null; shift; exec "$@"', 'sh', termios, ...restore, file, ...args]];
}
