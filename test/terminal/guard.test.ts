// The guard: a node process that is killed outright leaves the terminal, its process groups and its directory as they should be.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Pty } from '../../src/terminal/pty.ts';
import { Screen } from './oracle.ts';

const repository = join(import.meta.dirname, '../..');
const guardScript = join(repository, 'shell/guard.sh');
const directory = mkdtempSync(join(tmpdir(), 'guard-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.startsWith('Z');
  } catch {
    return false;
  }
}

/** A shell in a PTY that runs a node process holding the terminal raw, with a guard, a group and a directory. */
class Victim {
  readonly pty: Pty;
  readonly screen = new Screen({ columns: 80, rows: 24 });
  readonly session: string;
  output = '';

  constructor(name: string, body: string, early = '') {
    this.session = join(directory, name, 'sessions', 'one');
    mkdirSync(this.session, { recursive: true });
    writeFileSync(join(this.session, 'file'), '');
    const script = `
      import { spawn } from 'node:child_process';
      import { UserTerminal } from ${JSON.stringify(join(repository, 'src/terminal/terminal.ts'))};
      import { Guard } from ${JSON.stringify(join(repository, 'src/terminal/guard.ts'))};
      import { leaveTerminal } from ${JSON.stringify(join(repository, 'src/terminal/screen.ts'))};
      const guard = Guard.start(${JSON.stringify(guardScript)}, 1);
      ${early}
      const terminal = await UserTerminal.open(process.stdin, process.stdout);
      guard.protectTerminal(terminal.termios, leaveTerminal(terminal.size()));
      guard.addDirectory(${JSON.stringify(this.session)});
      await terminal.enterRaw(new AbortController().signal, guard);
      const group = spawn('sh', ['-c', 'trap "" TERM; sleep 300 & wait; sleep 300'], { detached: true, stdio: 'ignore' });
      const gone = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
      guard.addGroup(group.pid); guard.addGroup(gone.pid); guard.removeGroup(gone.pid);
      terminal.write(Buffer.from('\\x1b[1;23r\\x1b[?1049h\\x1b[?1000h\\x1b[?25l\\x1b[H'));
      terminal.write(Buffer.from('pids ' + [process.pid, guard.pid, group.pid, gone.pid].join(' ') + ' end'));
      setInterval(() => undefined, 1000);
      ${body}`;
    const run = 'node --import ./scripts/typescript.mjs --input-type=module -e "$SCRIPT"';
    const args = ['-c', `echo before=$(stty -g); ${run}; echo code=$?; while read -r x; do echo "now=$(stty -g)"; done`];
    const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SCRIPT: script };
    this.pty = Pty.spawn({ file: 'sh', args, cwd: repository, env, columns: 80, rows: 24, termios: undefined });
    this.pty.onData((chunk) => {
      this.output += Buffer.from(chunk).toString();
      this.screen.write(chunk);
    });
  }

  async pids(): Promise<[number, number, number, number]> {
    await until(() => /pids .* end/.test(this.output), 'the victim runs');
    return /pids (.*) end/.exec(this.output)?.[1]?.split(' ').map(Number) as [number, number, number, number];
  }

  get before(): string | undefined {
    return /before=(\S+)/.exec(this.output)?.[1];
  }

  /** The settings of the terminal now. */
  async now(): Promise<string | undefined> {
    const seen = this.output.length;
    this.pty.write(Buffer.from('\n'));
    await until(() => /now=\S+\r?\n/.test(this.output.slice(seen)), 'the shell answers');
    return /now=(\S+)/.exec(this.output.slice(seen))?.[1];
  }
}

describe('The guard', () => {
  it('puts the terminal back, ends the groups and removes the directory when node is killed', async () => {
    const victim = new Victim('killed', '');
    const [node, guard, group, gone] = await victim.pids();
    process.kill(node, 'SIGKILL');
    await until(() => !alive(guard), 'the guard has ended');
    expect(alive(group)).toBe(false);
    // Released before: no business of the guard's any more.
    expect(alive(gone)).toBe(true);
    process.kill(-gone, 'SIGKILL');
    expect(existsSync(victim.session)).toBe(false);
    expect(existsSync(join(directory, 'killed', 'sessions'))).toBe(true);
    await until(() => victim.output.includes('code=137'), 'the shell goes on');
    expect(await victim.now()).toBe(victim.before);
    const [state, modes] = victim.screen.describe(24);
    expect(state).toMatch(/^normal/);
    expect(modes).toContain('"mouseTrackingMode":"none"');
    expect(modes).toMatch(/ false$/);
    victim.pty.kill('SIGKILL');
  });

  it('touches nothing when all ends well', async () => {
    const victim = new Victim('well', 'await guard.end(); process.kill(-group.pid, 9); process.kill(-gone.pid, 9); await terminal.restore(); process.exit(3);');
    const [, guard] = await victim.pids();
    await until(() => victim.output.includes('code=3'), 'the shell goes on');
    expect(alive(guard)).toBe(false);
    expect(existsSync(victim.session)).toBe(true);
    // What the victim left on is for its session to switch off, not for the guard.
    expect(victim.screen.describe(24)[0]).toMatch(/^alternate/);
    victim.pty.kill('SIGKILL');
  });

  it('is not needed to take the terminal and to give it back', async () => {
    const body = 'process.kill(-group.pid, 9); process.kill(-gone.pid, 9); await terminal.restore(); await guard.end(); process.exit(4);';
    const victim = new Victim('dead', body, "process.kill(guard.pid, 'SIGKILL');");
    await victim.pids();
    await until(() => victim.output.includes('code=4'), 'the shell goes on');
    expect(await victim.now()).toBe(victim.before);
    victim.pty.kill('SIGKILL');
  });

  it('outlives every signal that a closing terminal sends', async () => {
    const victim = new Victim('signals', '');
    const [node, guard] = await victim.pids();
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const) process.kill(guard, signal);
    process.kill(node, 'SIGKILL');
    await until(() => !existsSync(victim.session), 'the directory is gone');
    victim.pty.kill('SIGKILL');
  });

  it('does its work without a terminal', async () => {
    const session = join(directory, 'none', 'sessions', 'two');
    mkdirSync(session, { recursive: true });
    const child = spawn('/bin/sh', [guardScript, 'none'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.stdin.end(`remove ${session}\n`);
    await new Promise((resolve) => child.once('close', resolve));
    expect(existsSync(session)).toBe(false);
  });

  it('leaves what is said to be gone already, and only that', async () => {
    const [first, second, third] = ['first', 'second', 'third'].map((name) => join(directory, 'listed', 'sessions', name)) as [string, string, string];
    for (const path of [first, second, third]) mkdirSync(path, { recursive: true });
    const child = spawn('/bin/sh', [guardScript, 'none'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    child.stdin.end(`remove ${first}\nremove ${second}\nremove ${third}\nkeep ${second}\nkeep ${third.slice(4)}\nkeep\n`);
    await new Promise((resolve) => child.once('close', resolve));
    expect([first, second, third].map((path) => existsSync(path))).toEqual([false, true, false]);
  });

  it('believes nothing that could harm: other directories, odd groups, unknown words', async () => {
    const kept = ['a', 'sessions', join('b', 'sessions')].map((path) => join(directory, 'kept', path));
    for (const path of kept) mkdirSync(path, { recursive: true });
    const child = spawn('/bin/sh', [guardScript, 'none'], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    const lines = [
      ...kept.map((path) => `remove ${path}`), `remove ${join(directory, 'kept')}/b/sessions/`, `remove ${directory}/kept/b/sessions/../../a`, 'remove sessions/x', 'remove /sessions/x',
      'group 0', 'group 1', 'group -1', 'group $$', 'group', 'group 12 34', 'ungroup 5', 'tty $(touch x)', 'word', '', 'rm -rf /',
    ];
    child.stdin.end(lines.map((line) => `${line}\n`).join(''));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(kept.filter((path) => existsSync(path))).toEqual(kept);
  });

  it('is written for any POSIX shell', () => {
    expect(spawnSync('shellcheck', ['-s', 'sh', guardScript], { encoding: 'utf8' }).stdout).toBe('');
    expect(spawnSync('shfmt', ['-ln', 'posix', '-i', '2', '-ci', '-d', guardScript], { encoding: 'utf8' }).stdout).toBe('');
  });
});
