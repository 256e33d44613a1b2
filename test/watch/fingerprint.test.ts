import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Input } from '../../src/model/input.ts';
import { emptyFingerprint, fingerprint, fingerprintBytes, fingerprintNames, listGlob } from '../../src/watch/fingerprint.ts';
import { forever } from './recorder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'devshell-fingerprint-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);
const file = (name: string): Input => ({ kind: 'file', path: at(name) });
const put = (name: string, content: string | Uint8Array = ''): void => {
  mkdirSync(join(at(name), '..'), { recursive: true });
  writeFileSync(at(name), content);
};

/** The input of the official test vectors: 0, 1, 2 ... 250, 0, 1 ... */
const vector = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);

describe('bytes', () => {
  // https://github.com/BLAKE3-team/BLAKE3/blob/master/test_vectors/test_vectors.json
  test.each([
    [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
    [102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
  ])('%i bytes give the fingerprint of the official test vectors', (length, expected) => {
    expect(fingerprintBytes(vector(length))).toBe(expected);
  });

  test.each([1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024 + 17])(
    '%i bytes give the same from memory and from a file', async (length) => {
      put('big', vector(length));
      expect(await fingerprint(file('big'), forever)).toBe(fingerprintBytes(vector(length)));
    });

  test('one byte more or less, anywhere, is another fingerprint', () => {
    const sizes = [0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 2 * 1024 * 1024 + 1];
    expect(new Set(sizes.map((length) => fingerprintBytes(new Uint8Array(length)))).size).toBe(sizes.length);
  });
});

describe('names', () => {
  test('the order does not matter, everything else does', () => {
    fc.assert(fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
      const same = JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
      expect(fingerprintNames(a) === fingerprintNames(b)).toBe(same);
      expect(fingerprintNames([...a].reverse())).toBe(fingerprintNames(a));
    }));
  });

  test.each<[readonly string[], readonly string[]]>([
    [['a', 'b'], ['a\nb']], [['a', 'b'], ['a\0b']], [['a', 'b'], ['a,b']], [['a","b'], ['a', 'b']], [[], ['']], [['ab'], ['a', 'b']],
  ])('%j and %j differ', (a, b) => {
    expect(fingerprintNames(a)).not.toBe(fingerprintNames(b));
  });

  test('no names and no bytes differ', () => {
    expect(fingerprintNames([])).not.toBe(fingerprintBytes(new Uint8Array(0)));
  });
});

describe('a file input', () => {
  test('is its bytes, through links', async () => {
    put('a', 'content');
    symlinkSync('a', at('b'));
    expect(await fingerprint(file('b'), forever)).toBe(fingerprintBytes(Buffer.from('content')));
  });

  test('is its names when it is a directory', async () => {
    put('d/x');
    put('d/.y');
    expect(await fingerprint(file('d'), forever)).toBe(fingerprintNames(['.y', 'x']));
    expect(await fingerprint({ kind: 'directory', path: at('d') }, forever)).toBe(fingerprintNames(['x', '.y']));
  });

  test.each([
    ['nothing', () => undefined, 'x'],
    ['nothing below nothing', () => undefined, 'a/b/c'],
    ['something below a file', () => put('x'), 'x/y'],
    ['a link to nothing', () => symlinkSync('nowhere', at('x')), 'x'],
    ['a link to itself', () => symlinkSync('x', at('x')), 'x'],
    ['a name that is too long', () => undefined, 'x'.repeat(300)],
  ])('%s is missing', async (_, prepare, name) => {
    prepare();
    expect(await fingerprint(file(name), forever)).toBe('missing');
  });

  test.each([
    ['a FIFO', () => execFileSync('mkfifo', [at('x')])],
    ['a link to a FIFO', () => {
      execFileSync('mkfifo', [at('y')]);
      symlinkSync('y', at('x'));
    }],
    ['a terminal', () => symlinkSync('/dev/tty', at('x'))],
    ['a device without end', () => symlinkSync('/dev/zero', at('x'))],
  ])('%s is unreadable, and does not block', async (_, prepare) => {
    prepare();
    expect(await fingerprint(file('x'), forever)).toBe('unreadable');
  });

  test('a socket is unreadable', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('s'), resolve));
    try {
      expect(await fingerprint(file('s'), forever)).toBe('unreadable');
    } finally {
      server.close();
    }
  });

  test('a link to /dev/null is an empty file', async () => {
    symlinkSync('/dev/null', at('x'));
    expect(await fingerprint(file('x'), forever)).toBe(fingerprintBytes(new Uint8Array(0)));
    expect(emptyFingerprint).toBe(fingerprintBytes(new Uint8Array(0)));
  });

  test('a file whose size the system gives as 0 is read all the same', async () => {
    expect(await fingerprint({ kind: 'file', path: '/proc/version' }, forever)).not.toBe(fingerprintBytes(new Uint8Array(0)));
  });

  test('a file that fails while it is read is unreadable', async () => {
    // Reading the memory of a process from its start gives EIO, whoever asks.
    expect(await fingerprint({ kind: 'file', path: '/proc/self/mem' }, forever)).toBe('unreadable');
  });

  test('a big file leaves the loop free, and can be given up', async () => {
    put('big');
    truncateSync(at('big'), 300 * 1024 * 1024);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 50);
    await expect(fingerprint(file('big'), controller.signal)).rejects.toBe(reason);
    delay.disable();
    // A chunk takes under a millisecond; the rest is left to a busy machine.
    expect(delay.max / 1e6).toBeLessThan(200);
  });

  test('nothing is read once the signal is aborted', async () => {
    await expect(fingerprint(file('x'), AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
  });
});

test.each([
  ['that is missing', () => undefined],
  ['that is a file', () => put('d', 'x')],
])('a directory input %s is missing', async (_, prepare) => {
  prepare();
  expect(await fingerprint({ kind: 'directory', path: at('d') }, forever)).toBe('missing');
});

describe('a glob', () => {
  const list = async (pattern: string, ignore: readonly string[] = []): Promise<readonly string[]> =>
    (await listGlob(root, pattern, ignore)).map((path) => path.slice(root.length + 1));

  beforeEach(() => {
    for (const name of ['a.env', '.b.env', 'x.txt', 'conf/c.env', 'conf/.deep/d.env', 'node_modules/m/e.env', 'conf/node_modules/f.env',
      '.git/g.env', 'dir.env/h.txt', '[odd] (name)/i.env']) put(name);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['*.env', [], ['.b.env', 'a.env']],
    ['**/*.env', [], ['.b.env', '[odd] (name)/i.env', 'a.env', 'conf/.deep/d.env', 'conf/c.env']],
    ['conf/**', [], ['conf/.deep/d.env', 'conf/c.env']],
    ['conf', [], []],
    ['{a,.b}.env', [], ['.b.env', 'a.env']],
    ['**/*.env', ['conf/**', '.b.env'], ['[odd] (name)/i.env', 'a.env']],
    ['node_modules/**/*.env', [], ['node_modules/m/e.env']],
    ['.git/*.env', [], ['.git/g.env']],
    ['nowhere/*.env', [], []],
  ])('%s without %j lists %j', async (pattern, ignore, expected) => {
    expect(await list(pattern, ignore)).toEqual(expected);
  });

  test('a root with special characters is taken by its letters', async () => {
    expect(await listGlob(at('[odd] (name)'), '*.env', [])).toEqual([at('[odd] (name)/i.env')]);
  });

  test('links to files count; links to directories are followed where the pattern names them, not below **', async () => {
    symlinkSync('conf', at('linked'));
    symlinkSync('..', at('conf/up'));
    symlinkSync('../a.env', at('conf/l.env'));
    symlinkSync('nowhere', at('conf/broken.env'));
    symlinkSync('loop.env', at('conf/loop.env'));
    expect(await list('linked/*.env')).toEqual(['linked/c.env', 'linked/l.env']);
    expect(await list('*/c.env')).toEqual(['conf/c.env', 'linked/c.env']);
    expect(await list('conf/**/*.env')).toEqual(['conf/.deep/d.env', 'conf/c.env', 'conf/l.env']);
  });

  test('its fingerprint is that of the list, and does not depend on what the files hold', async () => {
    const input: Input = { kind: 'glob', root, pattern: '**/*.env' };
    const before = await fingerprint(input, forever);
    expect(before).toBe(fingerprintNames(await listGlob(root, '**/*.env', [])));
    put('a.env', 'other');
    expect(await fingerprint(input, forever)).toBe(before);
    put('conf/new.env');
    expect(await fingerprint(input, forever)).not.toBe(before);
    expect(await fingerprint({ ...input, root: at('nowhere') }, forever)).toBe(fingerprintNames([]));
  });
});
