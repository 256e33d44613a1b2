import fc from 'fast-check';
import { parse, TomlError } from 'smol-toml';
import type { AST } from 'toml-eslint-parser';
import { parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { literalOffset } from '../../src/config/literal.ts';
import type { Located } from '../../src/config/scan.ts';
import { scan } from '../../src/config/scan.ts';

type Spots = Map<string, readonly [key: string, value: string]>;

/** Every place that the scan finds, by its path, as ranges of the text. */
function scanned(located: Located, path: readonly string[], into: Spots): Spots {
  for (const [name, child] of located.children) {
    const here = [...path, name];
    into.set(JSON.stringify(here), [range([child.key.start, child.key.end]), range([child.value.start, child.value.end])]);
    scanned(child, here, into);
  }
  return into;
}

function range([start, end]: readonly [number, number]): string {
  return `${start}-${end}`;
}

/** The same from the syntax tree of toml-eslint-parser. */
class Expected {
  readonly spots: Spots = new Map();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const top = parseTOML(text, { tomlVersion: '1.1' }).body[0];
    for (const node of top.body) {
      if (node.type === 'TOMLTable') this.#table(node);
      else this.#entry(node, []);
    }
  }

  #record(path: readonly string[], key: AST.Range, value: AST.Range): void {
    const name = JSON.stringify(path);
    if (!this.spots.has(name)) this.spots.set(name, [range(key), range(value)]);
  }

  #table(node: AST.TOMLTable): void {
    const header: AST.Range = [node.range[0], this.#text.indexOf(']', node.key.range[1]) + (node.kind === 'array' ? 2 : 1)];
    const path: string[] = [];
    let key = 0;
    for (const [index, step] of node.resolvedKey.entries()) {
      path.push(String(step));
      if (typeof step === 'number') {
        this.#record(path, header, header);
        continue;
      }
      const name = node.key.keys[key++];
      const isLast = node.resolvedKey.slice(index + 1).every((one) => typeof one === 'number') && key === node.key.keys.length;
      if (name !== undefined) this.#record(path, name.range, isLast ? header : name.range);
    }
    for (const entry of node.body) this.#entry(entry, path);
  }

  #entry(node: AST.TOMLKeyValue, table: readonly string[]): void {
    const path = [...table];
    for (const [index, key] of node.key.keys.entries()) {
      path.push(key.type === 'TOMLBare' ? key.name : key.value);
      this.#record(path, key.range, index === node.key.keys.length - 1 ? node.value.range : key.range);
    }
    this.#content(node.value, path);
  }

  #content(node: AST.TOMLContentNode, path: readonly string[]): void {
    if (node.type === 'TOMLInlineTable') for (const entry of node.body) this.#entry(entry, path);
    if (node.type !== 'TOMLArray') return;
    for (const [index, element] of node.elements.entries()) {
      this.#record([...path, String(index)], element.range, element.range);
      this.#content(element, [...path, String(index)]);
    }
  }
}

function isValid(text: string): boolean {
  try {
    parse(text, { integersAsBigInt: true });
    return true;
  } catch {
    return false;
  }
}

const space = fc.constantFrom('', ' ', '\t ');
const blank = fc.constantFrom('', ' ', '\n', ' # it\'s "]", \'}\'\n', '\n\n\t');
const key = fc.constantFrom('a', 'b', 'c-d', '1', '_', '"e f"', "'g.h'", '"i\\u0041\\""', "'\\'", '"#"', '"]"', '""', 'é'.replace('é', '"é"'), '__proto__');
const keyPath = fc
  .array(fc.tuple(space, key, space), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.map(([before, name, after], index) => (index === 0 ? '' : before) + name + after).join('.'));
const scalar = fc.constantFrom(
  '1', '-0x1F'.slice(1), '1_000', '3.14e-2', 'inf', '-nan', 'true', 'false', '1979-05-27 07:32:00Z', '1979-05-27', '07:32:00.5',
  '""', '"x"', '"\\"]"', '"\\\\"', '"# no"', "''", "'\\'", '\'"\'', '"""\nline\n"two" \\" \\\n  three"""', '""""x"""""', '""""""',
  "'''\nraw \\ ''x'''", "'''''x'''''", '"😀é"', '99999999999999999999',
);
const { content } = fc.letrec<{ content: string; list: string; table: string }>((tie) => ({
  content: fc.oneof({ maxDepth: 3 }, { arbitrary: scalar, weight: 3 }, tie('list'), tie('table')),
  list: fc
    .tuple(fc.array(fc.tuple(blank, tie('content'), blank), { maxLength: 3 }), blank, fc.boolean())
    .map(([items, last, trailing]) => `[${items.map((item) => item.join('')).join(',')}${trailing && items.length > 0 ? ',' : ''}${last}]`),
  table: fc
    .array(fc.tuple(space, keyPath, space, tie('content'), space), { maxLength: 3 })
    .map((entries) => `{${entries.map(([a, name, b, value, c]) => `${a}${name}=${b}${value}${c}`).join(',')}}`),
}));
const comment = fc.constantFrom('', ' # [x] = "', '\t#');
const entry = fc.tuple(space, keyPath, space, content, comment).map(([a, name, b, value, c]) => `${a}${name}=${b}${value}${c}`);
const header = fc.tuple(fc.constantFrom('[', '[['), space, keyPath, comment).map(([open, a, name, c]) => `${a}${open}${a}${name}${open.replaceAll('[', ']')}${c}`);
const line = fc.oneof({ arbitrary: entry, weight: 3 }, header, comment);
const documents = fc.tuple(fc.array(line, { maxLength: 7 }), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => lines.join(end));

describe('the scan', () => {
  test.each([
    'a = 1\n[b]\nc.d = [1, { e = "f" }]\n',
    '[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]\n[[a.e]]\nf = 3',
    '[a.b]\n[a]\nc = 1\n[ "x y" . z ]',
    'a = """\n]"""\nb = {c = 1979-05-27 07:32:00 , d.e = [ [], [[]], ]}',
  ])('finds every place of %j', (text) => {
    expect(scanned(scan(text), [], new Map())).toEqual(new Expected(text).spots);
  });

  test('finds the places that toml-eslint-parser finds, in every valid text', () => {
    let valid = 0;
    fc.assert(
      fc.property(documents, (text) => {
        if (!isValid(text)) return;
        valid++;
        expect(scanned(scan(text), [], new Map())).toEqual(new Expected(text).spots);
      }),
      { numRuns: 2000 },
    );
    expect(valid).toBeGreaterThan(300);
  });

  test('ends on any text, valid or not', () => {
    const pieces = fc.constantFrom('[', ']', '{', '}', '=', ',', '"', "'", '\\', 'a', '.', '#', '\n', ' ');
    fc.assert(
      fc.property(fc.string({ unit: pieces }), (text) => {
        try {
          scan(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TomlError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a place in the meaning of a string', () => {
  const basic = fc.constantFrom('a', '$', '{', '\\"', '\\\\', '\\t', '\\x41', '\\u00e9', '\\U0001F600', '😀', '\\e', "'", ' ');
  const strings = fc.oneof(
    fc.array(basic).map((pieces) => `"${pieces.join('')}"`),
    fc.tuple(fc.constantFrom('', '\n', '\r\n'), fc.array(fc.oneof(basic, fc.constantFrom('\n', '\\\n   ', '\\  \n\t', '"x')))).map(([first, pieces]) => `"""${first}${pieces.join('')}"""`),
    fc.array(fc.constantFrom('a', '\\', '"', '😀', '$')).map((pieces) => `'${pieces.join('')}'`),
    fc.tuple(fc.constantFrom('', '\n'), fc.array(fc.constantFrom('a', '\\', "'b", '\n'))).map(([first, pieces]) => `'''${first}${pieces.join('')}'''`),
  );

  test('is found in its text', () => {
    fc.assert(
      fc.property(strings, fc.nat(), (literal, anywhere) => {
        fc.pre(isValid(`x = ${literal}`));
        const meaning = parse(`x = ${literal}`)['x'] as string;
        const offset = meaning === '' ? 0 : anywhere % meaning.length;
        // In the middle of a pair of surrogates there is no place to cut.
        fc.pre(!/[\ud800-\udbff]/.test(meaning[offset - 1] ?? ''));
        const quotes = /^("""|'''|"|')/.exec(literal)?.[0] ?? '';
        // The x keeps a quote before it apart: smol-toml 1.9 drops one that stands between an escaped line end and the end.
        const cut = parse(`x = ${literal.slice(0, literalOffset(literal, offset))}x${quotes}`)['x'];
        expect(cut).toBe(`${meaning.slice(0, offset)}x`);
      }),
      { numRuns: 1000 },
    );
  });
});
