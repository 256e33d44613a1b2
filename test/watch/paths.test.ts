import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { patience, Recorder } from './recorder.ts';

// The sweep comes once a minute here: what these tests see came through the kernel's events.

const of = (content: string): string => fingerprintBytes(Buffer.from(content));

let recorder: Recorder;
beforeEach(() => {
  recorder = new Recorder();
});
afterEach(() => recorder.dispose());

const write = (name: string, content: string): void => writeFileSync(recorder.at(name), content);
const move = (from: string, to: string): void => renameSync(recorder.at(from), recorder.at(to));
const link = (target: string, name: string): void => symlinkSync(target, recorder.at(name));
/** Puts another link in the place of `name`, as `ln -sfn` does. */
const relink = (target: string, name: string): void => void execFileSync('ln', ['-sfn', '--', target, recorder.at(name)]);
const shows = (name: string, content: string) =>
  expect.poll(() => recorder.last(recorder.file(name)), patience).toBe(content === 'missing' ? content : of(content));

describe('what is not there yet', () => {
  test('a file appears together with all its directories', async () => {
    await recorder.watch(recorder.file('a/b/c/.env'));
    await recorder.write('a/b/c/.env', 'A=1');
    await shows('a/b/c/.env', 'A=1');
    write('a/b/c/.env', 'A=2');
    await shows('a/b/c/.env', 'A=2');
  });

  test('a file appears after its directories did, one at a time', async () => {
    await recorder.watch(recorder.file('a/b/.env'));
    for (const name of ['a', 'a/b']) {
      mkdirSync(recorder.at(name));
      await recorder.rest();
    }
    expect(recorder.told).toEqual([]);
    write('a/b/.env', 'A=1');
    await shows('a/b/.env', 'A=1');
  });

  test('a directory goes and comes back with its file, several times', async () => {
    await recorder.write('a/b/.env', 'A=0');
    await recorder.watch(recorder.file('a/b/.env'));
    for (let round = 1; round <= 5; round++) {
      rmSync(recorder.at('a'), { recursive: true });
      if (round % 2 === 0) await shows('a/b/.env', 'missing');
      await recorder.write('a/b/.env', `A=${round}`);
      await shows('a/b/.env', `A=${round}`);
    }
  });

  test('a directory that is deleted and made again at once is watched again', async () => {
    await recorder.write('a/.env', 'A=1');
    await recorder.watch(recorder.file('a/.env'));
    for (let round = 0; round < 10; round++) {
      rmSync(recorder.at('a'), { recursive: true });
      mkdirSync(recorder.at('a'));
      write('a/.env', 'A=1');
    }
    await recorder.rest();
    expect(recorder.told).toEqual([]);
    write('a/.env', 'A=2');
    await shows('a/.env', 'A=2');
  });

  test('a directory in the place of a file, a file in the place of a directory', async () => {
    await recorder.write('a/.env', 'A=1');
    await recorder.watch(recorder.file('a/.env'));
    rmSync(recorder.at('a'), { recursive: true });
    write('a', 'now a file');
    await shows('a/.env', 'missing');
    rmSync(recorder.at('a'));
    await recorder.write('a/.env', 'A=2');
    await shows('a/.env', 'A=2');
  });

  test('a glob below a directory that does not exist', async () => {
    const input = { kind: 'glob', root: recorder.at('x'), pattern: 'conf.d/*.env' } as const;
    await recorder.watch(input);
    await recorder.write('x/conf.d/a.env', '1');
    await recorder.converged(input);
    await recorder.write('x/conf.d/b.env', '1');
    await recorder.converged(input);
    expect(recorder.calls).toHaveLength(2);
  });

  test('a directory input that does not exist', async () => {
    const input = { kind: 'directory', path: recorder.at('x/y') } as const;
    await recorder.watch(input);
    await mkdir(recorder.at('x/y'), { recursive: true });
    await recorder.converged(input);
    write('x/y/a', '1');
    await recorder.converged(input);
    expect(recorder.calls).toHaveLength(2);
  });
});

describe('replaced directories', () => {
  test('mv dir old; mv new dir', async () => {
    await recorder.write('dir/.env', 'A=1');
    await recorder.write('new/.env', 'A=2');
    await recorder.watch(recorder.file('dir/.env'));
    move('dir', 'old');
    move('new', 'dir');
    await shows('dir/.env', 'A=2');
    write('old/.env', 'A=9');
    write('dir/.env', 'A=3');
    await shows('dir/.env', 'A=3');
  });

  test('a directory with the same file in it: not reported, and watched', async () => {
    await recorder.write('dir/.env', 'A=1');
    await recorder.write('new/.env', 'A=1');
    await recorder.watch(recorder.file('dir/.env'));
    move('dir', 'old');
    move('new', 'dir');
    await recorder.rest();
    expect(recorder.told).toEqual([]);
    write('dir/.env', 'A=2');
    await shows('dir/.env', 'A=2');
  });

  test('a directory in which the file is missing as well', async () => {
    await recorder.write('dir/other', '1');
    await recorder.write('new/other', '1');
    await recorder.watch(recorder.file('dir/.env'));
    move('dir', 'old');
    move('new', 'dir');
    await recorder.rest();
    write('dir/.env', 'A=1');
    await shows('dir/.env', 'A=1');
  });

  test('a directory high above the file, below one that holds another input', async () => {
    await recorder.write('devshell.toml', '');
    await recorder.write('a/b/c/.env', 'A=1');
    await recorder.write('new/b/c/.env', 'A=2');
    await recorder.watch(recorder.file('devshell.toml'), recorder.file('a/b/c/.env'));
    move('a', 'old');
    move('new', 'a');
    await shows('a/b/c/.env', 'A=2');
    write('a/b/c/.env', 'A=3');
    await shows('a/b/c/.env', 'A=3');
  });

  test('the file moves away with its directory, and back', async () => {
    await recorder.write('devshell.toml', '');
    await recorder.write('a/b/.env', 'A=1');
    await recorder.watch(recorder.file('devshell.toml'), recorder.file('a/b/.env'));
    move('a', 'away');
    await shows('a/b/.env', 'missing');
    move('away', 'a');
    await shows('a/b/.env', 'A=1');
  });

  test('a directory and a child of the same name', async () => {
    await recorder.write('a/a/a', '1');
    await recorder.watch(recorder.file('a/a/a'), { kind: 'directory', path: recorder.at('a') });
    rmSync(recorder.at('a/a'), { recursive: true });
    await shows('a/a/a', 'missing');
    await recorder.write('a/a/a', '2');
    await shows('a/a/a', '2');
    write('a/a/a', '3');
    await shows('a/a/a', '3');
  });
});

describe('links', () => {
  test('to a file: what is written into the target', async () => {
    await recorder.write('target/file', '1');
    link('target/file', 'link');
    await recorder.watch(recorder.file('link'));
    write('target/file', '2');
    await shows('link', '2');
    await recorder.write('target/next', '3');
    move('target/next', 'target/file');
    await shows('link', '3');
  });

  test('to a file: the link leads elsewhere', async () => {
    await recorder.write('one/file', '1');
    await recorder.write('two/file', '2');
    link('one/file', 'link');
    await recorder.watch(recorder.file('link'));
    relink('two/file', 'link');
    await shows('link', '2');
    write('two/file', '3');
    await shows('link', '3');
  });

  test('to a directory in the middle of the path: written behind it, and retargeted', async () => {
    await recorder.write('v1/conf/.env', '1');
    await recorder.write('v2/conf/.env', '2');
    link('v1', 'current');
    await recorder.watch(recorder.file('current/conf/.env'));
    write('v1/conf/.env', '1b');
    await shows('current/conf/.env', '1b');
    relink('v2', 'current');
    await shows('current/conf/.env', '2');
    write('v2/conf/.env', '3');
    await shows('current/conf/.env', '3');
  });

  test('in the middle of the path, retargeted to where the file is missing as well', async () => {
    await mkdir(recorder.at('v1'));
    await mkdir(recorder.at('v2'));
    link('v1', 'current');
    await recorder.watch(recorder.file('current/.env'));
    relink('v2', 'current');
    await recorder.rest();
    write('v2/.env', '2');
    await shows('current/.env', '2');
  });

  test('that lead nowhere, until they do', async () => {
    link('nowhere/file', 'link');
    await recorder.watch(recorder.file('link'));
    await recorder.write('nowhere/file', '1');
    await shows('link', '1');
  });

  test('that lead in a circle, until they do not', async () => {
    link('b', 'a');
    link('a', 'b');
    await recorder.watch(recorder.file('a'));
    rmSync(recorder.at('b'));
    write('b', '1');
    await shows('a', '1');
  });

  test('with .. behind another link', async () => {
    await recorder.write('far/away/here/x', '');
    await recorder.write('far/away/file', '1');
    link('far/away/here', 'hop');
    link('hop/../file', 'link');
    await recorder.watch(recorder.file('link'));
    write('far/away/file', '2');
    await shows('link', '2');
  });

  test('swapped as Kubernetes swaps a mounted configuration (..data)', async () => {
    await recorder.write('mount/..v1/app.env', '1');
    link('..v1', 'mount/..data');
    link('..data/app.env', 'mount/app.env');
    await recorder.watch(recorder.file('mount/app.env'));
    for (let version = 2; version <= 4; version++) {
      await recorder.write(`mount/..v${version}/app.env`, String(version));
      link(`..v${version}`, 'mount/..data_tmp');
      move('mount/..data_tmp', 'mount/..data');
      rmSync(recorder.at(`mount/..v${version - 1}`), { recursive: true });
      await shows('mount/app.env', String(version));
    }
    expect(recorder.calls).toHaveLength(3);
  });

  test('a linked directory in a glob: followed where the pattern names its place', async () => {
    await recorder.write('real/a.env', '1');
    link('real', 'conf.d');
    const input = { kind: 'glob', root: recorder.root, pattern: 'conf.d/*.env' } as const;
    await recorder.watch(input);
    write('real/b.env', '1');
    await recorder.converged(input);
    await recorder.write('other/c.env', '1');
    relink('other', 'conf.d');
    await recorder.converged(input);
    expect(recorder.calls).toHaveLength(2);
  });
});

test('a file is renamed over another, deleted and made again, hundreds of times: the end is what is there', async () => {
  await recorder.write('.env', '0');
  await recorder.watch(recorder.file('.env'));
  for (let round = 1; round <= 200; round++) {
    if (round % 3 === 0) rmSync(recorder.at('.env'), { force: true });
    write('.env.tmp', String(round));
    move('.env.tmp', '.env');
    if (round % 20 === 0) await pause(7);
  }
  await shows('.env', '200');
  await recorder.rest();
  expect(recorder.last(recorder.file('.env'))).toBe(of('200'));
});
