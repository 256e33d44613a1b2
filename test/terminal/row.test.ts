// The row on a real terminal (xterm.js): where it is drawn, what is left of it after a resize, and that it is given back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputFilter } from '../../src/terminal/filter.ts';
import { leaveTerminal } from '../../src/terminal/screen.ts';
import { Screen } from './oracle.ts';

const line = [{ text: 'STATUS', style: 'strong' as const }];

/** A terminal with the filter in front of it, as the session uses them. */
class Wrapped {
  readonly screen: Screen;
  readonly filter: OutputFilter;
  #rows: number;

  constructor(columns: number, rows: number) {
    this.#rows = rows;
    this.screen = new Screen({ columns, rows });
    this.filter = new OutputFilter({ columns, rows, reserve: 'bottom', nonce: 'n' });
    this.#repair();
    this.draw();
  }

  #repair(): void {
    const bytes = this.filter.repair();
    if (bytes !== undefined) this.screen.write(bytes);
  }

  draw(): void {
    if (this.filter.drawable()) this.screen.write(this.filter.draw(line, 'colour'));
  }

  write(text: string): this {
    this.filter.push(Buffer.from(text), { bytes: (slice) => this.screen.write(slice), mark: () => undefined, reply: () => undefined });
    this.draw();
    return this;
  }

  resize(columns: number, rows: number, reserve: 'bottom' | 'none' = 'bottom'): this {
    this.#rows = rows;
    this.screen.resize(columns, rows);
    this.filter.setReserve(reserve);
    this.filter.resize(columns, rows);
    this.#repair();
    this.draw();
    return this;
  }

  /** As the session does it while sizes come fast: what `meanwhile` is comes from before the news of the size. */
  change(columns: number, rows: number, meanwhile = ''): this {
    this.screen.resize(columns, rows);
    this.write(meanwhile);
    this.#rows = rows;
    this.filter.unsettle();
    this.#repair();
    this.filter.resize(columns, rows);
    return this;
  }

  settle(): this {
    this.filter.settle();
    this.#repair();
    this.draw();
    return this;
  }

  get rows(): string[] {
    return Array.from({ length: this.#rows }, (_, row) => this.screen.rowText(row));
  }
}

const filled = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index + 1}\r\n`).join('');

describe('The row', () => {
  it('stands at the bottom, and nothing else is there', () => {
    const wrapped = new Wrapped(40, 10).write(filled(30)).write('$ ');
    expect(wrapped.rows.slice(-2)).toEqual(['$ ', 'STATUS']);
    expect(wrapped.screen.cursor).toBe('8;2');
  });

  it('takes a row from a terminal that is full', () => {
    const screen = new Screen({ columns: 40, rows: 6 });
    screen.write(Buffer.from('one\r\ntwo\r\nthree\r\nfour\r\nfive\r\nsix'));
    const filter = new OutputFilter({ columns: 40, rows: 6, reserve: 'bottom', nonce: 'n' });
    screen.write(filter.draw(line, 'plain'));
    expect([4, 5].map((row) => screen.rowText(row))).toEqual(['six', 'STATUS']);
    expect(screen.cursor).toBe('4;3');
  });

  it('is drawn in any state of the margins, and leaves the cursor and the style as they were', () => {
    for (const state of ['\x1b[2;5r', '\x1b[2;5r\x1b[?6h', '\x1b[31m', '\x1b[4h', '\x1b[?25l', '\x1b[?7l']) {
      const wrapped = new Wrapped(40, 10).write(`${state}\x1b[3;4Habc`);
      wrapped.write('d');
      expect(wrapped.rows.at(-1), JSON.stringify(state)).toBe('STATUS');
    }
  });

  it('is one row, the last, after any resizes while output flows, and the program has the rest', () => {
    const step = fc.record({ columns: fc.integer({ min: 20, max: 60 }), rows: fc.integer({ min: 4, max: 30 }), text: fc.constantFrom('', '$ ', filled(3), filled(40), 'long '.repeat(30), '\x1b[H\x1b[2Jx') });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const wrapped = new Wrapped(40, 10);
        for (const { columns, rows, text } of steps) wrapped.write(text).resize(columns, rows);
        wrapped.write('\r');
        expect(wrapped.rows.filter((row) => row.includes('STATUS'))).toEqual(['STATUS']);
        expect(wrapped.rows.at(-1)).toBe('STATUS');
        expect(wrapped.filter.programRows).toBe((steps.at(-1)?.rows ?? 0) - 1);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('survives a storm of two hundred sizes', () => {
    const wrapped = new Wrapped(80, 24);
    for (const [columns, rows] of fc.sample(fc.tuple(fc.integer({ min: 20, max: 120 }), fc.integer({ min: 4, max: 50 })), { numRuns: 200, seed: 9 })) {
      wrapped.write(filled(2)).resize(columns, rows);
    }
    wrapped.resize(80, 24).write('\r');
    expect(wrapped.rows.filter((row) => row.includes('STATUS'))).toEqual(['STATUS']);
  });

  it('lets no line stand still above margins that come too late for a size', () => {
    const wrapped = new Wrapped(40, 10).write(filled(30));
    wrapped.change(40, 12).screen.resize(40, 30);
    wrapped.settle();
    wrapped.change(40, 30).write('\x1b[30;1H').write(Array.from({ length: 50 }, (_, index) => `after ${index + 1}\r\n`).join(''));
    const { rows } = wrapped.settle();
    expect(rows.slice(-4)).toEqual(['after 49', 'after 50', '', 'STATUS']);
    expect(rows.filter((row) => row.startsWith('after'))).toHaveLength(28);
  });

  it('is taken without writing over a line where the size that it was taken for is another by then', () => {
    const wrapped = new Wrapped(40, 10).write(filled(30)).change(40, 12, '').write(filled(30));
    wrapped.screen.resize(40, 30);
    wrapped.settle();
    wrapped.change(40, 30).write('after\r\n').settle();
    expect(wrapped.rows.slice(-5)).toEqual(['line 29', 'line 30', 'after', '', 'STATUS']);
  });

  it('leaves alone what a program has made of a new size before it is drawn again: its margins, and what it shows below the cursor', () => {
    const wrapped = new Wrapped(40, 10).write(`${filled(3)}$ `).change(40, 12);
    wrapped.write('\x1b7\x1b[1;10r\x1b[11;1Hprogress\x1b8\x1b[1A').settle();
    wrapped.write(`\x1b[10;1H${filled(9)}`);
    expect(wrapped.rows.slice(-4)).toEqual(['line 9', '', 'progress', 'STATUS']);
  });

  it('is drawn again at once in a new size although the cursor’s place is followed, where its column is known', () => {
    const wrapped = new Wrapped(40, 10).write('\x1b[1;8r\x1b[3;1H$ ').change(50, 12).settle();
    expect(wrapped.rows.at(-1)).toBe('STATUS');
  });

  it('is drawn again after a size in which no line had its place, without a word from the program', () => {
    const wrapped = new Wrapped(40, 10).write('$ ');
    wrapped.filter.setReserve('none');
    wrapped.change(1, 1).filter.setReserve('bottom');
    expect(wrapped.change(40, 10).settle().rows.at(-1)).toBe('STATUS');
  });

  it('is given up where there is no room, and taken again', () => {
    const wrapped = new Wrapped(40, 10).write(filled(3)).resize(1, 1, 'none').resize(40, 3, 'none').write('$ ');
    expect(wrapped.rows.some((row) => row.includes('STATUS'))).toBe(false);
    wrapped.resize(40, 10).write('\r$ ');
    expect(wrapped.rows.filter((row) => row.includes('STATUS'))).toEqual(['STATUS']);
    expect(wrapped.rows.at(-1)).toBe('STATUS');
  });

  it('is given back and taken again while the session goes on', () => {
    const wrapped = new Wrapped(40, 6).write(`${filled(9)}$ `);
    wrapped.filter.setReserve('none');
    wrapped.write('a');
    expect(wrapped.rows.at(-1)).toBe('');
    wrapped.write('\r\nb\r\nc');
    expect(wrapped.rows.slice(-2)).toEqual(['b', 'c']);
    wrapped.filter.setReserve('bottom');
    wrapped.write('d');
    expect(wrapped.rows.slice(-2)).toEqual(['cd', 'STATUS']);
  });

  it('stays when the size changes under a program on the alternate screen', () => {
    const wrapped = new Wrapped(40, 10).write('\x1b[?1049h\x1b[H\x1b[2Jtop').resize(50, 12).write('\x1b[H\x1b[2Jagain');
    expect([wrapped.rows[0], wrapped.rows.at(-1)]).toEqual(['again', 'STATUS']);
    wrapped.write('\x1b[?1049l\r\n');
    expect(wrapped.rows.filter((row) => row.includes('STATUS'))).toEqual(['STATUS']);
  });
});

describe('The main screen, after the row was given back while it was not shown', () => {
  it('is whole again', () => {
    const wrapped = new Wrapped(40, 6).write(`${filled(9)}$ \x1b[?1049h\x1b[Htop`);
    wrapped.filter.setReserve('none');
    wrapped.write('x\x1b[?1049l');
    expect(wrapped.rows.slice(-2)).toEqual(['$ ', '']);
    wrapped.write('\r\na\r\nb');
    expect(wrapped.rows.slice(-2)).toEqual(['a', 'b']);
  });

  it('is not touched where there never was a row', () => {
    const filter = new OutputFilter({ columns: 40, rows: 6, reserve: 'none', nonce: 'n' });
    const out: Uint8Array[] = [];
    const sink = { bytes: (slice: Uint8Array) => void out.push(slice), mark: () => undefined, reply: () => undefined };
    filter.push(Buffer.from('\x1b[?1049h'), sink);
    filter.resize(50, 9);
    filter.push(Buffer.from('x\x1b[?1049l'), sink);
    expect(Buffer.concat(out).toString()).toBe('\x1b[?1049hx\x1b[?1049l');
  });
});

describe('Leaving', () => {
  const left = '\x1b[?1049h\x1b[?1000;1006h\x1b[?25l\x1b[?1h\x1b=\x1b[?2004h\x1b[4h\x1b[2;5r\x1b[31m';

  it('switches off what a program left on, gives the row back, and puts the cursor where it was', () => {
    const wrapped = new Wrapped(40, 10).write(`before\r\n${left}`);
    wrapped.screen.write(wrapped.filter.leave());
    const untouched = new Screen({ columns: 40, rows: 10 });
    untouched.write(Buffer.from('before\r\n'));
    expect(wrapped.screen.describe(10)).toEqual(untouched.describe(10));
    wrapped.screen.write(Buffer.from('\n'.repeat(9)));
    expect(wrapped.screen.cursor).toBe('9;0');
  });

  it('comes to the same when nothing is known', () => {
    const wrapped = new Wrapped(40, 10).write(`before\r\n${left}`);
    wrapped.screen.write(leaveTerminal({ rows: 10 }));
    const untouched = new Screen({ columns: 40, rows: 10 });
    untouched.write(Buffer.from('before\r\n'));
    expect(wrapped.screen.describe(10)).toEqual(untouched.describe(10));
  });

  it('adds nothing for a program that left nothing', () => {
    const filter = new OutputFilter({ columns: 80, rows: 24, reserve: 'none', nonce: 'n' });
    expect(Buffer.from(filter.leave()).toString()).toBe('\x1b\\\x1b[m');
  });

  it('is undone for a program that goes on', () => {
    const wrapped = new Wrapped(40, 10).write(left);
    const before = wrapped.screen.describe(9)[1];
    wrapped.screen.write(wrapped.filter.leave());
    wrapped.screen.write(wrapped.filter.reenter());
    wrapped.write('');
    expect(wrapped.screen.describe(9)[1]).toBe(before);
    wrapped.draw();
    expect(wrapped.rows.at(-1)).toBe('STATUS');
  });
});
