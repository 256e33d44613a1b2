import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { bundle } from './bundle.ts';

const run = promisify(execFile);
let root: string;
let program: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'devshell-limits-'));
  program = join(root, 'limited-process.mjs');
  await bundle('limited-process.ts', program);
});
beforeEach(() => {
  for (const name of ['a', 'b']) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'file'), '1');
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What the process said, a list per kind. */
async function said(command: string, parameters: readonly string[], limit: string): Promise<Record<string, unknown[]>> {
  const { stdout, stderr } = await run(command, [...parameters, process.execPath, program, root, limit], { timeout: 25_000 });
  expect(stderr).toBe('');
  const lines: Record<string, unknown[]> = {};
  for (const line of stdout.trim().split('\n')) {
    for (const [key, value] of Object.entries(JSON.parse(line) as Record<string, unknown>)) (lines[key] ??= []).push(value);
  }
  return lines;
}

const changedTwice = Array.from({ length: 2 }, () => fingerprintBytes(Buffer.from('2')));

test('with no file descriptor left, it is told once and every change is found when there are some again', async () => {
  const lines = await said('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh'], 'descriptors');
  expect(lines).toMatchObject({ watching: [2], changed: changedTwice, closed: [true] });
  expect(lines['problem']).toEqual([expect.stringContaining('EMFILE')]);
  expect(lines['hint']).toEqual([expect.stringContaining('ulimit -n')]);
});

test('with no inotify watch left, it is told once and the sweep finds every change', async (context) => {
  // A user namespace has limits of its own: nothing else on the machine notices.
  const inNamespace = ['-Ur', 'sh', '-c', 'echo 1 > /proc/sys/user/max_inotify_watches && exec "$@"', 'sh'];
  const possible = await run('unshare', [...inNamespace, 'true']).then(() => true, () => false);
  if (!possible) return context.skip('this machine gives no user namespace: the real ENOSPC could not be tried');
  const lines = await said('unshare', inNamespace, 'watches');
  expect(lines).toMatchObject({ watching: [2], changed: changedTwice, closed: [true] });
  expect(lines['problem']).toEqual([expect.stringContaining('ENOSPC')]);
  expect(lines['hint']).toEqual([expect.stringContaining('sysctl fs.inotify.max_user_watches=')]);
});
