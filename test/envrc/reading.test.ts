// Reading what bash prints: environments, traces, records.

import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksForTrace, endsTrace, fileSourced, fileTested, namesSet } from '../../src/build/envrc/commands.ts';
import { parseDeclared } from '../../src/build/envrc/declared.ts';
import type { EvaluationRecord } from '../../src/build/envrc/records.ts';
import { RecordReader } from '../../src/build/envrc/records.ts';
import { wordsOf } from '../../src/build/envrc/words.ts';

/** Any text that a variable can hold. */
const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^[\\'"$`\n\t\x01\x7f é♀!a]{0,20}$/)).map((text) => text.replaceAll('\0', '').toWellFormed());
const variables = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,6}X$/), value, { maxKeys: 30, noNullPrototype: true });

describe('what bash prints is read back exactly', () => {
  it.each(['C', 'C.UTF-8'])('`export -p`, also in posix mode, in the locale %s', (locale) => {
    fc.assert(
      fc.property(variables, (env) => {
        const print = (options: string): string => execFileSync('bash', ['--norc', '-c', `${options} export -p`], { env: { ...env, LC_ALL: locale }, encoding: 'utf8' });
        for (const options of ['', 'set -o posix;']) {
          const read = parseDeclared(print(options));
          for (const [name, text] of Object.entries(env)) expect([name, read[name]]).toEqual([name, text]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('the words of a trace', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (words) => {
        const text = execFileSync('bash', ['--norc', '-c', 'PS4="@"; exec 2>&1; set -x; : "$@"', 'bash', ...words], { env: { LC_ALL: 'C.UTF-8' }, encoding: 'utf8' });
        expect(wordsOf(text.slice(1))).toEqual([':', ...words]);
      }),
      { numRuns: 40 },
    );
  });

  it('records, wherever the bytes are cut', () => {
    const bytes = Buffer.from(
      ["\x1dfile\x1f/a b", '\x1e\x1e/p/.envrc\x1f1\x1f0\x1f/p\x1fexport A=1', "\x1e\x1e/p/.envrc\x1f2\x1f0\x1f/p\x1fexport 'M=é", 'b', "c'", '\x1dleft\x1f0', '+ bare é', "\x1e/x\x1f3\x1f1\x1f/\x1f: 'a\x1fb'", ''].join('\n'),
    );
    const read = (cuts: readonly number[]): EvaluationRecord[] => {
      const records: EvaluationRecord[] = [];
      const reader = new RecordReader((record) => records.push(record));
      const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
      for (let at = 1; at < edges.length; at++) reader.add(bytes.subarray(edges[at - 1], edges[at]));
      reader.flush();
      return records;
    };
    const whole = read([]);
    expect(whole.map((record) => ('text' in record ? record.text : ''))).toEqual(['/a b', 'export A=1', "export 'M=é\nb\nc'", '0', 'bare é', ": 'a\x1fb'"]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), (cuts) => {
        expect(read(cuts)).toEqual(whole);
      }),
    );
  });
});

describe('what a traced command says', () => {
  it.each<[command: string, names: string[]]>([
    ['A=1', ['A']],
    ['A+=1', ['A']],
    ["A[2]='x y'", ['A']],
    ["export 'A=1 2' B C=3", ['A', 'B', 'C']],
    ['declare -x -g D=1', ['D']],
    ['builtin export E=1', ['E']],
    ['unset -v F', ['F']],
    ['read -r G H', ['G', 'H']],
    ["printf -v I '%s' x", ['I', 'x']],
    ['for J in 1 2', ['J', 'in']],
    ['echo K=1', []],
    ["'L=1'", []],
  ])('%s sets %j', (command, names) => {
    for (const name of names.filter((one) => /^[A-Z]$/.test(one))) expect(namesSet(command)).toContain(name);
    if (names.length === 0) expect(namesSet(command)).toEqual([]);
  });

  it.each<[command: string, sourced: string | undefined, tested: string | undefined]>([
    ["source './a b' x", './a b', undefined],
    ['. -- lib.sh', 'lib.sh', undefined],
    ['builtin . /x', '/x', undefined],
    ['sourced x', undefined, undefined],
    ['[[ -f a ]]', undefined, 'a'],
    ["[[ ! -e 'a b' ]]", undefined, 'a b'],
    ["'[' -d x ']'", undefined, 'x'],
    ["'[' '!' -r x ']'", undefined, 'x'],
    ['test -s x', undefined, 'x'],
    ['[[ -n x ]]', undefined, undefined],
    ['[[ x == -f ]]', undefined, undefined],
    ['[[ -f \'\' ]]', undefined, undefined],
  ])('%s', (command, sourced, tested) => {
    expect([fileSourced(command), fileTested(command)]).toEqual([sourced, tested]);
  });

  it.each<[command: string, ends: boolean, asks: boolean]>([
    ['set +x', true, false],
    ['set -eux', false, true],
    ['set +o xtrace', true, false],
    ['set -o xtrace', false, true],
    ['set -- +x', true, false],
    ["PS4='+ '", true, false],
    ['unset BASH_XTRACEFD', true, false],
    ['set -e', false, false],
  ])('%s', (command, ends, asks) => {
    expect([endsTrace(command), asksForTrace(command)]).toEqual([ends, asks]);
  });
});
