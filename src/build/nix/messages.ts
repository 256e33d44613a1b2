// What Nix says with `--log-format internal-json`: messages with their level and place, activities, and the output of builders.

import stripAnsi from 'strip-ansi';

export interface NixError {
  /** Without colours. */
  readonly text: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Something that an evaluation looked at; `source`: what may be copied in part, `foreign`: code that was evaluated without being followed. */
export interface Sight {
  readonly kind: 'file' | 'directory' | 'exists' | 'source' | 'copied' | 'foreign';
  readonly path: string;
  /** Where it was copied to, once that is known. */
  readonly to?: string;
}

export interface MessageTargets {
  readonly log: (text: string) => void;
  readonly saw: (sight: Sight) => void;
}

/** The level of the last messages that a user sees without -v. */
const infoLevel = 3;
/** `resBuildLogLine` and `resPostBuildLogLine` of Nix. */
const logLineTypes: readonly unknown[] = [101, 107];
const maxKeptCharacters = 256 * 1024;

/** Puts chunks together to lines, and lines to what a person reads, what was looked at, and the errors. */
export class NixMessages {
  readonly #targets: MessageTargets;
  readonly #errors: NixError[] = [];
  #rest = '';
  #shown = '';

  constructor(targets: MessageTargets) {
    this.#targets = targets;
  }

  get errors(): readonly NixError[] {
    return this.#errors;
  }

  /** Everything that was shown of it. */
  get shown(): string {
    return this.#shown;
  }

  add(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }

  #take(line: string): void {
    const message = line.startsWith('@nix ') ? parse(line.slice(5)) : undefined;
    if (message === undefined) return this.#show(line);
    switch (message['action']) {
      case 'msg':
        return this.#message(message);
      case 'start':
        return this.#started(message);
      case 'result': {
        const [text] = Array.isArray(message['fields']) ? (message['fields'] as unknown[]) : [];
        if (logLineTypes.includes(message['type']) && typeof text === 'string') this.#show(`> ${stripAnsi(text)}`);
      }
    }
  }

  #message(message: Message): void {
    const text = stripAnsi(stringOf(message['msg']));
    const sight = sightIn(text);
    if (sight !== undefined) return this.#targets.saw(sight);
    if (Number(message['level']) > infoLevel) return;
    this.#show(text);
    if (!/^\s*error:/.test(text)) return;
    const { file, line, column } = message;
    this.#errors.push({ text, file: stringOf(file) || undefined, line: Number(line) || undefined, column: Number(column) || undefined });
  }

  #started(message: Message): void {
    const text = stripAnsi(stringOf(message['text']));
    const sight = sightIn(text);
    if (sight !== undefined) this.#targets.saw(sight);
    else if (Number(message['level']) <= infoLevel && text !== '') this.#show(text);
  }

  #show(text: string): void {
    if (this.#shown.length < maxKeptCharacters) this.#shown += `${text}\n`;
    this.#targets.log(`${text}\n`);
  }
}

type Message = Readonly<Record<string, unknown>>;

function parse(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `trace: devshell` is what shell/nix/trace.nix says; the rest are messages of Nix itself with -vvv, in the words of 2.8 to 2.36. */
function sightIn(text: string): Sight | undefined {
  const traced = /^trace: devshell (file|directory|exists|source|foreign) (.*)$/s.exec(text);
  if (traced !== null) return { kind: traced[1] as Sight['kind'], path: traced[2] ?? '' };
  const evaluated = /^evaluating file '(\/.*)'$/s.exec(text);
  if (evaluated !== null) return { kind: 'file', path: evaluated[1] ?? '' };
  const copied = /^(?:copied source|copying|hashing) '(\/.*?)'(?: -> '(.*?)'.*| to the store)?$/s.exec(text);
  if (copied === null) return undefined;
  const [, path = '', to] = copied;
  return { kind: 'copied', path, ...(to === undefined ? {} : { to }) };
}
