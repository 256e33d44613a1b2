// A process that watches two files in two directories, and has run into a limit of the system. Run by limits.test.ts:
// `node limited-process.mjs DIRECTORY descriptors|watches`. Prints one JSON line per thing the watcher says.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { InputWatcher } from '../../src/watch/watcher.ts';

const [directory = '', limit] = process.argv.slice(2);
const forever = new AbortController().signal;
const paths = ['a/file', 'b/file'].map((name) => join(directory, name));
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

let told = 0;
const watcher = new InputWatcher({ settleMs: 25, maxWaitMs: 500, sweepMs: 100 }, {
  changed: (changes) => {
    for (const change of changes) say({ changed: change.fingerprint });
    told += changes.length;
    if (told === paths.length) void watcher.close().then(() => say({ closed: true }));
  },
  problem: (problem) => say({ problem: problem.message, hint: problem.hint }),
});

/** Takes every descriptor there is. */
function exhaust(): number[] {
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch {
    return taken;
  }
}

const fingerprint = fingerprintBytes(Buffer.from('1'));
// stdout is opened before there is nothing left to open it with.
say({ started: limit });
const taken = limit === 'descriptors' ? exhaust() : [];
await watcher.watch(paths.map((path) => ({ input: { kind: 'file', path }, fingerprint })), forever);
for (const fd of taken) closeSync(fd);
say({ watching: watcher.count });
for (const path of paths) writeFileSync(path, '2');
