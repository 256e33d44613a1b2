// Text of the row: cut by grapheme to the columns there are, with nothing in it that a terminal would act on.

import headless from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, renderText, textWidth, visible } from '../../src/terminal/styled-text.ts';

const plain = (text: string): string => renderText([{ text, style: 'plain' }], 10, 'plain');

describe('The text of a line', () => {
  it.each([
    ['short', 'short'],
    ['exactly 10', 'exactly 10'],
    ['a little too long', 'a little …'],
    ['漢字漢字漢', '漢字漢字漢'],
    ['漢字漢字漢字', '漢字漢字…'],
    ['a漢字漢字漢字', 'a漢字漢字…'],
    ['e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301', 'e\u0301'.repeat(10)],
    ['e\u0301'.repeat(11), `${'e\u0301'.repeat(9)}…`],
    ['👍👍👍👍👍👍', '👍👍👍👍…'],
    ['abcdefg👨‍👩‍👧x', 'abcdefg…'],
    ['', ''],
  ])('is cut by grapheme: %j', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it('is cut across its parts, each in its style', () => {
    const line = [{ text: ' ● ', style: 'good' as const }, { text: 'ready for more', style: 'strong' as const }];
    expect(renderText(line, 10, 'colour')).toBe('\x1b[32m ● \x1b[m\x1b[1mready \x1b[m\x1b[1m…\x1b[m');
    expect(renderText(line, 10, 'plain')).toBe(' ● ready …');
    expect(cutText(line, 99)).toEqual(line);
  });

  it('shows control characters, and what would reorder the line, instead of sending them', () => {
    expect(visible('a\x1b[31mb\x07\x00\x7f\u009b\u202e')).toBe('a␛[31mb␇␀␡\ufffd\ufffd');
    expect(visible('one\r\n  two\tthree')).toBe('one two three');
    expect(visible('\ud800x')).toBe('\ufffdx');
  });

  it('never has a control character in it, nor more columns than it may take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 30 }), (text, columns) => {
        const shown = renderText([{ text, style: 'plain' }], columns, 'plain');
        expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        expect(textWidth(shown)).toBeLessThanOrEqual(columns);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('is never wider in a terminal than was counted', () => {
    const unit = fc.oneof(fc.constantFrom('a', '漢', 'é', 'e\u0301', 'ｱ', '한', '—', '●', '✓', '⠋', '🙂', '👨‍👩‍👧', '❤\ufe0f', '\u200b'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (units) => {
        const terminal = new headless.Terminal({ cols: 200, rows: 2, allowProposedApi: true });
        const shown = renderText([{ text: units.join(''), style: 'plain' }], 40, 'plain');
        (terminal as unknown as { _core: { writeSync(text: string): void } })._core.writeSync(shown);
        expect(terminal.buffer.active.cursorX).toBeLessThanOrEqual(40);
        terminal.dispose();
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});
