// The session's keys in every form and chunking, accepted lines, bracketed paste, and reports about the reserved row.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyFilter } from '../../src/terminal/keys.ts';
import type { InputScreen } from '../../src/terminal/keys.ts';

const bindings = new Map([['Alt-Ctrl-E', 'error'], ['Alt-Ctrl-D', 'pause'], ['F5', 'five'], ['Alt-X', 'x'], ['F1', 'one']]);

interface Result {
  readonly text: string;
  readonly actions: string[];
  readonly accepts: number;
}

function typed(chunks: readonly string[], options: { follows?: 'apart'; screen?: InputScreen; bound?: ReadonlyMap<string, string> } = {}): Result {
  const filter = new KeyFilter(options.bound ?? bindings);
  if (options.screen !== undefined) filter.setScreen(options.screen);
  const results = chunks.map((chunk) => filter.push(Buffer.from(chunk, 'latin1'), options.follows));
  return {
    text: Buffer.concat([...results.flatMap(({ forward }) => forward), ...filter.flush()]).toString('latin1'),
    actions: results.flatMap(({ actions }) => actions),
    accepts: results.reduce((sum, { accepts }) => sum + accepts, 0),
  };
}

function pieces(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, index) => text.slice(index * length, (index + 1) * length));
}

const forms: readonly (readonly [string, string, string])[] = [
  ['as terminals always did', '\x1b\x05', 'error'],
  ['by the kitty protocol', '\x1b[101;7u', 'error'],
  ['by the kitty protocol, as a press', '\x1b[101;7:1u', 'error'],
  ['by the kitty protocol, repeated', '\x1b[101;7:2u', 'error'],
  ['by the kitty protocol, with the shifted key and text', '\x1b[101:69;7;101u', 'error'],
  ['with Caps Lock and Num Lock on', '\x1b[101;199u', 'error'],
  ['by modifyOtherKeys', '\x1b[27;7;101~', 'error'],
  ['by modifyOtherKeys, with Caps Lock on', '\x1b[27;7;69~', 'error'],
  ['another key', '\x1b\x04', 'pause'],
  ['a function key', '\x1b[15~', 'five'],
  ['a function key of the first four', '\x1bOP', 'one'],
  ['a function key of the first four, by the kitty protocol', '\x1b[P', 'one'],
  ['a letter with Alt', '\x1bx', 'x'],
  ['a letter with Alt, by the kitty protocol', '\x1b[120;3u', 'x'],
];

describe('Keys of the session', () => {
  it.each(forms)('pass while a devshell inside shows its row: %s', (_what, text) => {
    const screen = { rows: 24, reserve: 'none', mouse: 'none', rowOf: 'inside' } as const;
    expect(typed([text], { screen })).toMatchObject({ text, actions: [] });
    expect(typed([text], { screen: { ...screen, rowOf: 'us' } }).actions).toHaveLength(1);
  });

  it.each(forms)('are taken out: %s', (_name, text, action) => {
    expect(typed([`a${text}b`])).toEqual({ text: 'ab', actions: [action], accepts: 0 });
  });

  it.each(forms)('are known in any pieces; an ESC alone at the end of one has gone out by then: %s', (_name, text, action) => {
    for (let at = 1; at < text.length; at++) {
      const escape = at === 1 ? '\x1b' : '';
      expect(typed([`a${text.slice(0, at)}`, `${text.slice(at)}b`])).toEqual({ text: `a${escape}b`, actions: [action], accepts: 0 });
    }
  });

  it('are two keys where the second comes later than one key ever does', () => {
    expect(typed(['\x1b', '\x05'], { follows: 'apart' })).toEqual({ text: '\x1b\x05', actions: [], accepts: 0 });
    expect(typed(['\x1b', '[101;7u'], { follows: 'apart' })).toEqual({ text: '\x1b[101;7u', actions: [], accepts: 0 });
  });

  it('count once: their release is dropped', () => {
    expect(typed(['\x1b[101;7:1u\x1b[101;7:3u'])).toEqual({ text: '', actions: ['error'], accepts: 0 });
  });

  it('are not others: with other modifiers, other letters, or switched off', () => {
    const others = ['\x1b[101;5u', '\x1b[101;8u', '\x1b[102;7u', '\x05', '\x1b\x06', '\x1b[15;2~', '\x1b[1;5R', '\x1bOA', '\x1b[27;5;101~', '\x1b\x1b[A', '\x1b[I'];
    for (const text of others) expect(typed([text])).toMatchObject({ text, actions: [] });
    for (const [, text] of forms) expect(typed([text], { bound: new Map() })).toMatchObject({ text, actions: [] });
    expect(typed(['\x1b\x05'], { bound: new Map([['Ctrl-E', 'other'], ['No-Such', 'y']]) })).toMatchObject({ text: '\x1b\x05', actions: [] });
  });

  it('never hold back Escape, and hold back the beginning of a sequence only until it is asked for', () => {
    const filter = new KeyFilter(bindings);
    expect(filter.push(Buffer.from('\x1b')).forward.map(String)).toEqual(['\x1b']);
    expect(filter.held).toBe(false);
    expect(filter.push(Buffer.from('\x1b[')).forward).toEqual([]);
    expect(filter.held).toBe(true);
    expect(filter.flush().map(String)).toEqual(['\x1b[']);
    expect(filter.held).toBe(false);
  });

  it('are the only thing that is lost of any input, in any pieces', () => {
    const atoms = fc.constantFrom('a', '\x1b', '\r', '\x1b[A', '\x1b[1;5C', '\x1bOA', '\x1b[200~', '\x1b[201~', '\x1b[<0;1;1M', '漢', '\x1b[', '\x7f', '\x1b[97;5u');
    fc.assert(
      fc.property(fc.array(atoms, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (parts, length) => {
        const text = Buffer.from(parts.join('')).toString('latin1');
        expect(typed(pieces(text, length)).text).toBe(text);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  it('pass other input as the slices that came', () => {
    const chunk = Buffer.from('echo hello\r');
    expect(new KeyFilter(bindings).push(chunk).forward[0]?.buffer).toBe(chunk.buffer);
  });
});

describe('Accepted lines', () => {
  it('are counted in all the ways a line is accepted', () => {
    for (const text of ['\r', '\n', '\x0f', '\x1b\r', '\x1b[13u', '\x1b[13;1u', '\x1b[13;1:1u', '\x1b[106;5u', '\x1b[109;5u', '\x1b[111;5u', '\x1b[27;5;13~', '\x1b[57414u', '\x1bOM']) {
      expect(typed([text]), JSON.stringify(text)).toEqual({ text, actions: [], accepts: 1 });
      for (let at = 2; at < text.length; at++) expect(typed([text.slice(0, at), text.slice(at)]).accepts, JSON.stringify(text)).toBe(1);
    }
    expect(typed(['ls\rpwd\r\n']).accepts).toBe(3);
  });

  it('are not what only looks like it', () => {
    for (const text of ['o', '\x1b[111u', '\x1b[13;1:3u', '\x1b[13~', '\x1b[1;13H', 'j']) expect(typed([text]).accepts, JSON.stringify(text)).toBe(0);
  });

  it('do not count inside a bracketed paste, wherever its bounds are cut', () => {
    const paste = 'a\r\x1b[200~one\r\x1b\x05\n\x1b[101;7u\x1b[20\x1b[201~\r\x1b\x05';
    for (let length = 1; length <= paste.length; length++) {
      const result = typed(pieces(paste, length));
      // The ESC of the key at the end has gone out where a piece ended with it.
      const rest = paste.slice(0, -2) + ((paste.length - 1) % length === 0 ? '\x1b' : '');
      expect(result, `in pieces of ${length}`).toEqual({ text: rest, actions: ['error'], accepts: 2 });
    }
  });

  it('of a paste of a megabyte are none', () => {
    const filter = new KeyFilter(bindings);
    const paste = Buffer.from(`\x1b[200~${'line\r'.repeat(200_000)}\x1b[201~`);
    const results = pieces(paste.toString('latin1'), 65_536).map((piece) => filter.push(Buffer.from(piece, 'latin1')));
    expect(results.reduce((sum, { accepts }) => sum + accepts, 0)).toBe(0);
    expect(Buffer.concat(results.flatMap(({ forward }) => forward)).equals(paste)).toBe(true);
  });
});

describe('Reports of the terminal', () => {
  const screen = (mouse: InputScreen['mouse'], reserve: InputScreen['reserve'] = 'bottom'): InputScreen => ({ rows: 24, reserve, mouse });
  const cases: readonly (readonly [string, InputScreen, string, string])[] = [
    ['a press above the row', screen('sgr'), '\x1b[<0;5;23M\x1b[<0;5;23m', '\x1b[<0;5;23M\x1b[<0;5;23m'],
    ['a press in the row is dropped, and its release', screen('sgr'), '\x1b[<0;5;24M\x1b[<0;5;24m', ''],
    ['a drag into the row stays at its edge', screen('sgr'), '\x1b[<0;5;23M\x1b[<32;5;24M\x1b[<0;6;24m', '\x1b[<0;5;23M\x1b[<32;5;23M\x1b[<0;6;23m'],
    ['the wheel over the row', screen('sgr'), '\x1b[<64;5;24Mx', 'x'],
    ['movement over the row', screen('sgr'), '\x1b[<35;5;24Mx', 'x'],
    ['pixels are not rows', screen('pixels'), '\x1b[<0;5;240M', '\x1b[<0;5;240M'],
    ['urxvt', screen('urxvt'), '\x1b[32;5;24M\x1b[32;5;23M\x1b[35;5;24M', '\x1b[32;5;23M\x1b[35;5;23M'],
    ['the oldest form', screen('x10'), '\x1b[M !8x', 'x'],
    ['the oldest form, above', screen('x10'), '\x1b[M !7x', '\x1b[M !7x'],
    ['without a row', screen('sgr', 'none'), '\x1b[<0;5;24M', '\x1b[<0;5;24M'],
    ['the size in pixels', screen('none'), '\x1b[4;480;800t', '\x1b[4;460;800t'],
    ['the size of a cell', screen('none'), '\x1b[6;20;10t', '\x1b[6;20;10t'],
    ['a resize, by mode 2048', screen('none'), '\x1b[48;24;80;480;800t', '\x1b[48;23;80;460;800t'],
    ['the place of the cursor', screen('none'), '\x1b[24;80R', '\x1b[24;80R'],
    ['what the terminal is', screen('none'), '\x1b[?62;22c\x1b[>1;10;0c\x1bP>|xterm\x1b\\', '\x1b[?62;22c\x1b[>1;10;0c\x1bP>|xterm\x1b\\'],
  ];
  it.each(cases)('are right for one row less: %s', (_name, given, from, to) => {
    expect(typed([from], { screen: given }).text).toBe(to);
    for (let at = 2; at < from.length; at++) if (from[at - 1] !== '\x1b') expect(typed([from.slice(0, at), from.slice(at)], { screen: given }).text).toBe(to);
  });
});
