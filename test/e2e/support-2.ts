// A reloading shell in a project, as the tests of reloading drive it: its live environment to the byte, its log, its builds.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../support/processes.ts';
import { launcher } from '../support/project.ts';
import type { OpenOptions, Project } from '../support/project.ts';
import type { TerminalSession } from '../support/terminal-session.ts';

export interface ShellOptions extends OpenOptions {
  readonly args?: readonly string[];
}

/** One build as `build.log` tells it. */
export interface LoggedBuild {
  readonly generation: number;
  readonly changed: string;
  /** `built`, `failed` ...; undefined while it runs. */
  readonly ended: string | undefined;
}

let files = 0;

export class Shell {
  readonly project: Project;
  readonly session: TerminalSession;
  /** `DEVSHELL_SESSION` of the shell. */
  readonly directory: string;

  /** Opens the shell in a project that is allowed and configured by `toml`; resolves at its first prompt, with its inputs watched. */
  static async open(project: Project, toml: string | undefined, { args = [], ...options }: ShellOptions = {}): Promise<Shell> {
    if (toml !== undefined) await project.write('devshell.toml', toml);
    await project.allow();
    const session = project.open(args, options);
    await session.waitForStatus(/watching \d+ input|failed|building|ready|reloaded|unchanged/);
    await promptOf(session);
    return new Shell(project, session, await valueOf(project, session, 'DEVSHELL_SESSION') ?? '');
  }

  private constructor(project: Project, session: TerminalSession, directory: string) {
    this.project = project;
    this.session = session;
    this.directory = directory;
  }

  /** Waits until the cursor stands behind an empty prompt. */
  async prompt(): Promise<void> {
    await promptOf(this.session);
  }

  /** The exact bytes of a variable of the live shell; undefined where it is not set. */
  value(name: string): Promise<string | undefined> {
    return valueOf(this.project, this.session, name);
  }

  /** Waits until the line says that something is ready, and types the next command: what it sees. */
  async readyValue(name: string): Promise<string | undefined> {
    await this.session.waitForStatus('ready');
    return await this.value(name);
  }

  /** Asks, prompt after prompt, until the variable holds `value`. For changes of which it cannot be told when the last one is in. */
  async converge(name: string, value: string): Promise<void> {
    let last: string | undefined;
    await waitUntil(async () => (last = await this.value(name)) === value, { what: () => `${name} to be ${value}; it is ${String(last)}`, everyMs: 100 });
  }

  /** Types a command of devshell's own into the shell; the lines it prints. */
  devshell(command: string): Promise<string[]> {
    return this.session.run(`'${launcher}' ${command}`);
  }

  log(): Promise<string> {
    return readFile(join(this.directory, 'build.log'), 'utf8').catch(() => '');
  }

  async builds(): Promise<LoggedBuild[]> {
    const log = await this.log();
    return [...log.matchAll(/^\[[\d:.]+\] build (\d+)(?:, changed: (.*))?$/gm)].map(([, generation = '', changed = '']) => ({
      generation: Number(generation),
      changed,
      ended: new RegExp(`^\\[[\\d:.]+\\] build ${generation} (\\w+) after`, 'm').exec(log)?.[1],
    }));
  }

  /** What the last build came to, once every build has ended and there are at least `count`. */
  async buildsEnded(count: number): Promise<LoggedBuild[]> {
    let builds: LoggedBuild[] = [];
    const done = async (): Promise<boolean> => {
      builds = await this.builds();
      return builds.length >= count && builds.every(({ ended }) => ended !== undefined);
    };
    await waitUntil(done, { what: () => `${count} builds to have ended, not only ${JSON.stringify(builds)}` });
    return builds;
  }

  /**
   * Changes something beside the point and waits until that is in: whatever was to be noticed before has been noticed by then.
   * The project needs `SETTLED = "${SETTLED:-}"` nowhere: the value goes through a dotenv file of its own, `settled.env`.
   */
  async settle(): Promise<void> {
    const value = `settled-${++files}`;
    await this.project.replace('settled.env', `SETTLED=${value}\n`);
    await this.converge('SETTLED', value);
  }
}

/** For `[load]`: what `settle` writes. */
export const settledFile = '{ file = "settled.env", optional = true }';

async function promptOf(session: TerminalSession): Promise<void> {
  await session.waitForScreen(() => /^\$ ?$/.test(session.row(session.terminal.cursor.row)));
}

export async function valueOf(project: Project, session: TerminalSession, name: string): Promise<string | undefined> {
  const file = join(project.base, 'tmp', `value-${++files}`);
  await session.run(`builtin printf %s "\${${name}+=\$${name}}" >|'${file}'`);
  const text = await readFile(file, 'utf8');
  await rm(file);
  return text === '' ? undefined : text.slice(1);
}

/** A file in the project that does not count as anything: for what a command prints, and for letting a command go on. */
export class Beacon {
  readonly path: string;

  constructor(project: Project) {
    this.path = join(project.base, 'tmp', `beacon-${++files}`);
  }

  light(text = ''): Promise<void> {
    return writeFile(this.path, text);
  }

  text(): Promise<string> {
    return readFile(this.path, 'utf8').catch(() => '');
  }

  /** What was written to it, once that matches. */
  async seen(expected: RegExp): Promise<string> {
    let text = '';
    await waitUntil(async () => expected.test((text = await this.text())), { what: () => `${String(expected)} in ${JSON.stringify(text)}` });
    return text;
  }
}
