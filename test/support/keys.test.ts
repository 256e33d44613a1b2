import { describe, expect, it } from 'vitest';
import { keyBytes } from './keys.ts';

describe('keyBytes', () => {
  it.each([
    ['Enter', '\r'],
    ['x', 'x'],
    ['é', 'é'],
    ['Ctrl-C', '\x03'],
    ['Ctrl-c', '\x03'],
    ['Ctrl-Space', '\0'],
    ['Ctrl-\\', '\x1c'],
    ['Alt-x', '\x1bx'],
    ['Alt-Enter', '\x1b\r'],
    ['Alt-Ctrl-R', '\x1b\x12'],
    ['Ctrl-Alt-E', '\x1b\x05'],
    ['Shift-Tab', '\x1b[Z'],
    ['Up', '\x1b[A'],
    ['Ctrl-Left', '\x1b[1;5D'],
    ['Alt-Shift-Home', '\x1b[1;4H'],
    ['F1', '\x1bOP'],
    ['F12', '\x1b[24~'],
    ['Delete', '\x1b[3~'],
  ])('%s is %j', (name, bytes) => {
    expect(keyBytes(name)).toBe(bytes);
  });

  it('follows the application mode of the cursor keys', () => {
    expect(keyBytes('Up', { applicationCursor: true })).toBe('\x1bOA');
  });

  it.each(['Hyper-x', 'Entr', 'Ctrl-é', ''])('refuses %j', (name) => {
    expect(() => keyBytes(name)).toThrow('no key is named');
  });
});
