import { chmodSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { contentOf, fileFingerprint } from '../../src/model/input.ts';
import { isExecutable } from '../../src/watch/executable.ts';
import { emptyFingerprint, fingerprint, fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { forever, patience, Recorder } from './recorder.ts';

const me = { user: 1000, groups: new Set([1000, 27]) };

describe('whether we may run a file', () => {
  it.each<[what: string, mode: number, uid: number, gid: number, expected: boolean]>([
    ['our own', 0o744, 1000, 1000, true],
    ['our own, which only others may run', 0o655, 1000, 1000, false],
    ['one of a group of ours', 0o610, 0, 27, true],
    ['one of a group of ours, which all but the group may run', 0o701, 0, 27, false],
    ['somebody else’s, for everybody', 0o711, 0, 0, true],
    ['somebody else’s, for its group', 0o750, 0, 0, false],
    ['no program', 0o644, 1000, 1000, false],
  ])('%s', (_, mode, uid, gid, expected) => {
    expect(isExecutable({ mode, uid, gid }, me)).toBe(expected);
    expect(isExecutable({ mode: BigInt(mode), uid: BigInt(uid), gid: BigInt(gid) }, me)).toBe(expected);
  });

  it('as root: where anybody may', () => {
    const root = { user: 0, groups: new Set([0]) };
    expect([0o610, 0o601, 0o700, 0o666].map((mode) => isExecutable({ mode, uid: 1000, gid: 1000 }, root))).toEqual([true, true, true, false]);
  });

  it('is told by the fingerprint beside the content', () => {
    const content = fingerprintBytes(Buffer.from('x'));
    expect(fileFingerprint(content, true)).not.toBe(content);
    expect([fileFingerprint(content, true), fileFingerprint(content, false), 'missing', 'unreadable'].map(contentOf)).toEqual([content, content, 'missing', 'unreadable']);
  });
});

describe('a watched file', () => {
  let recorder: Recorder;
  beforeEach(() => (recorder = new Recorder()));
  afterEach(() => recorder.dispose());

  test('that becomes executable has changed, and again when it is no longer', async () => {
    await recorder.write('tool', 'echo A=1\n');
    const input = recorder.file('tool');
    const [before] = await recorder.watch(input);
    for (const [round, mode] of [0o755, 0o644, 0o744, 0o600].entries()) {
      chmodSync(recorder.at('tool'), mode);
      await expect.poll(() => recorder.told.length, patience).toBe(round + 1);
      expect(recorder.last(input)).toBe(await fingerprint(input, forever));
      expect(recorder.last(input) === before?.fingerprint).toBe((mode & 0o111) === 0);
    }
  });

  test('that is executable has not changed by a touch, nor by who else may read it', async () => {
    await recorder.write('tool', 'echo A=1\n');
    chmodSync(recorder.at('tool'), 0o700);
    await recorder.watch(recorder.file('tool'));
    for (const mode of [0o755, 0o500, 0o744, 0o750]) chmodSync(recorder.at('tool'), mode);
    utimesSync(recorder.at('tool'), 1, 1);
    await recorder.quiet();
    expect(recorder.told).toEqual([]);
  });

  test('that is emptied is waited for as ever, executable or not', async () => {
    await recorder.write('tool', '');
    chmodSync(recorder.at('tool'), 0o755);
    expect(await fingerprint(recorder.file('tool'), forever)).toBe(fileFingerprint(emptyFingerprint, true));
    await recorder.write('tool', 'echo A=1\n');
    await recorder.watch(recorder.file('tool'));
    await recorder.write('tool', '');
    await recorder.write('tool', 'echo A=2\n');
    await recorder.converged(recorder.file('tool'));
    expect(recorder.told).toHaveLength(1);
  });
});
