// Two hundred sessions each way, one after the other on one terminal: whatever the program has written is on it when the session ends.
import { constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadStream, WriteStream } from 'node:tty';
import { spawn } from 'node-pty';
import type { IPty } from 'node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../src/model/settings.ts';
import { ShellSession } from '../../src/session/shell-session.ts';
import { Pty } from '../../src/terminal/pty.ts';
import type { TerminalInput, TerminalOutput } from '../../src/terminal/terminal.ts';
import { UserTerminal } from '../../src/terminal/terminal.ts';
import { withoutRow } from '../support/row.ts';

const runs = 200;
const directory = mkdtempSync(join(tmpdir(), 'exit-'));
/** Holds the terminal. Not `open` of node-pty: to end what that gives is `kill(-1)`, which ends everything on the machine (1.1.0). */
let far: IPty;
let input: TerminalInput;
let output: TerminalOutput;
let seen: Buffer[];
let wake = (): void => undefined;

beforeAll(() => {
  far = spawn('sleep', ['infinity'], { cols: 80, rows: 24, encoding: null });
  far.onData((data) => {
    seen.push(data as unknown as Buffer); // Bytes, with `encoding: null`.
    wake();
  });
  const { _pty: name } = far as unknown as { _pty: string };
  const [inward, outward] = [openSync(name, constants.O_RDWR | constants.O_NOCTTY), openSync(name, constants.O_RDWR | constants.O_NOCTTY)];
  input = Object.assign(new ReadStream(inward), { fd: inward });
  output = Object.assign(new WriteStream(outward), { fd: outward });
  for (const stream of [input, output]) stream.setMaxListeners(0);
});
afterAll(() => {
  for (const stream of [input, output]) stream.destroy();
  if (far.pid > 1) process.kill(far.pid, 'SIGKILL');
  rmSync(directory, { recursive: true });
});

/** One session around a command: what the terminal got of it, without what is ours. */
async function session(script: string): Promise<string> {
  seen = [];
  const terminal = await UserTerminal.open(input, output);
  await terminal.enterRaw(new AbortController().signal);
  const pty = Pty.spawn({ file: 'bash', args: ['-c', script], cwd: directory, env: { PATH: process.env['PATH'] ?? '' }, columns: 80, rows: 23, termios: undefined });
  const coordinator = { post: () => undefined, onMessage: () => undefined, close: () => undefined };
  const options = { terminal, pty, coordinator, directory, root: directory, nonce: 'n', settings: defaultSettings, failure: undefined, terminalName: 'xterm', palette: 'plain' } as const;
  await new ShellSession(options).run();
  pty.dispose();
  // The last of it is on its way through the kernel: a mark says that it is here.
  await new Promise<void>((resolve) => output.write('\x1b]end\x07', () => resolve()));
  const whole = (): string => Buffer.concat(seen).toString('latin1');
  // It may come in pieces.
  const ended = (): boolean => Buffer.concat(seen.slice(-8)).toString('latin1').endsWith('\x1b]end\x07');
  for (let late = false; !ended(); ) {
    if (late) throw new Error(`no end in ${JSON.stringify(whole().slice(-200))}`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        late = true;
        resolve();
      }, 60_000);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return withoutRow(whole()).replace('\x1b]end\x07', '');
}

describe('the end of a session shows', () => {
  const numbers = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\r\n`).join('');

  it('two hundred thousand lines', { timeout: 600_000 }, async () => {
    for (let run = 0; run < runs; run++) expect((await session('seq 200000')) === numbers, `run ${run}`).toBe(true);
  });

  it('a megabyte without a line end', { timeout: 600_000 }, async () => {
    const megabyte = 'x'.repeat(1_000_000);
    for (let run = 0; run < runs; run++) expect((await session('printf %01000000d 0 | tr 0 x')) === megabyte, `run ${run}`).toBe(true);
  });

  it('the only words of a program that ends at once', { timeout: 600_000 }, async () => {
    for (let run = 0; run < runs; run++) expect(await session('exec printf "last words"'), `run ${run}`).toBe('last words');
  });

  it('what a background job could write while the shell ended', { timeout: 600_000 }, async () => {
    for (let run = 0; run < runs; run++) {
      const file = join(directory, `late-${run}`);
      // The end of the shell hangs the terminal up: what the job writes after that fails, and the job can tell.
      const text = await session(`trap "" HUP; (i=0; while ((i < 300)) && echo late$i; do echo $((i++)) >&9; done; echo end >&9) 9>${file} 2>/dev/null & echo begun; ((${run} % 3)) && read -t 0.00${run % 7}1; exit`);
      for (const end = Date.now() + 20_000; !readFileSync(file, 'utf8').endsWith('end\n') && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 1));
      const written = readFileSync(file, 'utf8').split('\n').length - 2;
      expect(text.match(/late\d+\r\n/g)?.length ?? 0, `run ${run}`).toBeGreaterThanOrEqual(written);
      expect(text).toContain('begun\r\n');
    }
  });
});
