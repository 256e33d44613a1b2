// A process that takes turns with others until it is killed. Run by build-lock.test.ts: `node lock-process.mjs DIRECTORY CURRENT LOG`.
// Appends one line per turn to LOG: how it ended, or that somebody else held one at the same time. CURRENT holds the pid of the holder.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuildLock } from '../../src/build/cache/build-lock.ts';

const [directory = '', current = '', log = ''] = process.argv.slice(2);
const lock = new BuildLock(directory);
const never = new AbortController().signal;

function isRunning(pid: string): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function takeTurn(): Promise<void> {
  const taken = lock.take();
  if (taken.kind === 'unavailable') throw new Error(taken.why);
  if (taken.kind === 'busy') {
    await lock.ended(taken.number, never);
    return;
  }
  const holder = readFileSync(current, 'utf8');
  if (holder !== '' && isRunning(holder)) appendFileSync(log, `two: ${holder} and ${process.pid}\n`);
  writeFileSync(current, String(process.pid));
  await sleep(Math.random() * 4);
  if (readFileSync(current, 'utf8') !== String(process.pid)) appendFileSync(log, `lost: ${process.pid}\n`);
  writeFileSync(current, '');
  taken.turn.end({ kind: 'stored' });
  appendFileSync(log, 'done\n');
}

for (;;) await takeTurn();
