import { describe, expect, it } from 'vitest';
import { EarlyLog, logNote } from '../../src/reload/build-log.ts';

describe('what is said before there is a session', () => {
  it('is kept as it came, with the time in front of what devshell says itself', () => {
    const log = new EarlyLog();
    log.append(logNote('first build', Date.parse('2026-01-02T03:04:05.678Z')));
    log.append('half a ');
    log.append('line\n');
    expect(log.text).toBe('[03:04:05.678] first build\nhalf a line\n');
  });

  it('is the end of it where a tool prints without measure, in whole lines', () => {
    const log = new EarlyLog();
    const lines = 400_000;
    for (let line = 0; line < lines; line++) log.append(`line ${line} of many\n`);
    expect(log.text.length).toBeLessThan(4.2 * 1024 * 1024);
    expect(log.text).toMatch(/^line \d+ of many\n/);
    expect(log.text.endsWith(`line ${lines - 1} of many\n`)).toBe(true);
  });
});
