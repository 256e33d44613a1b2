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
 * An unset or empty base stands in anything: all of the value is then in front.
 */
export function listEdit(value: string, base: string | undefined): ListEdit | undefined {
  const elements = value.split(':').filter((element) => element !== '');
  const inner = (base ?? '').split(':').filter((element) => element !== '');
  if (inner.length === 0) return { front: elements, back: [] };
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

/** The variables of a process that runs in `environment`, on top of `base`. */
export function resolve(environment: Environment, base: Variables): Record<string, string> {
  const result: Record<string, string> = { ...base };
  for (const [name, edit] of environment.lists) result[name] = editedList(name, edit, base[name]);
  for (const [name, value] of environment.variables) {
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}

/** Everything an environment sets, one comparable string per name; sorted, so that equal environments give equal entries. */
function settings(environment: Environment): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of environment.variables) all.set(`variable ${name}`, JSON.stringify(value));
  for (const [name, edit] of environment.lists) {
    if (edit.front.length + edit.back.length > 0) all.set(`variable ${name}`, JSON.stringify([edit.front, edit.back]));
  }
  for (const [name, body] of environment.functions) all.set(`function ${name}`, body);
  for (const [name, text] of environment.aliases) all.set(`alias ${name}`, text);
  for (const [command, spec] of environment.completions) all.set(`completion ${command}`, spec);
  if (environment.init !== '') all.set('init', environment.init);
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Equal for equal environments, in whatever order they were put together. */
export function canonical(environment: Environment): string {
  return JSON.stringify([...settings(environment)]);
}

/** What replacing `before` by `after` adds, changes and removes. */
export function summarize(before: Environment, after: Environment): Summary {
  const old = settings(before);
  const now = settings(after);
  let added = 0;
  let changed = 0;
  for (const [key, value] of now) {
    if (!old.has(key)) added++;
    else if (old.get(key) !== value) changed++;
  }
  const removed = [...old.keys()].filter((key) => !now.has(key)).length;
  return { added, changed, removed };
}
