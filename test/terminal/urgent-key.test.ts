import { describe, expect, it } from 'vitest';
import { makesSignal } from '../../src/terminal/urgent-key.ts';

const settings = (flags: string, keys = 'intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; susp = ^Z;'): string => `speed 38400 baud; rows 24; columns 80; line = 0;\n${keys}\n-parenb cs8\n${flags} icanon -noflsh`;

describe('a key that means a signal', () => {
  it.each([
    ['Ctrl-C', 0x03, settings('isig'), true],
    ['Ctrl-backslash', 0x1c, settings('isig'), true],
    ['Ctrl-Z', 0x1a, settings('isig'), true],
    ['another key', 0x04, settings('isig'), false],
    ['Ctrl-C in raw mode', 0x03, settings('-isig'), false],
    ['Ctrl-C where another key is set', 0x03, settings('isig', 'intr = ^X; quit = <undef>; susp = <undef>;'), false],
    ['that other key', 0x18, settings('isig', 'intr = ^X; quit = <undef>; susp = <undef>;'), true],
    ['a letter', 0x43, settings('isig', 'intr = C;'), false],
    ['anything where nothing is known', 0x03, '', false],
  ])('is %s', (_title, byte, given, expected) => {
    expect(makesSignal(given, byte)).toBe(expected);
  });
});
