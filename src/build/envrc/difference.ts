// What an evaluation changed in the environment it was given.

import { ownOfOneShell } from '../../model/bash-variables.ts';
import { isVariableName } from '../../model/environment.ts';

/** Variables that belong to one process, or to the evaluation itself. */
const ignored = new Set([
  ...['DIRENV_CONFIG', 'DIRENV_BASH', 'DIRENV_IN_ENVRC', 'DIRENV_DIR', 'DIRENV_FILE', 'DIRENV_DIFF', 'DIRENV_WATCHES', 'DIRENV_REQUIRED'],
  ...['DIRENV_DUMP_FILE_PATH', 'COMP_WORDBREAKS', 'PS1', 'PS4', 'SHELL'],
  // `set -a` exports them in passing: no shell can take them over.
  ...ownOfOneShell,
]);

/** What the shell that evaluates must not be told of an outer direnv: it has not loaded this. */
const outer = ['DIRENV_DIR', 'DIRENV_FILE', 'DIRENV_DIFF', 'DIRENV_WATCHES', 'DIRENV_REQUIRED', 'DIRENV_DUMP_FILE_PATH', 'DIRENV_IN_ENVRC'];

export interface Change {
  readonly name: string;
  /** `null`: it is gone. */
  readonly value: string | null;
}

export function environmentFor(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !outer.includes(name)));
}

/** Sorted by name. @param shim the directory that was in front of PATH and is nobody's. */
export function differences(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>, shim: string): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => counts(name)).sort();
  return names.flatMap((name) => {
    const value = after[name] === undefined ? null : without(after[name], shim);
    return value === (before[name] ?? null) ? [] : [{ name, value }];
  });
}

function counts(name: string): boolean {
  return !ignored.has(name) && !/^(?:DEVSHELL_|__envrc_|__fish|BASH_.|EPOCH.)/.test(name) && isVariableName(name);
}

/** A list without one of its elements. */
export function without(value: string, element: string): string {
  return value.includes(element) ? value.split(':').filter((one) => one !== element).join(':') : value;
}

/** Whether something that stood in the list was taken out. */
export function dropsElements(before: string | undefined, after: string): boolean {
  const kept = new Set(after.split(':'));
  return (before ?? '').split(':').some((element) => element !== '' && !kept.has(element));
}
