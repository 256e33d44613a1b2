// The environment as it grows from layer to layer.

import type { Environment, ListEdit, Variables } from '../model/environment.ts';
import { editedList, listEdit, listNames } from '../model/environment.ts';

export class EnvironmentDraft {
  readonly #base: Variables;
  readonly #variables = new Map<string, string | null>();
  readonly #lists = new Map<string, ListEdit>();
  readonly #listNames: ReadonlySet<string>;

  constructor(base: Variables, moreListNames: readonly string[]) {
    this.#base = base;
    this.#listNames = new Set([...listNames, ...moreListNames]);
  }

  /** What a process would see now. */
  get(name: string): string | undefined {
    const value = this.#variables.get(name);
    if (value !== undefined) return value ?? undefined;
    const edit = this.#lists.get(name);
    return edit === undefined ? this.#base[name] : editedList(name, edit, this.#base[name]);
  }

  /** All of what a process would see now. */
  resolved(): Record<string, string> {
    const result: Record<string, string> = {};
    for (const name of new Set([...Object.keys(this.#base), ...this.#lists.keys(), ...this.#variables.keys()])) {
      const value = this.get(name);
      if (value !== undefined) result[name] = value;
    }
    return result;
  }

  isList(name: string): boolean {
    return this.#listNames.has(name);
  }

  /** Also what is not set here: the user's own start-up file may set it. */
  unset(name: string): void {
    this.#lists.delete(name);
    this.#variables.set(name, null);
  }

  /** A list that still contains what was there becomes an edit around it; anything else replaces the value. */
  set(name: string, value: string): void {
    const edit = this.isList(name) ? this.#editFor(name, value) : undefined;
    if (edit === undefined) {
      this.#lists.delete(name);
      this.#variables.set(name, value);
    } else {
      this.#variables.delete(name);
      this.#lists.set(name, edit);
    }
  }

  /** Puts elements around the list as it is now. */
  surround(name: string, edit: ListEdit): void {
    const now = this.#lists.get(name) ?? { front: [], back: [] };
    const replaced = this.#variables.get(name);
    if (typeof replaced === 'string') this.#variables.set(name, editedList(name, edit, replaced));
    else this.#lists.set(name, { front: unique([...edit.front, ...now.front]), back: unique([...now.back, ...edit.back]) });
  }

  finish(rest: Pick<Environment, 'functions' | 'aliases' | 'init'>): Environment {
    return { variables: new Map(this.#variables), lists: new Map(this.#lists), ...rest };
  }

  #editFor(name: string, value: string): ListEdit | undefined {
    const now = this.#lists.get(name) ?? { front: [], back: [] };
    const around = listEdit(value, this.get(name));
    if (around !== undefined) return { front: unique([...around.front, ...now.front]), back: unique([...now.back, ...around.back]) };
    const fresh = listEdit(value, this.#base[name]);
    if (fresh !== undefined) return fresh;
    const base = new Set((this.#base[name] ?? '').split(':'));
    const elements = value.split(':').filter((element) => element !== '');
    // Something reordered or dropped parts of it: what is new goes in front, and nothing of the user's is lost.
    return elements.some((element) => base.has(element)) ? { front: elements.filter((element) => !base.has(element)), back: [] } : undefined;
  }
}

function unique(elements: readonly string[]): string[] {
  return [...new Set(elements)];
}
