import { expect, it } from 'vitest';
import { Around } from '../../src/session/around.ts';

function said(outer: 'terminal' | 'devshell'): string {
  let text = '';
  const around = new Around(outer, (bytes) => void (text += Buffer.from(bytes).toString()));
  for (const row of ['not claimed', 'claimed', 'claimed'] as const) around.claim(row);
  around.drawn();
  for (const row of ['not claimed', 'not claimed'] as const) around.claim(row);
  return text;
}

it('a devshell around this one is told of every change once, and of each drawing', () => {
  expect(said('devshell')).toBe('\x1b]7717;begins\x07\x1b]7717;drawn\x07\x1b]7717;ends\x07');
});

it('any other terminal is told nothing', () => {
  expect(said('terminal')).toBe('');
});
