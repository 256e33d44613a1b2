// Any command in a real PTY with a terminal behind it, as a test sees and drives it.
import { randomUUID } from 'node:crypto';
import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { spawn } from 'node-pty';
import type { IPty } from 'node-pty';
import { keyBytes } from './keys.ts';
import { killProcesses, processesInSession, kill } from './processes.ts';
import { Screen, framed } from './screen.ts';
import { commandWithMarks, outputBetweenMarks } from './shell-run.ts';

export interface TerminalOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the command; default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
  /** Who answers what programs ask of the terminal: the emulator (default), or the test. */
  readonly answers?: 'emulator' | 'test';
}

export interface Exit {
  readonly exitCode: number;
  /** The number of the signal that ended it; 0 for none. */
  readonly signal: number;
}

/** What a screen must show: a text in it, an expression over its rows joined by newlines, or anything that can be asked of it. */
export type Expectation = string | RegExp | ((rows: string[]) => boolean);

export interface WaitOptions {
  readonly deadlineMs?: number;
}

export interface RunOptions extends WaitOptions {
  /** The language the marks are written in. */
  readonly language?: 'posix' | 'fish';
}

interface Waiter {
  /** True when what it waits for is there; it has then told so. */
  readonly check: () => boolean;
  readonly fail: (reason: string) => void;
}

/** Masters of this process. node-pty leaves them to every later child, which then keeps a closed terminal from hanging up. */
const openMasters = new Set<number>();

export class TerminalSession {
  readonly terminal: Screen;
  /** Stands in the environment of everything this session starts, as TEST_SESSION. */
  readonly token: string;
  /** Resolves when the command is gone and everything it wrote is on the screen. */
  readonly exit: Promise<Exit>;
  readonly #pty: IPty;
  readonly #waiters = new Set<Waiter>();
  readonly #chunks: Buffer[] = [];
  #ended = false;
  #shows: 'screen' | 'nothing' = 'screen';
  #columns: number;

  static start(options: TerminalOptions): TerminalSession {
    return new TerminalSession(options);
  }

  private constructor({ command, args = [], cwd = process.cwd(), env = process.env, columns = 80, rows = 24, answers = 'emulator' }: TerminalOptions) {
    this.token = randomUUID();
    this.#columns = columns;
    this.terminal = new Screen({ columns, rows, onAnswer: answers === 'emulator' ? (bytes) => this.send(bytes) : () => undefined, onChange: () => this.#changed() });
    const whole = { TERM: 'xterm-256color', ...env, TEST_SESSION: this.token };
    const [file, ...rest] = withoutMasters([command, ...args]);
    this.#pty = spawn(file!, rest, { name: whole.TERM, cols: columns, rows, cwd, env: whole, encoding: null });
    openMasters.add(masterOf(this.#pty));
    this.exit = this.#follow();
  }

  /** The process started; the leader of its session. */
  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything it wrote so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  screen(): string[] {
    return this.terminal.rows();
  }

  /** The screen in a frame. */
  picture(): string {
    return framed(this.screen(), this.#columns);
  }

  /** Row `n`, 0 at the top; negative numbers count from the bottom. */
  row(n: number): string {
    return this.terminal.row(n);
  }

  statusRow(): string {
    return this.row(-1);
  }

  /** Sends `text` as it stands. Enter is `\r`. */
  type(text: string): void {
    this.send(Buffer.from(text, 'utf8'));
  }

  /** Types a line and presses Enter. */
  enter(line: string): void {
    this.type(`${line}\r`);
  }

  /** Presses keys by name (see keys.ts), each in one write of its own. */
  press(...names: string[]): void {
    const { applicationCursorKeysMode } = this.terminal.emulator.modes;
    for (const name of names) this.type(keyBytes(name, { applicationCursor: applicationCursorKeysMode }));
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.terminal.resize(columns, rows);
    if (!this.#ended) this.#pty.resize(columns, rows);
  }

  /** Resolves with the screen as soon as it shows what is expected. */
  waitForScreen(expectation: Expectation, options: WaitOptions = {}): Promise<string[]> {
    return this.#wait(() => (meets(this.screen(), expectation) ? this.screen() : undefined), `the screen to show ${named(expectation)}`, options);
  }

  /** Resolves with row `n` (negative: from the bottom) as soon as it shows what is expected. */
  waitForRow(n: number, expectation: Expectation, options: WaitOptions = {}): Promise<string> {
    return this.#wait(() => (meets([this.row(n)], expectation) ? this.row(n) : undefined), `row ${n} to show ${named(expectation)}`, options);
  }

  waitForStatus(expectation: Expectation, options: WaitOptions = {}): Promise<string> {
    return this.waitForRow(-1, expectation, options);
  }

  /**
   * Types one command line at a shell's prompt and resolves with the lines it printed, once the next prompt is there.
   * `$?` passes through unharmed; what is typed around the command stands in the shell's history with it.
   * Blanks at the end of a line are lost, as on any screen.
   */
  async run(command: string, { language = 'posix', ...options }: RunOptions = {}): Promise<string[]> {
    const id = randomUUID().slice(0, 8);
    this.enter(commandWithMarks(command, id, language));
    return await this.#wait(() => outputBetweenMarks(this.terminal, id), `the end of: ${command}`, options);
  }

  /** Sends a signal to the command itself. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    if (!this.#ended) kill(this.pid, signal);
  }

  /** From now on only the bytes are kept, for much that is counted and not looked at. */
  showNothing(): void {
    this.#shows = 'nothing';
  }

  /** Closes the terminal's side, as a closed window does. */
  hangUp(): void {
    socketOf(this.#pty).destroy();
  }

  /** Ends everything the session ever started, and returns once it is gone. */
  async dispose(): Promise<void> {
    this.hangUp();
    this.kill('SIGKILL');
    for (const { pid } of await processesInSession(this.pid)) kill(pid, 'SIGKILL');
    await killProcesses(this.token);
    await this.exit;
    this.terminal.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void {
    if (!this.#ended) this.#pty.write(Buffer.from(bytes));
  }

  #changed(): void {
    for (const waiter of this.#waiters) if (waiter.check()) this.#waiters.delete(waiter);
  }

  /** Reads to the end. Node 20 and 22 destroy a terminal with output still in it, so the rest is fetched by hand before. */
  async #follow(): Promise<Exit> {
    const master = masterOf(this.#pty);
    const socket = socketOf(this.#pty);
    const take = (bytes: Buffer) => {
      this.#chunks.push(bytes);
      if (this.#shows === 'screen') this.terminal.write(bytes);
    };
    this.#pty.onData((data) => take(data as unknown as Buffer)); // With `encoding: null` these are bytes, whatever the type says.
    const destroy = socket.destroy.bind(socket);
    socket.destroy = (error?: Error) => {
      if (openMasters.delete(master)) drain(master, take);
      this.#ended = true;
      return destroy(error);
    };
    socket.once('end', () => drain(master, take));
    const { exitCode, signal = 0 } = await new Promise<{ exitCode: number; signal?: number }>((resolve) => this.#pty.onExit(resolve));
    openMasters.delete(master);
    this.#ended = true;
    await this.terminal.parsed();
    for (const waiter of this.#waiters) waiter.fail(`the command ended (exit code ${exitCode}, signal ${signal})`);
    return { exitCode, signal };
  }

  #wait<T>(look: () => T | undefined, what: string, { deadlineMs = 30_000 }: WaitOptions): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        check: () => {
          const found = look();
          if (found === undefined) return false;
          clearTimeout(timer);
          resolve(found);
          return true;
        },
        fail: (reason) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          reject(new Error(`waited for ${what}, but ${reason}; the screen:\n${this.picture()}`));
        },
      };
      const timer = setTimeout(() => waiter.fail(`it did not come within ${deadlineMs} ms`), deadlineMs);
      if (waiter.check()) return;
      if (this.#ended) waiter.fail('the command has ended');
      else this.#waiters.add(waiter);
    });
  }
}

function meets(rows: string[], expectation: Expectation): boolean {
  if (typeof expectation === 'function') return expectation(rows);
  const text = rows.join('\n');
  return typeof expectation === 'string' ? text.includes(expectation) : text.search(expectation) >= 0;
}

function named(expectation: Expectation): string {
  return typeof expectation === 'string' ? JSON.stringify(expectation) : expectation.toString();
}

/** The command without the masters of other sessions. `exec` keeps the pid; dash knows only one digit there, hence bash. */
function withoutMasters(command: readonly string[]): string[] {
  if (openMasters.size === 0) return [...command];
  const closing = [...openMasters].map((master) => `${master}>&-`).join(' ');
  return ['bash', '-c', `exec ${closing}; exec -- "$@"`, 'bash', ...command];
}

function socketOf(pty: IPty): Socket {
  return (pty as unknown as { readonly _socket: Socket })._socket;
}

function masterOf(pty: IPty): number {
  return (pty as unknown as { readonly fd: number }).fd;
}

function drain(master: number, take: (bytes: Buffer) => void): void {
  try {
    for (;;) {
      const buffer = Buffer.alloc(65_536);
      const length = readSync(master, buffer);
      if (length === 0) return;
      take(buffer.subarray(0, length));
    }
  } catch {
    // EAGAIN, EIO: there is no more.
  }
}
