// The differential oracle with a second terminal: tmux, which differs from xterm.js in most of what terminals differ in.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputFilter } from '../../src/terminal/filter.ts';
import { statusText } from './oracle.ts';
import type { Cut, Size } from './oracle.ts';

/** What a program's output becomes on its way to a terminal of one row more. */
export function throughFilter(stream: Buffer, cuts: readonly Cut[], size: Size): Buffer {
  const filter = new OutputFilter({ ...size, reserve: 'bottom', nonce: 'n' });
  const out: Uint8Array[] = [];
  const sink = { bytes: (slice: Uint8Array) => void out.push(slice), mark: () => undefined, reply: () => undefined };
  for (let index = 0, at = 0; at < stream.length; index++) {
    const { length, draw } = cuts[index % cuts.length] ?? { length: stream.length, draw: 'leave' };
    filter.push(stream.subarray(at, at + length), sink);
    at += length;
    if (draw === 'draw' && filter.drawable()) out.push(filter.draw(statusText, 'colour'));
  }
  filter.end(sink);
  return Buffer.concat(out);
}

export class TmuxServer {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tmux-'));
  #count = 0;

  constructor() {
    this.#tmux(['new-session', '-d', '-s', 'first', 'cat', ';', 'set', '-g', 'status', 'off', ';', 'set', '-g', 'history-limit', '5000', ';', 'set', '-g', 'remain-on-exit', 'on']);
  }

  /** The state of a new terminal of `size` after `stream`; of its rows only the first `rows`. */
  show(stream: Buffer, size: Size, rows: number): Promise<string> {
    const name = `w${this.#count++}`;
    const file = join(this.#directory, name);
    // The title comes after everything else; ST ends what the stream may have left open.
    writeFileSync(file, Buffer.concat([stream, Buffer.from('\x1b\\\x1b]2;done\x07')]));
    const command = `stty raw -echo; cat ${file}; exec sleep 60`;
    this.#tmux(['new-session', '-d', '-s', name, '-x', String(size.columns), '-y', String(size.rows), command]);
    return this.#read(name, rows);
  }

  dispose(): void {
    this.#tmux(['kill-server']);
    rmSync(this.#directory, { recursive: true });
  }

  async #read(name: string, rows: number): Promise<string> {
    const deadline = Date.now() + 20_000;
    const ask = (format: string): string => this.#tmux(['display-message', '-p', '-t', name, format]).trim();
    while (ask('#{pane_title}') !== 'done') {
      if (Date.now() > deadline) throw new Error('tmux does not show the end of the stream');
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const state = ask('#{cursor_x},#{cursor_y} alternate #{alternate_on} history #{history_size} insert #{insert_flag} wrap #{wrap_flag} origin #{origin_flag} cursor #{cursor_flag}');
    const history = Number(ask('#{history_size}'));
    const lines = this.#tmux(['capture-pane', '-p', '-e', '-N', '-S', '-', '-t', name]).split('\n').slice(0, history + rows);
    this.#tmux(['kill-session', '-t', name]);
    return [state, ...lines.map((line) => line.replace(/[ ]+$/, ''))].join('\n');
  }

  #tmux(args: readonly string[]): string {
    const { TMUX: _, TMUX_PANE: __, ...env } = process.env;
    return execFileSync('tmux', ['-f', '/dev/null', '-L', 'oracle', ...args], { encoding: 'utf8', env: { ...env, TMUX_TMPDIR: this.#directory, LANG: 'C.UTF-8' } });
  }
}
