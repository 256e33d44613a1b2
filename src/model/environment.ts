// An environment as devshell means it: only what it sets, never what it found.

/** What devshell adds around a colon-separated list that others add to as well. */
export interface ListEdit {
  readonly front: readonly string[];
  readonly back: readonly string[];
}

/** The whole target. Applying it twice is the same as applying it once. */
export interface Environment {
  /** `null` unsets the variable. */
  readonly variables: ReadonlyMap<string, string | null>;
  /** PATH-like variables, merged element by element. */
  readonly lists: ReadonlyMap<string, ListEdit>;
  /** Function bodies in the session's shell language, without the braces. */
  readonly functions: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
  /** How the arguments of commands are completed: what bash's `complete` is called with, without the name of the command. */
  readonly completions: ReadonlyMap<string, string>;
  /** Code that the shell runs, guarded, after everything else was set; empty for none. */
  readonly init: string;
}

/** The names of variables that a shell can export. */
export const variableNames = /^[A-Za-z_][A-Za-z0-9_]*$/;

export function isVariableName(text: string): boolean {
  return variableNames.test(text);
}

/** Variables by name, as a process has them. */
export type Variables = Readonly<Record<string, string>>;

export const emptyEnvironment: Environment = {
  variables: new Map(),
  lists: new Map(),
  functions: new Map(),
  aliases: new Map(),
  completions: new Map(),
  init: '',
};

/** How many names a change of environment adds, changes and removes. */
export interface Summary {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** The variables that are merged as lists unless the configuration says otherwise. */
export const listNames: readonly string[] = [
  'PATH', 'MANPATH', 'INFOPATH', 'CDPATH', 'FPATH', 'XDG_DATA_DIRS', 'XDG_CONFIG_DIRS', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH',
  'LIBRARY_PATH', 'CPATH', 'C_INCLUDE_PATH', 'CPLUS_INCLUDE_PATH', 'PKG_CONFIG_PATH', 'PYTHONPATH', 'NODE_PATH', 'GEM_PATH',
  'PERL5LIB', 'CLASSPATH', 'GOPATH', 'ACLOCAL_PATH', 'CMAKE_PREFIX_PATH', 'TERMINFO_DIRS', 'GI_TYPELIB_PATH',
];

/**
 * What `value` puts around `base`, or undefined where `base` does not stand in it whole.
 * An unset or empty base stands in anything: at the first empty element, as in `:/opt/man` from `$MANPATH:/opt/man`, else at the end.
 */
export function listEdit(value: string, base: string | undefined): ListEdit | undefined {
  const named = (elements: readonly string[]): string[] => elements.filter((element) => element !== '');
  const elements = named(value.split(':'));
  const inner = named((base ?? '').split(':'));
  if (inner.length === 0) {
    const [front = '', ...back] = value.split(/(?:^|:):/);
    return { front: named(front.split(':')), back: named(back.join(':').split(':')) };
  }
  for (let at = elements.length - inner.length; at >= 0; at--) {
    if (inner.every((element, index) => elements[at + index] === element))
      return { front: elements.slice(0, at), back: elements.slice(at + inner.length) };
  }
  return undefined;
}

/** What is meant by a list that is unset or empty, where that is not nothing; the empty element is what the system itself has. As in shell/bash/list.bash. */
const unsetLists: Readonly<Record<string, readonly string[]>> = {
  MANPATH: [''],
  INFOPATH: [''],
  TERMINFO_DIRS: [''],
  XDG_DATA_DIRS: ['/usr/local/share', '/usr/share'],
  XDG_CONFIG_DIRS: ['/etc/xdg'],
};

/** The list `name` that a process gets: ours around what is there, nothing twice. */
export function editedList(name: string, edit: ListEdit, base: string | undefined): string {
  const ours = new Set([...edit.front, ...edit.back]);
  const theirs = base === undefined || base === '' ? (unsetLists[name] ?? []) : base.split(':');
  const kept = theirs.filter((element) => !ours.has(element));
  return [...new Set([...edit.front, ...kept, ...edit.back])].join(':');
}

/** The lists that an environment does something to: of a name that is a variable as well the variable wins, and an edit without elements is none. */
export function listsOf({ variables, lists }: Environment): readonly (readonly [name: string, edit: ListEdit])[] {
  return [...lists].filter(([name, { front, back }]) => !variables.has(name) && front.length + back.length > 0);
}

/** The variables of a process that runs in `environment`, on top of `base`. */
export function resolve(environment: Environment, base: Variables): Record<string, string> {
  const result: Record<string, string> = { ...base };
  for (const [name, edit] of listsOf(environment)) result[name] = editedList(name, edit, base[name]);
  for (const [name, value] of environment.variables) {
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}

/** One thing that an environment sets: `init` has no name. */
export interface Setting {
  readonly what: 'variable' | 'function' | 'alias' | 'completion' | 'init';
  readonly name: string;
}

/** A setting that two environments do not share, as a change from the one to the other. */
export interface Difference extends Setting {
  readonly kind: 'added' | 'changed' | 'removed';
}

interface Comparable extends Setting {
  /** Equal for equal values. */
  readonly text: string;
}

/** Everything an environment sets, by one string per name; sorted, so that equal environments give equal entries. */
function settings(environment: Environment): Map<string, Comparable> {
  const { variables, functions, aliases, completions, init } = environment;
  const all: Comparable[] = [];
  for (const [name, value] of variables) all.push({ what: 'variable', name, text: JSON.stringify(value) });
  for (const [name, { front, back }] of listsOf(environment)) all.push({ what: 'variable', name, text: JSON.stringify([front, back]) });
  for (const [name, text] of functions) all.push({ what: 'function', name, text });
  for (const [name, text] of aliases) all.push({ what: 'alias', name, text });
  for (const [name, text] of completions) all.push({ what: 'completion', name, text });
  if (init !== '') all.push({ what: 'init', name: '', text: init });
  return new Map(all.map((one): [string, Comparable] => [`${one.what} ${one.name}`, one]).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Equal for equal environments, in whatever order they were put together. */
export function canonical(environment: Environment): string {
  return JSON.stringify([...settings(environment)].map(([key, { text }]) => [key, text]));
}

/** What replacing `before` by `after` adds, changes and removes, name by name. Whatever counts or lists changes asks here. */
export function differences(before: Environment, after: Environment): readonly Difference[] {
  const old = settings(before);
  const now = settings(after);
  const all = new Map([...now, ...old]);
  return [...all.keys()].sort().flatMap((key): Difference[] => {
    const { what, name } = all.get(key) as Comparable;
    const [was, is] = [old.get(key)?.text, now.get(key)?.text];
    if (was === is) return [];
    return [{ kind: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed', what, name }];
  });
}

/** How many of each kind there are. */
export function summarize(before: Environment, after: Environment): Summary {
  const summary = { added: 0, changed: 0, removed: 0 };
  for (const { kind } of differences(before, after)) summary[kind]++;
  return summary;
}
