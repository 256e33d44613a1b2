// The hot path allocates nothing per sequence: measured by the heap's growth while nothing is collected.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What is allocated per chunk, spread over the sequences of a chunk of a megabyte, stays below this. */
const bytesPerSequence = 0.2;

const root = join(import.meta.dirname, '../..');
const script = join(import.meta.dirname, 'allocation.ts');

describe('The filter', () => {
  it('allocates nothing for a sequence, a character or a string that it passes on', () => {
    const flags = ['--min-semi-space-size=512', '--max-semi-space-size=512', '--import', './scripts/typescript.mjs'];
    const measured = JSON.parse(execFileSync(process.execPath, [...flags, script], { cwd: root, encoding: 'utf8' })) as [string, number][];
    expect(measured.length).toBeGreaterThan(5);
    expect(measured.filter(([, bytes]) => bytes > bytesPerSequence)).toEqual([]);
  });
});
