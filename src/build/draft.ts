// The environment as it grows from layer to layer, with who set what and which of the outer variables were used.

import type { Environment, ListEdit, Variables } from '../model/environment.ts';
import { editedList, listEdit, listNames } from '../model/environment.ts';
import type { Assignment, Origin, Provenance } from '../model/provenance.ts';
import { isVolatile } from './volatile.ts';

interface Defined {
  readonly text: string;
  readonly origin: Origin;
}

export class EnvironmentDraft {
  readonly #base: Variables;
  readonly #variables = new Map<string, string | null>();
  readonly #lists = new Map<string, ListEdit>();
  readonly #listNames: ReadonlySet<string>;
  readonly #functions = new Map<string, Defined>();
  readonly #aliases = new Map<string, Defined>();
  readonly #completions = new Map<string, Defined>();
  readonly #assignments = new Map<string, Assignment[]>();
  #init = '';
  #initOrigin: Origin | undefined;
  readonly #used = new Set<string>();
  #all: 'unused' | 'used' = 'unused';

  constructor(base: Variables, moreListNames: readonly string[]) {
    this.#base = base;
    this.#listNames = new Set([...listNames, ...moreListNames]);
  }

  /** What a process would see now; what the outer environment has of it is thereby used. */
  get(name: string): string | undefined {
    this.#used.add(name);
    return this.#now(name);
  }

  #now(name: string): string | undefined {
    const value = this.#variables.get(name);
    if (value !== undefined) return value ?? undefined;
    const edit = this.#lists.get(name);
    return edit === undefined ? this.#base[name] : editedList(name, edit, this.#base[name]);
  }

  /** All of what a process of a build gets, for a tool that may use any of it: what tells terminals apart is left out. */
  resolved(): Record<string, string> {
    this.#all = 'used';
    const result: Record<string, string> = {};
    const outer = Object.keys(this.#base).filter((name) => !isVolatile(name));
    for (const name of new Set([...outer, ...this.#lists.keys(), ...this.#variables.keys()])) {
      const value = this.#now(name);
      if (value !== undefined) result[name] = value;
    }
    return result;
  }

  /** The variables of the outer environment that the layers used. */
  get used(): 'all' | readonly string[] {
    return this.#all === 'used' ? 'all' : this.usedByName;
  }

  /** Those that were asked for by name; `all` leaves some out that are none the less used when they are named. */
  get usedByName(): readonly string[] {
    return [...this.#used].sort();
  }

  isList(name: string): boolean {
    return this.#listNames.has(name);
  }

  /** Also what is not set here: the user's own start-up file may set it. */
  unset(name: string, origin: Origin): void {
    this.#lists.delete(name);
    this.#variables.set(name, null);
    this.#assigned(name, origin);
  }

  /** A list that still contains what was there becomes an edit around it; anything else replaces the value. */
  set(name: string, value: string, origin: Origin): void {
    if (this.isList(name)) this.#used.add(name);
    const edit = this.isList(name) ? this.#editFor(name, value) : undefined;
    if (edit === undefined) {
      this.#lists.delete(name);
      this.#variables.set(name, value);
    } else {
      this.#variables.delete(name);
      this.#lists.set(name, edit);
    }
    this.#assigned(name, origin);
  }

  /** The value as it is, also of a list: for what was taken out of it on purpose. */
  replace(name: string, value: string, origin: Origin): void {
    this.#lists.delete(name);
    this.#variables.set(name, value);
    this.#assigned(name, origin);
  }

  /** Puts elements around the list as it is now. */
  surround(name: string, edit: ListEdit, origin: Origin): void {
    const now = this.#lists.get(name) ?? { front: [], back: [] };
    const replaced = this.#variables.get(name);
    if (typeof replaced === 'string') this.#variables.set(name, editedList(name, edit, replaced));
    else this.#lists.set(name, { front: unique([...edit.front, ...now.front]), back: unique([...now.back, ...edit.back]) });
    this.#assigned(name, origin);
  }

  /** @param body in the language of the session's shell, without the braces. */
  defineFunction(name: string, body: string, origin: Origin): void {
    this.#functions.set(name, { text: body, origin });
  }

  defineAlias(name: string, text: string, origin: Origin): void {
    this.#aliases.set(name, { text, origin });
  }

  /** @param spec what `complete` is called with, without the name of the command. */
  defineCompletion(command: string, spec: string, origin: Origin): void {
    this.#completions.set(command, { text: spec, origin });
  }

  /** Code for the shell itself, after what earlier layers added. */
  addInit(code: string, origin: Origin): void {
    if (code === '') return;
    this.#init += this.#init === '' ? code : `\n${code}`;
    this.#initOrigin ??= origin;
  }

  finish(): { readonly environment: Environment; readonly provenance: Provenance } {
    const environment = {
      variables: new Map(this.#variables),
      lists: new Map(this.#lists),
      functions: mapped(this.#functions, ({ text }) => text),
      aliases: mapped(this.#aliases, ({ text }) => text),
      completions: mapped(this.#completions, ({ text }) => text),
      init: this.#init,
    };
    const provenance = {
      variables: new Map(this.#assignments),
      functions: mapped(this.#functions, ({ origin }) => origin),
      aliases: mapped(this.#aliases, ({ origin }) => origin),
      completions: mapped(this.#completions, ({ origin }) => origin),
      init: this.#initOrigin,
    };
    return { environment, provenance };
  }

  /** What a layer had set a variable to on its way to what it sets next: for explanations, and without any effect. */
  note(name: string, assignments: readonly Assignment[]): void {
    if (assignments.length > 0) this.#assignments.set(name, [...(this.#assignments.get(name) ?? []), ...assignments]);
  }

  #assigned(name: string, origin: Origin): void {
    // The rest of a list is the outer environment's, and so is what stands here of it.
    if (this.#lists.has(name)) this.#used.add(name);
    const assignment = { origin, value: this.#now(name) ?? null };
    this.#assignments.set(name, [...(this.#assignments.get(name) ?? []), assignment]);
  }

  #editFor(name: string, value: string): ListEdit | undefined {
    const now = this.#lists.get(name) ?? { front: [], back: [] };
    const around = listEdit(value, this.#now(name));
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

function mapped<From, To>(map: ReadonlyMap<string, From>, to: (value: From) => To): Map<string, To> {
  return new Map([...map].map(([name, value]) => [name, to(value)]));
}
