// Which directories have to be watched for whom, and keeping them watched whatever becomes of them.
import { join } from 'node:path';
import type { Armed, DirectoryEvent, DirectoryEvents, OpenDirectoryEvents } from './directory-events.ts';
import { directoriesBetween, type Step } from './route.ts';
import { forEachInSlices } from './slices.ts';
import { directoryIdentity } from './stamp.ts';

/** Whoever waits for events: its steps are kept here by `place`. */
export interface Traveller {
  steps: readonly Step[];
}

export interface TravellerListener<Owner> {
  /** What `owner` stands for may have changed, or the way to it. */
  stirred(owner: Owner): void;
  /** The system watches no more: `ENOSPC`, `EMFILE` or `ENFILE`. */
  limited(code: string): void;
}

/** Who waits for something in one directory. */
interface Post<Owner> {
  readonly byName: Map<string, Set<Owner>>;
  readonly anyName: Set<Owner>;
}

/** The identity of a directory that is watched, or that the system refused to watch. */
interface Guard {
  readonly kind: Armed['kind'];
  readonly identity: string;
}

const limitCodes: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/** chokidar stats each directory first: more at once only make the loop stall. */
const armedAtOnce = 10;

export class DirectoryWatches<Owner extends Traveller> {
  readonly #listener: TravellerListener<Owner>;
  readonly #events: DirectoryEvents;
  readonly #posts = new Map<string, Post<Owner>>();
  readonly #guards = new Map<string, Guard>();
  /** Every directory that should be watched: the posts, and those between them. */
  #needed: ReadonlySet<string> = new Set();
  #arranged = true;
  #limited = false;

  constructor(listener: TravellerListener<Owner>, open: OpenDirectoryEvents) {
    this.#listener = listener;
    this.#events = open({
      stirred: (event) => this.#receive(event),
      lost: (directory) => this.#lose(directory),
    });
  }

  /** True while some directory cannot be watched for a limit of the system. */
  get limited(): boolean {
    return this.#limited;
  }

  /** Puts `owner` on the way `steps`, and off the one it was on; true if it is another. `arm` then watches what that needs. */
  place(owner: Owner, steps: readonly Step[]): boolean {
    if (sameSteps(owner.steps, steps)) return false;
    const former = owner.steps;
    owner.steps = steps;
    for (const step of steps) this.#join(owner, step);
    const still = new Set(steps.map(stepKey));
    for (const step of former) if (!still.has(stepKey(step))) this.#leave(owner, step);
    return true;
  }

  /**
   * Watches what is needed and no longer what is not. `moved` if a directory is newly watched, or was not what it was:
   * something may have happened before that, so the ways must be traced again.
   */
  async arm(signal: AbortSignal): Promise<'steady' | 'moved'> {
    this.#arrange();
    const missing = [...this.#needed].filter((directory) => !this.#guards.has(directory));
    this.#limited = false;
    for (let at = 0; at < missing.length && !this.#limited; at += armedAtOnce) {
      await Promise.all(missing.slice(at, at + armedAtOnce).map((directory) => this.#guard(directory)));
      signal.throwIfAborted();
    }
    return missing.length > 0 && !this.#limited ? 'moved' : 'steady';
  }

  /** Finds the directories on the ways of `owners` that were replaced unnoticed. */
  async verify(owners: Iterable<Owner>, signal: AbortSignal): Promise<void> {
    const directories = new Set<string>();
    for (const owner of owners) for (const step of owner.steps) directories.add(step.directory);
    await forEachInSlices(directories, (directory) => this.#check(directory), signal);
  }

  /** Finds every directory that was replaced unnoticed. */
  verifyAll(signal: AbortSignal): Promise<void> {
    return forEachInSlices([...this.#guards.keys()], (directory) => this.#check(directory), signal);
  }

  close(): Promise<void> {
    this.#guards.clear();
    return this.#events.close();
  }

  #join(owner: Owner, step: Step): void {
    let post = this.#posts.get(step.directory);
    if (post === undefined) {
      post = { byName: new Map(), anyName: new Set() };
      this.#posts.set(step.directory, post);
      this.#arranged = false;
    }
    if (step.name === undefined) post.anyName.add(owner);
    else if (post.byName.get(step.name)?.add(owner) === undefined) post.byName.set(step.name, new Set([owner]));
  }

  #leave(owner: Owner, step: Step): void {
    const post = this.#posts.get(step.directory);
    if (post === undefined) return;
    if (step.name === undefined) post.anyName.delete(owner);
    else if (post.byName.get(step.name)?.delete(owner) === true && post.byName.get(step.name)?.size === 0) post.byName.delete(step.name);
    if (post.anyName.size > 0 || post.byName.size > 0) return;
    this.#posts.delete(step.directory);
    this.#arranged = false;
  }

  #arrange(): void {
    if (this.#arranged) return;
    this.#arranged = true;
    const posts = new Set(this.#posts.keys());
    // The posts first: where the system limits how many are watched, they matter most.
    this.#needed = new Set([...posts, ...directoriesBetween(posts)]);
    for (const [directory, guard] of this.#guards) if (!this.#needed.has(directory)) this.#dismiss(directory, guard);
  }

  async #guard(directory: string): Promise<void> {
    const identity = directoryIdentity(directory);
    if (identity === undefined) return;
    const armed = await this.#events.watch(directory);
    if (armed.kind === 'armed' && directoryIdentity(directory) !== identity) return this.#events.unwatch(directory);
    if (armed.kind === 'failed' && armed.code === 'closed') return;
    if (armed.kind === 'failed' && limitCodes.has(armed.code)) return this.#limit(armed.code);
    this.#guards.set(directory, { kind: armed.kind, identity });
  }

  #limit(code: string): void {
    if (this.#limited) return;
    this.#limited = true;
    this.#listener.limited(code);
  }

  #check(directory: string): void {
    const guard = this.#guards.get(directory);
    if (guard === undefined || directoryIdentity(directory) === guard.identity) return;
    this.#dismiss(directory, guard);
    this.#stirBelow(directory);
  }

  #dismiss(directory: string, guard: Guard): void {
    this.#guards.delete(directory);
    if (guard.kind === 'armed') this.#events.unwatch(directory);
  }

  #lose(directory: string): void {
    this.#guards.delete(directory);
    this.#stirBelow(directory);
  }

  #receive({ directory, name, kind }: DirectoryEvent): void {
    if (name === undefined) return this.#stirBelow(directory);
    const post = this.#posts.get(directory);
    this.#stir(post?.byName.get(name));
    if (kind === 'names') this.#stir(post?.anyName);
    const path = join(directory, name);
    if (this.#needed.has(path)) this.#stirBelow(path);
  }

  #stirBelow(directory: string): void {
    for (const [path, post] of this.#posts) {
      if (path === directory || path.startsWith(directory === '/' ? directory : `${directory}/`)) this.#stirPost(post);
    }
  }

  #stirPost(post: Post<Owner> | undefined): void {
    this.#stir(post?.anyName);
    for (const owners of post?.byName.values() ?? []) this.#stir(owners);
  }

  #stir(owners: ReadonlySet<Owner> | undefined): void {
    for (const owner of owners ?? []) this.#listener.stirred(owner);
  }
}

function stepKey(step: Step): string {
  return `${step.directory}\0${step.name ?? ''}`;
}

function sameSteps(a: readonly Step[], b: readonly Step[]): boolean {
  return a.length === b.length && a.every((step, index) => step.directory === b[index]?.directory && step.name === b[index]?.name);
}
