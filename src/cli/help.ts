// `--help` and docs/cli.md, from the table of options.

import type { CommandSpec, OptionSpec } from './options.ts';
import { commandSpecs, shellCommand } from './options.ts';

const always: readonly OptionSpec[] = [
  { name: 'help', short: 'h', text: 'this text' },
  { name: 'version', short: 'V', text: 'the version' },
];

const exitCodes: readonly (readonly [string, string])[] = [
  ['0 ...', 'the command’s or the shell’s own; 128+n when signal n ended it'],
  ['2', 'wrong usage'],
  ['125', 'devshell itself failed: a configuration with mistakes, a project that is not allowed'],
  ['126', 'the command cannot be executed'],
  ['127', 'the command was not found'],
];

export function helpText(spec: CommandSpec): string {
  const parts = [`usage: ${spec.usage}`, '', ...spec.text, '', 'options:', ...columns(spec.options.concat(always).map(optionRow))];
  if (spec === shellCommand) {
    parts.push('', 'commands:', ...columns(commandSpecs.map(({ name, summary }) => [name, summary])), '', 'exit codes:', ...columns(exitCodes));
    parts.push('', '`devshell COMMAND --help` says more of each.');
  }
  return `${parts.join('\n')}\n`;
}

/** The whole of docs/cli.md. */
export function referenceText(): string {
  const head = ['# Command line', '', '<!-- Generated from src/cli/options.ts by `npm run generate`; do not edit. -->', ''];
  const codes = ['## Exit codes', '', '| code | meaning |', '|---|---|', ...exitCodes.map(([code, text]) => `| ${code} | ${text} |`), ''];
  return [...head, ...section(shellCommand), ...commandSpecs.flatMap(section), ...codes].join('\n');
}

function section(spec: CommandSpec): string[] {
  const title = spec === shellCommand ? 'devshell' : `devshell ${spec.name}`;
  const rows = spec.options.concat(always).map((option) => {
    const [shown, text] = optionRow(option);
    return `| \`${shown}\` | ${text} |`;
  });
  return [`## ${title}`, '', '```', spec.usage, '```', '', ...spec.text, '', '| option | meaning |', '|---|---|', ...rows, ''];
}

function optionRow({ name, short, value, text }: OptionSpec): readonly [string, string] {
  return [`${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`, text];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
