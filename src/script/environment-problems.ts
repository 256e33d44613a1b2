// What of an environment cannot be given to a shell, or would break every command that it starts.

import { bashVariables, ownOfOneShell } from '../model/bash-variables.ts';
import type { Environment, ListEdit } from '../model/environment.ts';
import { isVariableName } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';

/** Linux: one `NAME=value` string with its NUL (MAX_ARG_STRLEN). */
const stringLimitBytes = 128 * 1024;
/** Linux: arguments and environment together, at the usual stack limit of 8 MiB, less room for one longest argument. */
const totalLimitBytes = 2 * 1024 * 1024 - stringLimitBytes;
const pointerBytes = 8;

/** Aliases and functions may have names like `..`, `git-root` or `ns:task`. */
const definitionName = /^[A-Za-z0-9_.+:@%,][A-Za-z0-9_.+:@%,-]*$/;
const reservedWords = new Set(
  'if then else elif fi case esac for select while until do done in function time coproc'.split(' '),
);

/** Readonly in bash, or kept by it, or what our hook stands on, or what bash evaluates. */
const bashOwn = new Set([...ownOfOneShell, ...bashVariables.evaluated]);
const devshellOwn = new Set([
  ...['DEVSHELL_ROOT', 'DEVSHELL_SESSION', 'DEVSHELL_RELOAD_FILE', 'DEVSHELL_RELOAD_KEYBIND', 'DEVSHELL_NONCE', 'DEVSHELL_SHELL_DIR'],
]);

/** Everything that keeps `environment` from being applied by bash, all at once and in a fixed order; empty if nothing does. */
export function scriptProblems(environment: Environment): Problem[] {
  const names = [...environment.variables.keys(), ...environment.lists.keys()].sort();
  return [
    ...names.flatMap(nameProblems),
    ...[...environment.variables].flatMap(([name, value]) => (value === null ? [] : textProblems(name, value))),
    ...[...environment.lists].flatMap(([name, edit]) => listProblems(name, edit)),
    ...[...environment.functions].flatMap(([name, body]) => definitionProblems('function', name, body)),
    ...[...environment.aliases].flatMap(([name, text]) => definitionProblems('alias', name, text)),
    ...[...environment.completions].flatMap(([command, spec]) => textProblems(`completion ${command}`, command + spec)),
    ...textProblems('init', environment.init),
    ...sizeProblems(environment),
  ];
}

function nameProblems(name: string): Problem[] {
  const shown = JSON.stringify(name);
  if (!isVariableName(name)) {
    return [{ message: `${shown} cannot be the name of a variable`, text: name, hint: 'use letters, digits and _, and no digit in front' }];
  }
  if (bashOwn.has(name)) return [{ message: `${name} belongs to bash itself and cannot be set`, text: name, hint: `remove ${name}` }];
  if (devshellOwn.has(name) || name.startsWith('__devshell_')) {
    return [{ message: `${name} belongs to devshell and cannot be set`, text: name, hint: `remove ${name}` }];
  }
  return [];
}

function listProblems(name: string, edit: ListEdit): Problem[] {
  return [...edit.front, ...edit.back].flatMap((element) => {
    if (element === '') return [{ message: `an element of ${name} is empty`, hint: 'an empty element means the current directory; write .' }];
    if (element.includes(':')) return [{ message: `an element of ${name} contains a colon`, text: element, hint: 'give its parts one by one' }];
    return textProblems(name, element);
  });
}

function definitionProblems(kind: 'function' | 'alias', name: string, text: string): Problem[] {
  const known = definitionName.test(name) && !(kind === 'function' && reservedWords.has(name)) && !name.startsWith('__devshell_');
  const named = known ? [] : [{ message: `${JSON.stringify(name)} cannot be the name of ${kind === 'alias' ? 'an alias' : 'a function'}`, text: name }];
  return [...named, ...textProblems(`${kind} ${name}`, text)];
}

/** What no text in a shell may hold. */
function textProblems(what: string, text: string): Problem[] {
  if (text.includes('\0')) return [{ message: `${what} contains a NUL character, which no shell can hold` }];
  if (/\p{Surrogate}/u.test(text)) return [{ message: `${what} contains half a character (a lone surrogate)` }];
  return [];
}

/** exec fails with E2BIG beyond these limits: no command at all could be started. */
function sizeProblems(environment: Environment): Problem[] {
  const strings: [name: string, bytes: number][] = [];
  for (const [name, value] of environment.variables) if (value !== null) strings.push([name, stringBytes(name, value)]);
  for (const [name, edit] of environment.lists) strings.push([name, stringBytes(name, [...edit.front, ...edit.back].join(':'))]);
  const total = strings.reduce((sum, [, bytes]) => sum + bytes + pointerBytes, 0);
  const hint = 'put it into a file, and the path of that into the variable';
  return [
    ...strings
      .filter(([, bytes]) => bytes > stringLimitBytes)
      .map(([name, bytes]) => ({ message: `${name} has ${bytes} bytes; a variable may have ${stringLimitBytes}, or no command can be started`, hint })),
    ...(total > totalLimitBytes
      ? [{ message: `the variables have ${total} bytes in all; they may have ${totalLimitBytes}, or no command can be started`, hint }]
      : []),
  ];
}

function stringBytes(name: string, value: string): number {
  return Buffer.byteLength(`${name}=${value}`) + 1;
}
