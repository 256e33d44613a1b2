// Long synchronous work in slices, so that the thread can do something else in between.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long one slice may take. */
const sliceMs = 4;

/**
 * Calls `visit` for each item, in order, and lets the loop turn after every 4 ms of it.
 * Rejects with the reason of `signal`.
 */
export async function forEachInSlices<Item>(
  items: Iterable<Item>,
  visit: (item: Item) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let startedMs = performance.now();
  for (const item of items) {
    const waiting = visit(item);
    if (waiting === undefined && performance.now() - startedMs < sliceMs) continue;
    await (waiting ?? nextTurn());
    signal.throwIfAborted();
    startedMs = performance.now();
  }
}
