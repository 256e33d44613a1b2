// The way the system takes to an input: every place where a change of a name would lead it somewhere else.
import { lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Input } from '../model/input.ts';
import { errorCode } from './stamp.ts';

/** What to listen for: `name` in `directory` (a real path, no link in it); every coming and going there when `name` is undefined. */
export interface Step {
  readonly directory: string;
  readonly name: string | undefined;
}

/** How far a path leads. `real` is where it ends, or undefined if it ends early: the last step then names what is missing. */
interface Route {
  readonly real: string | undefined;
  readonly kind: 'directory' | 'other';
  readonly steps: readonly Step[];
}

/** How many links may still be followed on one way, counted down over all of it as the kernel does. */
interface Links {
  left: number;
}

function fresh(): Links {
  return { left: 40 };
}

const root: Route = { real: '/', kind: 'directory', steps: [] };

/** Traces many inputs; the way to a directory that they share is walked once. Lives for one pass: what it remembers grows stale. */
export class Tracer {
  readonly #directories = new Map<string, Route>();

  /** The steps to `input`; `visited` are the directories that the walk of a glob looked into. */
  steps(input: Input, visited: readonly string[]): readonly Step[] {
    switch (input.kind) {
      case 'file': {
        const route = this.#follow(this.#directory(dirname(input.path)), basename(input.path), fresh(), 'always');
        return route.kind === 'directory' && route.real !== undefined ? [...route.steps, namesOf(route.real)] : route.steps;
      }
      case 'directory':
        return this.#namesIn(input.path);
      case 'glob':
        return glanced(input.root, visited).flatMap((directory) => this.#namesIn(directory));
    }
  }

  #namesIn(path: string): readonly Step[] {
    if (path === '/') return [namesOf('/')];
    const route = this.#follow(this.#directory(dirname(path)), basename(path), fresh(), 'always');
    return route.real === undefined ? route.steps : [...route.steps, namesOf(route.real)];
  }

  #directory(path: string): Route {
    if (path === '/') return root;
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const route = this.#follow(this.#directory(dirname(path)), basename(path), fresh(), 'turning');
    this.#directories.set(path, route);
    return route;
  }

  /** One component further. A plain directory on the way is a step only when asked for: its own watch tells when it is moved. */
  #follow(from: Route, name: string, links: Links, steps: 'always' | 'turning'): Route {
    if (from.real === undefined) return from;
    if (from.kind !== 'directory') return { ...from, real: undefined };
    const here = { directory: from.real, name };
    const path = join(from.real, name);
    const found = look(path);
    const passed = steps === 'always' || found !== 'directory' ? [...from.steps, here] : from.steps;
    switch (found) {
      case 'directory':
        return { real: path, kind: 'directory', steps: passed };
      case 'other':
        return { real: path, kind: 'other', steps: passed };
      case 'missing':
        return { real: undefined, kind: 'other', steps: passed };
      case 'link':
        return this.#followLink({ real: from.real, kind: 'directory', steps: passed }, path, links, steps);
    }
  }

  #followLink(from: Route, path: string, links: Links, steps: 'always' | 'turning'): Route {
    const target = links.left-- > 0 ? readTarget(path) : undefined;
    if (target === undefined) return { ...from, real: undefined };
    let at: Route = isAbsolute(target) ? { ...root, steps: from.steps } : from;
    const names = target.split('/').filter((name) => name !== '' && name !== '.');
    for (const [index, name] of names.entries()) {
      if (name === '..') at = at.real === undefined ? at : { ...at, real: dirname(at.real) };
      else at = this.#follow(at, name, links, index === names.length - 1 ? steps : 'turning');
    }
    return at;
  }
}

/** Until it was walked, all that is known of a glob is where it starts. */
function glanced(start: string, visited: readonly string[]): readonly string[] {
  return visited.length === 0 ? [start] : visited;
}

function namesOf(directory: string): Step {
  return { directory, name: undefined };
}

function look(path: string): 'directory' | 'link' | 'other' | 'missing' {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return 'missing';
    return stats.isDirectory() ? 'directory' : stats.isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    // A directory that may not be searched hides what is in it; the sweep goes on asking.
    if (errorCode(error) === undefined) throw error;
    return 'missing';
  }
}

function readTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Every directory between one of `directories` and another one above it: renaming one of those in between moves the lower one. */
export function directoriesBetween(directories: ReadonlySet<string>): ReadonlySet<string> {
  const between = new Set<string>();
  for (const directory of directories) {
    const way: string[] = [];
    for (let above = dirname(directory); above !== '/'; above = dirname(above)) {
      if (directories.has(above) || between.has(above)) {
        for (const passed of way) between.add(passed);
        break;
      }
      way.push(above);
    }
  }
  return between;
}
