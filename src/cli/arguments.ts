// From the arguments to a command with its options, by the table of `options.ts`.

import { DevshellError } from '../model/problem.ts';
import type { CommandSpec, OptionSpec, Parsed } from './options.ts';
import { commandSpecs, shellCommand } from './options.ts';

/** Reads the arguments; throws a usage error that names the one it cannot take. */
export function parseArguments(given: readonly string[]): Parsed {
  const scan = new ArgumentScan(given);
  scan.options(shellCommand);
  const spec = scan.separated ? undefined : commandSpecs.find(({ name }) => name === scan.peek());
  if (spec === undefined) return finish(shellCommand, scan);
  scan.take();
  scan.options(spec);
  return finish(spec, scan);
}

function finish(spec: CommandSpec, scan: ArgumentScan): Parsed {
  const words = scan.rest();
  const limit = spec.words === 'none' ? 0 : spec.words === 'one' ? 1 : Infinity;
  if (words.length > limit) throw usageError(`devshell ${spec.name} does not take ${JSON.stringify(words[limit])}`, spec);
  if (spec.name === 'run' && words.length === 0 && scan.asked === 'run') throw usageError('devshell run wants a command', spec);
  for (const name of [...scan.flags, ...scan.values.keys()]) {
    if (!spec.options.some((option) => option.name === name)) throw usageError(`devshell ${spec.name} has no option --${name}`, spec);
  }
  return { spec, flags: scan.flags, values: scan.values, words, asked: scan.asked };
}

class ArgumentScan {
  readonly flags = new Set<string>();
  readonly values = new Map<string, string>();
  asked: Parsed['asked'] = 'run';
  /** A `--` has been read: what follows is a command and never the name of one of ours. */
  separated = false;
  readonly #words: string[];

  constructor(words: readonly string[]) {
    this.#words = [...words];
  }

  peek(): string | undefined {
    return this.#words[0];
  }

  take(): string | undefined {
    return this.#words.shift();
  }

  /** A `--` between the command and its arguments separates them, as in `devshell "cmd" -- args`. */
  rest(): string[] {
    const [command, next, ...others] = this.#words;
    if (command === undefined) return [];
    return next === '--' ? [command, ...others] : [...this.#words];
  }

  /** Takes options up to the first word that is none. */
  options(spec: CommandSpec): void {
    for (let word = this.peek(); word !== undefined && word.startsWith('-') && word !== '-'; word = this.peek()) {
      this.take();
      if (word === '--') {
        this.separated = true;
        return;
      }
      if (word === '--help' || word === '-h') this.asked = 'help';
      else if (word === '--version' || word === '-V') this.asked = 'version';
      else if (word.startsWith('--')) this.#long(word, spec);
      else for (const letter of word.slice(1)) this.#flag(optionBy(spec, (option) => option.short === letter, `-${letter}`));
    }
  }

  #long(word: string, spec: CommandSpec): void {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals === -1 ? undefined : equals);
    const option = optionBy(spec, (candidate) => candidate.name === name, `--${name}`);
    if (option.value === undefined) {
      if (equals !== -1) throw usageError(`--${name} takes no value`, spec);
      return this.#flag(option);
    }
    const value = equals === -1 ? this.take() : word.slice(equals + 1);
    if (value === undefined || value === '') throw usageError(`--${name} wants a value: ${option.value}`, spec);
    if (option.choices !== undefined && !option.choices.includes(value)) throw usageError(`--${name} is one of ${option.choices.join(', ')}, not ${value}`, spec);
    this.values.set(name, value);
  }

  #flag(option: OptionSpec): void {
    this.flags.add(option.name);
  }
}

function optionBy(spec: CommandSpec, matches: (option: OptionSpec) => boolean, shown: string): OptionSpec {
  const option = spec.options.find(matches);
  if (option === undefined) throw usageError(`${spec.name === 'devshell' ? 'devshell' : `devshell ${spec.name}`} has no option ${shown}`, spec);
  return option;
}

export function usageError(message: string, spec: CommandSpec): DevshellError {
  return new DevshellError('usage', { message, hint: `usage: ${spec.usage}` });
}
