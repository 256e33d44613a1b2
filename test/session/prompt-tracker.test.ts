import { describe, expect, it } from 'vitest';
import { PromptTracker } from '../../src/session/prompt-tracker.ts';

/** Plays `p` a prompt, `P` one with typeahead, `?` one that cannot tell, `e` an Enter, `r` a look at a shell that is seen to read a line; each a second apart, `~` makes the next one immediate. */
function atPromptAfter(play: string): boolean {
  const tracker = new PromptTracker();
  let nowMs = 0;
  let stepMs = 1000;
  for (const one of play) {
    if (one === '~') {
      stepMs = 10;
      continue;
    }
    nowMs += stepMs;
    stepMs = 1000;
    if (one === 'e') tracker.accepted(1, nowMs);
    else if (one === 'r') tracker.reading(nowMs);
    else tracker.prompted(one === 'P' ? true : one === 'p' ? false : undefined, nowMs);
  }
  return tracker.atPrompt;
}

describe('the prompt tracker', () => {
  it.each<[string, string, boolean]>([
    ['nothing is known before the first prompt', '', false],
    ['the first prompt waits', 'p', true],
    ['a line was accepted', 'pe', false],
    ['its prompt came back', 'pep', true],
    ['an Enter typed ahead while it ran is still unanswered', 'pe~eP', false],
    ['both are answered', 'pe~ePp', true],
    ['Enters that a program consumed are no lines', 'peeeep', true],
    ['an Enter in flight when the prompt was written counts', 'pee~p', false],
    ['... until the shell, having had the time to read it, still reads', 'pee~pr', true],
    ['... but not at once', 'pee~p~r', false],
    ['... which says nothing of an Enter that came later', 'pee~per', false],
    ['... that is answered by the next prompt', 'pee~perp', true],
    ['a line typed ahead is run first', 'pe~eP~rpr', true],
    ['a shell that cannot tell is believed only when the counts agree', '?e?', true],
    ['... and not when a program consumed Enters', '?eee?', false],
    ['input without an Enter was typed ahead', 'peP', false],
    ['... which the shell has read by now, and reads on', 'pePr', true],
  ])('%s', (_title, play, expected) => {
    expect(atPromptAfter(play)).toBe(expected);
  });
});
