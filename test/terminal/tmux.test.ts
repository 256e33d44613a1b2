// The same comparison in tmux: other rules for wrapping, saving the cursor, resets, and what goes into the scrollback.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordingNames } from './conformance.ts';
import type { Size } from './oracle.ts';
import { cutStream, printPieces } from './pieces.ts';
import type { Cut } from './pieces.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';
import { isForeign, TmuxServer } from './tmux-oracle.ts';

const server = new TmuxServer();
afterAll(() => server.dispose());

const streamsPerClass = 6;

async function expectSame(stream: Buffer, cuts: readonly Cut[], size: Size): Promise<void> {
  const pieces = cutStream(stream, cuts);
  const { difference } = await server.compare(pieces, size);
  expect(difference, printPieces(pieces)).toBe(undefined);
}

describe('In tmux the screen, the scrollback and the cursor are those of one row less', () => {
  for (const [name, streams] of streamClasses) {
    it(`after generated streams: ${name}`, async () => {
      const understood = streams.filter((stream) => !isForeign(stream));
      for (const [stream, cuts] of fc.sample(fc.tuple(understood, cutting), { numRuns: streamsPerClass, seed: 3 })) await expectSame(stream, cuts, oracleSize);
    });
  }

  for (const name of recordingNames()) {
    it(`after a recording: ${name}`, async () => {
      const [cuts = []] = fc.sample(cutting, { numRuns: 1, seed: 4 });
      const scaled = cuts.map(({ length, draw }) => ({ length: length * 20, draw }));
      await expectSame(readFileSync(join(import.meta.dirname, '../fixtures/terminal', `${name}.in`)), scaled, { columns: 80, rows: 24 });
    });
  }
});

describe('What clears the screen, and moves it into the scrollback', () => {
  it.each(['\x1b[H\x1b[2J', '\x1b[2J', '\x1b[H\x1b[J', '\x1bc', '\x1bc\x1b[!p\x1b[?3;4l', '\x1b[?3l', '\x1b[4;2H\x1b[2J'])('does not take the status row along: %j', async (clearing) => {
    for (const before of ['one\r\ntwo\r\n', '\x1b[31mone\r\n\x1b[41mtwo']) {
      const stream = Buffer.from(`${before}${clearing}three`);
      const cuts: Cut[] = [{ length: before.length, draw: 'draw' }, { length: 99, draw: 'draw' }];
      await expectSame(stream, cuts, oracleSize);
    }
  });
});
