// A private tmux server: a second, independent terminal to hold a command to.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from './processes.ts';

const execute = promisify(execFile);

export interface TmuxOptions {
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly columns?: number;
  readonly rows?: number;
}

export class Tmux {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;

  /** Starts the command in the only pane of a new server that reads no configuration and has no status line of its own. */
  static async start(options: TmuxOptions): Promise<Tmux> {
    const { command, args = [], cwd = process.cwd(), env = process.env, columns = 80, rows = 24 } = options;
    const tmux = new Tmux(await mkdtemp(join(tmpdir(), 'tmux-')), env);
    const settings = [['status', 'off'], ['remain-on-exit', 'on'], ['default-terminal', 'tmux-256color'], ['escape-time', '0'], ['history-limit', '20000']];
    const sized = ['new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', cwd];
    // The first session only carries the settings: some of them are read when a pane is made.
    await tmux.#tmux([...sized, '-s', 'settings', 'cat', ';', ...settings.flatMap(([name, value]) => ['set-option', '-g', name!, value!, ';'])]);
    // tmux 3.3 now and then loses the exit status of a pane under load, so the command leaves it in a file.
    await tmux.#tmux([...sized, '-s', 'main', '--', 'sh', '-c', '"$@"; echo $? >"$0.new"; mv "$0.new" "$0"', tmux.#statusFile, command, ...args]);
    return tmux;
  }

  private constructor(directory: string, env: Readonly<Record<string, string | undefined>>) {
    this.#directory = directory;
    const { TMUX: _, TMUX_PANE: __, ...rest } = env;
    this.#env = { ...rest, TMUX_TMPDIR: directory };
  }

  get #statusFile(): string {
    return join(this.#directory, 'status');
  }

  /** Sends text as it stands. */
  async type(text: string): Promise<void> {
    await this.#tmux(['send-keys', '-t', 'main', '-l', '--', text]);
  }

  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.press('Enter');
  }

  /** Presses keys by tmux's names: `Enter`, `C-c`, `M-C-r`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux(['send-keys', '-t', 'main', ...keys]);
  }

  /** The rows that are seen. */
  async screen(): Promise<string[]> {
    return rowsOf(await this.#tmux(['capture-pane', '-p', '-t', 'main']));
  }

  /** The rows that are seen and all above them, broken ones joined. */
  async history(): Promise<string[]> {
    return rowsOf(await this.#tmux(['capture-pane', '-p', '-J', '-S', '-', '-t', 'main']));
  }

  async waitForScreen(expectation: string | RegExp, { deadlineMs = 30_000 } = {}): Promise<string[]> {
    let rows: string[] = [];
    const shows = () => (typeof expectation === 'string' ? rows.join('\n').includes(expectation) : rows.join('\n').search(expectation) >= 0);
    const what = () => `tmux to show ${String(expectation)}; the screen:\n${rows.join('\n')}`;
    return await waitUntil(async () => ((rows = await this.screen()), shows() && rows), { deadlineMs, what, everyMs: 50 });
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux(['resize-window', '-t', 'main', '-x', String(columns), '-y', String(rows)]);
  }

  /** A tmux format of the pane, such as `#{cursor_x}` or `#{pane_title}`. */
  async ask(format: string): Promise<string> {
    return (await this.#tmux(['display-message', '-p', '-t', 'main', format])).trimEnd();
  }

  /** Waits for the command to end. */
  async exitCode({ deadlineMs = 30_000 } = {}): Promise<number> {
    const status = async (): Promise<string | undefined> => await readFile(this.#statusFile, 'utf8').catch(() => undefined);
    return Number(await waitUntil(status, { deadlineMs, what: 'the command in tmux to end', everyMs: 50 }));
  }

  async dispose(): Promise<void> {
    await this.#tmux(['kill-server']).catch(() => undefined); // It may be gone already.
    await rm(this.#directory, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #tmux(args: readonly string[]): Promise<string> {
    const { stdout } = await execute('tmux', ['-L', 'test', '-f', '/dev/null', '-u', ...args], { env: this.#env });
    return stdout;
  }
}

function rowsOf(captured: string): string[] {
  return captured.replace(/\n$/, '').split('\n').map((row) => row.trimEnd());
}
