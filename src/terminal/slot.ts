// The save slot of a screen, and the character sets that it holds besides a position.

import type { Position } from './margins.ts';

export interface Charset {
  readonly g0: number;
  /** undefined: not known, or never chosen. */
  readonly g1: number | undefined;
  /** 0 for G0, 1 to 3 for the others. */
  readonly shift: number;
}

/** Whose position the terminal's one save slot holds: nobody's yet, the program's, or nobody's that still matters. */
export type Slot =
  | { readonly kind: 'unset' }
  | { readonly kind: 'released' }
  | { readonly kind: 'program'; readonly by: 'save' | 'alternate'; readonly position: Position; readonly charset: Charset; readonly style: string | undefined; readonly linkOpen: boolean };

export const ascii = 0x42;
/** Designations with other glyphs for letters: DEC graphics, and two that some terminals treat alike. */
export const graphics: ReadonlySet<number> = new Set([0x30, 0x32, 0x3e]);
export const defaultCharset: Charset = { g0: ascii, g1: undefined, shift: 0 };
