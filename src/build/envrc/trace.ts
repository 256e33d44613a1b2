// Follows the trace of an evaluation: which files were sourced or asked for, and which line of whose file set which variable.

import { resolve } from 'node:path';
import { asksForTrace, endsTrace, fileRun, fileSourced, fileTested, namesSet, valuesSet } from './commands.ts';
import { runsKnownTool } from '../tool-inputs.ts';
import type { TracedCommand } from './records.ts';

/** A line of a file, with its absolute path. */
export interface TracedPlace {
  readonly path: string;
  readonly line: number;
}

/** A value that a variable had on the way, and the line that gave it. */
export interface TracedStep {
  readonly place: TracedPlace;
  readonly value: string;
}

/** A loop may set a variable any number of times: so many steps are remembered. */
const maxSteps = 50;

export interface TraceListener {
  sourced(path: string): void;
  tested(path: string): void;
  /** It is run, or asked whether it can be. */
  run(path: string): void;
  /** A command of a tool that has files of its own. */
  tool(command: string): void;
  /** A command that the file wants to see, after its own `set -x`. */
  shown(text: string): void;
}

interface Evaluated {
  readonly level: number;
  readonly source: string;
  readonly place: TracedPlace;
}

export class EvaluationTrace {
  readonly #ours: readonly string[];
  readonly #file: string;
  readonly #libraries: readonly string[];
  #begun = false;
  readonly #listener: TraceListener;
  readonly #setAt = new Map<string, TracedPlace>();
  readonly #steps = new Map<string, TracedStep[]>();
  readonly #definedAt = new Map<string, TracedPlace>();
  /** Sourced files by the name that BASH_SOURCE gives them. */
  readonly #paths = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #evaluated: Evaluated[] = [];
  #last: TracedPlace | undefined;
  #shown = false;
  #broken = false;

  /**
   * @param ours directories whose files are our own: what they do counts for the line that called them.
   * @param file the one that is evaluated; once it runs, the same goes for
   * @param libraries directories and files of the user's own libraries.
   */
  constructor(ours: readonly string[], file: string, libraries: readonly string[], listener: TraceListener) {
    this.#ours = ours;
    this.#file = file;
    this.#libraries = libraries;
    this.#listener = listener;
  }

  /** The line of a user's file that ran last. */
  get last(): TracedPlace | undefined {
    return this.#last;
  }

  /** Whether something switched the trace off: then what came after it is not known. */
  get broken(): boolean {
    return this.#broken;
  }

  setAt(name: string): TracedPlace | undefined {
    return this.#setAt.get(name);
  }

  /** What a variable was on the way, the last of each line, in order; without what cannot be read off the trace. */
  stepsOf(name: string): readonly TracedStep[] {
    return this.#steps.get(name) ?? [];
  }

  /** Where `export_function` or `export_alias` named it. */
  exportedAt(name: string): TracedPlace | undefined {
    return this.#definedAt.get(name);
  }

  add(command: TracedCommand): void {
    // Our traps run where the file stands.
    if (command.text.startsWith('__envrc_')) return;
    this.#begun ||= command.source === this.#file;
    const own = !this.#isOurs(command.source) && !(this.#begun && this.#libraries.some((library) => command.source.startsWith(library)));
    const place = own ? this.#placeOf(command) : this.#last;
    if (own) this.#last = place;
    if (own || !this.#isOurs(command.source)) this.#look(command);
    this.#source(command);
    if (place === undefined || command.subshell > 0) return;
    for (const name of namesSet(command.text)) this.#setAt.set(name, place);
    for (const [name, value] of valuesSet(command.text)) this.#step(name, { place, value });
    if (own && command.text.startsWith('export_')) for (const name of command.text.split(/\s+/).slice(1)) this.#definedAt.set(name, place);
  }

  /** A command without a place: it counts for the last one, from which it came most likely. */
  addBare(text: string): void {
    if (this.#last === undefined) return;
    for (const name of namesSet(text)) this.#setAt.set(name, this.#last);
    for (const [name, value] of valuesSet(text)) this.#step(name, { place: this.#last, value });
  }

  /** The trace is as it was, and nothing that counts got lost meanwhile. */
  mend(): void {
    this.#broken = false;
  }

  #step(name: string, step: TracedStep): void {
    const steps = this.#steps.get(name) ?? [];
    const last = steps.at(-1)?.place;
    if (last !== undefined && last.path === step.place.path && last.line === step.place.line) steps.pop();
    if (steps.length < maxSteps) this.#steps.set(name, [...steps, step]);
  }

  /** What has no file (`source <(...)`) counts for the line that wanted it as well. */
  #isOurs(source: string): boolean {
    if (!source.includes('/')) return source === 'bash' || source === '' || source === 'environment';
    return /^\/(?:dev|proc)\//.test(source) || this.#ours.some((directory) => source.startsWith(directory));
  }

  /** What `eval` runs stands nowhere: its place is that of the `eval`. */
  #placeOf(command: TracedCommand): TracedPlace {
    while ((this.#evaluated.at(-1)?.level ?? 0) >= command.level) this.#evaluated.pop();
    const outer = this.#evaluated.at(-1);
    const place = outer?.source === command.source ? outer.place : { path: this.#pathOf(command), line: command.line };
    if (/^(?:(?:builtin|command) +)*eval /.test(command.text)) this.#evaluated.push({ level: command.level, source: command.source, place });
    return place;
  }

  #pathOf({ source, directory }: TracedCommand): string {
    let path = this.#paths.get(source);
    if (path === undefined) {
      path = resolve(directory, source);
      this.#found(source, path);
    }
    return path;
  }

  #found(source: string, path: string): void {
    const known = this.#paths.get(source) === path;
    this.#paths.set(source, path);
    if (!known) this.#listener.sourced(path);
  }

  #source({ text, directory }: TracedCommand): void {
    const named = fileSourced(text);
    if (named === undefined) return;
    const path = resolve(directory, named);
    if (!this.#isOurs(path)) this.#found(named, path);
  }

  #look(command: TracedCommand): void {
    const { text, directory, subshell } = command;
    if (this.#shown) this.#listener.shown(`+ ${text}`);
    if (subshell === 0 && asksForTrace(text)) this.#shown = true;
    if (subshell === 0 && endsTrace(text)) {
      this.#shown = false;
      this.#broken = true;
    }
    if (runsKnownTool(text)) this.#listener.tool(text);
    this.#ask('tested', fileTested(text), directory);
    this.#ask('run', fileRun(text), directory);
  }

  #ask(what: 'tested' | 'run', file: string | undefined, directory: string): void {
    if (file === undefined) return;
    const path = resolve(directory, file);
    const key = `${what} ${path}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#listener[what](path);
  }
}
