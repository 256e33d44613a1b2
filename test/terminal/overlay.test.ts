// The error view over the alternate screen of any program: what was there is there again, to the last mode, and without the program's help.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Collected } from './collect.ts';
import { recordingNames } from './conformance.ts';
import { runOverlayOracle } from './overlay-oracle.ts';
import { cutStream, printPieces } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { findResidue } from './residues.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';

const seed = 20_261_120;
const streamsPerClass = 60;
const entrances = fc.constantFrom('\x1b[?1049h', '\x1b[?1049h\x1b[H\x1b[2J', 'x\x1b[31m\x1b[?1049h\x1b[1;5H\x1b[2J', '\x1b[?1049h\x1b[H', 'ab\r\n\x1b[?1049h\x1b)0\x1b[2;3H');

function everyNth(pieces: readonly Piece[], nth: number): Set<number> {
  return new Set([...pieces.keys()].filter((index) => index % nth === nth - 1));
}

/** A byte that is no UTF-8 is shown by some terminals, left out by others, and only when more has come. */
function readable(name: string, stream: Buffer): Buffer {
  return name === 'any bytes' ? Buffer.from(stream.map((byte) => byte & 0x7f)) : stream;
}

describe('The error view over the alternate screen', () => {
  for (const [name, streams] of streamClasses) {
    it(`leaves everything as it was: ${name}`, () => {
      let restored = 0;
      const samples = fc.sample(fc.tuple(entrances, streams, cutting, fc.integer({ min: 1, max: 5 })), { numRuns: streamsPerClass, seed });
      for (const [entrance, stream, cuts, nth] of samples) {
        const pieces = cutStream(Buffer.concat([Buffer.from(entrance), readable(name, stream)]), cuts);
        const run = runOverlayOracle(pieces, oracleSize, everyNth(pieces, nth));
        restored += run.restored;
        if (run.difference !== undefined && findResidue(pieces) === undefined) expect.fail(`${run.difference}\n${printPieces(pieces)}`);
      }
      expect(restored).toBeGreaterThan(streamsPerClass / 5);
    });
  }

  for (const name of recordingNames()) {
    const stream = readFileSync(join(import.meta.dirname, `../fixtures/terminal/${name}.in`));
    const sizes = [7, 31, 173];
    // dialog only looks in.
    if (onAlternate(cutStream(stream, [{ length: 31, draw: 'leave' }])).length < 2) continue;
    it(`leaves everything as it was, in the middle of ${name}, and needs nothing of it`, () => {
      let restored = 0;
      for (const length of sizes) {
        const pieces = cutStream(stream, [{ length, draw: 'leave' }, { length, draw: 'draw' }, { length: 1, draw: 'leave' }]);
        const places = onAlternate(pieces);
        const run = runOverlayOracle(pieces, { columns: 80, rows: 24 }, new Set(places.filter((_, index) => index % Math.ceil(places.length / 12) === 0)));
        expect(run).toMatchObject({ difference: undefined, refused: 0 });
        restored += run.restored;
      }
      expect(restored).toBeGreaterThan(1);
    });
  }
});

/** After which pieces the view can be opened over the alternate screen. */
function onAlternate(pieces: readonly Piece[]): number[] {
  const { filter, sink } = new Collected();
  return pieces.flatMap(({ bytes }, index) => {
    filter.push(bytes, sink);
    return filter.screen === 'alternate' && filter.ground ? [index] : [];
  });
}

/** What leaving the view over what was written comes to. */
function left(...written: string[]): { readonly text: string; readonly left: string } {
  const collected = new Collected();
  for (const text of written) collected.push(text);
  collected.filter.enterOverlay(false);
  const result = collected.filter.leaveOverlay([{ text: 'ROW', style: 'plain' }], 'plain');
  return { text: Buffer.from(result.bytes).toString(), left: result.left };
}

describe('Leaving the error view', () => {
  it('paints from the last time the screen was empty, as one update, with the row', () => {
    const { text, left: found } = left('\x1b[?1049h\x1b[Hbefore', '\x1b[44m\x1b[H\x1b[2Jnow\x07');
    expect(found).toBe('as it was');
    expect(text).not.toContain('before');
    expect(text).toMatch(/^\x1b\[\?2026h[^]*\x1b\[44m\x1b\[2J[^]*ROW[^]*\x1b\[1;1Hnow\x1b\\\x1b\[\?25h\x1b\[\?2026l$/);
  });

  it('does not end an update that the program has begun, and does not show a cursor that it has hidden', () => {
    expect(left('\x1b[?1049h\x1b[H\x1b[?25l\x1b[?2026hx').text).toMatch(/^\x1b\[\?2026h[^]*\x1b\[H\x1b\\x$/);
  });

  it('enters the screen again where only the terminal knows the cursor or the colour it began with, but not if a keyboard protocol might be lost by it', () => {
    expect(left('\x1b[?1049h\rfirst').text).toContain('\x1b[?1049l\x1b[?1049h');
    expect(left('\x1b[44m\x1b[?1049h\x1b[Hfirst').text).toContain('\x1b[?1049l\x1b[?1049h');
    expect(left('\x1b[?1049h\x1b[Hfirst').text).not.toContain('\x1b[?1049l');
    expect(left('\x1b[?1049h\x1b[>1u\rfirst')).toMatchObject({ left: 'empty' });
    expect(left('\x1b[?1049h\x1b[=1u\rfirst')).toMatchObject({ left: 'empty' });
    expect(left('\x1b[?1049h\x1b[?5h\rfirst').text).toContain('first\x1b[?5h');
    expect(left('\x1b[?1049h\x1b[>1u\x1b[Hfirst')).toMatchObject({ left: 'as it was' });
  });

  it.each([
    ['what stood there is not known', ['\x1b[?47h\x1b[Hx']],
    ['what was saved before is needed', ['\x1b[?1049h\x1b[H\x1b8x']],
    ['it is more than is kept', ['\x1b[?1049h\x1b[H', ...Array.from({ length: 5 }, () => 'x'.repeat(1 << 20))]],
  ])('leaves the painting to the program where %s', (_, written) => {
    expect(left(...written)).toMatchObject({ left: 'empty' });
    expect(left(...written, '\x1b[H\x1b[2Janew')).toMatchObject({ left: 'as it was' });
  });

  it('leaves it to the program where the size has changed, until that has painted', () => {
    const collected = new Collected();
    const leave = () => collected.filter.leaveOverlay([], 'plain').left;
    collected.push('\x1b[?1049h\x1b[Hx');
    collected.filter.enterOverlay(false);
    collected.filter.resize(100, 30);
    expect(leave()).toBe('empty');
    collected.filter.enterOverlay(false);
    expect(leave()).toBe('empty');
    collected.push('\x1b[H\x1b[2Jpainted');
    collected.filter.enterOverlay(false);
    expect(leave()).toBe('as it was');
  });
});
