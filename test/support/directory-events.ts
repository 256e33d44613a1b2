// A kernel that tells only what a test wants it to tell, or has no watch left to give.
import type { Armed, DirectoryEvent, DirectoryEvents, DirectoryListener, OpenDirectoryEvents } from '../../src/watch/directory-events.ts';

export class FakeDirectoryEvents implements DirectoryEvents {
  /** What is watched now. */
  readonly watched = new Set<string>();
  /** Every call of `watch`, in order. */
  readonly asked: string[] = [];
  /** How many directories it can watch at once; one more gives `code`. */
  capacity = Infinity;
  code = 'ENOSPC';
  closed = false;
  /** Called just before a directory is watched: the moment in which a watcher may miss something. */
  beforeWatch: (directory: string) => void = () => undefined;
  #listener: DirectoryListener | undefined;

  /** To be given to the watcher under test; once. */
  readonly open: OpenDirectoryEvents = (listener) => {
    this.#listener = listener;
    return this;
  };

  watch(directory: string): Promise<Armed> {
    this.asked.push(directory);
    this.beforeWatch(directory);
    if (!this.watched.has(directory) && this.watched.size >= this.capacity) return Promise.resolve({ kind: 'failed', code: this.code });
    this.watched.add(directory);
    return Promise.resolve({ kind: 'armed' });
  }

  unwatch(directory: string): void {
    this.watched.delete(directory);
  }

  close(): Promise<void> {
    this.closed = true;
    this.watched.clear();
    return Promise.resolve();
  }

  /** Tells of an event, if its directory is watched; false if nobody listens. */
  emit(event: DirectoryEvent): boolean {
    if (this.closed || !this.watched.has(event.directory)) return false;
    this.#listener?.stirred(event);
    return true;
  }

  /** Ends the watch of a directory as the kernel does when it is deleted. */
  lose(directory: string): void {
    if (this.watched.delete(directory)) this.#listener?.lost(directory);
  }
}
