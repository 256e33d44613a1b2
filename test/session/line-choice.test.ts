import { beforeEach, describe, expect, it } from 'vitest';
import type { StatusMode } from '../../src/model/settings.ts';
import { LineChoice } from '../../src/session/line-choice.ts';

let shown: StatusMode[];
let line: LineChoice;

beforeEach(() => {
  shown = [];
  line = new LineChoice('bottom', (mode) => shown.push(mode));
});

/** A build that is over before anything else happens. */
function built(generation: number, mode: StatusMode): void {
  line.began(generation);
  line.configured(mode, generation);
}

describe('where the state is shown', () => {
  it('follows the configuration, and nothing else that is configured', () => {
    built(2, 'bottom');
    built(3, 'title');
    built(4, 'title');
    expect(shown).toEqual(['title']);
  });

  it('is what the user says, at once and until the configuration says something new', () => {
    line.choose('busy');
    built(2, 'bottom');
    expect(shown).toEqual(['busy']);
    built(3, 'off');
    expect(shown).toEqual(['busy', 'off']);
  });

  it('does not go back for a moment to what the user has said before, however long the build takes that found it', () => {
    line.choose('busy');
    line.began(2);
    line.choose('title');
    line.configured('busy', 2);
    expect(shown).toEqual(['busy', 'title']);
    built(3, 'title');
    expect(new Set(shown.slice(1))).toEqual(new Set(['title']));
  });

  it('is what somebody wrote into the file right after, in the build that began since', () => {
    line.began(2);
    line.choose('busy');
    line.configured('busy', 2);
    expect(shown).toEqual(['busy']);
    built(3, 'off');
    expect(shown).toEqual(['busy', 'off']);
  });
});
