// The terminals that `npm run fuzz` can compare with.

import type { Piece } from './pieces.ts';
import { runOracle } from './oracle.ts';
import type { Run, Size } from './oracle.ts';
import { isForeign, TmuxServer } from './tmux-oracle.ts';

export type OracleName = 'xterm.js' | 'tmux';

interface Oracle {
  readonly run: (pieces: readonly Piece[], size: Size) => Run | Promise<Run>;
  /** Streams for which nothing can be expected of this terminal are not made. */
  readonly understands?: (stream: Buffer) => boolean;
  readonly close?: () => void;
}

let server: TmuxServer | undefined;

function tmux(): TmuxServer {
  server ??= new TmuxServer();
  return server;
}

export const oracles: Readonly<Record<OracleName, Oracle>> = {
  'xterm.js': { run: runOracle },
  tmux: { run: (pieces, size) => tmux().compare(pieces, size), understands: (stream) => !isForeign(stream), close: () => server?.dispose() },
};
