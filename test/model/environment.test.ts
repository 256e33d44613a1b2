import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import { canonical, editedList, emptyEnvironment, listEdit, resolve, summarize } from '../../src/model/environment.ts';

const element = fc.stringMatching(/^\/[a-d]{1,2}$/);
const list = fc.uniqueArray(element, { maxLength: 6 });

describe('a list', () => {
  it('is edited around what is there, and the edit is found again in the result', () => {
    fc.assert(
      fc.property(list, list, list, (front, base, back) => {
        const fresh = (elements: readonly string[], other: readonly string[]) => elements.filter((one) => !other.includes(one) && !base.includes(one));
        const edit = { front: fresh(front, []), back: fresh(back, front) };
        const value = editedList('PATH', edit, base.join(':'));
        if (base.length > 0) expect(listEdit(value, base.join(':'))).toEqual(edit);
        expect(value.split(':').filter(Boolean)).toEqual([...edit.front, ...base, ...edit.back]);
      }),
    );
  });

  it('holds nothing twice and is stable when edited again', () => {
    fc.assert(
      fc.property(list, list, list, (front, base, back) => {
        const once = editedList('PATH', { front, back }, base.join(':'));
        expect(new Set(once.split(':')).size).toBe(once.split(':').length);
        expect(editedList('PATH', { front, back }, once)).toBe(once);
      }),
    );
  });

  it('is all in front where there was nothing', () => {
    expect(listEdit('/a:/b', undefined)).toEqual({ front: ['/a', '/b'], back: [] });
    expect(listEdit('/a:', undefined)).toEqual({ front: ['/a'], back: [] });
    // opam 2.1: the system's manual pages come first.
    expect(listEdit(':/a:/b', undefined)).toEqual({ front: [], back: ['/a', '/b'] });
    expect(listEdit('/a::/b', '')).toEqual({ front: ['/a'], back: ['/b'] });
    expect(editedList('MANPATH', { front: [], back: ['/a'] }, undefined)).toBe(':/a');
  });

  it.each([
    ['MANPATH', undefined, '/ours:'],
    ['MANPATH', '', '/ours:'],
    ['MANPATH', '/theirs:', '/ours:/theirs:'],
    ['XDG_DATA_DIRS', undefined, '/ours:/usr/local/share:/usr/share'],
    ['XDG_CONFIG_DIRS', '/theirs', '/ours:/theirs'],
    ['PATH', undefined, '/ours'],
  ])('%s leaves what the system has reachable where it was %j', (name, base, value) => {
    expect(editedList(name, { front: ['/ours'], back: [] }, base)).toBe(value);
  });

  it('is no edit where what was there does not stand in it whole', () => {
    expect(listEdit('/x:/b:/a', '/a:/b')).toBeUndefined();
  });
});

const environment: fc.Arbitrary<Environment> = fc
  .record({
    variables: fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.option(fc.string(), { nil: null })),
    lists: fc.dictionary(fc.constantFrom('PATH', 'MANPATH'), fc.record({ front: list, back: list })),
  })
  .map(({ variables, lists }) => ({ ...emptyEnvironment, variables: new Map(Object.entries(variables)), lists: new Map(Object.entries(lists)) }));

describe('an environment', () => {
  it('leaves a list alone of which it has no element', () => {
    const target = { ...emptyEnvironment, lists: new Map([['EMPTY', { front: [], back: [] }], ['PATH', { front: [], back: [] }]]) };
    expect(resolve(target, { PATH: '/a:/a' })).toEqual({ PATH: '/a:/a' });
  });

  it('gives a process the same variables when it is applied twice', () => {
    fc.assert(
      fc.property(environment, (target) => {
        const once = resolve(target, { A: 'old', PATH: '/usr/bin:/bin' });
        expect(resolve(target, once)).toEqual(once);
      }),
    );
  });

  it('is equal to itself in whatever order it was put together', () => {
    fc.assert(
      fc.property(environment, (target) => {
        const reversed = { ...target, variables: new Map([...target.variables].reverse()), lists: new Map([...target.lists].reverse()) };
        expect(canonical(reversed)).toBe(canonical(target));
        expect(summarize(target, reversed)).toEqual({ added: 0, changed: 0, removed: 0 });
      }),
    );
  });

  it('differs by as many names one way as the other', () => {
    fc.assert(
      fc.property(environment, environment, (before, after) => {
        const there = summarize(before, after);
        const back = summarize(after, before);
        expect([there.added, there.changed, there.removed]).toEqual([back.removed, back.changed, back.added]);
      }),
    );
  });
});
