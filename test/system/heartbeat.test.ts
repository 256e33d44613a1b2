import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { Heartbeat, Silence, silentMs } from '../../src/system/heartbeat.ts';

it('a heartbeat touches its file well before it would be taken for silent, and survives its end', () => {
  const directory = mkdtempSync(join(tmpdir(), 'heartbeat-'));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const heartbeat = new Heartbeat(file);
    for (const _beat of [1, 2]) {
      utimesSync(file, 1, 1);
      vi.advanceTimersByTime(silentMs / 3);
      expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(silentMs);
    }
    rmSync(file);
    vi.advanceTimersByTime(silentMs);
    heartbeat.stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
    rmSync(directory, { recursive: true });
  }
});

it('silence is measured from the last change that was seen, whatever time the file has', () => {
  const silence = new Silence(1000);
  expect([silence.ms(9e12, 1000), silence.ms(9e12, 5000), silence.ms(9e12 + 1, 6000), silence.ms(9e12 + 1, 9000)]).toEqual([0, 4000, 0, 3000]);
  expect(silence.ms(undefined, 9500)).toBe(0);
});
