// What asks for the size of the screen, sets it, or reaches to its bottom: the program's screen is one row less.

import { bytes, nothing } from './escapes.ts';
import type { Parameters } from './parameters.ts';
import type { Program } from './program.ts';
import type { Splicer } from './sink.ts';

/** Where a rectangle's bottom row stands in the parameters, by intermediate and final. */
const rectangleBottom: ReadonlyMap<string, number> = new Map([
  ['$r', 2], ['$t', 2], ['$z', 2], ['${', 2], ['$v', 2], ['$x', 3], ['*y', 4],
]);

/** `CSI Ps ; ... t` from `at` to `end`. */
export function changeWindow({ margins, columns }: Program, splicer: Splicer, parameters: Parameters, at: number, end: number): void {
  const operation = parameters.at(0, 0);
  if (operation === 18 && splicer.rewriting) {
    splicer.replace(at, end, bytes(nothing));
    splicer.reply(bytes(`\x1b[8;${margins.rows};${columns}t`));
  } else if (operation === 8 && parameters.at(1, 0) > 0) {
    splicer.replace(at, end, bytes(`\x1b[8;${[parameters.at(1, 0) + 1, ...parameters.values().slice(2)].join(';')}t`));
  } else if (operation >= 24) {
    splicer.replace(at, end, bytes(`\x1b[${operation + 1}t`));
  }
}

/** A sequence with the intermediates and final `name`, if it is one about a rectangle. */
export function clampRectangle(program: Program, splicer: Splicer, parameters: Parameters, name: string, at: number, end: number): void {
  const bottom = rectangleBottom.get(name);
  if (bottom === undefined) return;
  const { rows } = program.margins;
  const values = parameters.values();
  program.dirty = true;
  if (values[bottom] !== undefined && values[bottom] > 0 && values[bottom] <= rows) return;
  while (values.length <= bottom) values.push(0);
  values[bottom] = rows;
  splicer.replace(at, end, bytes(`\x1b[${values.map((value) => (value === 0 ? '' : value)).join(';')}${name}`));
}
