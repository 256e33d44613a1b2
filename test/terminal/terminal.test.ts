// The user's terminal, as a process in a real PTY has it: raw mode, size, input, and that everything is put back.

import { describe, expect, it } from 'vitest';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pty } from '../../src/terminal/pty.ts';

const repository = join(import.meta.dirname, '../..');

/** A node process that runs `body` with `terminal` open, in a PTY; its output as it grows. */
class Process {
  readonly pty: Pty;
  output = '';
  readonly ended: Promise<number>;

  constructor(body: string, after = 'stty -g', redirection = '') {
    const script = `import { UserTerminal } from ${JSON.stringify(join(repository, 'src/terminal/terminal.ts'))};
      const terminal = await UserTerminal.open(process.stdin, process.stdout);
      const say = (text) => terminal.write(Buffer.from(text));
      const signal = new AbortController().signal;
      ${body}`;
    const run = `node --import ./scripts/typescript.mjs --input-type=module -e "$SCRIPT" ${redirection}`;
    const env = { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SCRIPT: script };
    const args = ['-c', `echo before=$(stty -g); ${run}; echo code=$?; echo after=$(${after})`];
    this.pty = Pty.spawn({ file: 'sh', args, cwd: repository, env, columns: 80, rows: 24, termios: undefined });
    this.pty.onData((chunk) => (this.output += Buffer.from(chunk).toString()));
    this.ended = new Promise((resolve) => this.pty.onExit(({ exitCode }) => resolve(exitCode)));
  }

  async until(text: string | RegExp): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(typeof text === 'string' ? this.output.includes(text) : text.test(this.output))) {
      if (Date.now() > deadline) throw new Error(`never came: ${text}\n${JSON.stringify(this.output)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  get settings(): [string | undefined, string | undefined] {
    return [/before=(\S+)/.exec(this.output)?.[1], /after=(\S+)/.exec(this.output)?.[1]];
  }
}

async function restored(process: Process): Promise<void> {
  await process.ended;
  const [before, after] = process.settings;
  expect(before).toBeDefined();
  expect(after).toBe(before);
}

describe("The user's terminal", () => {
  it('passes every byte both ways in raw mode, and is restored', async () => {
    const process = new Process(`
      await terminal.enterRaw(signal);
      terminal.onInput(async (chunk) => {
        say('<' + Buffer.from(chunk).toString('hex') + '>\\n');
        if (chunk.includes(0x71)) { await terminal.restore(); terminal.close(); }
      });
      say('ready\\n');`);
    await process.until('ready');
    process.pty.write(Buffer.from([0x03]));
    await process.until('<03>');
    process.pty.write(Buffer.from('\r\n\x1a\x1c\x04\x7f'));
    await process.until('<0d0a1a1c047f>\n');
    process.pty.write(Buffer.from('q'));
    await restored(process);
    // In raw mode a line feed is a line feed.
    expect(process.output).toContain('ready\n<03>\n');
    expect(process.output).not.toContain('ready\r\n');
  });

  it('is restored by the handler of an exit, too', async () => {
    const process = new Process(`
      await terminal.enterRaw(signal);
      globalThis.process.on('exit', () => { terminal.writeSync(Buffer.from('last')); terminal.restoreSync(); });
      setTimeout(() => { throw new Error('a bug'); }, 10);`);
    await restored(process);
    expect(process.output).toContain('last');
    expect(process.output).toContain('code=1');
  });

  it('says its size, and when that changes', async () => {
    const process = new Process(`
      const size = () => { const { columns, rows } = terminal.size(); return columns + 'x' + rows; };
      terminal.onResize(() => { say('now ' + size()); terminal.close(); });
      terminal.onInput(() => undefined);
      say('at ' + size());`);
    await process.until('at 80x24');
    process.pty.resize(100, 30);
    await process.until('now 100x30');
    process.pty.kill('SIGHUP');
    await process.ended;
  });

  it('asks to wait while the terminal is behind, goes on reading keys, and loses nothing', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'terminal-'));
    const seen = join(directory, 'seen');
    const process = new Process(`
      const { writeFileSync } = await import('node:fs');
      await terminal.enterRaw(signal);
      let sent = 0;
      terminal.onInput((key) => { if (key[0] === 0x6b) writeFileSync(${JSON.stringify(seen)}, String(sent)); else fill(); });
      const line = Buffer.alloc(4096, 'x');
      const fill = () => { while (sent < 500) { sent++; if (!terminal.write(line)) return; } say('end;'); finish(); };
      const finish = async () => { await terminal.restore(); terminal.close(); };
      terminal.onDrain(fill);
      say('ready');`);
    await process.until('ready');
    process.pty.pause();
    process.pty.write(Buffer.from('f'));
    // Sent again until it is seen: by then the process may or may not have filled the terminal.
    while (!existsSync(seen) || readFileSync(seen, 'utf8') === '0') {
      process.pty.write(Buffer.from('k'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(Number(readFileSync(seen, 'utf8'))).toBeLessThan(500);
    process.pty.resume();
    await process.until('end;');
    await restored(process);
    expect(process.output.match(/x/g)?.length).toBeGreaterThanOrEqual(500 * 4096);
    rmSync(directory, { recursive: true });
  });

  it('is restored when everything has gone out, however slowly the terminal takes it', async () => {
    const lines = 'line\n'.repeat(80_000);
    const process = new Process(`
      await terminal.enterRaw(signal);
      terminal.onInput(() => undefined);
      say('begin;' + ${JSON.stringify('line\n')}.repeat(80_000) + 'end;');
      await terminal.restore();
      terminal.close();`);
    await process.until('begin;');
    // A modem's pace: longer in all than a terminal that takes nothing is waited for.
    process.pty.onData(() => {
      process.pty.pause();
      setTimeout(() => process.pty.resume(), 30);
    });
    await restored(process);
    expect(process.output.slice(process.output.indexOf('begin;')).startsWith(`begin;${lines}end;`)).toBe(true);
  });

  it('gathers what is to go out together, however much that is, and in order, and takes a copy of it', async () => {
    const process = new Process(`
      await terminal.enterRaw(signal);
      const again = Buffer.alloc(10_000);
      terminal.cork();
      for (const letter of 'abc') { again.fill(letter); terminal.write(again); terminal.cork(); say('-'); terminal.uncork(); }
      terminal.write(Buffer.alloc(40_000, 'd'));
      say(';');
      if (!terminal.uncork()) await new Promise((resolve) => terminal.onDrain(resolve));
      await terminal.restore();
      terminal.close();`);
    await restored(process);
    expect(process.output).toContain(`${'a'.repeat(10_000)}-${'b'.repeat(10_000)}-${'c'.repeat(10_000)}-${'d'.repeat(40_000)};`);
  });

  it('is none where there is none', async () => {
    const process = new Process('', 'true', '</dev/null 2>&1');
    await process.ended;
    expect(process.output).toContain('DevshellError');
    expect(process.output).toContain('code=1');
  });
});
