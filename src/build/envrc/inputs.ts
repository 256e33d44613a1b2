// What an evaluation tells of the files it meets, as inputs of the build and as code that may or may not run.

import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { contentOf, type Input } from '../../model/input.ts';
import { direnvDirectory } from '../../config/direnv-settings.ts';
import { isExecutable } from '../../watch/executable.ts';
import { userDirectory } from '../../config/user-directories.ts';
import type { LayerContext } from '../layer.ts';
import { observeBefore } from '../tool-inputs.ts';
import type { InputKind } from './evaluation.ts';

export class EvaluatedInputs {
  readonly #context: LayerContext;
  readonly #signal: AbortSignal;
  readonly #taken = new Set<string>();
  readonly #open = new Set<Promise<unknown>>();
  readonly #judged = new Set<string>();
  readonly #failed: unknown[] = [];

  /** Where the user's own libraries lie: directories with a slash behind them, and files. */
  readonly libraries: readonly string[];

  constructor(context: LayerContext, signal: AbortSignal) {
    const variable = (name: string): string | undefined => context.draft.get(name);
    const home = variable('HOME') ?? '';
    this.libraries = [`${direnvDirectory(variable) ?? home}/`, `${home}/.direnvrc`, `${userDirectory('cache', variable, '/')}/direnv/cas/`];
    this.#context = context;
    this.#signal = signal;
  }

  /** Looks at once: what changes from now on is a change. */
  readonly take = (kind: InputKind, path: string): void => {
    const key = `${kind} ${path}`;
    if (this.#taken.has(key)) return;
    this.#taken.add(key);
    const looking = this.#look(kind, path).catch((error: unknown) => void this.#failed.push(error));
    this.#open.add(looking);
    void looking.finally(() => this.#open.delete(looking));
  };

  async #look(kind: InputKind, path: string): Promise<unknown> {
    const { reader, gate, configuration } = this.#context;
    switch (kind) {
      case 'file':
        return reader.observe({ kind: 'file', path }, this.#signal);
      case 'names':
        return reader.observe({ kind: 'directory', path }, this.#signal);
      case 'tree':
        return reader.observePattern(path, '**/*', configuration.watch.ignore, this.#signal);
      case 'tested':
        return isOwnMaking(path) ? undefined : reader.observe(presenceOf(path), this.#signal);
      case 'run':
        return isOwnMaking(path) || !isWaiting(path) ? undefined : reader.observe({ kind: 'file', path }, this.#signal);
      case 'tool':
        return observeBefore({ run: path }, this.#context, this.#signal);
      case 'sourced':
      case 'refused':
      case 'required': {
        const found = await reader.observe({ kind: 'file', path }, this.#signal);
        if (found === 'missing' || this.#judged.has(path) || this.#isOwn(path)) return undefined;
        this.#judged.add(path);
        gate.admits(path, found);
        return undefined;
      }
    }
  }

  /** The user's own libraries are no code of the project; what came from the net was checked by what it holds. */
  #isOwn(path: string): boolean {
    return this.libraries.some((library) => path.startsWith(library));
  }

  /** The files that are now in the form in which they were allowed; undefined: everything is allowed. */
  async approved(): Promise<readonly string[] | undefined> {
    const { gate, reader } = this.#context;
    if (gate.approved === 'all') return undefined;
    const paths: string[] = [];
    for (const [path, allowed] of gate.approved) {
      if (contentOf(await reader.observe({ kind: 'file', path }, this.#signal)) === allowed) paths.push(path);
    }
    return paths;
  }

  /** Resolves when everything that was told has been looked at; rejects with the first failure. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
    if (this.#failed.length > 0 && !this.#signal.aborted) throw this.#failed[0];
  }
}

/** What layouts keep is made by the evaluation that asked for it, and the kernel's files are never twice the same: both would look like changes. */
function isOwnMaking(path: string): boolean {
  return /\/\.direnv(?:\/|$)/.test(path) || /^\/(?:proc|sys|dev)(?:\/|$)/.test(path);
}

/** A file that cannot be run yet: what it takes is a mode, or another content. One that can is a program like any other, and no input. */
function isWaiting(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true && !isExecutable(stats);
}

/** That something is there, or not; of a file not what it holds, which nobody asked for. */
function presenceOf(path: string): Input {
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return isFile ? { kind: 'glob', root: dirname(path), pattern: basename(path).replaceAll(/[*?[\]{}()!+@|\\]/g, '\\$&') } : { kind: 'file', path };
}
