// What the guard that the launcher has started tells of the terminal.
import { describe, expect, it } from 'vitest';
import { launchTerminalIn } from '../../src/cli/launch.ts';

describe('what the launcher has asked of the terminal', () => {
  it.each([
    ['500:5:bf:8a3b:3\n30 100\n', { termios: '500:5:bf:8a3b:3', rows: 30, columns: 100 }],
    ['gfmt1:cflag=4b00\n50 200\n', { termios: 'gfmt1:cflag=4b00', rows: 50, columns: 200 }],
    ['500:5\n0 0\n', { termios: '500:5', rows: 24, columns: 80 }],
  ])('%j is taken', (text, terminal) => expect(launchTerminalIn(text)).toEqual(terminal));

  it.each(['', '500:5\n', '500:5\n30\n', '\n30 100\n', '500:5 \n30 100\n', '500:5\n30 100', '500:5\n30 100\nmore\n', '500:5\n-1 100\n'])('%j is not', (text) => {
    expect(launchTerminalIn(text)).toBeUndefined();
  });
});
