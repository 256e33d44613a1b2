import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interpolated } from '../../src/config/interpolate.ts';
import { interpolate, malformation } from '../../src/config/interpolate.ts';

const variables: Readonly<Record<string, string>> = { A: 'a', B: 'b c', EMPTY: '', BRACE: '${A}' };
const lookup = (name: string): string | undefined => (Object.hasOwn(variables, name) ? variables[name] : undefined);
const value = (text: string): Interpolated => ({ kind: 'value', value: text });

describe('interpolation', () => {
  test.each<readonly [string, Interpolated]>([
    ['', value('')],
    ['plain', value('plain')],
    ['${A}', value('a')],
    ['x${A}y${B}z', value('xayb cz')],
    ['$A $ $$ $5 {A} }', value('$A $ $$ $5 {A} }')],
    ['$${A}', value('${A}')],
    ['$$${A}', value('$${A}')],
    ['$$$$', value('$$$$')],
    ['${BRACE}', value('${A}')],
    ['${EMPTY}', value('')],
    ['${EMPTY:-d}', value('d')],
    ['${NONE:-}', value('')],
    ['${NONE:-d e}', value('d e')],
    ['${A:-d}', value('a')],
    ['${NONE:-${A}}', value('a')],
    ['${NONE:-x${NONE:-y${B}}z}!', value('xyb cz!')],
    ['${NONE:-$${}}', value('${}')],
    ['${NONE:-{}', value('{')],
    ['${A:-${NONE}}', value('a')],
    ['${NONE}', { kind: 'undefined', name: 'NONE' }],
    ['${A}${NONE}${OTHER}', { kind: 'undefined', name: 'NONE' }],
    ['${NONE:-${OTHER}}', { kind: 'undefined', name: 'OTHER' }],
    ['${', { kind: 'malformed', offset: 0, reason: 'unclosed' }],
    ['ab${A', { kind: 'malformed', offset: 2, reason: 'unclosed' }],
    ['${A:-x', { kind: 'malformed', offset: 0, reason: 'unclosed' }],
    ['${A:-${B}', { kind: 'malformed', offset: 0, reason: 'unclosed' }],
    ['${A:-${B', { kind: 'malformed', offset: 5, reason: 'unclosed' }],
    ['${}', { kind: 'malformed', offset: 0, reason: 'name' }],
    ['x${1}', { kind: 'malformed', offset: 1, reason: 'name' }],
    ['${A B}', { kind: 'malformed', offset: 0, reason: 'name' }],
    ['${é}', { kind: 'malformed', offset: 0, reason: 'name' }],
    ['${:-x}', { kind: 'malformed', offset: 0, reason: 'name' }],
    ['${A:=x}', { kind: 'malformed', offset: 0, reason: 'operator' }],
    ['${A-x}', { kind: 'malformed', offset: 0, reason: 'operator' }],
    ['${A##*/}', { kind: 'malformed', offset: 0, reason: 'operator' }],
    ['${A}${B:?gone}', { kind: 'malformed', offset: 4, reason: 'operator' }],
    ['${A:-${B:+x}}', { kind: 'malformed', offset: 5, reason: 'operator' }],
  ])('of %j', (text, expected) => {
    expect(interpolate(text, lookup)).toEqual(expected);
  });

  test('reports a mistake in a default that is not taken', () => {
    expect(interpolate('${A:-${}}', lookup)).toEqual({ kind: 'malformed', offset: 5, reason: 'name' });
  });

  test('ends at a fixed depth instead of overflowing the stack', () => {
    expect(interpolate('${A:-'.repeat(200_000), lookup)).toEqual({ kind: 'malformed', offset: 250, reason: 'depth' });
  });

  test('asks only for the variables that the value needs', () => {
    const asked: string[] = [];
    interpolate('${A:-${B}}', (name) => {
      asked.push(name);
      return lookup(name);
    });
    expect(asked).toEqual(['A']);
  });
});

type Piece = string | { readonly name: string; readonly fallback: readonly Piece[] | undefined };

const name = fc.constantFrom('A', 'B', 'EMPTY', 'BRACE', 'NONE', 'OTHER', '_x9');
const literal = fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', ' ', '\n', '\\', '😀'), maxLength: 6 });
const { pieces } = fc.letrec<{ pieces: Piece[]; piece: Piece }>((tie) => ({
  pieces: fc.array(tie('piece'), { maxLength: 4, depthIdentifier: 'pieces' }),
  piece: fc.oneof(
    { depthIdentifier: 'pieces', maxDepth: 4 },
    literal,
    fc.record({ name, fallback: fc.option(tie('pieces'), { nil: undefined }) }),
  ),
}));

/** Literals that would run into what follows them are kept apart by leaving out a `$` at their end; in a default, out go closing braces. */
function written(all: readonly Piece[], depth: number): string {
  return all.map((piece) => {
    if (typeof piece !== 'string') return `\${${piece.name}${piece.fallback === undefined ? '' : `:-${written(piece.fallback, depth + 1)}`}}`;
    return meant(piece, depth).replaceAll('${', () => '$${');
  }).join('');
}

function meant(piece: string, depth: number): string {
  return (depth > 0 ? piece.replaceAll('}', '') : piece).replace(/\$+$/, '');
}

function filled(all: readonly Piece[], depth: number): string | undefined {
  let result = '';
  for (const piece of all) {
    let part: string | undefined;
    if (typeof piece === 'string') part = meant(piece, depth);
    else if (piece.fallback === undefined) part = lookup(piece.name);
    else part = lookup(piece.name) || filled(piece.fallback, depth + 1);
    if (part === undefined) return undefined;
    result += part;
  }
  return result;
}

describe('interpolation, for all texts,', () => {
  test('gives what was written down', () => {
    fc.assert(
      fc.property(pieces, (all) => {
        const result = interpolate(written(all, 0), lookup);
        const expected = filled(all, 0);
        if (expected === undefined) expect(result.kind).toBe('undefined');
        else expect(result).toEqual(value(expected));
      }),
    );
  });

  test('gives back an escaped text as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), (text) => {
        expect(interpolate(text.replaceAll('${', () => '$${'), () => undefined)).toEqual(value(text));
      }),
    );
  });

  test('never throws, and knows a malformed text without its variables', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', '='), maxLength: 30 }), (text) => {
        const result = interpolate(text, () => 'x');
        expect(malformation(text)).toEqual(result.kind === 'malformed' ? result : undefined);
        if (result.kind === 'malformed') expect(text.slice(result.offset, result.offset + 2)).toBe('${');
      }),
      { numRuns: 1000 },
    );
  });
});
