// What the merge must do, said once more in plain TypeScript: the reference that the shell's merge is compared with.

import type { Environment, ListEdit } from '../../src/model/environment.ts';

/** A variable as a shell has it; null where it is unset. */
export interface Held {
  readonly value: string | null;
  readonly exported: boolean;
}

export const unset: Held = { value: null, exported: false };

interface VariableEntry {
  readonly kind: 'variable';
  /** What devshell last set. */
  readonly set: string | null;
  readonly original: Held;
}

interface ListEntry {
  readonly kind: 'list';
  readonly last: ListEdit;
  readonly set: string | null;
  readonly original: Held;
  /** The user has edited the list since: it can only be edited in place from now on. */
  readonly edited: boolean;
}

export interface MergeReport {
  added: number;
  changed: number;
  removed: number;
  readonly kept: Set<string>;
}

const defaults: Record<string, string[]> = { MANPATH: [''], XDG_DATA_DIRS: ['/usr/local/share', '/usr/share'] };

export class MergeModel {
  readonly #held = new Map<string, Held>();
  #entries = new Map<string, VariableEntry | ListEntry>();

  get(name: string): Held {
    return this.#held.get(name) ?? unset;
  }

  put(name: string, held: Held): void {
    this.#held.set(name, held);
  }

  apply(environment: Environment): MergeReport {
    const report: MergeReport = { added: 0, changed: 0, removed: 0, kept: new Set() };
    const lists = new Map([...environment.lists].filter(([, edit]) => edit.front.length + edit.back.length > 0));
    for (const [name, entry] of this.#entries) {
      const stays = entry.kind === 'variable' ? environment.variables.has(name) : lists.has(name);
      if (stays) continue;
      this.#drop(name, entry, report);
      this.#entries.delete(name);
      if (!report.kept.has(name) && (environment.variables.has(name) || lists.has(name))) {
        // It changes from the one kind to the other.
        report.removed--;
        report.added--;
        report.changed++;
      }
    }
    for (const [name, value] of environment.variables) this.#setVariable(name, value, report);
    for (const [name, edit] of lists) this.#setList(name, edit, report);
    return report;
  }

  #setVariable(name: string, wanted: string | null, report: MergeReport): void {
    const now = this.get(name);
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      report.added++;
      this.#entries.set(name, { kind: 'variable', set: wanted, original: now });
    } else if (now.value === wanted) {
      return;
    } else if (now.value === entry.set) {
      report.changed++;
      this.#entries.set(name, { kind: 'variable', set: wanted, original: entry.original });
    } else {
      report.kept.add(name);
      return;
    }
    this.put(name, wanted === null ? unset : { value: wanted, exported: true });
  }

  #setList(name: string, wanted: ListEdit, report: MergeReport): void {
    const now = this.get(name);
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      report.added++;
      const value = text(place(elements(name, now.value), wanted, []));
      this.put(name, { value, exported: true });
      this.#entries.set(name, { kind: 'list', last: wanted, set: value, original: now, edited: false });
      return;
    }
    if (entry.kind !== 'list') throw new Error('dropped before');
    const same = JSON.stringify(entry.last) === JSON.stringify(wanted);
    const touched = entry.edited || now.value !== entry.set;
    if (!same) {
      report.changed++;
      const next = touched ? this.#editList(name, entry, wanted) : this.#remakeList(name, entry, wanted);
      this.#entries.set(name, next);
    }
    const there = elements(name, this.get(name).value);
    if (touched && ![...wanted.front, ...wanted.back].every((element) => there.includes(element))) report.kept.add(name);
  }

  #remakeList(name: string, entry: ListEntry, wanted: ListEdit): ListEntry {
    const value = text(place(elements(name, entry.original.value), wanted, []));
    this.put(name, { value, exported: true });
    return { ...entry, last: wanted, set: value };
  }

  #editList(name: string, entry: ListEntry, wanted: ListEdit): ListEntry {
    const now = this.get(name);
    const own = withoutOurs(name, entry, now.value);
    const ours = [...entry.last.front, ...entry.last.back];
    const want = [...wanted.front, ...wanted.back];
    let list = marked(elements(name, now.value), entry.last);
    let fixed = ours;
    if (seam(entry.last, want) !== seam(wanted, ours)) {
      const moved = ours.filter((element) => want.includes(element) && list.includes(element));
      list = list.filter((element) => !moved.includes(element));
      fixed = ours.filter((element) => !moved.includes(element));
    }
    const gone = ours.filter((element) => !want.includes(element) && list.includes(element));
    list = putBack(
      list.filter((element) => !gone.includes(element)),
      gone,
      own,
      want,
    );
    const placed = place(list, wanted, fixed);
    if (now.value !== null || placed.length > list.length) this.put(name, { value: text(placed), exported: true });
    return { kind: 'list', last: wanted, set: this.get(name).value, original: ownValue(name, entry, own), edited: true };
  }

  #drop(name: string, entry: VariableEntry | ListEntry, report: MergeReport): void {
    const now = this.get(name);
    if (entry.kind === 'list') {
      report.removed++;
      if (!entry.edited && now.value === entry.set) this.put(name, entry.original);
      else if (now.value !== null) this.put(name, ownValue(name, entry, withoutOurs(name, entry, now.value)));
    } else if (now.value === entry.set) {
      report.removed++;
      this.put(name, entry.original);
    } else if (now.value === entry.original.value) {
      report.removed++;
    } else {
      report.kept.add(name);
    }
  }
}

function elements(name: string, value: string | null): string[] {
  return value === null || value === '' ? (defaults[name] ?? []) : value.split(':');
}

function text(list: readonly string[]): string {
  return list.length === 1 && list[0] === '' ? '' : list.join(':');
}

/** The order in which `edit` has the elements that `others` have too, its two ends apart. */
function seam(edit: ListEdit, others: readonly string[]): string {
  return [edit.front, edit.back].map((end) => end.filter((element) => others.includes(element)).join(':')).join('|');
}

// No element of a list can hold a colon.
const frontMark = ':front:';
const backMark = ':back:';

/** With marks where the first of our front and the last of our back stand: the place of what is new when none of the old stays. */
function marked(list: readonly string[], last: ListEdit): string[] {
  const result = [...list];
  const back = list.findLast((element) => last.back.includes(element));
  if (back !== undefined) result.splice(result.indexOf(back) + 1, 0, backMark);
  const front = list.find((element) => last.front.includes(element));
  if (front !== undefined) result.splice(result.indexOf(front), 0, frontMark);
  return result;
}

/** Puts all of `edit` into `list` but `fixed`: beside its neighbours, where ours were, or at its end. */
function place(list: readonly string[], edit: ListEdit, fixed: readonly string[]): string[] {
  let result = [...list];
  const ends = {
    front: () => result.indexOf(frontMark) + 1,
    back: () => (result.includes(backMark) ? result.indexOf(backMark) : result.length),
  };
  const put = (element: string, before: string | undefined, after: string | undefined, end: 'front' | 'back'): void => {
    result = result.filter((other) => other !== element);
    const at = before !== undefined ? result.indexOf(before) : after !== undefined ? result.indexOf(after) + 1 : ends[end]();
    result.splice(at, 0, element);
  };
  const stands = (element: string): boolean => fixed.includes(element) && result.includes(element);
  let near: string | undefined;
  for (const [index, element] of [...edit.front.entries()].reverse()) {
    if (!fixed.includes(element)) put(element, near, edit.front.slice(0, index).findLast(stands), 'front');
    if (result.includes(element)) near = element;
  }
  near = undefined;
  for (const [index, element] of edit.back.entries()) {
    const next = edit.back.slice(index + 1).find(stands);
    if (!fixed.includes(element)) put(element, near === undefined ? next : undefined, near, 'back');
    if (result.includes(element)) near = element;
  }
  return result.filter((element) => element !== frontMark && element !== backMark);
}

/** The user's list as it would be without devshell. */
function withoutOurs(name: string, entry: ListEntry, value: string | null): string[] {
  const ours = [...entry.last.front, ...entry.last.back];
  const list = elements(name, value);
  const gone = ours.filter((element) => list.includes(element));
  return putBack(
    list.filter((element) => !ours.includes(element)),
    gone,
    elements(name, entry.original.value),
    [],
  );
}

/** Puts those of `gone` that stood in `own` back beside their old neighbours that are not `ours`. */
function putBack(list: readonly string[], gone: readonly string[], own: readonly string[], ours: readonly string[]): string[] {
  const result = [...list];
  for (const element of gone) {
    const at = own.indexOf(element);
    if (at < 0) continue;
    const theirs = (other: string): boolean => other !== '' && result.includes(other) && !ours.includes(other);
    const before = own.slice(0, at).findLast(theirs);
    const behind = own.slice(at + 1).find(theirs);
    const place = before !== undefined ? result.indexOf(before) + 1 : behind !== undefined ? result.indexOf(behind) : result.length;
    result.splice(place, 0, element);
  }
  return result;
}

function ownValue(name: string, entry: ListEntry, own: readonly string[]): Held {
  if (entry.original.value === null && text(own) === text(defaults[name] ?? []) && own.length === (defaults[name] ?? []).length) return unset;
  return { value: text(own), exported: entry.original.value === null || entry.original.exported };
}
