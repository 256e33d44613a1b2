// Makes a program paint its screen anew, by two changes of its size.

/** Between the two sizes: long enough to be two signals, ms. */
const repaintMs = 50;
/** So long it is waited that the program has done something about the first, ms. */
const repaintSlowlyMs = 400;

export class Repaint {
  readonly #resize: (rowsLess: 0 | 1) => void;
  #answer: 'awaited' | 'seen' = 'seen';

  /** @param resize tells the program its size, or one row less */
  constructor(resize: (rowsLess: 0 | 1) => void) {
    this.#resize = resize;
  }

  /** The program wrote something. */
  wrote(): void {
    this.#answer = 'seen';
  }

  /** A program, and readline, paints everything anew when its size changes; not if it only hears of it when it has changed back. */
  ask(): void {
    this.#resize(1);
    this.#answer = 'awaited';
    const beganMs = performance.now();
    const again = (): void => {
      if (this.#answer === 'awaited' && performance.now() - beganMs < repaintSlowlyMs) setTimeout(again, repaintMs);
      else this.#resize(0);
    };
    setTimeout(again, repaintMs);
  }
}
