// The PTY with real programs: nothing lost at the end, nothing lost on the way in, and no time spent waiting for a program that does not read.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stdioWithoutMasters } from '../../src/terminal/masters.ts';
import { Pty, ptyMasterFds } from '../../src/terminal/pty.ts';
import type { PtyExit, PtyOptions } from '../../src/terminal/pty.ts';

const directory = mkdtempSync(join(tmpdir(), 'pty-'));
afterAll(() => rmSync(directory, { recursive: true }));

function start(file: string, args: readonly string[], options: Partial<PtyOptions> = {}): Pty {
  const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm' };
  return Pty.spawn({ file, args, cwd: directory, env, columns: 80, rows: 24, termios: undefined, ...options });
}

interface Finished {
  readonly output: Buffer;
  readonly exit: PtyExit;
}

/** Everything a program writes, and how it ended; after that nothing may come, and no second end. */
async function finished(pty: Pty, paused: 'paused' | 'flowing' = 'flowing'): Promise<Finished> {
  const chunks: Uint8Array[] = [];
  let ends = 0;
  pty.onData((chunk) => {
    if (ends > 0) throw new Error('output after the end');
    chunks.push(Buffer.from(chunk));
  });
  if (paused === 'paused') pty.pause();
  const exit = await new Promise<PtyExit>((resolve) => {
    pty.onExit((result) => {
      ends++;
      resolve(result);
    });
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ends).toBe(1);
  pty.dispose();
  return { output: Buffer.concat(chunks), exit };
}

const run = (script: string, options: Partial<PtyOptions> = {}): Promise<Finished> => finished(start('sh', ['-c', script], options));

/** Waits until `condition` holds; fails after 20 s. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('Output', () => {
  const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\r\n`).join('');

  it('is whole when the program ends right after it: 20,000 lines, forty times', async () => {
    for (let time = 0; time < 40; time++) expect((await run('seq 20000')).output.toString()).toBe(numbers);
  });

  it('is whole without a line end: a megabyte, ten times', async () => {
    for (let time = 0; time < 10; time++) expect((await run('head -c 1000000 /dev/zero | tr "\\0" x')).output).toHaveLength(1_000_000);
  });

  it('is whole however short the life of the program: two hundred times', async () => {
    for (let time = 0; time < 200; time++) expect((await run('printf "last words"')).output.toString()).toBe('last words');
  });

  it('of a background job is whole, as far as the kernel has taken it', async () => {
    for (let time = 0; time < 20; time++) {
      const file = join(directory, `late-${time}`);
      // When the shell ends the kernel hangs the terminal up: what the job writes after that fails, and the job can tell.
      const job = `i=0; while [ $i -lt 2000 ] && echo late$i; do echo $i >&9; i=$((i+1)); done; echo end >&9`;
      const { output } = await run(`trap "" HUP; exec 9>${file}; (${job}) 2>/dev/null & seq 100; sleep 0.0${time % 4}`);
      await until(() => readFileSync(file, 'utf8').endsWith('end\n'));
      const written = readFileSync(file, 'utf8').split('\n').length - 2;
      const seen = output.toString().match(/late\d+\r\n/g)?.length ?? 0;
      expect(output.toString()).toContain('100\r\n');
      expect(seen).toBeGreaterThanOrEqual(written);
    }
  });

  it('is whole when nobody was reading at the end', async () => {
    for (let time = 0; time < 20; time++) expect((await finished(start('sh', ['-c', 'seq 500']), 'paused')).output.toString()).toBe(numbers.slice(0, numbers.indexOf('501\r')));
  });

  it('is every byte', async () => {
    const { output } = await run('stty raw; i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done');
    expect([...output]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  });

  it.each(['before somebody listens', 'after'] as const)('waits while it is paused, from the first byte on: paused %s', async (when) => {
    const written = join(directory, `written ${when}`);
    const pty = start('sh', ['-c', `echo early; : >"${written}"; read x`]);
    let output = '';
    const listen = (): void => pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    if (when === 'after') listen();
    pty.pause();
    await until(() => existsSync(written));
    if (when === 'before somebody listens') listen();
    pty.resume();
    await until(() => output === 'early\r\n');
    pty.kill('SIGKILL');
    await finished(pty);
  });

  it('comes again after a pause', async () => {
    const pty = start('sh', ['-c', 'seq 1 5000; read x']);
    let seen = '';
    pty.onData((chunk) => {
      seen += Buffer.from(chunk).toString();
      pty.pause();
      setTimeout(() => pty.resume(), 1);
    });
    await until(() => seen.includes('5000\r\n'));
    pty.write(Buffer.from('\n'));
    await new Promise<void>((resolve) => pty.onExit(() => resolve()));
  });
});

describe('The end', () => {
  it.each([
    ['exit 0', 0, undefined],
    ['exit 42', 42, undefined],
    ['kill -TERM $$', 0, 15],
    ['kill -KILL $$', 0, 9],
    ['kill -HUP $$', 0, 1],
  ])('is told with its code or its signal: %s', async (script, exitCode, signal) => {
    expect((await run(script)).exit).toEqual({ exitCode, signal });
  });

  it('is told to whoever asks later', async () => {
    const pty = start('true', []);
    await finished(pty);
    const late = await new Promise<PtyExit>((resolve) => pty.onExit(resolve));
    expect(late.exitCode).toBe(0);
  });

  it('does not wait for a background job that keeps the terminal', async () => {
    const startedMs = Date.now();
    await run('sleep 30 & true');
    expect(Date.now() - startedMs).toBeLessThan(5000);
  });

  it('makes everything else do nothing', async () => {
    const pty = start('true', []);
    await finished(pty);
    pty.write(Buffer.from('x'));
    pty.resize(10, 10);
    pty.kill('SIGTERM');
    pty.pause();
    pty.resume();
    pty.dispose();
  });

  it('comes by the signal that was sent, and hang-up comes by closing', async () => {
    const killed = start('sleep', ['60']);
    killed.kill('SIGINT');
    expect((await finished(killed)).exit.signal).toBe(2);
    const closed = start('sh', ['-c', 'echo ready; exec sleep 60']);
    const end = new Promise<PtyExit>((resolve) => closed.onExit(resolve));
    await new Promise<void>((resolve) => closed.onData(() => resolve()));
    closed.dispose();
    expect((await end).signal).toBe(1);
  });
});

describe('Input', () => {
  const megabyte = Buffer.from(Array.from({ length: 1 << 20 }, (_, index) => 33 + (index % 90)));
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

  it('of a megabyte reaches a program that reads slowly, whole and in order', async () => {
    const file = join(directory, 'slow');
    const pty = start('sh', ['-c', `stty raw -echo; echo ready; i=0; while [ $i -lt 8 ]; do head -c 131072 >>${file}; sleep 0.05; i=$((i+1)); done`]);
    let output = '';
    pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    await until(() => output.includes('ready'));
    for (let at = 0; at < megabyte.length; at += 10_000) pty.write(megabyte.subarray(at, at + 10_000));
    await new Promise<void>((resolve) => pty.onExit(() => resolve()));
    expect(digest(readFileSync(file))).toBe(digest(megabyte));
  });

  it('costs next to nothing while the program does not read, and is there when it does', async () => {
    const file = join(directory, 'late');
    const pty = start('sh', ['-c', `stty raw -echo; echo ready; sleep 2; head -c ${megabyte.length} >${file}`]);
    let output = '';
    pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    await until(() => output.includes('ready'));
    pty.write(megabyte);
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_500_000).toBeLessThan(0.2);
    await new Promise<void>((resolve) => pty.onExit(() => resolve()));
    expect(digest(readFileSync(file))).toBe(digest(megabyte));
  });

  it('that is never read does not keep the end from coming', async () => {
    const pty = start('sh', ['-c', 'stty raw -echo; sleep 0.3; exit 7']);
    pty.write(megabyte);
    expect((await finished(pty)).exit.exitCode).toBe(7);
  });
});

describe('The terminal of the program', () => {
  it('has the size it was given, and the next', async () => {
    const pty = start('sh', ['-c', 'stty size; read x; stty size']);
    let output = '';
    pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    await until(() => output.includes('24 80'));
    pty.resize(100, 30);
    pty.write(Buffer.from('\n'));
    await new Promise<void>((resolve) => pty.onExit(() => resolve()));
    expect(output).toContain('30 100');
  });

  it("has the settings of the user's, IUTF8 among them", async () => {
    const { output } = await run('stty -g');
    const settings = output.toString().trim();
    const changed = (await run('stty -F /dev/tty iutf8 intr ^X -ixon; stty -g')).output.toString().trim();
    expect(changed).not.toBe(settings);
    const carried = await finished(start('sh', ['-c', 'stty -g; stty -a'], { termios: changed }));
    expect(carried.output.toString().split('\r\n')[0]).toBe(changed);
    expect(carried.output.toString()).toMatch(/ iutf8/);
  });

  it('has the environment it was given, exported functions included, and not ours', async () => {
    const env = { PATH: process.env['PATH'] ?? '', TERM: 'screen', TMUX: 'x', COLUMNS: '7', 'BASH_FUNC_hello%%': '() {  echo hello from a function\n}' };
    const termios = (await run('stty -g')).output.toString().trim();
    const { output } = await finished(start('bash', ['-c', 'hello; echo $TERM $TMUX; env | grep -c .; echo $$ $PPID'], { env, termios }));
    expect(output.toString()).toContain('hello from a function');
    expect(output.toString()).toContain('screen x');
  });

  it('is gone from every other child', async () => {
    const pty = start('sleep', ['60']);
    expect(ptyMasterFds()).toContain(pty.fd);
    const list = (stdio: Parameters<typeof spawnSync>[2]): string => spawnSync('sh', ['-c', 'ls -l /proc/self/fd'], { ...stdio, encoding: 'utf8' }).stdout;
    expect(list({ stdio: ['ignore', 'pipe', 'pipe'] })).toContain('ptmx');
    expect(list({ stdio: stdioWithoutMasters(['ignore', 'pipe', 'pipe']) })).not.toContain('ptmx');
    pty.kill('SIGKILL');
    await finished(pty);
    expect(ptyMasterFds()).not.toContain(pty.fd);
  });
});

describe('Ctrl-C behind input that nobody reads', () => {
  it('comes through, again and again, and this thread never waits for the program', async () => {
    const pty = start('bash', ['-c', 'trap "echo heard" INT; while :; do sleep 1000; done'], {});
    let output = '';
    pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    const line = Buffer.from(`${'x'.repeat(79)}\n`.repeat(2000));
    for (let time = 1; time <= 2; time++) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      pty.write(line);
      // Stuck for longer than it is waited before a key counts as urgent.
      await new Promise((resolve) => setTimeout(resolve, 400));
      pty.write(Uint8Array.of(3));
      await until(() => output.split('heard').length > time);
      // O_NONBLOCK; a write that blocks would stop the whole test.
      if (process.platform === 'linux') expect(Number.parseInt(/flags:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${pty.fd}`, 'utf8'))?.[1] ?? '0', 8) & 0o4000).toBe(0o4000);
    }
    pty.kill('SIGKILL');
    await finished(pty);
  });

  it('takes nothing with it that is typed after it', async () => {
    const pty = start('bash', ['-c', 'heard() { read -r line; echo "<$line>"; exit; }; trap heard INT; while :; do sleep 1000; done'], {});
    let output = '';
    pty.onData((chunk) => (output += Buffer.from(chunk).toString()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    pty.write(Buffer.from(`${'x'.repeat(79)}\n`.repeat(2000)));
    await new Promise((resolve) => setTimeout(resolve, 400));
    pty.write(Uint8Array.of(3));
    pty.write(Buffer.from('typed '));
    pty.write(Buffer.from('after it\n'));
    await until(() => output.includes('<typed after it>'));
    await finished(pty);
  });
});
