// Prints how many bytes the filter allocates per sequence, by stream, as JSON; run by allocation.test.ts with a young generation so large that
// nothing is collected meanwhile, so that the heap's growth is all that was allocated.

import { OutputFilter } from '../../src/terminal/filter.ts';

const streams: Record<string, string> = {
  'plain text': 'the quick brown fox jumps over the lazy dog\r\n',
  'CJK text': '漢字かな交じり文 é ü → ✓\r\n',
  'colours (SGR)': '\x1b[1;31mx\x1b[m \x1b[38;5;123my\x1b[0m\x1b[38;2;1;2;3m',
  'moves (CUP, CUU, CHA)': '\x1b[5;7Hx\x1b[A\x1b[12Gy\x1b[3C\x1b[d',
  'erasing (ED, EL, ECH)': '\x1b[K\x1b[1K\x1b[3X\x1b[J',
  'scrolling (DL, IL, SU)': '\x1b[2L\x1b[M\x1b[S\x1bM',
  'ncurses: style and character set': '\x1b(B\x1b[0;7mx\x1b(B\x1b[m\x1b[39;49m\x0f',
  'modes': '\x1b[?25l\x1b[?25h\x1b[?7l\x1b[?7h\x1b[?2026h\x1b[?2026l',
  'margins and text below them': '\x1b[1;10r\x1b[20;1Hbelow the region\r\n\x1b[3;1Hinside\r\n',
  'strings (DCS)': '\x1bP+q544e\x1b\\',
};
const chunkSize = 1 << 20;
const pushes = 8;
/** Enough for everything to be compiled. */
const warmUps = 24;

function measure(unit: string): number {
  const chunk = Buffer.from(unit.repeat(Math.floor(chunkSize / Buffer.byteLength(unit))));
  const sequences = (chunk.toString().match(/[\x1b\n]/g)?.length ?? 0) * pushes;
  const filter = new OutputFilter({ columns: 80, rows: 25, reserve: 'bottom', nonce: 'abcdef' });
  const sink = { bytes: () => undefined, mark: () => undefined, reply: () => undefined };
  for (let count = 0; count < warmUps; count++) filter.push(chunk, sink);
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < pushes; count++) filter.push(chunk, sink);
  return (process.memoryUsage().heapUsed - before) / sequences;
}

console.log(JSON.stringify(Object.entries(streams).map(([name, unit]) => [name, measure(unit)])));
