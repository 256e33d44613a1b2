// How fast the filter is, in chunks as they come from a PTY. Prints; asserts nothing.
//   node --import ./scripts/typescript.mjs test/terminal/speed.ts

import { OutputFilter } from '../../src/terminal/filter.ts';

const chunkSize = 4096;
const megabytes = 12;
const rounds = 7;

const lines = (line: (index: number) => string): Buffer => Buffer.from(Array.from({ length: 2000 }, (_, index) => line(index)).join(''));
const streams: Record<string, Buffer> = {
  'plain text': lines((index) => `line ${index} the quick brown fox jumps over the lazy dog 0123456789 abcdefghij\r\n`),
  'CJK text': lines(() => `漢字かな交じり文の行がつづく、これは長い文章である。漢字かな交じり文の行がつづく\r\n`),
  'colours': lines((index) => `\x1b[3${index % 8}mfoo${index}\x1b[0m bar \x1b[1;32mbaz\x1b[0m\r\n`),
  'moves and colours': lines((index) => `\x1b[${index % 24};${index % 80}H\x1b[38;5;${index % 256}mword\x1b[0m \x1b[1mx\x1b[m\x1b[K`),
  'UTF-8, Latin and CJK': lines((index) => `línea ${index} añadió «más» 漢字かな交じり文 → ✓ привет мир\r\n`),
  'below a smaller region': Buffer.concat([Buffer.from('\x1b[1;10r'), lines((index) => `\x1b[${index % 24};1Hline ${index} the quick brown fox jumps over\r\n`)]),
};

for (const [name, stream] of Object.entries(streams)) {
  const chunks: Buffer[] = [];
  for (let at = 0; at + chunkSize <= stream.length; at += chunkSize) chunks.push(stream.subarray(at, at + chunkSize));
  const filter = new OutputFilter({ columns: 80, rows: 25, reserve: 'bottom', nonce: 'abcdef' });
  let slices = 0;
  const sink = { bytes: () => (slices += 1), mark: () => undefined, reply: () => undefined };
  let best = 0;
  let pushed = 0;
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    let done = 0;
    for (let index = 0; done < megabytes << 20; index++, pushed++, done += chunkSize) filter.push(chunks[index % chunks.length] ?? Buffer.alloc(0), sink);
    best = Math.max(best, done / 1e6 / ((performance.now() - startedMs) / 1000));
  }
  console.log(`${name.padEnd(24)} ${String(Math.round(best)).padStart(6)} MB/s  ${(slices / pushed).toFixed(2)} slices per chunk`);
}
