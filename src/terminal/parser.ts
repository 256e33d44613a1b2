// Cuts the program's output into text, sequences and strings, and hands each to the one that knows it.
// A sequence cut by the end of a chunk is held until the rest comes; strings, which may be megabytes, are passed on as they come.

import { ControlSequences, interesting } from './control-sequences.ts';
import { EscapeSequences } from './escape-sequences.ts';
import { lastCharacter } from './last-character.ts';
import type { Program } from './program.ts';
import { characterLength, missingLength, Scanner, unfinishedLength } from './scan.ts';
import type { FilterSink } from './sink.ts';
import { Splicer } from './sink.ts';
import { stringEnd, Strings } from './strings.ts';
import type { StringKind } from './strings.ts';
import { Text } from './text.ts';

/** A sequence that is longer than this is passed on without having been understood. */
const longestSequence = 4096;
const longestMark = 65_536;
/** Room for a character and the marks on it. */
const printedSize = 16;
const nothing: Buffer = Buffer.alloc(0);
const decoder = new TextDecoder();

/** C1 controls that stand for ESC and the character 0x40 below them. (RI, 0x8d, not everywhere: xterm.js 6.0.0 does not know it.) */
const singleC1: ReadonlySet<number> = new Set([0x84, 0x85, 0x88]);
const stringKinds: ReadonlyMap<number, StringKind> = new Map([
  [0x5d, 'osc'], [0x50, 'dcs'], [0x58, 'other'], [0x5e, 'other'], [0x5f, 'other'],
]);

export class Parser {
  /** Where everything goes out. */
  readonly splicer = new Splicer();
  readonly #program: Program;
  readonly #scanner = new Scanner();
  readonly #control: ControlSequences;
  readonly #escape: EscapeSequences;
  readonly #strings: Strings;
  readonly #text: Text;
  #sink: FilterSink | undefined;
  #chunk = nothing;
  #held = nothing;
  /** Where the last run of text in the chunk begins and ends. */
  #textAt = -1;
  #textEnd = -1;
  #holdAt = -1;
  /** The last bytes of the chunk, where it ended in text. */
  printed = nothing;
  /** The chunk ended right after the cursor was saved or restored: it stands where the slot says. */
  atSlot = false;

  constructor(program: Program, nonce: string) {
    this.#program = program;
    this.#control = new ControlSequences(program, this.splicer);
    this.#escape = new EscapeSequences(program, this.splicer, this.#control);
    this.#strings = new Strings(program, nonce);
    this.#text = new Text(program, this.splicer, this.#escape);
  }

  /** Nothing is open: the terminal would take whatever comes next as new. */
  get ground(): boolean {
    return this.#strings.kind === undefined && this.#held.length === 0;
  }

  push(chunk: Uint8Array, sink: FilterSink): void {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // In CJK text nearly every chunk begins with the rest of a character: to copy the whole chunk for that would cost more than to read it.
    const missing = missingLength(this.#held, buffer);
    if (missing > 0) this.#push(buffer.subarray(0, missing), sink);
    this.#push(missing > 0 ? buffer.subarray(missing) : buffer, sink);
  }

  #push(chunk: Buffer, sink: FilterSink): void {
    this.#sink = sink;
    this.#enter(this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]));
    this.#held = nothing;
    this.#holdAt = -1;
    let at = 0;
    while (at < this.#chunk.length) at = this.#strings.kind === undefined ? this.#ground(at) : this.#string(at);
    this.#leave();
  }

  /** Lets out what is held. */
  end(sink: FilterSink): void {
    if (this.#held.length > 0) sink.bytes(this.#held);
    this.#held = nothing;
  }

  #enter(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#textEnd = -1;
    this.#scanner.begin(chunk);
    if (this.#sink !== undefined) this.splicer.begin(chunk, this.#sink);
  }

  #leave(): void {
    const chunk = this.#chunk;
    const end = this.#holdAt < 0 ? chunk.length : this.#holdAt;
    this.#program.movedAt = this.#program.movedAt === end ? 0 : -1;
    this.splicer.finish(end);
    this.#held = end === chunk.length ? nothing : Buffer.from(chunk.subarray(end));
    if (end > 0) {
      this.printed = this.#lastText(end);
      this.atSlot = end >= 2 && this.#textEnd !== end && chunk[end - 2] === 0x1b && (chunk[end - 1] === 0x37 || chunk[end - 1] === 0x38);
    }
    this.#chunk = nothing;
    this.#sink = undefined;
  }

  /** The last bytes of text, where the chunk ends in text; it may have begun in the chunk before. */
  #lastText(end: number): Buffer {
    const chunk = this.#chunk;
    if (this.#textEnd !== end) return nothing;
    if (this.#textAt > 0 || end >= printedSize) return Buffer.from(chunk.subarray(Math.max(this.#textAt, end - printedSize), end));
    return Buffer.concat([this.printed, chunk.subarray(0, end)]).subarray(-printedSize);
  }

  /** The last character before `at`, if text ends there. */
  #textBefore(at: number): Uint8Array | undefined {
    return lastCharacter(at === 0 ? this.printed : this.#chunk.subarray(this.#textEnd === at ? Math.max(this.#textAt, at - printedSize) : at, at));
  }

  /** What stands from `at` on is not whole: it waits for the next chunk, unless it has become too long to be anything. */
  #hold(at: number, limit: number): number {
    if (this.#chunk.length - at <= limit) this.#holdAt = at;
    return this.#chunk.length;
  }

  #ground(at: number): number {
    const next = this.#scanner.next(at, this.#program.charset.shift === 1);
    const end = next === this.#chunk.length ? next - unfinishedLength(this.#chunk, next) : next;
    if (end > at) {
      this.#textAt = at;
      this.#textEnd = end;
      this.#text.run(this.#chunk, at, end);
      this.#program.beforeDraw = undefined;
    }
    if (end < next) return this.#hold(end, 3);
    if (next === this.#chunk.length) return next;
    const styled = this.#chunk[next] === 0x1b ? this.#text.coloured(this.#chunk, next) : next;
    const after = styled > next ? styled : this.#special(next);
    if (this.#holdAt < 0) this.#program.beforeDraw = undefined;
    return after;
  }

  #special(at: number): number {
    const byte = this.#chunk[at] as number;
    if (byte === 0xc2) return this.#c1(at);
    if (byte === 0x1b) return this.#escapeSequence(at);
    this.#escape.shift(byte === 0x0e ? 1 : 0);
    return at + 1;
  }

  #c1(at: number): number {
    if (at + 1 === this.#chunk.length) return this.#hold(at, 1);
    const byte = this.#chunk[at + 1] as number;
    if (byte < 0x80 || byte >= 0xa0) {
      const end = byte < 0xc0 && byte >= 0x80 ? at + 2 : at + 1;
      this.#text.run(this.#chunk, at, end);
      this.#textAt = at;
      this.#textEnd = end;
      return end;
    }
    if (byte === 0x9b) return this.#controlSequence(at, at + 2);
    const kind = stringKinds.get(byte - 0x40);
    if (kind !== undefined) return this.#openString(kind, at, at + 2);
    if (byte === 0x8d) this.#program.margins.maybeReverseIndex();
    else if (singleC1.has(byte)) this.#escape.plain(byte - 0x40, at, at + 2);
    return at + 2;
  }

  #escapeSequence(at: number): number {
    const chunk = this.#chunk;
    let index = at + 1;
    while (index < chunk.length && (chunk[index] as number) >= 0x20 && (chunk[index] as number) < 0x30) index++;
    if (index === chunk.length) return this.#hold(at, longestSequence);
    const byte = chunk[index] as number;
    if (byte < 0x20 || byte === 0x7f) return this.#interrupted(at, index, byte);
    if (byte >= 0x80) return this.#strayBytes(at, index);
    if (index > at + 1) {
      if (index === at + 2) this.#escape.intermediate(chunk[at + 1] as number, byte, index + 1);
      return index + 1;
    }
    if (byte === 0x5b) return this.#controlSequence(at, index + 1);
    const kind = stringKinds.get(byte);
    if (kind !== undefined) return this.#openString(kind, at, index + 1);
    this.#escape.plain(byte, at, index + 1);
    return index + 1;
  }

  /** A sequence cut short by a character, or by bytes that are none: in some terminals these, or what follows, still belong to the sequence. */
  #strayBytes(at: number, stray: number): number {
    const chunk = this.#chunk;
    let index = stray;
    while (index < chunk.length && (chunk[index] as number) >= 0x80 && characterLength(chunk, index, chunk.length) === 1) index++;
    if (index === chunk.length) return this.#hold(at, longestSequence);
    if (index > stray) this.#program.moveAnywhere();
    if (index > stray || (chunk[index] === 0xc2 && (chunk[index + 1] as number) < 0xa0)) return index;
    this.#program.margins.print(0, 2);
    this.#program.column += 2;
    return index + characterLength(chunk, index, chunk.length);
  }

  #controlSequence(at: number, start: number): number {
    const chunk = this.#chunk;
    const end = chunk.length;
    let index = start;
    while (index < end && (chunk[index] as number) >= 0x30 && (chunk[index] as number) < 0x40) index++;
    const final = index < end ? (chunk[index] as number) : 0;
    if (final >= 0x40 && final < 0x7f) {
      const meaning = interesting[final];
      if (meaning === 1) this.#control.plain(chunk, at, start, index);
      else if (meaning === 3) this.#program.style.add(chunk, start, index);
      else if (meaning === 2) this.#program.margins.maybeUnwrap();
      else if (meaning === 4) this.#control.repeat(chunk, at, start, index, this.#program.margins.partial ? this.#textBefore(at) : undefined);
      return index + 1;
    }
    return this.#longControlSequence(at, start, index);
  }

  /** With intermediates, or with something in it that does not belong there. */
  #longControlSequence(at: number, start: number, intermediate: number): number {
    const chunk = this.#chunk;
    let index = intermediate;
    while (index < chunk.length && (chunk[index] as number) >= 0x20 && (chunk[index] as number) < 0x30) index++;
    const clean = index;
    while (index < chunk.length && (chunk[index] as number) >= 0x20 && (chunk[index] as number) < 0x40) index++;
    if (index === chunk.length) return this.#hold(at, longestSequence);
    const byte = chunk[index] as number;
    if (byte < 0x20 || byte === 0x7f) return this.#interrupted(at, index, byte);
    if (byte >= 0x80) return this.#strayBytes(at, index);
    if (index === clean) this.#control.intermediate(chunk, at, start, intermediate, index);
    return index + 1;
  }

  /**
   * A control character inside a sequence. ESC begins another, CAN and SUB end it; terminals act on any other at once and then go on,
   * so it may as well stand in front.
   */
  #interrupted(at: number, index: number, byte: number): number {
    if (byte === 0x1b) {
      this.splicer.openAt = index;
      return index;
    }
    if (byte === 0x18 || byte === 0x1a || !this.splicer.rewriting) return index + 1;
    const chunk = this.#chunk;
    const control = byte === 0x7f ? nothing : chunk.subarray(index, index + 1);
    this.splicer.separate(at);
    this.#program.movedAt = -1;
    this.printed = nothing;
    this.#enter(Buffer.concat([control, chunk.subarray(at, index), chunk.subarray(index + 1)]));
    return 0;
  }

  #openString(kind: StringKind, at: number, start: number): number {
    if (kind === 'osc') {
      const mark = this.#strings.isMark(this.#chunk, start, this.#chunk.length);
      if (mark === 'unsure') return this.#hold(at, longestSequence);
      if (mark === 'yes') return this.#mark(at, start);
    }
    this.#strings.open(kind);
    return this.#string(start);
  }

  #mark(at: number, start: number): number {
    const chunk = this.#chunk;
    const end = stringEnd(chunk, start, chunk.length, true);
    const escape = chunk[end] === 0x1b;
    if (end === chunk.length || (escape && end + 1 === chunk.length)) return this.#hold(at, longestMark);
    const whole = chunk[end] === 0x07 || (escape && chunk[end + 1] === 0x5c) || chunk[end] === 0xc2;
    const after = chunk[end] === 0x07 ? end + 1 : end + 2;
    if (!whole) {
      this.#strings.open('osc');
      return this.#string(start);
    }
    this.splicer.remove(at, after);
    const payload = decoder.decode(chunk.subarray(start, end));
    if (payload.split(';', 3)[2] === 'prompt') this.#program.prompted();
    this.#sink?.mark(payload);
    return after;
  }

  /** The open string goes on at `at`. ESC ends it, whatever follows: `ESC \` is then an escape sequence of its own. */
  #string(at: number): number {
    const chunk = this.#chunk;
    const osc = this.#strings.kind === 'osc';
    const end = stringEnd(chunk, at, chunk.length, osc);
    this.#strings.keep(chunk, at, end);
    if (end === chunk.length) return chunk[end - 1] === 0xc2 ? this.#hold(end - 1, 1) : end;
    const title = this.#strings.close();
    if (title !== undefined) this.#sink?.title?.(title);
    const byte = chunk[end] as number;
    if (byte !== 0x1b && byte !== 0xc2) return end + 1;
    this.splicer.openAt = end;
    return end;
  }
}
