// What one environment changes in another, name by name, with values: for `devshell diff`. The names come from `differences` alone.

import type { Difference, Environment } from './environment.ts';
import { differences, editedList, listsOf } from './environment.ts';
import type { Now, ShellView } from './explanation.ts';
import { definedNow, variableNow } from './explanation.ts';
import type { Origin, Provenance } from './provenance.ts';

export interface DetailedDifference extends Difference {
  readonly shape: 'text' | 'list';
  /** `null` where there was nothing. */
  readonly before: string | null;
  /** `null` where there is nothing. */
  readonly after: string | null;
  /** The elements of a list that come and go. */
  readonly put: readonly string[];
  readonly taken: readonly string[];
  readonly origin: Origin | undefined;
  /** Whether the shell holds something else. */
  readonly now: Now;
}

const order: readonly Difference['what'][] = ['variable', 'function', 'alias', 'completion', 'init'];

/** What replacing `before` by `after` does. `nowOf` tells what stands in the shell under a name. */
export function detail(
  before: Environment,
  after: Environment,
  provenance: Provenance,
  nowOf: (difference: Difference) => Now,
): readonly DetailedDifference[] {
  return [...differences(before, after)].sort((a, b) => order.indexOf(a.what) - order.indexOf(b.what)).map((difference) => {
    const [was, is] = [textOf(before, difference), textOf(after, difference)];
    const isList = difference.what === 'variable' && [before, after].some(({ variables, lists }) => !variables.has(difference.name) && lists.has(difference.name));
    const elements = isList ? elementChanges(was, is) : { put: [], taken: [] };
    return {
      ...difference,
      shape: isList ? 'list' : 'text',
      before: was,
      after: is,
      ...elements,
      origin: originOf(difference, provenance),
      now: nowOf(difference),
    };
  });
}

/** What stands in the shell under a name that devshell has set there. */
export function nowIn(view: ShellView): (difference: Difference) => Now {
  return ({ what, name }) => {
    switch (what) {
      case 'variable': {
        const { variables, lists } = view.snapshot.environment;
        return variables.has(name) || lists.has(name) ? variableNow(name, view) : { kind: 'unseen' };
      }
      case 'function':
        return definedNow(`${name}()`, view);
      case 'alias':
        return definedNow(`alias ${name}`, view);
      case 'completion':
      case 'init':
        return { kind: 'unseen' };
    }
  };
}

/** What devshell has changed in a shell, as two environments: what stood there before, and what stands there by devshell. */
export function aroundShell({ snapshot, originals }: ShellView): { readonly before: Environment; readonly after: Environment } {
  const { variables, functions, aliases, completions, init } = snapshot.environment;
  const lists = new Map(listsOf(snapshot.environment));
  const originalOf = (name: string): string | null => originals?.originals.get(name) ?? null;
  const names = [...variables.keys(), ...[...lists.keys()].filter((name) => originalOf(name) !== '')];
  const had = names.flatMap((name): [string, string][] => (originalOf(name) === null ? [] : [[name, originalOf(name) ?? '']]));
  const whole = (name: string, value: string): [string, { front: string[]; back: string[] }] => [name, { front: value.split(':'), back: [] }];
  return {
    before: {
      variables: new Map(had.filter(([name]) => variables.has(name))),
      lists: new Map(had.filter(([name]) => !variables.has(name)).map(([name, value]) => whole(name, value))),
      functions: own(functions, originals?.functions),
      aliases: own(aliases, originals?.aliases),
      completions: new Map(),
      init: '',
    },
    after: {
      variables: new Map([...variables].filter(([, value]) => value !== null)),
      lists: new Map([...lists].map(([name, edit]) => whole(name, editedList(name, edit, originalOf(name) ?? undefined)))),
      functions,
      aliases,
      completions,
      init,
    },
  };
}

/** Those of the user's own that ours stand in place of. */
function own(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  return new Map([...theirs].filter(([name]) => ours.has(name)));
}

function textOf({ variables, lists, functions, aliases, completions, init }: Environment, { what, name }: Difference): string | null {
  switch (what) {
    case 'variable': {
      const edit = lists.get(name);
      if (variables.has(name) || edit === undefined) return variables.get(name) ?? null;
      return [...edit.front, ...edit.back].join(':');
    }
    case 'function':
      return functions.get(name) ?? null;
    case 'alias':
      return aliases.get(name) ?? null;
    case 'completion':
      return completions.get(name) ?? null;
    case 'init':
      return init === '' ? null : init;
  }
}

/** Where only the order has changed, all of it goes and comes. */
function elementChanges(before: string | null, after: string | null): { put: readonly string[]; taken: readonly string[] } {
  const [was, is] = [before?.split(':') ?? [], after?.split(':') ?? []];
  const put = is.filter((element) => !was.includes(element));
  const taken = was.filter((element) => !is.includes(element));
  return put.length + taken.length === 0 ? { put: is, taken: was } : { put, taken };
}

function originOf({ what, name }: Difference, provenance: Provenance): Origin | undefined {
  switch (what) {
    case 'variable':
      return provenance.variables.get(name)?.at(-1)?.origin;
    case 'function':
      return provenance.functions.get(name);
    case 'alias':
      return provenance.aliases.get(name);
    case 'completion':
      return provenance.completions.get(name);
    case 'init':
      return provenance.init;
  }
}
