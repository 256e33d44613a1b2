// The style that is brought back without the save slot is the one that was in force, whatever led to it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Style } from '../../src/terminal/style.ts';
import { Screen } from './oracle.ts';

const colour = fc.integer({ min: 0, max: 255 });
const parameter = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 21, 22, 23, 24, 25, 27, 28, 29, 30, 35, 39, 41, 49, 53, 55, 59, 91, 104).map(String),
  colour.map((index) => `38;5;${index}`),
  fc.tuple(colour, colour, colour).map((rgb) => `48;2;${rgb.join(';')}`),
  colour.map((index) => `38:5:${index}`),
  fc.constant(''),
);
const sequence = fc.array(parameter, { maxLength: 4 }).map((parameters) => parameters.join(';'));

function styleOf(sequences: readonly string[]): Style {
  const style = new Style();
  for (const body of sequences) style.add(Buffer.from(body), 0, body.length);
  return style;
}

function shown(bytes: string): string[] {
  const screen = new Screen({ columns: 10, rows: 2 });
  screen.write(Buffer.from(`${bytes}x`));
  const description = screen.describe(2);
  screen.dispose();
  return description;
}

describe('A style', () => {
  it('is brought back as it was, after few sequences and after many', () => {
    fc.assert(
      fc.property(fc.array(sequence, { maxLength: 80 }), (sequences) => {
        const style = styleOf(sequences);
        if (style.known) expect(shown(style.sequences())).toEqual(shown(sequences.map((body) => `\x1b[${body}m`).join('')));
        else expect(sequences.some((body) => /(^|;)21(;|$)/.test(body))).toBe(true);
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it('is not known after something that is not understood, until it is plain again', () => {
    const style = styleOf([...Array<string>(100).fill('1;21')]);
    expect([style.known, style.save()]).toEqual([false, undefined]);
    style.add(Buffer.from('0;31'), 0, 4);
    expect([style.known, style.sequences()]).toEqual([true, '\x1b[0;31m']);
  });

  it('is not touched by what only looks like it: CSI > m, CSI ? m', () => {
    expect(styleOf(['31', '>4;2', '?4']).sequences()).toBe('\x1b[31m');
  });

  it('can be put aside and taken up again, unknown as well', () => {
    const style = styleOf(['1;31']);
    const saved = style.save();
    style.add(Buffer.from('0'), 0, 1);
    style.restore(saved);
    expect(style.sequences()).toBe('\x1b[1;31m');
    style.restore(undefined);
    expect(style.known).toBe(false);
  });
});
