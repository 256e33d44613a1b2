import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Observation } from '../../src/model/input.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { forever, patience, Recorder } from './recorder.ts';

// The budgets (1 s, 20 ms, 250 ms) are measured by the benchmarks on a machine at rest; here a wide margin keeps mistakes out.

/** What the turns of the loop take of the processor: what others take of it meanwhile does not count. */
function measureTurns(): { end: () => { longestMs: number; tookMs: number } } {
  const first = process.cpuUsage();
  const usedMs = (): number => {
    const { user, system } = process.cpuUsage(first);
    return (user + system) / 1000;
  };
  let lastMs = 0;
  let longestMs = 0;
  const turn = (): void => {
    const nowMs = usedMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  const end = (): { longestMs: number; tookMs: number } => {
    clearImmediate(next);
    return { longestMs: Math.max(longestMs, usedMs() - lastMs), tookMs: usedMs() };
  };
  return { end };
}

let recorder: Recorder;
afterEach(() => recorder.dispose());

test.each([1, 100, 2_000])('10,000 inputs in %i directories are watched soon, without a long stall, and a change among them is seen', async (directories) => {
  recorder = new Recorder();
  for (let index = 0; index < directories; index++) mkdirSync(recorder.at(`p${index % 10}/d${index}`), { recursive: true });
  const observations: Observation[] = Array.from({ length: 10_000 }, (_, index) => {
    const path = recorder.at(`p${(index % directories) % 10}/d${index % directories}/f${index}`);
    writeFileSync(path, `A=${index}\n`);
    return { input: { kind: 'file', path }, fingerprint: fingerprintBytes(Buffer.from(`A=${index}\n`)) };
  });
  const work = measureTurns();
  await recorder.watcher.watch(observations, forever);
  const { longestMs, tookMs } = work.end();
  expect(recorder.told).toEqual([]);
  expect(recorder.watcher.count).toBe(10_000);
  expect(tookMs).toBeLessThan(8_000);
  expect(longestMs).toBeLessThan(150);
  for (const index of [0, 4_321, 9_999]) {
    const path = recorder.at(`p${(index % directories) % 10}/d${index % directories}/f${index}`);
    const before = recorder.calls.length;
    writeFileSync(path, 'changed');
    await expect.poll(() => recorder.calls.length, patience).toBe(before + 1);
    const call = recorder.calls.at(-1);
    expect(call?.changes).toHaveLength(1);
    expect((call?.atMs ?? 0) - (call?.changes[0]?.atMs ?? 0)).toBeLessThan(2_500);
  }
});
