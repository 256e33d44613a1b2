import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StatusMode } from '../../src/model/settings.ts';
import { LineChoice } from '../../src/session/line-choice.ts';

let shown: StatusMode[];
let line: LineChoice;
let nowMs: number;

beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  nowMs = 5000;
  line = new LineChoice('bottom', (mode) => shown.push(mode));
});
afterEach(() => {
  line.dispose();
  vi.useRealTimers();
});

function later(ms: number): void {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
}

describe('where the state is shown', () => {
  it('follows the configuration, and nothing else that is configured', () => {
    line.configured('bottom', nowMs);
    line.configured('title', nowMs);
    line.configured('title', nowMs);
    expect(shown).toEqual(['title']);
  });

  it('is what the user says, at once and until the configuration says something new', () => {
    line.choose('busy', nowMs);
    later(60_000);
    line.configured('bottom', nowMs);
    expect(shown).toEqual(['busy']);
    line.configured('off', nowMs);
    expect(shown).toEqual(['busy', 'off']);
  });

  it('does not go back for a moment to what the user has said before', () => {
    line.choose('busy', nowMs);
    later(100);
    line.choose('title', nowMs);
    line.configured('busy', nowMs);
    later(200);
    line.configured('title', nowMs);
    later(5000);
    expect(new Set(shown.slice(1))).toEqual(new Set(['title']));
  });

  it('is what somebody wrote into the file right after, a moment later', () => {
    line.choose('busy', nowMs);
    line.configured('off', nowMs);
    expect(shown).toEqual(['busy']);
    later(2000);
    expect(shown).toEqual(['busy', 'off']);
  });
});
