// What the table says of bash, held to bash itself.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { bashVariables, ownOfOneShell } from '../../src/model/bash-variables.ts';

const answer = (script: string): string[] => execFileSync('bash', ['--norc', '-c', script], { env: { PATH: process.env['PATH'] ?? '' }, encoding: 'utf8' }).split('\n').filter(Boolean).sort();

it('bash refuses an assignment to what is called readonly, and to nothing else', () => {
  const all = Object.values(bashVariables).flat();
  expect(new Set(all).size).toBe(all.length);
  expect(answer(`for name in ${all.join(' ')}; do (eval "$name=1") 2>/dev/null || echo $name; done`)).toEqual([...bashVariables.readonly].sort());
});

it('whatever bash sets by itself is known to be its own, or says what machine and what bash it is', () => {
  const told = ['BASH', 'COMP_WORDBREAKS', 'HOSTNAME', 'HOSTTYPE', 'MACHTYPE', 'OPTERR', 'OSTYPE', 'PATH', 'SHELL', 'TERM'];
  const own = answer('compgen -v').filter((name) => !told.includes(name) && !/^BASH_/.test(name));
  expect(own.filter((name) => !ownOfOneShell.includes(name) && !(bashVariables.prompts as readonly string[]).includes(name))).toEqual([]);
});
