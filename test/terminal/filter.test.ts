// The filter's short list of rewrites, marks, and when the row may be drawn.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collected, filtered } from './collect.ts';

const same: readonly string[] = [
  'plain text\r\n', '\x1b[1;31mred\x1b[m', '\x1b[23;80H', '\x1b[H\x1b[2J', '\x1b[1;23r', '\x1b[5;10r', '\x1b[21B', '\x1b[3d', '\x1b[J', '\x1b7\x1b8', '\x1b[s\x1b[u',
  '\x1b[?1049h', '\x1b[?2026h\x1b[?2026l', '\x1b]0;title\x07', '\x1b]52;c;aGk=\x1b\\', '\x1bPq#0~~\x1b\\', '\x1b_Ga=T;AAAA\x1b\\', '\x1b[6n', '\x1b[c', '\x1b[>q',
  '\x1b[14t', '\x1b[16t', '\x1b[19t', '\x1b[?u', '\x1b[>1u', '\x1b[?2048h', '\x1b[?1000;1006h', '漢字 é \u{1f600}', '\x1b[3 q', '\x1b[?6h\x1b[999;1H',
];

const rewritten: readonly (readonly [string, string, string])[] = [
  ['the whole screen as margins', '\x1b[r', '\x1b[1;23r'],
  ['margins without a bottom', '\x1b[5r', '\x1b[5;23r'],
  ['margins below the screen', '\x1b[2;99r', '\x1b[2;23r'],
  ['margins the wrong way round (some terminals reset by them)', 'a\x1b[9;3rb', 'a\x1b\\b'],
  ['a row below the screen', '\x1b[999;999H', '\x1b[23;999H'],
  ['a row below the screen, HVP', '\x1b[24;5f', '\x1b[23;5H'],
  ['a row below the screen, VPA', '\x1b[24d', '\x1b[23d'],
  ['far down', '\x1b[99B', '\x1b[23d'],
  ['far down to the first column', '\x1b[99E', '\r\x1b[23d'],
  ['down without regard to margins', '\x1b[3e', '\x1b[3B'],
  ['a wish for a size', '\x1b[8;30;100t', '\x1b[8;31;100t'],
  ['a wish for a number of rows', '\x1b[36t', '\x1b[37t'],
  ['a reset', '\x1bc', '\x1bc\x1b[1;23r'],
  ['a soft reset', '\x1b[!p', '\x1b[!p\x1b7\x1b[1;23r\x1b8'],
  ['the alignment test', '\x1b#8', '\x1b#8\x1b[1;23r'],
  ['132 columns', '\x1b[?3l', '\x1b[?3l\x1b7\x1b[1;23r\x1b8'],
  ['the first move on the alternate screen', '\x1b[?1049h\x1b[5;5H', '\x1b[?1049h\x1b[1;23r\x1b[5;5H'],
  ['text on the alternate screen without a move', '\x1b[?1049hx', '\x1b[?1049h\x1b7\x1b[1;23r\x1b8x'],
  ['margins left behind on the alternate screen', '\x1b[?1049h\x1b[2;5r\x1b[?1049l', '\x1b[?1049h\x1b[2;5r\x1b[?1049l\x1b7\x1b[1;23r\x1b8'],
  ['a rectangle to the bottom of the page', '\x1b[1;1;;80$z', '\x1b[1;1;23;80$z'],
  ['a line feed on the last row below a smaller region', '\x1b[1;5r\x1b[23;1H\n', '\x1b[1;5r\x1b[23;1H\x1b[23d'],
  ['a repeated character that wraps on the last row below a smaller region', '\x1b[1;5r\x1b[23;80Hx\x1b[2b', '\x1b[1;5r\x1b[23;80Hx\rxx\x1b\\'],
  ['moving down on the last row below a smaller region', '\x1b[1;5r\x1b[22;1H\x1b[4B', '\x1b[1;5r\x1b[22;1H\x1b[1B'],
];

describe('What needs no change', () => {
  it.each(same)('goes out as the very chunk that came: %j', (text) => {
    const chunk = Buffer.from(text);
    const { slices } = new Collected().push(chunk);
    expect(slices).toHaveLength(1);
    expect(slices[0]).toBe(chunk);
  });

  it('goes out untouched without a row, whatever it is', () => {
    const all = rewritten.map(([, from]) => from).join('');
    expect(filtered(all, { reserve: 'none' })).toBe(all);
  });

  it('is every byte there is, in any pieces, without a row', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (bytes, length) => {
        const collected = new Collected({ reserve: 'none' });
        for (let at = 0; at < bytes.length; at += length) collected.push(bytes.slice(at, at + length));
        collected.filter.end(collected.sink);
        expect(Buffer.concat(collected.slices).equals(bytes)).toBe(true);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('is a string of ten megabytes, handed on as it comes', () => {
    const collected = new Collected().push('\x1bPq');
    const piece = Buffer.alloc(1 << 20, '~');
    for (let count = 0; count < 10; count++) collected.push(piece);
    expect(collected.slices.slice(1).every((slice) => slice === piece)).toBe(true);
    expect(collected.filter.drawable()).toBe(false);
    // Where the picture has left the cursor, the terminal alone knows.
    expect(collected.push('\x1b\\').filter.drawable()).toBe(false);
    expect(collected.push('\r').filter.drawable()).toBe(true);
  });
});

describe('What would reach the status row', () => {
  it.each(rewritten)('is kept above it: %s', (_name, from, to) => {
    expect(filtered(from)).toBe(to);
  });

  it.each(rewritten)('is recognised in any two pieces: %s', (_name, from, to) => {
    for (let at = 1; at < from.length; at++) expect(new Collected().push(from.slice(0, at)).push(from.slice(at)).text).toBe(to);
  });

  it('is a question for the size: it is answered with one row less', () => {
    const collected = new Collected().push('a\x1b[18tb');
    expect([collected.text, collected.replies]).toEqual(['a\x1b\\b', ['\x1b[8;23;80t']]);
  });
});

describe('Marks', () => {
  const mark = '\x1b]7717;abc;prompt;0;1\x07';

  it('are taken out and handed over, in order with the output', () => {
    const collected = new Collected();
    const order: string[] = [];
    const sink = { ...collected.sink, bytes: (slice: Uint8Array) => void order.push(Buffer.from(slice).toString()), mark: (payload: string) => void order.push(payload) };
    collected.filter.push(Buffer.from(`before${mark}after`), sink);
    expect(order).toEqual(['before', '7717;abc;prompt;0;1', 'after']);
  });

  it('are recognised in any pieces, ended by BEL or ST, with or without a row', () => {
    for (const reserve of ['bottom', 'none'] as const) {
      for (const text of [mark, mark.replace('\x07', '\x1b\\'), mark.replace('\x07', '\u009c')]) {
        const bytes = Buffer.from(`x${text}y`);
        for (let length = 1; length < bytes.length; length++) {
          const collected = new Collected({ reserve });
          for (let at = 0; at < bytes.length; at += length) collected.push(bytes.subarray(at, at + length));
          expect([collected.text, collected.marks]).toEqual(['xy', ['7717;abc;prompt;0;1']]);
        }
      }
    }
  });

  it('without the right nonce belong to someone else, and stay', () => {
    const other = '\x1b]7717;abd;prompt;0\x07\x1b]7717;ab;x\x07\x1b]77;abc;prompt\x07';
    const collected = new Collected().push(other);
    expect([collected.text, collected.marks]).toEqual([other, []]);
  });

  it('end a string that a killed program left open, as they would have', () => {
    expect(new Collected().push(`\x1b]0;half${mark}$ `).text).toBe('\x1b]0;half\x1b\\$ ');
  });

  it('of a prompt free the save slot', () => {
    const { filter } = new Collected().push('\x1b7working\r');
    expect(filter.drawable()).toBe(false);
    const after = new Collected().push(`\x1b7working\r${mark}$ `);
    expect(after.filter.drawable()).toBe(true);
  });
});

describe('A devshell inside', () => {
  const [begins, ends] = ['\x1b]7717;begins\x07', '\x1b]7717;ends\x07'];

  it.each([
    ['says that it shows its row', begins, 'inside'],
    ['says that it no longer does', `${begins}text${ends}`, 'us'],
    ['has gone without a word, and the shell prompts', `${begins}\x1b]7717;abc;prompt;0\x07$ `, 'us'],
    ['is none where the word goes on', '\x1b]7717;beginsx\x07\x1b]7717;begin\x07', 'us'],
    ['runs on while a shell that is not ours prompts', `${begins}\x1b]7717;abd;prompt;0\x07`, 'inside'],
  ])('%s', (_what, text, rowOf) => {
    const collected = new Collected().push(text);
    expect(collected.filter.rowOf).toBe(rowOf);
    // One around this one hears it as well.
    if (text === begins) expect(collected.text).toContain(begins);
  });
});

describe('Clearing the screen while the row is shown', () => {
  const cleared = (text: string): string => {
    const collected = new Collected();
    collected.filter.draw([{ text: 'STATUS', style: 'plain' }], 'plain');
    return collected.push(text).text;
  };

  it.each([
    ['after a move, by moving', '\x1b[H\x1b[2J', '\x1b[H\x1b[24;1H\x1b[K\x1b[1;1H\x1b[2J'],
    ['else by saving the cursor', 'x\x1b[2J', 'x\x1b7\x1b[24;1H\x1b[m\x1b[K\x1b8\x1b[2J'],
    ['not where that would take the place the program saved', '\x1b7x\x1b[2J', '\x1b7x\x1b[2J'],
    ['not from the cursor down', 'x\x1b[J', 'x\x1b[J'],
    ['not on the alternate screen', '\x1b[?1049h\x1b[2J', '\x1b[?1049h\x1b[2J'],
    ['once', '\x1b[H\x1b[2J\x1b[H\x1b[2J', '\x1b[H\x1b[24;1H\x1b[K\x1b[1;1H\x1b[2J\x1b[H\x1b[2J'],
    ['before a reset', '\x1bc', '\x1b[?6l\x1b[m\x1b[24;1H\x1b[K\x1bc\x1b[1;23r'],
  ])('empties it first, so that no terminal moves it into the scrollback: %s', (_name, from, to) => {
    expect(cleared(from)).toBe(to);
  });
});

describe('The row', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['after a line', 'text\r\n', true],
    ['after a prompt', '\x1b[32muser\x1b[m$ ', true],
    ['inside an escape sequence', 'x\x1b', false],
    ['inside a control sequence', 'x\x1b[1', false],
    ['inside a title', '\x1b]0;t', false],
    ['inside an image', '\x1bPq~~', false],
    ['inside a character', '\xe6', false],
    ['inside a link', '\x1b]8;;http://x\x07text', false],
    ['after a link', '\x1b]8;;http://x\x07text\x1b]8;;\x07', true],
    ['inside a synchronised update', '\x1b[?2026hx', false],
    ['while the cursor is saved', '\x1b[s\r\nx', false],
    ['while the cursor is saved, after a move in a style that is known', '\x1b7\x1b[m\x1b[5;5Htext', true],
    ['while the cursor is saved, after as many lines as there are', `\x1b7${'line\r\n'.repeat(23)}text`, true],
    ['while the cursor is saved, after something of uncertain width', '\x1b7\x1b[5;5H\u{1f600}', false],
    ['while the cursor is saved, in a style that is not known', '\x1b7\x1b[5;5H\x1b[!p\x1b7x', false],
    ['while the cursor is saved, in origin mode', '\x1b7\x1b[?6h\x1b[5;5Hx', false],
    ['after dialog has left the alternate screen for good', '\x1b[?1049h\x1b[H\x1b[?1049l\x1b[3;3H', true],
    ['after a picture', 'x\x1bPq~~\x1b\\', false],
    ['after a picture and a move', '\x1bPq~~\x1b\\\r', true],
    ['after a question about pictures', '\x1b_Gi=1,a=q;AAAA\x1b\\', true],
    ['after a prompt mark of another kind', '\x1b]133;A\x07$ ', true],
    ['after a zero-width joiner', '\u{1f469}\u200d', false],
    ['right after the cursor was saved', '\x1b7', true],
    ['right after the cursor was put back', '\x1b7x\x1b8', true],
    ['where the cursor may be in pending wrap', 'x'.repeat(80), false],
    ['where a wide character may have filled the line', '漢'.repeat(40), false],
    ['after a move out of pending wrap', `${'x'.repeat(80)}\x1b[5G`, true],
    ['with line graphics switched on', '\x1b(0', false],
    ['with letters switched on again', '\x1b(0qq\x1b(B', true],
    ['after shifting out', '\x0e', false],
    ['with left and right margins', '\x1b[?69h', false],
    ['on the alternate screen', '\x1b[?1049h\x1b[H', true],
    ['back from the alternate screen, before a new line', '\x1b[?1049h\x1b[?1049l$', false],
    ['back from the alternate screen, after a new line', '\x1b[?1049h\x1b[?1049lx\r\n', true],
  ];
  it.each(cases)('may be drawn, or not: %s', (_name, text, expected) => {
    const { filter } = new Collected().push(Buffer.from(text, text === '\xe6' ? 'latin1' : 'utf8'));
    expect(filter.drawable()).toBe(expected);
  });

  it.each([...['\u{1f600}', 'text \u2764', '\u{1f44d}\u{1f3fd}', '1\ufe0f'].map((text) => Buffer.from(text)), Buffer.from('x\xba', 'latin1')])('waits after what may go on in the next piece, until output is quiet: %s', (text) => {
    const { filter } = new Collected().push(text);
    expect([filter.drawable(), filter.drawable('quiet')]).toEqual([false, true]);
    filter.push(Buffer.from(' '), new Collected().sink);
    expect(filter.drawable()).toBe(true);
  });

  it('is drawn without the save slot while that is the program\'s: there and back, with the style', () => {
    const { filter } = new Collected().push('\x1b7\x1b[0;1;31m\x1b[5;7Htext');
    expect(Buffer.from(filter.draw([{ text: 'STATUS', style: 'plain' }], 'plain')).toString()).toBe('\x1b[9999;1H\x1b[?7l\x1b[mSTATUS\x1b[K\x1b[?7h\x1b[5;11H\x1b[0;1;31m');
    expect(new Collected().push('\x1b7').filter.draw([], 'plain').slice(0, 2)).toEqual(new Uint8Array([0x1b, 0x37]));
  });

  it('wants to be drawn after what may have damaged it', () => {
    const damaging = ['\x1b[J', '\x1b[2J', '\x1b[?J', '\x1bc', '\x1b#8', '\x1b[?1049h', '\x1b[?1049l', '\x1bPq~\x1b\\', '\x1b_Ga=T\x1b\\', '\x1b]1337;File=:AA\x07'];
    for (const text of damaging) {
      const collected = new Collected();
      collected.filter.draw([], 'plain');
      expect(collected.filter.dirty).toBe(false);
      expect(collected.push(text).filter.dirty, JSON.stringify(text)).toBe(true);
    }
    const collected = new Collected();
    collected.filter.draw([], 'plain');
    expect(collected.push('text\r\n\x1b[K\x1b[1J\x1b[3J\x1b[5;5H').filter.dirty).toBe(false);
  });

  it('does not stay away because of a prompt that saves the cursor and puts it back', () => {
    const prompt = '\x1b]7717;abc;prompt;0\x07\x1b[?2004h\x1b7\x1b[60Cright\x1b8left$ ';
    expect(new Collected().push(prompt).filter.drawable()).toBe(true);
    expect(new Collected().push(`${prompt}\x1b[?2004l\r\n\x1b7x\x1b8y`).filter.drawable()).toBe(false);
  });

  it('is never there without room', () => {
    const { filter } = new Collected({ reserve: 'none' });
    expect([filter.drawable(), filter.dirty, filter.programRows]).toEqual([false, false, 24]);
  });
});

describe('Titles', () => {
  it('are reported, and pass', () => {
    const collected = new Collected().push('\x1b]0;one\x07\x1b]2;zw').push('ei\x1b\\\x1b]1;icon\x07');
    expect(collected.titles).toEqual(['one', 'zwei']);
    expect(collected.text).toBe('\x1b]0;one\x07\x1b]2;zwei\x1b\\\x1b]1;icon\x07');
  });
});

describe('After a change of width', () => {
  it.each([
    ['a line that has only begun', 'before\r\n'],
    ['a short line', '$ ls'],
    // Setting the margins has saved and restored the cursor already: where that costs a pending wrap, it is lost.
    ['a line that fills the narrower screen', 'x'.repeat(30)],
  ])('%s leaves the row drawable: %#', (_, text) => {
    const { filter, ...collected } = new Collected();
    filter.push(Buffer.from(text), collected.sink);
    filter.resize(25, 24);
    filter.repair();
    expect(filter.drawable()).toBe(true);
    filter.push(Buffer.from('\r$ '), collected.sink);
    expect(filter.drawable()).toBe(true);
  });
});
