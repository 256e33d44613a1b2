// A project of one test: its own root, home, state, trust and environment, gone when the test is over.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, readFile, rm, writeFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { killProcesses, waitForNoProcess } from './processes.ts';
import { TerminalSession } from './terminal-session.ts';
import type { TerminalOptions } from './terminal-session.ts';

/** The checkout these tests belong to. */
export const repository = resolve(import.meta.dirname, '../..');

/** The launcher, as users start it. */
export const launcher = join(repository, 'bin/devshell');

/** The prompt of every shell here, unless a test writes another `.bashrc`. */
export const prompt = '$ ';

const plainBashrc = `PS1='${prompt}'\n`;

export interface ProjectOptions {
  /** The whole `~/.bashrc`. */
  readonly bashrc?: string;
  /** On top of the plain environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Outcome {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Standard input, whole; none by default. */
  readonly input?: string;
  readonly deadlineMs?: number;
}

export type OpenOptions = Partial<Pick<TerminalOptions, 'cwd' | 'columns' | 'rows' | 'answers'>> & Pick<RunOptions, 'env'>;

export class Project {
  /** The directory all of the rest is in. */
  readonly base: string;
  readonly root: string;
  readonly home: string;
  /** Stands in the environment of everything started here, as TEST_PROJECT. */
  readonly token = randomUUID();
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #sessions: TerminalSession[] = [];

  /** An empty project. Its paths are short, so that sockets fit, and real, so that they compare. */
  static async create(options: ProjectOptions = {}): Promise<Project> {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'dsh-')));
    const project = new Project(base, options.env ?? {});
    for (const directory of ['project', 'home', 'runtime', 'tmp']) await mkdir(join(base, directory), { mode: 0o700 });
    await project.writeBashrc(options.bashrc ?? plainBashrc);
    return project;
  }

  private constructor(base: string, env: Readonly<Record<string, string | undefined>>) {
    this.base = base;
    this.root = join(base, 'project');
    this.home = join(base, 'home');
    this.#env = env;
  }

  /** The absolute path of something in the project. */
  path(...parts: string[]): string {
    return resolve(this.root, ...parts);
  }

  /** Writes in place, as `echo > file` does. Missing directories are made. Returns the absolute path. */
  async write(path: string, content: string | Uint8Array, { mode = 0o644 } = {}): Promise<string> {
    const absolute = this.path(path);
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, content, { mode });
    return absolute;
  }

  /** Writes beside it and renames, as most editors do. */
  async replace(path: string, content: string | Uint8Array): Promise<string> {
    const beside = await this.write(`${path}.${randomUUID().slice(0, 8)}.tmp`, content);
    await rename(beside, this.path(path));
    return this.path(path);
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  async writeBashrc(text: string): Promise<void> {
    await writeFile(join(this.home, '.bashrc'), text);
  }

  /** What processes of this project are started with: nothing of the environment the tests run in, but the way to node and the tools. */
  environment(more: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
    const all: Record<string, string | undefined> = { ...plainEnvironment(this.base, this.home), TEST_PROJECT: this.token, ...this.#env, ...more };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return Object.fromEntries(given);
  }

  /** Allows what the project would run, as a user does. */
  async allow(): Promise<void> {
    const { exitCode, stdout, stderr } = await this.devshell(['allow', '--root', this.root]);
    if (exitCode !== 0) throw new Error(`devshell allow ended with ${exitCode}:\n${stdout}${stderr}`);
  }

  /** Runs devshell without a terminal, to its end. */
  devshell(args: readonly string[] = [], options: RunOptions = {}): Promise<Outcome> {
    return this.run(launcher, args, options);
  }

  /** Runs any command without a terminal, to its end. Rejects when it cannot be started or takes too long. */
  run(command: string, args: readonly string[] = [], { cwd = this.root, env = {}, input = '', deadlineMs = 50_000 }: RunOptions = {}): Promise<Outcome> {
    const options = { cwd, env: this.environment(env), maxBuffer: 1 << 28, encoding: 'utf8' } as const;
    return new Promise((settle, reject) => {
      const child = execFile(command, args, options, (error, stdout, stderr) => {
        clearTimeout(timer);
        if (child.pid === undefined) reject(new Error(`${command} could not be started`, { cause: error }));
        else settle({ exitCode: child.exitCode, signal: child.signalCode, stdout, stderr });
      });
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`${command} ${args.join(' ')} did not end within ${deadlineMs} ms`));
      }, deadlineMs);
      child.stdin?.on('error', () => undefined); // EPIPE: it did not want to read.
      child.stdin?.end(input);
    });
  }

  /** Opens devshell in a terminal. */
  open(args: readonly string[] = [], options: OpenOptions = {}): TerminalSession {
    return this.terminal(launcher, args, options);
  }

  /** Opens any command in a terminal. */
  terminal(command: string, args: readonly string[] = [], { env = {}, cwd = this.root, ...size }: OpenOptions = {}): TerminalSession {
    const session = TerminalSession.start({ command, args, cwd, env: this.environment(env), ...size });
    this.#sessions.push(session);
    return session;
  }

  /** Resolves when nothing started here runs any more; fails with the list of what does. */
  async waitForNoProcess(options?: { readonly deadlineMs?: number }): Promise<void> {
    await waitForNoProcess(this.token, options);
  }

  /** Ends what runs and removes what was written. */
  async dispose(): Promise<void> {
    for (const session of this.#sessions) await session.dispose();
    await killProcesses(this.token);
    await rm(this.base, { recursive: true, force: true, maxRetries: 5 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

function plainEnvironment(base: string, home: string): Record<string, string> {
  const path = [dirname(process.execPath), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return {
    PATH: [...new Set(path)].join(':'),
    HOME: home,
    USER: 'tester',
    LOGNAME: 'tester',
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TMPDIR: join(base, 'tmp'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_RUNTIME_DIR: join(base, 'runtime'),
  };
}
