// Differences that are known and stay, each with the reason and with how a shrunk stream that shows it is told.

import { Screen } from './oracle.ts';
import { joinPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { oracleSize } from './streams.ts';

export interface Residue {
  readonly name: string;
  readonly reason: string;
  readonly shows: (text: string, pieces: readonly Piece[]) => boolean;
}

/** A region that ends above the last row was set, here or on the other screen. */
const region = /(\x1b\[|\u00c2\u009b)\d*;[1-6]r/;

const restoring = '(\\x1b8|\\x1b\\[u|\\x1b\\[\\?10(48|49)l)';

export const residues: readonly Residue[] = [
  {
    name: 'origin mode after restoring what was not saved',
    reason: 'xterm and VTE leave origin mode by it, and so does the filter; xterm.js stays in it',
    shows: (text) => /\x1b\[\?6h[^]*(\x1b8|\x1b\[u|\x1b\[\?10(48|49)l)/.test(text),
  },
  {
    name: 'the alternate screen left that was not entered',
    reason: 'most terminals then restore a cursor that nobody saved, which means home; tmux does nothing, and there going home would harm. The slot holds where the row was drawn, or the margins were set, from',
    shows: (text, pieces) => /\x1b\[\?1049l/.test(text.replace(/\x1b\[\?(47|1047|1049)h[^]*?\x1b\[\?(47|1047|1049)l/g, '')) && (pieces.some(({ draw }) => draw === 'draw') || /\x1b\[(\?3[hl]|!p)/.test(text)),
  },
  {
    name: 'pending wrap when margins are due',
    reason: 'DECSTR, ?3 and the alternate screen need margins before the next text, and setting them in place ends pending wrap in most terminals',
    shows: (text) => {
      const due = /\x1b\[(?:\?(?:3|47|1047|1049)[hl]|!p|\d*"[pq]).?(?=[\t\x20-\x7e\x80-\xff])/.exec(text);
      return due !== null && endsInPendingWrap(text.slice(0, due.index));
    },
  },
  {
    name: 'character sets after restoring what was not saved',
    reason: 'the sets are those of the beginning again, and the filter does that; xterm.js keeps what was designated and shifted, and only does not use it',
    shows: (text) => new RegExp(`(\\x1b[()][0-9A-Z]|\\x0e)[^]*${restoring}[^]*([\\x0e\\x0f]|\\x1b[()][0-9A-Z])`).test(text),
  },
  {
    name: 'the shape of an underline after restoring what was not saved',
    reason: 'xterm.js forgets it by restoring and finds it again by the next colour of an underline',
    shows: (text) => new RegExp(`\\x1b\\[[\\d;:]*(4|21)[\\d;:]*m[^]*${restoring}[^]*\\x1b\\[[\\d;:]*5[89][\\d;:]*m`).test(text),
  },
  {
    name: 'restored after the alternate screen and a new line',
    reason: 'the place is given up at the first new line, or the row would not be drawn for as long as a program runs after one with a full screen',
    shows: (text, pieces) => new RegExp(`\\x1b\\[\\?1049h[^]*\\x1b\\[\\?1049l[^]*\\n[^]*${restoring}`).test(text) && pieces.some(({ draw }) => draw === 'draw'),
  },
  {
    name: 'a place of unknown row, restored below a smaller region',
    reason: 'the row is followed only from the moment on at which the cursor is saved: where it was saved after a line feed or text, its row is not known',
    shows: (text) => region.test(text) && new RegExp(`(\\x1b7|\\x1b\\[s|\\x1b\\[\\?10(48|49)h)[^]*${restoring}`).test(text),
  },
  {
    name: 'tab stops, DECBI, DECFI and RI as an 8-bit control, below a smaller region',
    reason: 'terminals disagree on them, or where the next stop is, is not followed: a line feed or wrap on the last row may then not be foreseen',
    shows: (text) => region.test(text) && /\x1b\[[0-3]?g|\x1bH|\u00c2[\u0088\u008d]|\x1b\[\??\d?W|\x1b\[\d*Z|\x1b[69]/.test(text),
  },
  {
    name: 'IL and DL in pending wrap, below a smaller region',
    reason: 'they do nothing there and are left out, since tmux would move the row; in xterm.js they end pending wrap',
    shows: (text) => {
      const lines = /\x1b\[\d*[LM]/.exec(text);
      return region.test(text) && lines !== null && endsInPendingWrap(text.slice(0, lines.index));
    },
  },
  {
    name: 'left and right margins below a smaller region',
    reason: 'xterm.js does not know them; where they are known, text wraps elsewhere and the position is not followed',
    shows: (text) => region.test(text) && /\x1b\[\?69h/.test(text) && /\x1b\[[\d;]*s/.test(text),
  },
  {
    name: 'a picture below a smaller region',
    reason: 'where the cursor is after a picture, the terminal alone knows; xterm.js does not show it and does not move',
    shows: (text) => region.test(text) && /(\x1bP|\u00c2\u0090)[\d;]*q|(\x1b_|\u00c2\u009f)G|\x1b\]1337;/.test(text),
  },
  {
    name: 'a wide character that wraps from the last column, below a smaller region',
    reason: 'xterm.js empties the last column by it; the filter begins the row again with the character, as terminals do that leave the column alone',
    shows: (text) => region.test(text) && /[\u00e3-\u00ed\u00ef][\x80-\xbf]{2}/.test(text),
  },
  {
    name: 'an emoji at the right edge, below a smaller region',
    reason: 'terminals disagree on its width: whether it wraps on the last row is not known',
    shows: (text) => region.test(text) && /\u00f0\u009f|\u00e2[\u0098-\u009d]/.test(text),
  },
  {
    name: 'bytes that are no UTF-8, below a smaller region',
    reason: 'some terminals leave them out, others show them, and after ESC or CSI some take what follows for the rest of it: the position is not known',
    shows: (text) => region.test(text) && Buffer.from(text, 'latin1').toString().includes('\ufffd'),
  },
  {
    name: 'CSI s while left and right margins are allowed',
    reason: 'it sets these margins in terminals that have them; xterm.js has not, and saves the cursor by it',
    shows: (text) => new RegExp(`\\x1b\\[\\?69h[^]*\\x1b\\[[\\d;]*s[^]*${restoring}`).test(text),
  },
  {
    name: 'a mark without a character before it, below a smaller region',
    reason: 'it takes a column in xterm.js and none in others: whether what follows wraps on the last row is not known',
    shows: (text) => region.test(text) && /(\x1b\[[\d;]*[@-~]|[\0-\x1a])\u00cc/.test(text),
  },
  {
    name: 'bytes that are no UTF-8 between a character, the row and a mark',
    reason: 'some terminals leave them out and others show them: which character the mark belongs to is not known',
    shows: (text, pieces) => {
      const read = Buffer.from(text, 'latin1').toString();
      return pieces.some(({ draw }) => draw === 'draw') && read.includes('\ufffd') && /[\p{M}\u200d]/u.test(read);
    },
  },
];

function endsInPendingWrap(text: string): boolean {
  const screen = new Screen({ ...oracleSize, rows: oracleSize.rows - 1 });
  screen.write(Buffer.from(text, 'latin1'));
  const column = Number(screen.cursor.split(';')[1]);
  screen.dispose();
  return column === oracleSize.columns;
}

/** The residue that a shrunk stream shows. */
export function findResidue(pieces: readonly Piece[]): Residue | undefined {
  const text = joinPieces(pieces).toString('latin1');
  return residues.find(({ shows }) => shows(text, pieces));
}
