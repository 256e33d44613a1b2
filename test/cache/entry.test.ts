// The text of a stored environment: what is written is what is read, and anything else is not read at all.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { CacheEntry } from '../../src/build/cache/entry.ts';
import { decodeEntry, encodeEntry, outerDigest } from '../../src/build/cache/entry.ts';
import { UserKey } from '../../src/build/cache/user-key.ts';
import { defaultSettings } from '../../src/model/settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'entry-'));
const key = UserKey.obtain(join(directory, 'mine'));
const otherKey = UserKey.obtain(join(directory, 'theirs'));
afterAll(() => rmSync(directory, { recursive: true }));

const text = fc.string({ unit: 'binary' });
const rows = <Value>(value: fc.Arbitrary<Value>) => fc.array(fc.tuple(text, value), { maxLength: 4 }).map((entries) => new Map(entries));
const origin = fc.record({ layer: fc.constantFrom('nix' as const, 'env' as const), file: text, line: fc.nat() });
const input = fc.oneof(
  fc.record({ kind: fc.constantFrom('file' as const, 'directory' as const), path: text }),
  fc.record({ kind: fc.constant('glob' as const), root: text, pattern: text, ignore: fc.array(text, { maxLength: 2 }) }),
);
const stamps = fc.oneof(text, fc.constant(null), fc.array(fc.tuple(text, text), { maxLength: 2 }));

const entries: fc.Arbitrary<CacheEntry> = fc.record({
  place: text,
  library: text,
  outer: fc.record({ variables: fc.oneof(fc.constant('all' as const), fc.array(text)), named: fc.array(text), digest: text }),
  inputs: fc.array(fc.record({ input, fingerprint: text, stamps }), { maxLength: 4 }),
  built: fc.record({
    environment: fc.record({
      variables: rows(fc.oneof(text, fc.constant(null))),
      lists: rows(fc.record({ front: fc.array(text), back: fc.array(text) })),
      functions: rows(text),
      aliases: rows(text),
      completions: rows(text),
      init: text,
    }),
    settings: fc.constant(defaultSettings),
    provenance: fc.record({ variables: rows(fc.array(fc.record({ origin, value: fc.oneof(text, fc.constant(null)) }))), functions: rows(origin), aliases: rows(origin), completions: rows(origin), init: fc.option(origin, { nil: undefined }) }),
    reuse: fc.constant({ kind: 'reusable' as const, variables: 'all' as const }),
  }),
  storedAtMs: fc.nat(),
});

describe('the text of a stored environment', () => {
  it('gives back what was stored', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(decodeEntry(Buffer.from(encodeEntry(entry, key)), key)).toEqual({ kind: 'entry', entry });
      }),
    );
  });

  it('is not read when any byte of it is another, or is missing', () => {
    const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }), how: fc.constantFrom('flip', 'cut', 'insert', 'drop') });
    fc.assert(
      fc.property(entries, change, (entry, { at, by, how }) => {
        const bytes = Buffer.from(encodeEntry(entry, key));
        const index = at % bytes.length;
        const damaged = {
          flip: () => Buffer.concat([bytes.subarray(0, index), Buffer.of(bytes[index]! ^ by), bytes.subarray(index + 1)]),
          cut: () => bytes.subarray(0, index),
          insert: () => Buffer.concat([bytes.subarray(0, index), Buffer.of(by), bytes.subarray(index)]),
          drop: () => Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)]),
        }[how as 'flip']();
        if (damaged.equals(bytes)) return;
        expect(decodeEntry(damaged, key).kind).not.toBe('entry');
      }),
      { numRuns: 400 },
    );
  });

  it('is not read by anybody else’s devshell, nor when the format is a later one', () => {
    const [entry] = fc.sample(entries, 1);
    const written = encodeEntry(entry!, key);
    expect(decodeEntry(Buffer.from(written), otherKey)).toMatchObject({ why: 'is damaged, or was not written by your devshell' });
    expect(decodeEntry(Buffer.from(written.replace('devshell-cache 1', 'devshell-cache 2')), key)).toMatchObject({ why: 'has the format 2, which this devshell does not know' });
    expect(decodeEntry(Buffer.from('rubbish'), key)).toMatchObject({ why: 'is not an entry of the cache' });
    expect(decodeEntry(Buffer.alloc(0), key).kind).toBe('unusable');
  });

  it('does not hold the values of the outer environment', () => {
    const digest = outerDigest('all', [], { SECRET: 'tell-nobody' }, key);
    expect(digest).not.toContain('tell-nobody');
    expect(digest).not.toBe(outerDigest('all', [], { SECRET: 'another' }, key));
    expect(digest).not.toBe(outerDigest('all', [], { SECRET: 'tell-nobody' }, otherKey));
  });

  it('leaves out what tells one terminal from another, unless it is asked for by name', () => {
    const here = { A: '1', TMUX_PANE: '%1', SHLVL: '2', PWD: '/a' };
    const there = { A: '1', TMUX_PANE: '%9', OLDPWD: '/b' };
    expect(outerDigest('all', [], here, key)).toBe(outerDigest('all', [], there, key));
    expect(outerDigest('all', ['TMUX_PANE'], here, key)).not.toBe(outerDigest('all', ['TMUX_PANE'], there, key));
    expect(outerDigest(['A'], [], here, key)).toBe(outerDigest(['A'], [], { ...there, B: '3' }, key));
    expect(outerDigest(['A', 'B'], [], here, key)).not.toBe(outerDigest(['A', 'B'], [], { ...there, B: '' }, key));
  });
});
