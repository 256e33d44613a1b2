import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Environment } from '../../src/model/environment.ts';
import { summarize } from '../../src/model/environment.ts';
import { bashQuote } from '../../src/script/quote.ts';
import { environmentOf, runMerges } from './driver.ts';
import type { Held } from './merge-model.ts';
import { MergeModel, unset } from './merge-model.ts';

const names = ['A', 'B', 'C', 'D', 'MANPATH', 'XDG_DATA_DIRS', 'PYTHONPATH'];

type Step =
  | { readonly kind: 'apply'; readonly environment: Environment }
  | { readonly kind: 'edit'; readonly name: string; readonly held: Held }
  /** A generation that the shell never sees. */
  | { readonly kind: 'skip' }
  /** What users do to a list: put an element in front or behind, or take one out. */
  | { readonly kind: 'prepend' | 'append' | 'take'; readonly name: string; readonly element: string };

const value = fc.oneof(fc.constantFrom('', 'x', 'y', "it's", 'a b', '$HOME', 'line\nline'), fc.string({ maxLength: 3 })).map((text) => text.replaceAll('\0', ''));
const element = fc.constantFrom('/a', '/b', '/c', '/d', '/e', '/f', '/g');
const edit = fc.uniqueArray(element, { maxLength: 5 }).chain((all) =>
  fc.nat({ max: all.length }).map((front) => ({ front: all.slice(0, front), back: all.slice(front) })),
);
const wanted = fc.oneof({ weight: 3, arbitrary: fc.option(value).map((variable) => ({ variable })) }, { weight: 3, arbitrary: edit.map((list) => ({ list })) });
const environment = fc.dictionary(fc.constantFrom(...names), wanted, { noNullPrototype: true }).map((all) =>
  environmentOf({
    variables: Object.fromEntries(Object.entries(all).flatMap(([name, want]) => ('variable' in want ? [[name, want.variable]] : []))),
    lists: Object.fromEntries(Object.entries(all).flatMap(([name, want]) => ('list' in want ? [[name, want.list]] : []))),
  }),
);
const listValue = fc.array(fc.oneof({ weight: 8, arbitrary: element }, fc.constantFrom('', '/u', '/v', '/w')), { maxLength: 6 }).map((list) => list.join(':'));
const held = fc.oneof(
  { weight: 1, arbitrary: fc.constant(unset) },
  { weight: 3, arbitrary: fc.record({ value: fc.oneof(value, listValue), exported: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ value: listValue, exported: fc.constant(true) }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  environment.map((given) => ({ kind: 'apply' as const, environment: given })),
  fc.record({ kind: fc.constant('edit' as const), name: fc.constantFrom(...names), held }),
);

/** The same names always. */
const valueEnvironment = fc
  .record({ A: fc.option(value), B: fc.constantFrom('x', 'y', 'z'), C: fc.constantFrom('x', 'y'), list: edit.filter((all) => all.front.length + all.back.length > 0) })
  .map(({ A, B, C, list }) => environmentOf({ variables: { A, B, C }, lists: { MANPATH: list } }));
const valueStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: valueEnvironment.map((given) => ({ kind: 'apply' as const, environment: given })) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit' as const), name: fc.constantFrom('A', 'B', 'C', 'MANPATH'), held: fc.oneof(held, fc.constantFrom('x', 'y', 'z').map((text) => ({ value: text, exported: true }))) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'skip' as const }) },
  { weight: 1, arbitrary: environment.map((given) => ({ kind: 'apply' as const, environment: given })) },
);

const listNames = ['MANPATH', 'PYTHONPATH'];
const listEnvironment = fc
  .dictionary(fc.constantFrom(...listNames), edit, { minKeys: 1, noNullPrototype: true })
  .map((lists) => environmentOf({ lists }));
const listStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: listEnvironment.map((given) => ({ kind: 'apply' as const, environment: given })) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('prepend' as const, 'append' as const, 'take' as const),
      name: fc.constantFrom(...listNames),
      element: fc.oneof(element, fc.constantFrom('/u', '/v', '/w')),
    }),
  },
);

/** What each name holds and what was reported, after each step, as the shell prints it. */
const print = `state() {
  local name value
  for name in ${names.join(' ')}; do
    if [[ \${!name+x} ]]; then value="=\${!name}"; else value=; fi
    case $(builtin declare -p "$name" 2>/dev/null) in "declare -"*x*" $name="*) value="x$value" ;; esac
    builtin printf '%s\\0' "$name$value"
  done
  builtin printf '%s\\0' "$__devshell_report"
}
take() {
  local list=":\${!1}:"
  while [[ $list == *":$2:"* ]]; do list="\${list%%":$2:"*}:\${list#*":$2:"}"; done
  list=\${list#:} list=\${list%:}
  export "$1=$list"
}`;

function shellStep(now: Step, generation: number): string {
  if (now.kind === 'apply') return `apply ${generation}; state`;
  if (now.kind === 'skip') return 'state';
  const { name } = now;
  if (now.kind === 'edit') return assignment(name, now.held);
  if (now.kind === 'prepend') return `export ${name}="${now.element}\${${name}:+:$${name}}"; state`;
  if (now.kind === 'append') return `export ${name}="\${${name}:+$${name}:}${now.element}"; state`;
  return `[[ ! \${${name}+x} ]] || take ${name} ${now.element}; state`;
}

function assignment(name: string, given: Held): string {
  if (given.value === null) return `unset -v ${name}; state`;
  return `${given.exported ? 'export' : 'export -n'} ${name}=${bashQuote(given.value)}; state`;
}

/** All sequences in one bash, each in a subshell of its own. */
function runSequences(sequences: readonly (readonly Step[])[]): string[][] {
  const environments: Environment[] = [];
  const script = sequences.map((steps) => {
    const lines = steps.map((now) => {
      if (now.kind === 'apply') environments.push(now.environment);
      if (now.kind === 'skip') environments.push(environmentOf({ variables: { A: 'x', B: 'x', C: 'x' }, lists: { MANPATH: { front: ['/skipped'] } } }));
      return shellStep(now, environments.length);
    });
    return `(unset -v ${names.join(' ')}; __devshell_report=; ${lines.join('\n')}; printf '\\1\\0')`;
  });
  const output = runMerges(environments, `${print}\n${script.join('\n')}`);
  return output
    .split('\x01\0')
    .slice(0, -1)
    .map((part) => part.split('\0').slice(0, -1));
}

function expected(steps: readonly Step[], firstGeneration: number): string[] {
  const model = new MergeModel();
  let generation = firstGeneration;
  let report = '';
  return steps.flatMap((now) => {
    if (now.kind === 'edit') {
      model.put(now.name, now.held);
    } else if (now.kind === 'skip') {
      generation++;
    } else if (now.kind !== 'apply') {
      model.put(now.name, editedByHand(now.kind, model.get(now.name), now.element));
    } else {
      const { added, changed, removed, kept } = model.apply(now.environment);
      report = `${++generation};${added};${changed};${removed};${[...kept].sort().join()}`;
    }
    return [...names.map((name) => shown(name, model.get(name))), report];
  });
}

function editedByHand(kind: 'prepend' | 'append' | 'take', held: Held, changed: string): Held {
  const value = held.value ?? '';
  if (kind === 'take') {
    const rest = value.split(':').filter((part) => part !== changed);
    return held.value === null ? held : { value: rest.join(':'), exported: true };
  }
  const parts = value === '' ? [changed] : kind === 'prepend' ? [changed, value] : [value, changed];
  return { value: parts.join(':'), exported: true };
}

function shown(name: string, { value: text, exported }: Held): string {
  return `${name}${text === null ? '' : `${exported ? 'x' : ''}=${text}`}`;
}

/** Reports name what was kept in any order. */
function normal(texts: readonly string[]): string[] {
  return texts.map((text) => text.replace(/^(\d+;\d+;\d+;\d+;)(.*)$/s, (_, counts: string, kept: string) => counts + kept.split(',').sort().join()));
}

 
const usable = (steps: readonly Step[]): boolean => !/[\x01\0]/.test(JSON.stringify(steps).replaceAll('\\u0000', '\0').replaceAll('\\u0001', '\x01'));

function expectModel(steps: fc.Arbitrary<Step>, length: number, runs: number): void {
  const sequence = fc.array(steps, { minLength: 2, maxLength: length }).filter(usable);
  fc.assert(
    fc.property(fc.array(sequence, { minLength: 40, maxLength: 40 }), (sequences) => {
      const found = runSequences(sequences);
      let generation = 0;
      sequences.forEach((given, index) => {
        expect({ given, found: normal(found[index] ?? []) }).toEqual({ given, found: expected(given, generation) });
        generation += given.filter((now) => now.kind === 'apply' || now.kind === 'skip').length;
      });
    }),
    { numRuns: runs, endOnFailure: true },
  );
}

test('The merge does what the model does, for any generations and any edits between them.', () => {
  expectModel(step, 8, 5);
});

test('Where only values change it does so as well, whether the shell runs in the generation that the script was written for or in another.', () => {
  expectModel(valueStep, 10, 6);
});

test('Lists are merged as the model does it, for any generations and whatever the user puts in and takes out between them.', () => {
  expectModel(listStep, 12, 7);
});

test('What the merge counts is what the coordinator says of the change, where the user changed nothing.', () => {
  fc.assert(
    fc.property(fc.array(environment, { minLength: 60, maxLength: 60 }), (environments) => {
      const output = runMerges(environments, environments.map((_, index) => `apply ${index + 1}; echo "$__devshell_report"`).join('\n'));
      const reports = output.trimEnd().split('\n');
      environments.forEach((after, index) => {
        const before = environments[index - 1] ?? environmentOf({});
        const { added, changed, removed } = summarize(before, after);
        expect(reports[index]).toBe(`${index + 1};${added};${changed};${removed};`);
      });
    }),
    { numRuns: 3, endOnFailure: true },
  );
});
