// A real bash for tests: started as devshell starts it, in a PTY, with a home and a session directory of its own.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node-pty';
import type { IPty } from 'node-pty';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import type { Mark } from '../../src/model/mark.ts';
import { parseMark } from '../../src/model/mark.ts';
import { bashScript } from '../../src/script/bash.ts';

export const shellDirectory = fileURLToPath(new URL('../../shell/bash', import.meta.url));
const deadlineMs = 20_000;
/** Another version may be put to the same tests. */
export const bash = process.env['TEST_BASH'] ?? 'bash';

export interface Place {
  readonly home: string;
  readonly session: string;
  readonly remove: () => void;
}

export function makePlace(): Place {
  const root = mkdtempSync(join(tmpdir(), 'devshell-test-'));
  const place = { home: join(root, 'home'), session: join(root, 'session'), remove: () => rmSync(root, { recursive: true, force: true }) };
  mkdirSync(place.home);
  mkdirSync(place.session, { mode: 0o700 });
  return place;
}

/** An environment from the parts that matter. */
export function environmentOf(parts: {
  variables?: Record<string, string | null>;
  lists?: Record<string, { front?: string[]; back?: string[] }>;
  functions?: Record<string, string>;
  aliases?: Record<string, string>;
  completions?: Record<string, string>;
  init?: string;
}): Environment {
  return {
    ...emptyEnvironment,
    variables: new Map(Object.entries(parts.variables ?? {})),
    lists: new Map(Object.entries(parts.lists ?? {}).map(([name, { front = [], back = [] }]) => [name, { front, back }])),
    functions: new Map(Object.entries(parts.functions ?? {})),
    aliases: new Map(Object.entries(parts.aliases ?? {})),
    completions: new Map(Object.entries(parts.completions ?? {})),
    init: parts.init ?? '',
  };
}

export interface ShellOptions {
  readonly bashrc?: string;
  readonly first?: Environment;
  readonly env?: Record<string, string>;
  readonly nonce?: string;
}

/** One interactive bash. What it prints is kept; marks are taken out of it, in order. */
export class Shell {
  readonly place: Place;
  readonly pty: IPty;
  readonly marks: Mark[] = [];
  output = '';
  exitCode: number | undefined;
  #bytes = Buffer.alloc(0);
  #generation = 1;
  #last: Environment;
  readonly #nonce: string;
  readonly #waiting = new Set<() => void>();

  constructor(options: ShellOptions = {}) {
    this.place = makePlace();
    this.#nonce = options.nonce ?? 'nonce-of-the-test';
    const { home, session } = this.place;
    this.#last = options.first ?? emptyEnvironment;
    writeFileSync(join(home, '.bashrc'), `PS1='$ '\n${options.bashrc ?? ''}`);
    writeFileSync(join(session, 'shell-env.sh'), bashScript(this.#last, 1), { mode: 0o600 });
    this.pty = spawn(bash, ['--noprofile', '--rcfile', join(shellDirectory, 'rcfile.bash'), '-i'], {
      name: 'xterm',
      cols: 200,
      rows: 50,
      cwd: home,
      encoding: null,
      env: { ...shellVariables(this.place), DEVSHELL_NONCE: this.#nonce, ...options.env },
    });
    this.pty.onData((data: unknown) => this.#read(data as Buffer));
    this.pty.onExit(({ exitCode }) => {
      this.exitCode = exitCode;
      this.#wake();
    });
  }

  /** Writes `environment` where the prompt finds it, as the coordinator does, and returns its generation. */
  publish(environment: Environment, name = 'pending-env.sh'): number {
    const base = { generation: this.#generation, environment: this.#last };
    this.#generation++;
    this.#last = environment;
    const path = join(this.place.session, name);
    writeFileSync(`${path}.new`, bashScript(environment, this.#generation, base), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return this.#generation;
  }

  unpublish(name = 'pending-env.sh'): void {
    rmSync(join(this.place.session, name), { force: true });
  }

  type(text: string): void {
    this.pty.write(text);
  }

  /** Runs a command line and returns what it printed. */
  async run(line: string): Promise<string> {
    await this.prompt();
    const from = this.output.length;
    const seen = this.count('prompt');
    this.type(`${line}\r`);
    await this.until(`the prompt behind ${line}`, () => this.count('prompt') > seen && this.output.slice(from).endsWith('$ '));
    const text = this.output.slice(from).replaceAll('\r\n', '\n');
    return text.slice(text.indexOf('\n') + 1).replace(/\n?\$ $/, '');
  }

  /** Until a prompt stands there and nothing follows it. */
  async prompt(): Promise<void> {
    await this.until('a prompt', () => this.count('prompt') > 0 && this.output.endsWith('$ '));
  }

  /** What the hook reports of this generation. */
  async applied(generation: number): Promise<Extract<Mark, { kind: 'applied' }>['report']> {
    const find = (): Mark | undefined => this.marks.find((mark) => mark.kind === 'applied' && mark.report.generation === generation);
    await this.until(`generation ${generation} to be applied`, () => find() !== undefined);
    const mark = find();
    if (mark?.kind !== 'applied') throw new Error('no such mark');
    return mark.report;
  }

  /** Presses Ctrl-C until `holds`: bash now and then misses one that comes just as it begins to wait. */
  async interrupt(holds: () => boolean): Promise<void> {
    const timer = setInterval(() => {
      if (!holds()) this.type('\x03');
    }, 200);
    await this.until('the effect of Ctrl-C', holds).finally(() => clearInterval(timer));
  }

  count(kind: Mark['kind']): number {
    return this.marks.filter((mark) => mark.kind === kind).length;
  }

  until(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited in vain for ${what}; marks ${JSON.stringify(this.marks.slice(-5))}; output:\n${this.output.slice(-2000)}`));
      }, deadlineMs);
      const check = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    if (this.exitCode === undefined) this.pty.kill('SIGKILL');
    await this.until('the end of the shell', () => this.exitCode !== undefined);
    this.place.remove();
  }

  #read(data: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    const text = this.#bytes.toString('latin1');
    const open = text.lastIndexOf('\x1b]7717;');
    const whole = open >= 0 && !text.includes('\x07', open) ? open : text.length;
    this.#bytes = this.#bytes.subarray(whole);
    this.output += Buffer.from(text.slice(0, whole), 'latin1')
      .toString()
       
      .replace(/\x1b\](7717;[^\x07]*)\x07/g, (_, payload: string) => {
        const mark = parseMark(payload, this.#nonce);
        if (mark === undefined) throw new Error(`not a mark: ${payload}`);
        this.marks.push(mark);
        return '';
      })
       
      .replace(/\x1b\[\?2004[hl]\r?/g, '');
    this.#wake();
  }

  #wake(): void {
    for (const check of [...this.#waiting]) check();
  }
}

/** A shell that is closed when the test that asked for it has ended. */
export function startShell(options: ShellOptions): Shell {
  const shell = new Shell(options);
  onTestFinished(() => shell.close());
  return shell;
}

/** As `startShell`, at its first prompt. */
export async function openShell(options: ShellOptions): Promise<Shell> {
  const shell = startShell(options);
  await shell.prompt();
  return shell;
}

/** The environment of a shell in `place`; nothing of the caller's gets in but PATH. */
export function shellVariables({ home, session }: Place): Record<string, string> {
  return {
    HOME: home,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TERM: 'xterm',
    LANG: 'C.UTF-8',
    DEVSHELL_ROOT: home,
    DEVSHELL_SESSION: session,
    DEVSHELL_RELOAD_FILE: join(session, 'pending-env.sh'),
    DEVSHELL_SHELL_DIR: shellDirectory,
  };
}

/**
 * Runs `script` in a bash without a terminal that has read the hook. `apply N` applies the generation N of `environments` (from 1), which
 * is written for a shell that runs in the one before;
 * marks go to the file `marks` in the session directory. Returns what the script printed on stdout.
 */
export function runMerges(environments: readonly Environment[], script: string, options: { env?: Record<string, string>; place?: Place } = {}): string {
  const place = options.place ?? makePlace();
  const { session } = place;
  try {
    environments.forEach((environment, index) => {
      const before = environments[index - 1];
      const base = before && { generation: index, environment: before };
      writeFileSync(join(session, `generation-${index + 1}.sh`), bashScript(environment, index + 1, base));
    });
    writeFileSync(join(session, 'script.bash'), `${mergePreamble}\n${script}\n:\n`);
    return execFileSync(bash, ['--noprofile', '--norc', join(session, 'script.bash')], {
      encoding: 'utf8',
      cwd: place.home,
      env: { ...shellVariables(place), ...options.env },
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } finally {
    if (options.place === undefined) place.remove();
  }
}

export function marksOf(place: Place): string {
  return readFileSync(join(place.session, 'marks'), 'latin1');
}

const mergePreamble = `
__devshell_nonce=nonce __devshell_session=$DEVSHELL_SESSION __devshell_file=$DEVSHELL_RELOAD_FILE __devshell_scratch=$DEVSHELL_SESSION/scratch
: >"$__devshell_scratch"
. "$DEVSHELL_SHELL_DIR/hook.bash"
__devshell_tty=$DEVSHELL_SESSION/marks
: >"$__devshell_tty"
apply() { __devshell_do test_apply "$1" 2>>"$DEVSHELL_SESSION/errors"; }
__devshell_test_apply() { __devshell_apply "$__devshell_session/generation-$1.sh"; }
`;
