// Makes what was written to a screen fit to be written again: what paints or moves the cursor stays, what only has other effects
// (questions, titles, bells, the clipboard, modes of keyboard and mouse) goes. Bytes in, bytes out.

import { bytes, nothing } from './escapes.ts';
import { Parameters } from './parameters.ts';
import { controlMeaning, escapeMeaning, meaningOfFinal, modeMeaning, sequenceMeaning, stringMeaning } from './repeatable.ts';
import type { Repeatable } from './repeatable.ts';
import { stringEnd } from './strings.ts';

/** Whether the terminal is as it was then where the first of it is written. */
export interface RepetitionStart {
  readonly cursor: 'known' | 'unknown';
  /** The characters behind SO. */
  readonly g1: 'known' | 'unknown';
}

const neutral = bytes(nothing);
const refused = -1;
const question = 0x3f;
/** `]`, `P`, `X`, `^` and `_` after ESC. */
const opensString: ReadonlySet<number> = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f]);
/** So much of a string tells what it is. */
const headSize = 512;

/** `undefined`: something in it cannot be repeated, or depends on what was before. */
export function repetition(written: Buffer, start: RepetitionStart): Buffer | undefined {
  const reader = new Reader(written, start);
  for (let at = 0; at < written.length; ) {
    at = reader.next(at);
    if (at === refused) return undefined;
  }
  return reader.finish();
}

class Reader {
  readonly #written: Buffer;
  readonly #parameters = new Parameters();
  readonly #out: Uint8Array[] = [];
  /** What stands from here on stays, so far. */
  #from = 0;
  #cursor: RepetitionStart['cursor'];
  #g1: RepetitionStart['g1'];
  #printed = false;
  #saved = false;

  constructor(written: Buffer, start: RepetitionStart) {
    this.#written = written;
    this.#cursor = start.cursor;
    this.#g1 = start.g1;
  }

  /** `undefined`: it would leave the cursor elsewhere. */
  finish(): Buffer | undefined {
    if (this.#cursor === 'unknown') return undefined;
    return Buffer.concat([...this.#out, this.#written.subarray(this.#from)]);
  }

  /** Where the next thing begins, or `refused`. */
  next(at: number): number {
    const byte = this.#written[at] as number;
    if (byte === 0x1b) return this.#escape(at);
    return byte < 0x20 || byte === 0x7f ? this.#take(controlMeaning(byte), at, at + 1) : this.#text(at);
  }

  #text(at: number): number {
    const written = this.#written;
    let end = at;
    for (; end < written.length; end++) {
      const byte = written[end] as number;
      if (byte < 0x20 || byte === 0x7f) break;
      // C1 controls, which not every terminal knows.
      if (byte === 0xc2 && ((written[end + 1] ?? 0) & 0xe0) === 0x80) return refused;
    }
    const next = this.#take('paint', at, end);
    this.#printed = true;
    return next;
  }

  #escape(at: number): number {
    const written = this.#written;
    const final = this.#past(at + 1, 0x20);
    const byte = written[final] ?? 0;
    if (byte < 0x30 || byte > 0x7e) return refused;
    if (final > at + 1) return this.#take(escapeMeaning(byte, written[at + 1] as number, final - at - 1), at, final + 1);
    if (byte === 0x5b) return this.#sequence(at);
    return opensString.has(byte) ? this.#string(at, byte) : this.#take(escapeMeaning(byte, 0, 0), at, final + 1);
  }

  #sequence(at: number): number {
    const written = this.#written;
    const intermediate = this.#past(at + 2, 0x30);
    const plain = (written[at + 2] as number) < 0x3c || intermediate === at + 2 ? meaningOfFinal[written[intermediate] ?? 0] : undefined;
    if (plain !== undefined) return this.#take(plain, at, intermediate + 1);
    const final = this.#past(intermediate, 0x20);
    const byte = written[final] ?? 0;
    this.#parameters.read(written, at + 2, intermediate);
    if (byte < 0x40 || byte > 0x7e || this.#parameters.malformed) return refused;
    if (final === intermediate && (byte === 0x68 || byte === 0x6c)) return this.#modes(at, final);
    return this.#take(sequenceMeaning(this.#parameters, written.toString('latin1', intermediate, final + 1)), at, final + 1);
  }

  /** Of several modes some may be fit to be repeated and others not. */
  #modes(at: number, final: number): number {
    const { prefix, count } = this.#parameters;
    const kept: number[] = [];
    for (const mode of this.#parameters.values()) {
      const meaning = modeMeaning(prefix, mode, this.#written[final] === 0x68);
      if (!this.#follow(meaning)) return refused;
      if (meaning !== 'drop') kept.push(mode);
    }
    if (kept.length === count) return final + 1;
    const text = `\x1b[${prefix === question ? '?' : ''}${kept.join(';')}${String.fromCharCode(this.#written[final] as number)}`;
    return this.#replace(at, final + 1, kept.length === 0 ? neutral : bytes(text));
  }

  #string(at: number, kind: number): number {
    const written = this.#written;
    const end = stringEnd(written, at + 2, written.length, kind === 0x5d);
    const after = written[end] === 0x07 ? end + 1 : end + 2;
    if (written[end] !== 0x07 && !(written[end] === 0x1b && written[end + 1] === 0x5c)) return refused;
    const head = written.toString('latin1', at + 2, Math.min(end, at + 2 + headSize));
    return this.#take(stringMeaning(kind, head), at, after);
  }

  #take(meaning: Repeatable, at: number, end: number): number {
    if (!this.#follow(meaning)) return refused;
    return meaning === 'drop' ? this.#replace(at, end, neutral) : end;
  }

  /** Something neutral in its place: what stood apart (a character and the mark on the next) must not come together. */
  #replace(at: number, end: number, by: Uint8Array): number {
    const adjoining = this.#from === at && this.#out.length > 0 && by === neutral;
    if (at > this.#from) this.#out.push(this.#written.subarray(this.#from, at));
    if (!adjoining) this.#out.push(by);
    this.#from = end;
    return end;
  }

  /** False: it would come out otherwise than it did. */
  #follow(meaning: Repeatable): boolean {
    switch (meaning) {
      case 'drop':
      case 'set':
        return true;
      case 'place':
        this.#cursor = 'known';
        return true;
      case 'paint':
        return this.#cursor === 'known';
      case 'repeat':
        return this.#cursor === 'known' && this.#printed;
      case 'save':
        this.#saved = true;
        return this.#cursor === 'known';
      case 'restore':
        return this.#saved;
      case 'g1':
        this.#g1 = 'known';
        return true;
      case 'shift':
        return this.#g1 === 'known';
      case 'refuse':
        return false;
    }
  }

  /** The index behind the bytes of one column of sixteen that stand at `at`. */
  #past(at: number, column: number): number {
    let index = at;
    while (((this.#written[index] ?? 0) & 0xf0) === column) index++;
    return index;
  }
}
