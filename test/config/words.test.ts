import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keybindFault, keyNameFault, keyOfSequence, parseKeyName } from '../../src/config/key-name.ts';
import { editDistance, similar } from '../../src/config/similar.ts';

describe('the name of a key', () => {
  test.each([
    ['Alt-Ctrl-E', 'Alt-Ctrl-E'], ['ctrl-alt-e', 'Alt-Ctrl-E'], ['CTRL-g', 'Ctrl-G'], ['alt-x', 'Alt-X'], ['F1', 'F1'], ['f12', 'F12'],
    ['', undefined], ['E', undefined], ['F0', undefined], ['F13', undefined], ['F01', undefined], ['Alt-F4', undefined], ['Alt-', undefined], ['Shift-A', undefined],
    ['Alt-Alt-A', undefined], ['Alt-1', undefined], ['Alt-é', undefined], ['Ctrl-', undefined], ['-A', undefined], ['constructor-A', undefined],
  ])('%j is %j', (text, name) => {
    expect(parseKeyName(text)).toBe(name);
  });

  test('is one spelling only', () => {
    fc.assert(
      fc.property(fc.constantFrom('Alt', 'Ctrl', 'alt', 'F', '-', 'e', 'E', '1'), fc.string({ maxLength: 12, unit: fc.constantFrom('Alt-', 'ctrl-', 'F', 'e', '1', '2') }), (a, b) => {
        const name = parseKeyName(a + b);
        if (name !== undefined) expect(parseKeyName(name)).toBe(name);
      }),
    );
  });

  test.each(['Ctrl-C', 'Ctrl-D', 'Ctrl-H', 'Ctrl-I', 'Ctrl-J', 'Ctrl-M', 'Ctrl-Z'])('%s is left to the programs', (name) => {
    expect(keyNameFault(name)?.message).toContain('cannot be taken');
  });
});

describe('a key sequence of readline', () => {
  test.each(['', '\\e\\C-r', '\\C-x\\C-r', '\\C-xr', '\\M-r', '\\M-\\C-r', '\\e[15~', '\\x1br', '\\033r', '\\e\\e', '\\C-x"'.replace('"', '\\"')])('may be %j', (text) => {
    expect(keybindFault(text)).toBeUndefined();
  });

  test.each(['r', 'abc', '"', '\\"', '\\\\', '\\C-', '\\M-', '\\q', '\u001br', '\\ex\n', '\\e"', '\\eé', '\\C-m', '\\r', '\\C-J'])('may not be %j', (text) => {
    expect(keybindFault(text)).toBeDefined();
  });

  test('never leaves the double quotes that it is bound in', () => {
    const units = fc.constantFrom('\\', '"', 'e', 'C-', 'x', '$', '\n', '0', "'");
    fc.assert(
      fc.property(fc.string({ unit: units }), (text) => {
        if (keybindFault(`\\e${text}`) === undefined) expect(`"\\e${text}"`).toMatch(/^"(?:[^"\\\n]|\\[^\n])*"$/);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([['\\e\\C-r', 'Alt-Ctrl-R'], ['\\M-\\C-r', 'Alt-Ctrl-R'], ['\\C-g', 'Ctrl-G'], ['\\er', 'Alt-R'], ['\\C-x\\C-r', undefined], ['', undefined]])('%j is the key %j', (text, name) => {
    expect(keyOfSequence(text)).toBe(name);
  });
});

describe('a mistyped word', () => {
  test.each([
    ['pth', 'path'], ['Path', 'path'], ['paths', 'path'], ['dotevn', 'dotenv'], ['dot_env', 'dotenv'], ['xyz', undefined], ['', undefined], ['x'.repeat(10_000), undefined],
  ])('%s was meant to be %s', (word, meant) => {
    expect(similar(word, ['path', 'dotenv', 'venv', 'exec'])).toBe(meant);
  });

  test('is as far from another as the other from it, and nothing is nearer than itself', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(words, words, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
