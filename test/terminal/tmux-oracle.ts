// The differential oracle with a second terminal: tmux, which differs from xterm.js in most of what terminals differ in.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filterPieces } from './oracle.ts';
import type { Run, Size } from './oracle.ts';
import { joinPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';

/**
 * What tmux 3.3 does in its own way: it does not know VPR and ?1048, ignores margins of 0, resets margins by DECALN,
 * and inserts and deletes lines outside the margins as if there were none.
 */
export function isForeign(stream: Buffer): boolean {
  const text = stream.toString('latin1');
  if (/\x1b\[[\d;]*r/.test(text) && /\x1b\[\d*[LM]/.test(text)) return true;
  return /\x1b\[\d*e|\x1b\[\?1048|\x1b\[[\d;]*;0r|\x1b\[0?;?r|\x1b#8/.test(text);
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

  /** The stream in a terminal of one row less, and through the filter. */
  async compare(pieces: readonly Piece[], size: Size): Promise<Run> {
    const rows = size.rows - 1;
    const out: Uint8Array[] = [];
    const counts = filterPieces(pieces, size, (bytes) => void out.push(bytes));
    const plain = await this.show(joinPieces(pieces), { ...size, rows }, rows);
    const filtered = await this.show(Buffer.concat(out), size, rows);
    const same = plain === filtered;
    return { difference: same ? undefined : `plain\n${plain}\nfiltered\n${filtered}`, kind: same ? 'none' : 'screen', ...counts };
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
