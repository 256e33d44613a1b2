// What a devshell tells the one that it runs in: that the row and the keys are its own now, and when the save slot is free again.

import { drawnInside, insideBegins, insideEnds } from '../terminal/strings.ts';

export class Around {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #outer: 'terminal' | 'devshell';
  #row: 'claimed' | 'not claimed' = 'not claimed';

  constructor(outer: 'terminal' | 'devshell', write: (bytes: Uint8Array) => void) {
    this.#outer = outer;
    this.#write = write;
  }

  /** Whoever's row is shown has the keys. While no sequence of the program is open. */
  claim(row: 'claimed' | 'not claimed'): void {
    if (this.#outer === 'terminal' || row === this.#row) return;
    this.#row = row;
    this.#write(row === 'claimed' ? insideBegins : insideEnds);
  }

  drawn(): void {
    if (this.#outer === 'devshell') this.#write(drawnInside);
  }
}
