import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Environment, ListEdit } from '../../src/model/environment.ts';
import { differences, editedList, emptyEnvironment, resolve, summarize } from '../../src/model/environment.ts';
import type { ListExplanation, ShellView, VariableExplanation } from '../../src/model/explanation.ts';
import { explain } from '../../src/model/explanation.ts';
import { aroundShell, detail, nowIn } from '../../src/model/explanation-diff.ts';
import type { Assignment, Origin } from '../../src/model/provenance.ts';
import { noProvenance } from '../../src/model/provenance.ts';
import { packSnapshot, unpackSnapshot } from '../../src/model/snapshot.ts';

const dotenv: Origin = { layer: 'dotenv', file: '.env', line: 2 };
const toml: Origin = { layer: 'env', file: 'devshell.toml', line: 3 };
const path: Origin = { layer: 'path', file: 'devshell.toml', line: 9 };
const venv: Origin = { layer: 'venv', file: 'devshell.toml', line: 8 };

interface Parts {
  readonly variables?: Record<string, string | null>;
  readonly lists?: Record<string, ListEdit>;
  readonly functions?: Record<string, string>;
  readonly aliases?: Record<string, string>;
  readonly assignments?: Record<string, readonly Assignment[]>;
  readonly live?: Record<string, string>;
  readonly had?: Record<string, string | null>;
  readonly kept?: readonly string[];
}

function environmentOf({ variables = {}, lists = {}, functions = {}, aliases = {} }: Parts): Environment {
  const map = <T>(record: Record<string, T>): Map<string, T> => new Map(Object.entries(record));
  return { variables: map(variables), lists: map(lists), functions: map(functions), aliases: map(aliases), completions: new Map(), init: '' };
}

function viewOf(parts: Parts): ShellView {
  return {
    snapshot: { generation: 1, environment: environmentOf(parts), provenance: { ...noProvenance, variables: new Map(Object.entries(parts.assignments ?? {})) } },
    originals: parts.had && { originals: new Map(Object.entries(parts.had)), functions: new Map(), aliases: new Map() },
    live: parts.live,
    kept: parts.kept ?? [],
  };
}

const variable = (name: string, view: ShellView) => explain(name, view)[0] as VariableExplanation;
const list = (name: string, view: ShellView) => explain(name, view)[0] as ListExplanation;

describe('the explanation of a variable', () => {
  const assignments = { A: [{ origin: dotenv, value: 'one' }, { origin: toml, value: 'two' }] };

  it('names who set it, every layer before, and what the shell had', () => {
    const view = viewOf({ variables: { A: 'two' }, assignments, had: { A: 'own' }, live: { A: 'two' } });
    expect(explain('A', view)).toEqual([
      { what: 'variable', name: 'A', value: 'two', origin: toml, before: [{ origin: dotenv, value: 'one' }], original: 'own', now: { kind: 'ours' } },
    ]);
  });

  it('says from outside what the shell has left alone at its last reload', () => {
    const view = viewOf({ variables: { A: 'two', B: '1' }, lists: { PATH: { front: ['/a'], back: [] } }, kept: ['A', 'PATH'] });
    expect(['A', 'B', 'PATH'].map((name) => (explain(name, view)[0] as VariableExplanation).now)).toEqual([
      { kind: 'changed', value: undefined },
      { kind: 'unseen' },
      { kind: 'changed', value: undefined },
    ]);
  });

  it.each<[string, string | null, Record<string, string> | undefined, VariableExplanation['now']]>([
    ['is ours', 'two', { A: 'two' }, { kind: 'ours' }],
    ['was changed', 'two', { A: 'three' }, { kind: 'changed', value: 'three' }],
    ['was unset', 'two', {}, { kind: 'changed', value: null }],
    ['is unset by us', null, {}, { kind: 'ours' }],
    ['was set against us', null, { A: 'mine' }, { kind: 'changed', value: 'mine' }],
    ['cannot be seen', 'two', undefined, { kind: 'unseen' }],
  ])('tells that it %s', (_, value, live, now) => {
    expect(variable('A', viewOf({ variables: { A: value }, assignments, ...(live && { live }) })).now).toEqual(now);
  });

  it('does without provenance and without a record', () => {
    expect(variable('A', viewOf({ variables: { A: 'x' } }))).toMatchObject({ origin: undefined, before: [], original: undefined });
  });

  it('is none where nothing sets the name', () => {
    expect(explain('A', viewOf({ live: { A: 'x' } }))).toEqual([]);
  });
});

describe('the explanation of a list', () => {
  const lists = { PATH: { front: ['/venv', '/bin1', '/bin2'], back: ['/last'] } };
  const had = { PATH: '/usr/bin:/bin' };
  const assignments = {
    PATH: [
      { origin: venv, value: '/venv:/usr/bin:/bin' },
      { origin: path, value: '/venv:/bin1:/bin2:/usr/bin:/bin' },
      { origin: toml, value: '/venv:/bin1:/bin2:/usr/bin:/bin:/last' },
    ],
  };
  const from = (elements: ListExplanation['elements']) => elements.map((one) => [one.value, one.from.kind === 'layer' ? one.from.origin : one.from.kind]);

  it('tells of each element where it comes from, and what was put in and taken out by hand', () => {
    const live = { PATH: '/mine:/venv:/bin2:/usr/bin:/last' };
    const one = list('PATH', viewOf({ lists, had, assignments, live }));
    expect(from(one.elements)).toEqual([['/mine', 'here'], ['/venv', venv], ['/bin2', path], ['/usr/bin', 'shell'], ['/last', toml]]);
    expect(from(one.missing)).toEqual([['/bin1', path], ['/bin', 'shell']]);
    expect(one.now).toMatchObject({ kind: 'changed' });
  });

  it('names the layer that brought an element forward, where the shell had it already', () => {
    const assigned = [{ origin: venv, value: '/venv:/usr/bin:/opt' }, { origin: path, value: '/opt:/venv:/usr/bin' }];
    const one = list('PATH', viewOf({ lists: { PATH: { front: ['/opt', '/venv'], back: [] } }, had: { PATH: '/usr/bin:/opt' }, assignments: { PATH: assigned } }));
    expect(from(one.elements)).toEqual([['/opt', path], ['/venv', venv], ['/usr/bin', 'shell']]);
  });

  it('does not take for the user’s what an unset list stands for', () => {
    const one = list('XDG_DATA_DIRS', viewOf({ lists: { XDG_DATA_DIRS: { front: ['/p'], back: [] } }, had: {}, live: { XDG_DATA_DIRS: '/p:/usr/local/share:/usr/share' } }));
    expect(from(one.elements).slice(1)).toEqual([['/usr/local/share', 'shell'], ['/usr/share', 'shell']]);
  });

  it('is whole: what stands there is explained, element by element, for any edits', () => {
    const element = fc.stringMatching(/^\/[a-e]$/);
    const elements = fc.uniqueArray(element, { maxLength: 5 });
    fc.assert(
      fc.property(elements, elements, elements, elements, (front, back, original, live) => {
        const view = viewOf({ lists: { PATH: { front, back } }, had: { PATH: original.join(':') }, live: { PATH: live.join(':') } });
        const one = list('PATH', view);
        expect(one.elements.map(({ value }) => value).join(':')).toBe(live.join(':'));
        const expected = new Set([...front, ...back, ...original]);
        for (const { value } of one.missing) expect([expected.has(value), live.includes(value)]).toEqual([true, false]);
        for (const value of expected) expect(live.includes(value) || one.missing.some((missing) => missing.value === value)).toBe(true);
        for (const { value, from: source } of one.elements) expect(source.kind === 'here').toBe(!expected.has(value));
      }),
    );
  });
});

describe('the explanation of a definition', () => {
  it('goes by what the shell has said of it, and a name may be several things', () => {
    const view = viewOf({ variables: { x: '1' }, functions: { x: 'echo' }, aliases: { x: 'ls' }, kept: ['alias x'] });
    expect(explain('x', view).map(({ what, now }) => [what, now.kind])).toEqual([['variable', 'unseen'], ['function', 'unseen'], ['alias', 'changed']]);
  });
});

const name = fc.constantFrom('A', 'B', 'C', 'PATH', 'MANPATH');
const elements = fc.uniqueArray(fc.stringMatching(/^\/[a-c]{1,2}$/), { maxLength: 4 });
const environment: fc.Arbitrary<Environment> = fc
  .record({
    variables: fc.dictionary(name, fc.option(fc.string({ maxLength: 3 }), { nil: null })),
    lists: fc.dictionary(fc.constantFrom('PATH', 'MANPATH', 'C'), fc.record({ front: elements, back: elements })),
    functions: fc.dictionary(name, fc.string({ maxLength: 2 })),
    aliases: fc.dictionary(name, fc.string({ maxLength: 2 })),
    init: fc.constantFrom('', 'a', 'b'),
  })
  .map(({ variables, lists, functions, aliases, init }) => ({ ...environmentOf({ variables, lists, functions, aliases }), init }));

describe('what is listed and what is counted', () => {
  it('agree for any two environments: one function finds both', () => {
    fc.assert(
      fc.property(environment, environment, (before, after) => {
        const listed = detail(before, after, noProvenance, () => ({ kind: 'unseen' }));
        const count = (kind: string) => listed.filter((one) => one.kind === kind).length;
        expect({ added: count('added'), changed: count('changed'), removed: count('removed') }).toEqual(summarize(before, after));
        const names = (all: readonly { what: string; name: string }[]) => all.map((one) => `${one.what} ${one.name}`).sort();
        expect(names(listed)).toEqual(names(differences(before, after)));
      }),
    );
  });

  it('leaves nothing out: what is not listed is the same in both', () => {
    fc.assert(
      fc.property(environment, environment, (before, after) => {
        const base = { A: 'a', PATH: '/x:/a', MANPATH: '/m' };
        const listed = new Set(differences(before, after).map((one) => one.name));
        const [was, is] = [resolve(before, base), resolve(after, base)];
        for (const one of Object.keys({ ...was, ...is })) if (!listed.has(one)) expect(is[one]).toBe(was[one]);
      }),
    );
  });
});

describe('what devshell changed in a shell', () => {
  const shellOf = (parts: Parts) => {
    const view = viewOf(parts);
    const { before, after } = aroundShell(view);
    return detail(before, after, view.snapshot.provenance, nowIn(view));
  };

  it('is told by what the shell had: new, another value, gone, and nothing of what is the same', () => {
    const had = { CHANGED: 'old', SAME: 'same', GONE: 'x', PATH: '/usr/bin' };
    const variables = { NEW: 'n', CHANGED: 'new', SAME: 'same', GONE: null, NEVER: null };
    const lists = { PATH: { front: ['/p'], back: [] }, MANPATH: { front: ['/m'], back: [] }, EMPTY: { front: [], back: [] } };
    expect(shellOf({ had, variables, lists }).map(({ kind, name: one, before, after, put }) => [kind, one, before, after, put])).toEqual([
      ['changed', 'CHANGED', 'old', 'new', []],
      ['removed', 'GONE', 'x', null, []],
      ['added', 'MANPATH', null, '/m:', ['/m', '']],
      ['added', 'NEW', null, 'n', []],
      ['changed', 'PATH', '/usr/bin', '/p:/usr/bin', ['/p']],
    ]);
  });

  it('says where the shell has something else by now', () => {
    const found = shellOf({ variables: { A: '1', B: '2' }, lists: { PATH: { front: ['/p', '/q'], back: [] } }, had: {}, live: { A: 'mine', B: '2', PATH: '/q:/z' } });
    expect(found.map(({ name: one, now }) => [one, now.kind])).toEqual([['A', 'changed'], ['B', 'ours'], ['PATH', 'changed']]);
  });

  it('applied to what the shell had gives what the shell has', () => {
    fc.assert(
      fc.property(environment, fc.dictionary(name, fc.stringMatching(/^\/[a-c]{1,2}(:\/[d-f])?$/)), (target, had) => {
        const view = { ...viewOf({ had }), snapshot: { generation: 1, environment: target, provenance: noProvenance } };
        const { before, after } = aroundShell(view);
        const expected = resolve(target, had);
        const listed = detail(before, after, noProvenance, () => ({ kind: 'unseen' })).filter(({ what }) => what === 'variable');
        for (const one of listed) {
          expect(one.after).toBe(expected[one.name] ?? null);
          expect(one.before).toBe(had[one.name] ?? null);
        }
        const names = new Set(listed.map((one) => one.name));
        for (const one of Object.keys({ ...expected, ...had })) if (!names.has(one)) expect(editedList(one, { front: [], back: [] }, expected[one])).toBe(editedList(one, { front: [], back: [] }, had[one]));
      }),
    );
  });
});

describe('a snapshot', () => {
  it('is the same after it has passed the socket', () => {
    fc.assert(
      fc.property(environment, (target) => {
        const provenance = { ...noProvenance, variables: new Map([['A', [{ origin: toml, value: null }]]]), aliases: new Map([['x', path]]) };
        const snapshot = { generation: 7, environment: target, provenance };
        expect(unpackSnapshot(JSON.parse(JSON.stringify(packSnapshot(snapshot))) as ReturnType<typeof packSnapshot>)).toEqual(snapshot);
      }),
    );
    expect(packSnapshot({ generation: 1, environment: emptyEnvironment, provenance: noProvenance }).environment.variables).toEqual([]);
  });
});
