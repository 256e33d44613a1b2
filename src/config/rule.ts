// What the text of a value must keep beside being text.
import { bashVariables } from '../model/bash-variables.ts';
import { isVariableName, variableNames } from '../model/environment.ts';
import type { Fault } from './fault.ts';
import { malformation } from './interpolate.ts';
import type { Malformed } from './interpolate.ts';
import { keybindFault, keyNameFault } from './key-name.ts';

export interface Rule {
  readonly fault: (text: string) => Fault | undefined;
  /** As much of it as a JSON Schema can say. */
  readonly pattern?: string;
}

const longestBytes = 128 * 1024 - 1;

/** Variables that cannot be set this way, and why. */
export const unsettable: ReadonlyMap<string, string> = new Map([
  ...bashVariables.readonly.map((name) => [name, 'bash does not let it be set'] as const),
  ...bashVariables.kept.map((name) => [name, 'the shell keeps it itself'] as const),
  ...bashVariables.evaluated.map((name) => [name, 'bash evaluates it as code'] as const),
  ...bashVariables.prompts.map((name) => [name, 'the shell runs the commands in it; put prompt code into `init` of [shell]'] as const),
  ...bashVariables.hooks.map((name) => [name, 'it is where the hooks of the shell live; put prompt code into `init` of [shell]'] as const),
]);

const alias = /^[^-\s/$`=|&;()<>"'\\][^\s/$`=|&;()<>"'\\]*$/;

export const variableName: Rule = {
  pattern: variableNames.source,
  fault: (name) => {
    if (name.startsWith('DEVSHELL_')) return { message: `\`${name}\` belongs to devshell itself`, hint: 'choose another name' };
    const reason = unsettable.get(name);
    if (reason !== undefined) return { message: `\`${name}\` cannot be set: ${reason}`, hint: 'take it out' };
    if (isVariableName(name)) return undefined;
    const usable = name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
    const hint = `write ${usable === '' ? 'a name' : usable}: letters, digits and _, no digit first`;
    return { message: `\`${name}\` is not the name of a variable`, hint };
  },
};

export const variableValue: Rule = {
  fault: (text) => {
    const malformed = malformation(text);
    if (malformed !== undefined) return { ...explainMalformed(malformed), offset: malformed.offset };
    // No UTF-16 unit takes more than three bytes.
    if (text.length * 3 <= longestBytes || Buffer.byteLength(text) <= longestBytes) return nul(text);
    return { message: 'a variable can hold at most 128 KiB', hint: 'put it into a file, and its name into the variable' };
  },
};

function explainMalformed(malformed: Malformed): Fault {
  const literal = 'a literal ${ is written $${';
  switch (malformed.reason) {
    case 'unclosed':
      return { message: 'this ${ has no closing brace', hint: `close it with }; ${literal}` };
    case 'name':
      return { message: 'this ${} does not name a variable', hint: `write \${NAME} or \${NAME:-default}; ${literal}` };
    case 'operator':
      return { message: 'of all the forms of ${}, only ${NAME} and ${NAME:-default} are known here', hint: `use one of these; ${literal}` };
    case 'depth':
      return { message: 'defaults are nested too deeply here', hint: 'use fewer' };
  }
}

/** For text that goes to programs and shells. */
export const anyText: Rule = { fault: nul };

export const command: Rule = {
  pattern: '\\S',
  fault: (text) => (text.trim() === '' ? { message: 'the command is empty', hint: 'write a command, or take the entry out' } : nul(text)),
};

export const path: Rule = { pattern: '^.', fault: pathFault };

/** An entry of PATH. */
export const pathEntry: Rule = {
  pattern: '^[^:]+$',
  fault: (text) => {
    if (!text.includes(':')) return pathFault(text);
    const parts = text.split(':').filter((part) => part !== '');
    const hint = `write one entry for each: ${parts.map((part) => JSON.stringify(part)).join(', ')}`;
    return { message: 'a directory of PATH cannot have a colon in its name', hint, offset: text.indexOf(':') };
  },
};

function pathFault(text: string): Fault | undefined {
  if (text.trim() === '') {
    return { message: 'the path is empty', hint: 'write "." for the directory of devshell.toml itself, or take the entry out' };
  }
  const hint = 'write a path from the directory of devshell.toml, or an absolute one (in devshell.local.toml if it is yours alone)';
  if (/^~(\/|$)/.test(text)) return { message: '~ is not filled in here', hint };
  if (text.includes('${')) return { message: '${} is filled in only in [env]', hint, offset: text.indexOf('${') };
  return nul(text);
}

export const aliasName: Rule = {
  pattern: alias.source,
  fault: (name) => {
    if (alias.test(name)) return nul(name);
    const hint = 'use letters, digits, . _ : + or a - that is not the first';
    return { message: `\`${name}\` cannot be the name of an alias`, hint };
  },
};

export const keybind: Rule = { fault: keybindFault };

export const keyName: Rule = {
  pattern: '^$|^([Aa]lt-)?([Cc]trl-)?([Aa]lt-)?[A-Za-z]$|^[Ff]([1-9]|1[0-2])$',
  fault: keyNameFault,
};

function nul(text: string): Fault | undefined {
  const offset = text.indexOf('\0');
  return offset < 0 ? undefined : { message: 'a NUL character cannot be passed to any program', hint: 'take \\u0000 out', offset };
}
