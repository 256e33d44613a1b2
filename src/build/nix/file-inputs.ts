// What the evaluation of a Nix file looks at. What its code names is an input before Nix runs; the rest is found while it does.

import type { Stats } from 'node:fs';
import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { LayerContext } from '../layer.ts';
import type { Sight } from './messages.ts';
import { codeOf, directoryLiterals, pathLiterals, targetOf } from './nix-code.ts';

export class FileInputs {
  readonly #context: LayerContext;
  readonly #store: string;
  readonly #code = new Set<string>();
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();
  /** Everything below them. */
  readonly #trees = new Set<string>();
  readonly #copies = new Map<string, string>();
  readonly #collections = new Set<string>();
  readonly #read = new Set<string>();
  #unseen: string | undefined;
  readonly #observed = new Set<string>();

  constructor(context: LayerContext, store: string, file: string) {
    this.#context = context;
    this.#store = store;
    this.#code.add(file);
    for (const path of userFiles(context)) this.#files.add(path);
  }

  /** The code of the evaluation that lies outside of the store. */
  get code(): readonly string[] {
    return [...this.#read];
  }

  /** Why the result may depend on what was not observed. */
  get unseen(): string | undefined {
    return this.#unseen;
  }

  get paths(): ReadonlySet<string> {
    return new Set([...this.#code, ...this.#files, ...this.#directories, ...this.#trees]);
  }

  saw({ kind, path, to }: Sight): void {
    if (!path.startsWith('/') || this.#isFixed(path)) return;
    switch (kind) {
      case 'file':
        if (isDirectory(path)) this.#code.add(join(path, 'default.nix'));
        else (path.endsWith('.nix') ? this.#code : this.#files).add(path);
        return;
      case 'exists':
        return void this.#files.add(path);
      case 'directory':
        return void this.#directories.add(path);
      case 'copied':
        if (to !== undefined) this.#copies.set(path, to);
        this.#trees.add(path);
        return;
      case 'source':
        return void this.#trees.add(path);
      case 'foreign':
        return void this.#collections.add(path);
    }
  }

  /** What was copied with `path` in it: of a copy that is filtered it may be left out. */
  copyWith(path: string): string | undefined {
    const found = [...this.#copies].find(([copy, to]) => path.startsWith(`${copy}/`) && isDirectory(to + path.slice(copy.length)));
    return found?.[0];
  }

  #isFixed(path: string): boolean {
    return path.startsWith(`${this.#store}/`) || path === this.#context.executor.script('nix/trace.nix');
  }

  /** Makes all that is known inputs. Answers whether something that is new here changed after `sinceMs`, so that Nix may have read something else. */
  async observe(sinceMs: number, signal: AbortSignal): Promise<'steady' | 'changed'> {
    const { reader, configuration } = this.#context;
    const fresh: string[] = [];
    const isNew = (path: string, kind: string): boolean => {
      const key = `${kind} ${path}`;
      if (this.#observed.has(key)) return false;
      this.#observed.add(key);
      fresh.push(path);
      return true;
    };
    for (const path of this.#code) if (isNew(path, 'file')) await this.#readCode(path);
    for (const path of this.#collections) if (isNew(path, 'collection')) await this.#observeCollection(path, signal);
    for (const path of this.#files) if (isNew(path, 'file')) await reader.observe({ kind: 'file', path }, signal);
    for (const path of this.#directories) if (isNew(path, 'directory')) await reader.observe({ kind: 'directory', path }, signal);
    for (const path of this.#trees) {
      if (!isNew(path, 'tree')) continue;
      if (configuration.watch.ignore.length > 0) this.#unseen ??= `${path} is used, and [watch] ignore may leave out a part of it`;
      if (isDirectory(path)) await reader.observePattern(path, '**', configuration.watch.ignore, signal);
      else await reader.observe({ kind: 'file', path }, signal);
    }
    return fresh.some((path) => changedAtMs(path) >= sinceMs) ? 'changed' : 'steady';
  }

  /** The paths that stand in the code: functions of a package collection read them without being followed. */
  async #readCode(path: string): Promise<void> {
    this.#read.add(path);
    const bytes = await this.#context.reader.read(path).catch(() => undefined);
    const code = codeOf(new TextDecoder('utf-8').decode(bytes));
    for (const literal of pathLiterals(code)) {
      const target = `/${targetOf(path.slice(1), literal) ?? ''}`;
      if (!isDirectory(target)) (target.endsWith('.nix') ? this.#code : this.#files).add(target);
      else if (isFile(join(target, 'default.nix'))) this.#code.add(join(target, 'default.nix'));
    }
    for (const literal of directoryLiterals(code)) {
      const target = `/${targetOf(path.slice(1), literal) ?? ''}`;
      if (isDirectory(target) && !isFile(join(target, 'default.nix'))) this.#trees.add(target);
    }
  }

  /** A channel lies in the store and says of which commit it is; anything else cannot be told to be the same. */
  async #observeCollection(path: string, signal: AbortSignal): Promise<void> {
    const { reader } = this.#context;
    const marks = ['.git-revision', '.version-suffix'].map((name) => join(path, name));
    for (const mark of marks) await reader.observe({ kind: 'file', path: mark }, signal);
    if (!realPath(path).startsWith(`${this.#store}/`) || !marks.some(isFile)) this.#unseen ??= `${path} is evaluated and is no channel`;
  }
}

/** nixpkgs looks for them wherever it comes from (pkgs/top-level/impure.nix), whatever XDG_CONFIG_HOME says. */
function userFiles({ draft }: LayerContext): string[] {
  const home = draft.get('HOME') ?? '/';
  const named = draft.get('NIXPKGS_CONFIG') ?? '';
  const files = ['.config/nixpkgs/config.nix', '.nixpkgs/config.nix', '.config/nixpkgs/overlays.nix', '.config/nixpkgs/overlays'].map((name) => join(home, name));
  return isAbsolute(named) ? [named, ...files] : files;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isDirectory(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return statusOf(path)?.isFile() ?? false;
}

function changedAtMs(path: string): number {
  return statusOf(path)?.ctimeMs ?? 0;
}
