// Makes a failing stream as short as it can be and still fail: sequences, characters, cuts and draws are left out, the rest made plain.

import type { Piece } from './pieces.ts';

/** What a stream is made of: whole sequences and characters; between two of them it may be cut, and the row drawn. */
type Atom = Buffer | 'draw' | 'leave';

const token = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]|[\xc2-\xf4][\x80-\xbf]{1,3}|[\s\S]/g;

function atomsOf(pieces: readonly Piece[]): Atom[] {
  return pieces.flatMap(({ bytes, draw }): Atom[] => [...(bytes.toString('latin1').match(token) ?? []).map((text) => Buffer.from(text, 'latin1')), draw]);
}

function piecesOf(atoms: readonly Atom[]): Piece[] {
  const pieces: Piece[] = [];
  let open: Buffer[] = [];
  for (const atom of [...atoms, 'leave' as const]) {
    if (typeof atom !== 'string') open.push(atom);
    else {
      if (open.length > 0 || atom === 'draw') pieces.push({ bytes: Buffer.concat(open), draw: atom });
      open = [];
    }
  }
  return pieces;
}

/** @param fails whether a stream still shows the failure. */
export async function minimise(pieces: readonly Piece[], fails: (pieces: readonly Piece[]) => boolean | Promise<boolean>): Promise<Piece[]> {
  let atoms = atomsOf(pieces);
  const attempt = async (candidate: Atom[]): Promise<boolean> => {
    if (!(await fails(piecesOf(candidate)))) return false;
    atoms = candidate;
    return true;
  };
  for (let before = -1; before !== atoms.length; ) {
    before = atoms.length;
    for (let size = Math.ceil(atoms.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < atoms.length; ) if (!(await attempt(atoms.toSpliced(at, size)))) at += size;
    }
  }
  for (let at = 0; at < atoms.length; at++) {
    const atom = atoms[at] as Atom;
    for (const plainer of typeof atom === 'string' ? [] : plainerThan(atom)) if (await attempt(atoms.toSpliced(at, 1, plainer))) break;
  }
  return piecesOf(atoms);
}

/** The same length in columns, or fewer parameters. */
function plainerThan(atom: Buffer): Buffer[] {
  const text = atom.toString('latin1');
  const plain = /^\x1b\[([\d;]+)([A-Za-z])$/.exec(text);
  if (plain !== null) return [Buffer.from(`\x1b[${plain[2] ?? ''}`)];
  return /^[!-~]$/.test(text) && text !== 'x' ? [Buffer.from('x')] : [];
}
