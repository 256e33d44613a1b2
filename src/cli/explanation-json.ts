// Explanations and differences as programs read them: exact values, places apart.

import type { Explanation, ListElement, Now, ShellView } from '../model/explanation.ts';
import type { DetailedDifference } from '../model/explanation-diff.ts';
import type { Assignment, Origin } from '../model/provenance.ts';

export function explanationJson(name: string, found: readonly Explanation[], { live }: ShellView): object {
  const one = (what: Explanation['what']): Explanation | undefined => found.find((explanation) => explanation.what === what);
  return {
    name,
    set: found.length > 0,
    ...(live?.[name] === undefined ? {} : { value: live[name] }),
    variable: shown(one('variable') ?? one('list')),
    function: shown(one('function')),
    alias: shown(one('alias')),
    completion: shown(one('completion')),
    init: shown(one('init')),
  };
}

function shown(one: Explanation | undefined): object | undefined {
  switch (one?.what) {
    case undefined:
      return undefined;
    case 'variable':
      return { value: one.value, ...placeJson(one.origin), before: one.before.map(assignmentJson), original: one.original, ...nowJson(one.now) };
    case 'list':
      return {
        value: one.value,
        elements: one.elements.map(elementJson),
        takenOut: one.missing.map(elementJson),
        original: one.original,
        ...nowJson(one.now),
      };
    case 'function':
    case 'alias':
      return { value: one.text, ...placeJson(one.origin), original: one.original ?? null, ...nowJson(one.now) };
    case 'completion':
    case 'init':
      return { value: one.text, ...placeJson(one.origin) };
  }
}

/** `{layer, file, line, command}`, as far as it is known. */
export function placeJson(origin: Origin | undefined): Partial<Origin> {
  return origin ?? {};
}

export function assignmentJson({ origin, value }: Assignment): object {
  return { value, ...placeJson(origin) };
}

function elementJson({ value, from }: ListElement): object {
  switch (from.kind) {
    case 'layer':
      return { value, from: 'devshell', ...placeJson(from.origin) };
    case 'shell':
    case 'here':
      return { value, from: from.kind };
  }
}

/** Without a word where it cannot be told. */
function nowJson(now: Now): object {
  switch (now.kind) {
    case 'ours':
      return { changedHere: false };
    case 'changed':
      return { changedHere: true, ...(now.value === undefined ? {} : { valueHere: now.value }) };
    case 'unseen':
      return {};
  }
}

export function differenceJson(one: DetailedDifference): object {
  const { kind, what, name, shape, before, after, put, taken, origin, now } = one;
  return { kind, what, ...(name === '' ? {} : { name }), before, after, ...(shape === 'list' ? { put, taken } : {}), ...placeJson(origin), ...nowJson(now) };
}
