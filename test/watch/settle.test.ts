import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Burst, dueMs, hold, holdMs, restMs, stir } from '../../src/watch/settle.ts';

const options = { settleMs: 25, maxWaitMs: 500 };
const times = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 50 }).map((list) => list.sort((a, b) => a - b));
const burstOf = (list: readonly number[]): Burst => list.reduce<Burst | undefined>(stir, undefined) as Burst;

test('a burst is over one settle time after its last event, but never later than the longest wait after its first', () => {
  fc.assert(fc.property(times, (list) => {
    const first = list[0] ?? 0;
    const last = list.at(-1) ?? 0;
    expect(dueMs(burstOf(list), options)).toBe(Math.min(last + 25, first + 500));
  }));
});

test('one event more never ends a burst earlier', () => {
  fc.assert(fc.property(times, fc.nat(3_000), (list, more) => {
    const burst = burstOf(list);
    expect(dueMs(stir(burst, more), options)).toBeGreaterThanOrEqual(dueMs(burst, options));
  }));
});

test('a held burst is not over before it is let go, and holding does not lengthen the longest wait', () => {
  fc.assert(fc.property(times, fc.option(times, { nil: undefined }), fc.nat(3_000), (list, later, until) => {
    const burst = burstOf(list);
    const due = dueMs(hold(burst, later === undefined ? undefined : burstOf(later), until), options);
    expect(due).toBeLessThanOrEqual(burst.firstMs + 500);
    expect(due).toBeGreaterThanOrEqual(Math.min(until, burst.firstMs + 500));
  }));
});

test('a deletion is told after at most 300 ms with the usual settle time', () => {
  expect(options.settleMs + holdMs(options)).toBe(100);
});

test.each<[number, number, 'beside' | 'alone', number]>([
  [0, 1_500, 'beside', 1_500],
  [3, 1_500, 'beside', 1_500],
  [30, 1_500, 'beside', 15_000],
  [0, 1_500, 'alone', 1_000],
  [30, 1_500, 'alone', 1_000],
  [200, 1_500, 'alone', 4_000],
  [0, 50, 'alone', 50],
])('after a sweep of %i ms, with %i ms wished and %s, it rests %i ms', (took, wished, place, expected) => {
  expect(restMs(took, wished, place)).toBe(expected);
});

test('beside the events of the kernel, the sweep takes at most 0.2 % of the time', () => {
  fc.assert(fc.property(fc.double({ min: 0.001, max: 10_000, noNaN: true }), (took) => {
    expect(took / (took + restMs(took, 1_500, 'beside'))).toBeLessThanOrEqual(0.002);
  }));
});
