// What bash says of itself never stands in the place of what the file said.

import { describe, expect, it } from 'vitest';
import { BashNoise } from '../../src/build/envrc/bash-noise.ts';

const noise = '/home/u/p/.envrc:2: pop_var_context: head of shell_variables not a function context\n';

function passed(pieces: readonly string[]): string {
  const filter = new BashNoise();
  return pieces.map((piece) => filter.pass(piece)).join('') + filter.rest();
}

describe('the noise of bash', () => {
  it.each([
    ['in one piece', [`before\n${noise}after`]],
    ['as bash writes it', ['before\n', '/home/u/p/.envrc:2: ', 'pop_var_context: head of shell_variables not a function context', '\n', 'after']],
    ['together with what was said before', ['before\n/home/u/p/.envrc:2: ', 'pop_var_context: head of shell_variables', ' not a function context\nafter']],
  ])('is taken out, %s', (_, pieces) => {
    expect(passed(pieces)).toBe('before\nafter');
  });

  it('is all that is taken out, and what only begins like it is passed on in the end', () => {
    const text = '/home/u/p/.envrc:2: no such thing\n/home/u/p/.envrc:3: ';
    for (let at = 0; at <= text.length; at++) expect(passed([text.slice(0, at), text.slice(at)])).toBe(text);
  });

  it('holds nothing else back: what is said without a line end is heard at once', () => {
    expect(new BashNoise().pass('working...')).toBe('working...');
  });
});
