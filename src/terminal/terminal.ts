// The user's own terminal: raw mode, size, keys in, and the one place that writes to it.

import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Guard } from './guard.ts';
import { knownSize } from './room.ts';
import { readSettings, stty, sttySync } from './stty.ts';

/** What Node's streams for a terminal have and do not declare: writing without waiting, what the terminal has not taken yet, asking for the size. */
interface Handle {
  readonly _handle?: { setBlocking?(blocking: boolean): number; readonly writeQueueSize?: number } | null;
  _refreshSize?(): void;
}

/** How often a full terminal is asked again while leaving, and how long in all, ms. */
const retryMs = 2;
const lastWordsMs = 500;
/** A terminal that takes nothing for so long does not keep the session from ending, ms. A slow one, or a busy machine, takes something. */
const stuckMs = 5000;
/** What is gathered to go out together: a chunk of a program's output and the row. */
const gatherSize = 16_384;

/** Standard input and output of a process on a terminal. */
export type TerminalInput = ReadStream & { readonly fd: number };
export type TerminalOutput = WriteStream & { readonly fd: number };

export class UserTerminal {
  /** As `stty -g` prints them. */
  readonly termios: string;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  readonly #drainListeners: (() => void)[] = [];
  #mode: 'cooked' | 'raw' = 'cooked';
  readonly #modeListeners: ((mode: 'cooked' | 'raw') => void)[] = [];
  #corks = 0;
  readonly #gathered = Buffer.allocUnsafe(gatherSize);
  #gatheredLength = 0;

  /** @throws DevshellError `terminal` if `input` is none. */
  static async open(input: TerminalInput, output: TerminalOutput): Promise<UserTerminal> {
    return new UserTerminal(input, output, await readSettings(input.fd));
  }

  /** @param termios its settings as `stty -g` prints them. */
  constructor(input: TerminalInput, output: TerminalOutput, termios: string) {
    this.#input = input;
    this.#output = output;
    this.termios = termios;
    // The window may be closed at any moment; the hang-up signal says so.
    output.on('error', () => undefined);
    input.on('error', () => undefined);
  }

  /** Every byte as it is, both ways. Node's own raw mode leaves the translation of line ends on. */
  async enterRaw(signal: AbortSignal, guard?: Guard): Promise<void> {
    if ((await guard?.makeRaw()) !== true) await stty(this.#input.fd, ['raw', '-echo'], signal);
    this.#mode = 'raw';
    for (const listener of this.#modeListeners) listener('raw');
    this.#setBlocking(false);
    if (this.#input.listenerCount('data') > 0) this.#input.resume();
  }

  /**
   * As it was found, after everything that was written has gone out. Nothing is read from it until it is raw again: in the background
   * that would stop us, and what others have read by then would be waited for.
   */
  async restore(): Promise<void> {
    if (this.#mode === 'cooked') return;
    this.#input.pause();
    await this.#flushed();
    this.#mode = 'cooked';
    this.#setBlocking(true);
    await stty(this.#input.fd, [this.termios]).catch(() => undefined);
    for (const listener of this.#modeListeners) listener('cooked');
  }

  get mode(): 'cooked' | 'raw' {
    return this.#mode;
  }

  /** It has been taken (raw), or given back. */
  onMode(listener: (mode: 'cooked' | 'raw') => void): void {
    this.#modeListeners.push(listener);
  }

  /** For the moment in which the process ends: nothing is waited for. */
  restoreSync(): void {
    if (this.#mode === 'cooked') return;
    this.#mode = 'cooked';
    this.#setBlocking(true);
    sttySync(this.#input.fd, [this.termios]);
  }

  /** Writes by itself, for exit handlers; gives up on a terminal that takes nothing for half a second. */
  writeSync(bytes: Uint8Array): void {
    const until = Date.now() + lastWordsMs;
    for (let at = 0; at < bytes.length && Date.now() < until; ) {
      try {
        at += writeSync(this.#output.fd, bytes, at);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      }
    }
  }

  /** A terminal that does not know its size counts as 80 by 24. */
  size(): { columns: number; rows: number } {
    return knownSize(this.#output.columns, this.#output.rows);
  }

  /** Looks whether the size has changed: timers come before signals where both are due. Listeners are called before this returns. */
  refreshSize(): void {
    (this.#output as unknown as Handle)._refreshSize?.();
  }

  onInput(listener: (chunk: Uint8Array) => void): void {
    this.#input.on('data', listener);
    // Whoever asked a question before may have paused it.
    this.#input.resume();
  }

  onResize(listener: () => void): void {
    this.#output.on('resize', listener);
  }

  /** What was written has gone out, after `write` or `uncork` gave false. */
  onDrain(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  /** False: wait for the drain before writing more. The bytes are written, or copied, before this returns. */
  write(bytes: Uint8Array): boolean {
    if (this.#corks === 0) return this.#send(bytes);
    if (this.#gatheredLength + bytes.length > gatherSize) this.#sendGathered();
    if (bytes.length > gatherSize) return this.#send(bytes);
    this.#gathered.set(bytes, this.#gatheredLength);
    this.#gatheredLength += bytes.length;
    return !this.#behind;
  }

  /** What `write` gets between these two goes out together. */
  cork(): void {
    this.#corks++;
  }

  /** False as `write` gives it. */
  uncork(): boolean {
    this.#corks--;
    if (this.#corks === 0) this.#sendGathered();
    return !this.#behind;
  }

  /** Stops reading, so that the process can end. */
  close(): void {
    this.#input.removeAllListeners('data');
    this.#input.pause();
    this.#input.unref();
  }

  get #behind(): boolean {
    return this.#output.writableLength > 0;
  }

  #sendGathered(): void {
    const length = this.#gatheredLength;
    this.#gatheredLength = 0;
    if (length > 0) this.#send(this.#gathered.subarray(0, length));
  }

  /** To the kernel itself as long as that takes it, without the object and the callbacks that Node's stream makes for each write; the stream waits for the rest, in order. */
  #send(bytes: Uint8Array): boolean {
    const written = this.#behind ? 0 : this.#try(bytes);
    if (written === bytes.length) return true;
    this.#output.write(Buffer.from(bytes.subarray(written)), (error) => {
      if (error || this.#behind) return;
      for (const listener of this.#drainListeners) listener();
    });
    return false;
  }

  /** How much the terminal has taken. What is wrong with it but that it is full, the stream hears as well. */
  #try(bytes: Uint8Array): number {
    try {
      return writeSync(this.#output.fd, bytes);
    } catch {
      return 0;
    }
  }

  /** Everything has gone out, or nothing more does. */
  #flushed(): Promise<void> {
    let left = this.#bytesLeft;
    if (left === 0 || this.#output.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(() => {
        if (this.#bytesLeft >= left) end();
        left = this.#bytesLeft;
      }, stuckMs);
      this.#output.write('', end);
    });
  }

  /** What was written and has not gone out; it goes down while the terminal takes some of it. */
  get #bytesLeft(): number {
    return this.#output.writableLength + ((this.#output as unknown as Handle)._handle?.writeQueueSize ?? 0);
  }

  /** Both ways: a `stty` that we start gets our input made blocking by Node 20, and ours is the same. */
  #setBlocking(blocking: boolean): void {
    for (const stream of [this.#input, this.#output]) (stream as unknown as Handle)._handle?.setBlocking?.(blocking);
  }
}
