// What was seen of inputs, by whoever looked: nobody reads again what a stat says has not stirred since.
import { type Input, inputKey } from '../model/input.ts';
import { hasStirred, lookAt, type Sight } from './sight.ts';

type Glob = Extract<Input, { kind: 'glob' }>;

/** Shared by those who look at the same inputs in one thread. What one of them keeps later but saw earlier does no harm: its stamps are older. */
export class Sights {
  readonly #known: Map<string, Sight>;
  readonly #lookAt: typeof lookAt;

  /**
   * @param known `all` of what another thread has seen.
   * @param look by which an input is read.
   */
  constructor(known: ReadonlyMap<string, Sight> = new Map(), look = lookAt) {
    this.#known = new Map(known);
    this.#lookAt = look;
  }

  /** By the keys of the inputs. Plain data: it may cross to another thread. */
  get all(): ReadonlyMap<string, Sight> {
    return this.#known;
  }

  /** Takes in what was seen elsewhere, and found to be so still. */
  learn(input: Input, sight: Sight): void {
    this.#known.set(inputKey(input), sight);
  }

  /** What `input` holds now; at once where that can be had at once. */
  look(input: Input, signal: AbortSignal): Sight | Promise<Sight> {
    const key = inputKey(input);
    const known = this.#known.get(key);
    return known !== undefined && !hasStirred(input, known) ? known : this.#see(key, input, signal);
  }

  /** The same of a glob by those who are about to use what it finds: where there were links, the stamps of directories do not tell what they lead to. */
  find(input: Glob, signal: AbortSignal): Sight | Promise<Sight> {
    const key = inputKey(input);
    const known = this.#known.get(key);
    return known?.walk?.links === 'none' && !hasStirred(input, known) ? known : this.#see(key, input, signal);
  }

  /** Whether looking may spare the reading. */
  has(input: Input): boolean {
    return this.#known.has(inputKey(input));
  }

  /** Forgets all but what has one of these keys. */
  retain(keys: { readonly has: (key: string) => boolean }): void {
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  /** Everything is read anew. */
  clear(): void {
    this.#known.clear();
  }

  #see(key: string, input: Input, signal: AbortSignal): Sight | Promise<Sight> {
    const sight = this.#lookAt(input, signal);
    return sight instanceof Promise ? sight.then((seen) => this.#keep(key, seen)) : this.#keep(key, sight);
  }

  #keep(key: string, sight: Sight): Sight {
    this.#known.set(key, sight);
    return sight;
  }
}
