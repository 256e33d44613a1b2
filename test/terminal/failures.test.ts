// Streams that have failed once: those that were solved stay solved; the others differ in just the way that is known.

import { afterAll, describe, expect, it } from 'vitest';
import { readFailures } from './failures.ts';
import type { FailureFixture } from './failures.ts';
import { oracles } from './fuzz-oracles.ts';
import { findResidue, residues } from './residues.ts';

const differences: ReadonlyMap<string, string> = new Map([
  ['alternate-screens-c1ba6d', 'plain    normal cursor 0;0 base 0\nfiltered normal cursor 0;1 base 0'],
  ['residue-alternate-new-e95b2e', 'plain    normal cursor 0;0 base 0\nfiltered normal cursor 1;0 base 0'],
  ['residue-back-tab-5f2c1e', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-bare-mark-d751ee', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-character-set-111e7f', 'plain    main 0:  {}#___________________\nfiltered main 0:  {}£___________________'],
  ['residue-character-set-4b5175', 'plain    main 0:  {}│___________________\nfiltered main 0:  {}x___________________'],
  ['residue-csi-s-769348', 'plain    normal cursor 0;1 base 0\nfiltered normal cursor 0;0 base 0'],
  ['residue-decfi-834d10', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-eight-bit-4cd38a', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-emoji-edge-0fd781', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-il-f32b86', 'plain    normal cursor 6;19 base 0\nfiltered normal cursor 6;20 base 0'],
  ['residue-no-utf-e7b337', 'plain    normal cursor 0;1 base 0\nfiltered normal cursor 0;2 base 0'],
  ['residue-origin-mode-b1b553', 'plain    modes {"applicationCursorKeysMode":false,"applicationKeypadMode":false,"bracketedPasteMode":false,"insertMode":false,"mouseTrackingMode":"none","originMode":true,"reverseWraparoundMode":false,"sendFocusMode":false,"synchronizedOutputMode":false,"wraparoundMode":true} {"applicationCursorKeys":false,"applicationKeypad":false,"bracketedPasteMode":false,"origin":true,"reverseWraparound":false,"sendFocus":false,"synchronizedOutput":false,"wraparound":true} false\nfiltered modes {"applicationCursorKeysMode":false,"applicationKeypadMode":false,"bracketedPasteMode":false,"insertMode":false,"mouseTrackingMode":"none","originMode":false,"reverseWraparoundMode":false,"sendFocusMode":false,"synchronizedOutputMode":false,"wraparoundMode":true} {"applicationCursorKeys":false,"applicationKeypad":false,"bracketedPasteMode":false,"origin":false,"reverseWraparound":false,"sendFocus":false,"synchronizedOutput":false,"wraparound":true} false'],
  ['residue-pending-wrap-3481c7', 'plain    normal cursor 1;1 base 0\nfiltered normal cursor 0;20 base 0'],
  ['residue-pending-wrap-35fced', 'plain    normal cursor 1;1 base 0\nfiltered normal cursor 0;20 base 0'],
  ['residue-pending-wrap-ffd49d', 'plain    alternate cursor 1;1 base 0\nfiltered alternate cursor 0;20 base 0'],
  ['residue-picture-01404c', 'plain    normal cursor 6;6 base 0\nfiltered normal cursor 7;6 base 0'],
  ['residue-side-margins-662876', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-stray-bytes-056b52', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-tab-stops-f26ac2', 'plain    normal cursor 6;1 base 0\nfiltered normal cursor 7;1 base 0'],
  ['residue-underline-c0be32', 'plain    main 0:  {0,-1,0,-1,0,0,1}x{}___________________\nfiltered main 0:  {}x___________________'],
  ['residue-unknown-row-c616c7', 'plain    normal cursor 6;0 base 0\nfiltered normal cursor 7;0 base 0'],
  ['residue-wide-character-4d32de', 'plain    main 6: >{}ａ_______________xx_\nfiltered main 6:  {}ａ_______________xxx'],
]);

const failures = readFailures();
const known = failures.filter(({ name }) => differences.has(name));

async function differenceOf({ pieces, size, oracle }: FailureFixture): Promise<string | undefined> {
  return (await oracles[oracle].run(pieces, size)).difference;
}

afterAll(() => oracles.tmux.close?.());

describe('A stream that has failed once', () => {
  it.each(failures.filter(({ name }) => !differences.has(name)).map((failure) => [failure.name, failure] as const))('comes out right: %s', async (_name, failure) => {
    expect(await differenceOf(failure)).toBe(undefined);
  });

  it.each(known.map((failure) => [failure.name, failure] as const))('differs in the way that is known, for a reason that is written down: %s', async (name, failure) => {
    expect(await differenceOf(failure)).toBe(differences.get(name));
    expect(findResidue(failure.pieces)?.reason).toMatch(/./);
  });
});

describe('A known difference', () => {
  it.each(residues.map(({ name }) => [name]))('has a stream that shows it: %s', (name) => {
    expect(known.map(({ pieces }) => findResidue(pieces)?.name)).toContain(name);
  });

  it('has a stream that exists', () => {
    expect([...differences.keys()].filter((name) => !failures.some((failure) => failure.name === name))).toEqual([]);
  });
});
