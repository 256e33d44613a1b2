// Private modes that are on, of a fixed few: a set that allocates nothing when they go on and off.

export class ModeSet {
  readonly #places: ReadonlyMap<number, number>;
  readonly #on: Uint8Array;

  constructor(modes: readonly number[]) {
    this.#places = new Map(modes.map((mode, place) => [mode, place]));
    this.#on = new Uint8Array(modes.length);
  }

  has(mode: number): boolean {
    const place = this.#places.get(mode);
    return place !== undefined && this.#on[place] === 1;
  }

  /** Modes that are not among the few are left out. */
  set(mode: number, on: boolean): void {
    const place = this.#places.get(mode);
    if (place !== undefined) this.#on[place] = on ? 1 : 0;
  }

  clear(): void {
    this.#on.fill(0);
  }
}
