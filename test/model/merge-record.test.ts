import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMergeRecord } from '../../src/model/merge-record.ts';

const text = (...words: (string | number)[]) => words.map((word) => `${word}\0`).join('');

describe('the record of a merge', () => {
  const whole = text(3, 3, 'A=x=y', 'B', '~C=not exported', 4, 'PATH', 'MANPATH', 'P', 'Q', '=/a:/b', '', '!=/c', '!', 2, 'f', 'f () { :; }', 2, 'g', '=text', 3);

  it('tells what stood there before', () => {
    const record = parseMergeRecord(whole);
    expect(record?.generation).toBe(3);
    expect(Object.fromEntries(record?.originals ?? [])).toEqual({ A: 'x=y', B: null, C: 'not exported', PATH: '/a:/b', MANPATH: null, P: '/c', Q: null });
    expect([...(record?.functions ?? [])]).toEqual([['f', 'f () { :; }']]);
    expect([...(record?.aliases ?? [])]).toEqual([['g', 'text']]);
  });

  it('is read whatever a longer one has left behind it', () => {
    expect(parseMergeRecord(`${whole}B=old\0junk`)).toEqual(parseMergeRecord(whole));
  });

  it('is none where it is cut short, or begun over a longer one', () => {
    for (let length = 0; length < whole.length; length++) expect(parseMergeRecord(whole.slice(0, length)), String(length)).toBeUndefined();
    const next = text(4, 1, 'A=z', 0, 0, 0, 4);
    for (let length = 2; length < next.length; length++) expect(parseMergeRecord(next.slice(0, length) + whole.slice(length)), String(length)).toBeUndefined();
  });

  it('is none where it is anything else', () => {
    const word = fc.oneof(fc.nat(4).map(String), fc.constantFrom('NaN', '-1', '1e9', '', 'A=x'));
    const plausible = fc.array(word, { maxLength: 8 }).map((words) => text('x', ...words));
    fc.assert(fc.property(plausible, (other) => parseMergeRecord(other) === undefined));
    for (const other of ['', '\0', '1\0-1\x001\0', '1\x001e9\0', 'x\0x\0']) expect(parseMergeRecord(other)).toBeUndefined();
  });
});
