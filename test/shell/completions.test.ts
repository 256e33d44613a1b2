// Completions come and go with an environment, three ways like everything else.

import { expect, test } from 'vitest';
import { environmentOf, runMerges } from './driver.ts';

const report = 'echo "$__devshell_report"';
const shown = 'complete -p tool 2>/dev/null || echo none';

function lines(environments: Parameters<typeof runMerges>[0], script: string): string[] {
  return runMerges(environments, script).trimEnd().split('\n');
}

const with1 = environmentOf({ completions: { tool: "-W 'a b'", other: '-F _other -o nospace' } });
const with2 = environmentOf({ completions: { tool: "-W 'c'" } });
const none = environmentOf({});

test('They are set, changed, and go, and what there was before comes back.', () => {
  expect(lines([with1, with1, with2, none], `complete -o dirnames tool; apply 1; complete -p tool other; ${report}; apply 2; ${report}; apply 3; ${shown}; ${report}; apply 4; ${shown}; ${report}`)).toEqual([
    "complete -W 'a b' tool",
    'complete -o nospace -F _other other',
    '1;2;0;0;',
    '2;0;0;0;',
    "complete -W 'c' tool",
    '3;0;1;1;',
    'complete -o dirnames tool',
    '4;0;0;1;',
  ]);
  expect(lines([with1, none], `apply 1; apply 2; ${shown}; ${report}`)).toEqual(['none', '2;0;0;2;']);
});

test("What the user changes meanwhile stays the user's, and is named.", () => {
  expect(lines([with1, with2, none], `apply 1; complete -W mine tool; apply 2; ${shown}; ${report}; apply 3; ${shown}; ${report}`)).toEqual([
    "complete -W 'mine' tool",
    '2;0;0;1;completion tool',
    "complete -W 'mine' tool",
    '3;0;0;0;completion tool',
  ]);
});
