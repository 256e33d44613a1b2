// The same comparison in tmux: other rules for wrapping, saving the cursor, resets, and what goes into the scrollback.

import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { recordingNames } from './conformance.ts';
import type { Cut, Size } from './oracle.ts';
import { cutting, oracleSize, streamClasses } from './streams.ts';
import { throughFilter, TmuxServer } from './tmux-oracle.ts';

const server = new TmuxServer();
afterAll(() => server.dispose());

/**
 * What tmux 3.3 does in its own way: it does not know VPR and ?1048, ignores margins of 0, resets margins by DECALN,
 * and inserts and deletes lines outside the margins as if there were none.
 */
function isForeign(stream: Buffer): boolean {
  const text = stream.toString('latin1');
  if (/\x1b\[[\d;]*r/.test(text) && /\x1b\[\d*[LM]/.test(text)) return true;
  return /\x1b\[\d*e|\x1b\[\?1048|\x1b\[[\d;]*;0r|\x1b\[0?;?r|\x1b#8/.test(text);
}

const streamsPerClass = 6;

async function expectSame(stream: Buffer, cuts: readonly Cut[], size: Size): Promise<void> {
  const rows = size.rows - 1;
  const plain = await server.show(stream, { ...size, rows }, rows);
  expect(await server.show(throughFilter(stream, cuts, size), size, rows), JSON.stringify(stream.toString('latin1'))).toBe(plain);
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
