// Why a name is what it is in a shell: who set it, what it was before, and whether it was changed there since.

import type { ListEdit, Variables } from './environment.ts';
import { editedList } from './environment.ts';
import type { MergeRecord } from './merge-record.ts';
import type { Assignment, Origin } from './provenance.ts';
import type { Snapshot } from './snapshot.ts';

/** Everything that is known of a shell in which an environment stands. */
export interface ShellView {
  readonly snapshot: Snapshot;
  /** What stood there before devshell; undefined where that is not known. */
  readonly originals: Omit<MergeRecord, 'generation'> | undefined;
  /** What the shell exports now; undefined where that cannot be seen. */
  readonly live: Variables | undefined;
  /** What the shell said that it had left alone at the last reload, as `NAME`, `NAME()` and `alias NAME`. */
  readonly kept: readonly string[];
}

/** What stands in the shell now, beside what devshell set; a value that is undefined cannot be seen. */
export type Now = { readonly kind: 'ours' } | { readonly kind: 'changed'; readonly value: string | null | undefined } | { readonly kind: 'unseen' };

interface Common {
  readonly name: string;
  readonly origin: Origin | undefined;
  readonly now: Now;
}

export interface VariableExplanation extends Common {
  readonly what: 'variable';
  /** As devshell set it; `null` is unset. */
  readonly value: string | null;
  /** What earlier layers had set, the latest of them first. */
  readonly before: readonly Assignment[];
  /** What the shell had; `null` for nothing, undefined where it is not known. */
  readonly original: string | null | undefined;
}

export interface ListElement {
  readonly value: string;
  /** `here`: put in or taken out in this shell since. */
  readonly from: { readonly kind: 'layer'; readonly origin: Origin | undefined } | { readonly kind: 'shell' } | { readonly kind: 'here' };
}

export interface ListExplanation extends Common {
  readonly what: 'list';
  /** As it stands in the shell; `null` where somebody has unset it. */
  readonly value: string | null;
  readonly elements: readonly ListElement[];
  /** What was taken out in this shell. */
  readonly missing: readonly ListElement[];
  readonly original: string | null | undefined;
}

export interface DefinitionExplanation extends Common {
  /** `init` is the code for the shell itself, and `init` its name. */
  readonly what: 'function' | 'alias' | 'completion' | 'init';
  readonly text: string;
  /** The user's own function or alias of that name. */
  readonly original: string | undefined;
}

export type Explanation = VariableExplanation | ListExplanation | DefinitionExplanation;

/** All that an environment sets by this name: a variable, a function, an alias and a completion may share it. */
export function explain(name: string, view: ShellView): readonly Explanation[] {
  const { variables, lists, functions, aliases, completions, init } = view.snapshot.environment;
  const { provenance } = view.snapshot;
  const found: Explanation[] = [];
  const value = variables.get(name);
  const edit = lists.get(name);
  if (value !== undefined) found.push(explainVariable(name, value, view));
  else if (edit !== undefined) found.push(explainList(name, edit, view));
  const body = functions.get(name);
  const own = view.originals;
  if (body !== undefined)
    found.push({ what: 'function', name, text: body, origin: provenance.functions.get(name), original: own?.functions.get(name), now: definedNow(`${name}()`, view) });
  const text = aliases.get(name);
  if (text !== undefined)
    found.push({ what: 'alias', name, text, origin: provenance.aliases.get(name), original: own?.aliases.get(name), now: definedNow(`alias ${name}`, view) });
  const unseen = { name, original: undefined, now: { kind: 'unseen' } } as const;
  const spec = completions.get(name);
  if (spec !== undefined) found.push({ ...unseen, what: 'completion', text: spec, origin: provenance.completions.get(name) });
  if (name === 'init' && init !== '') found.push({ ...unseen, what: 'init', text: init, origin: provenance.init });
  return found;
}

/** What stands in the shell under the name of a variable that devshell sets. From outside it is known what the shell has left alone, but not what it was set to, nor what was changed since. */
export function variableNow(name: string, view: ShellView): Now {
  const { snapshot, live } = view;
  if (live === undefined) return definedNow(name, view);
  const value = live[name] ?? null;
  const edit = snapshot.environment.variables.has(name) ? undefined : snapshot.environment.lists.get(name);
  const isOurs = edit === undefined ? value === snapshot.environment.variables.get(name) : isIn(edit, value);
  return isOurs ? { kind: 'ours' } : { kind: 'changed', value };
}

/** A function or an alias cannot be seen from outside of the shell: what it has left alone it has said. */
export function definedNow(keptName: string, { kept }: ShellView): Now {
  return kept.includes(keptName) ? { kind: 'changed', value: undefined } : { kind: 'unseen' };
}

function isIn(edit: ListEdit, value: string | null): boolean {
  const there = new Set(value === null ? [] : value.split(':'));
  return [...edit.front, ...edit.back].every((element) => there.has(element));
}

function explainVariable(name: string, value: string | null, view: ShellView): VariableExplanation {
  const assignments = view.snapshot.provenance.variables.get(name) ?? [];
  const before = assignments.slice(0, -1).reverse();
  return { what: 'variable', name, value, origin: assignments.at(-1)?.origin, before, original: originalOf(name, view), now: variableNow(name, view) };
}

function explainList(name: string, edit: ListEdit, view: ShellView): ListExplanation {
  const assignments = view.snapshot.provenance.variables.get(name) ?? [];
  const original = originalOf(name, view);
  const theirs = elementsOf(editedList(name, { front: [], back: [] }, original ?? undefined));
  const value = view.live === undefined ? editedList(name, edit, original ?? undefined) : (view.live[name] ?? null);
  const ours = elementOrigins(edit, assignments, theirs);
  const place = (element: string): ListElement => {
    if (ours.has(element)) return { value: element, from: { kind: 'layer', origin: ours.get(element) } };
    return { value: element, from: theirs.includes(element) || original === undefined ? { kind: 'shell' } : { kind: 'here' } };
  };
  const there = value === null ? [] : value.split(':');
  const missing = [...ours.keys(), ...theirs.filter((element) => !ours.has(element))].filter((element) => !there.includes(element));
  const origin = assignments.at(-1)?.origin;
  return { what: 'list', name, value, origin, elements: there.map(place), missing: missing.map(place), original, now: variableNow(name, view) };
}

function originalOf(name: string, { originals }: ShellView): string | null | undefined {
  return originals === undefined ? undefined : (originals.originals.get(name) ?? null);
}

/** For each element that devshell puts in: the assignment that put it there, or brought it to where it stands. */
function elementOrigins(edit: ListEdit, assignments: readonly Assignment[], theirs: readonly string[]): Map<string, Origin | undefined> {
  const origins = new Map<string, Origin | undefined>([...edit.front, ...edit.back].map((element) => [element, undefined]));
  let before = theirs;
  for (const { origin, value } of assignments) {
    const now = elementsOf(value ?? '');
    for (const element of origins.keys()) {
      const [was, is] = [before.indexOf(element), now.indexOf(element)];
      if (is !== -1 && (was === -1 || is < was || origins.get(element) === undefined)) origins.set(element, origin);
    }
    before = now;
  }
  return origins;
}

function elementsOf(list: string): string[] {
  return list === '' ? [] : list.split(':');
}
