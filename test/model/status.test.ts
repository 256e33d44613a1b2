import { describe, expect, it } from 'vitest';
import type { ShellCommand } from '../../src/model/protocol.ts';
import type { StatusFacts, StatusKeys } from '../../src/model/status.ts';
import { counts, duration, initialFacts, reduceStatus, shownMs, statusState, statusWords } from '../../src/model/status.ts';

const keys: StatusKeys = { apply: 'Alt-Ctrl-R', error: 'Alt-Ctrl-E', pause: 'Alt-Ctrl-D' };
const noKeys: StatusKeys = { apply: undefined, error: undefined, pause: undefined };
const summary = { added: 2, changed: 1, removed: 1 };
const report = { generation: 2, added: 2, changed: 1, removed: 1, kept: [], initStatus: 0, initLine: 0 };
const problem = { message: 'a value is missing here', file: 'devshell.toml', line: 9, column: 1 };

const watched: ShellCommand = { kind: 'WatchedFiles', count: 12 };
const building: ShellCommand = { kind: 'Building', generation: 2, changed: ['/p/devshell.toml', '/p/.env', '/p/x'], sinceMs: 0, about: 'environment' };
const settings: ShellCommand = { ...building, changed: ['/home/config.toml'], about: 'settings' };
const ready: ShellCommand = { kind: 'ReloadReady', generation: 2, changed: [], summary, tookMs: 84, held: false };
const applied: ShellCommand = { kind: 'ReloadApplied', report, tookMs: 84 };
const failed: ShellCommand = { kind: 'BuildFailed', problems: [problem, problem], tookMs: 5 };

const after = (...commands: ShellCommand[]) => commands.reduce<StatusFacts>((facts, command) => reduceStatus(facts, command, 0), initialFacts);
const line = (facts: StatusFacts, nowMs = 0, named = keys) => {
  const { word, rest, hint } = statusWords(facts, named, '/p', nowMs);
  return [word, rest, hint].filter(Boolean).join(' | ');
};

describe('the line', () => {
  it.each<[string, StatusFacts, number, string]>([
    ['before anything is known', initialFacts, 0, 'watching'],
    ['with one input', after({ kind: 'WatchedFiles', count: 1 }), 0, 'watching | 1 input'],
    ['with many', after(watched), 0, 'watching | 12 inputs'],
    ['while building', after(building), 300, 'building | devshell.toml +2'],
    ['while building for long', after(building), 1234, 'building | 1.2s  devshell.toml +2'],
    ['while building after a failure', after(failed, building), 0, 'stale, building | devshell.toml +2'],
    ['while building in an environment that is not right any more', reduceStatus({ ...initialFacts, freshness: 'stale' }, building, 0), 0, 'stale, building | devshell.toml +2'],
    ['... and when the right one is ready and yet to be applied', [ready, building].reduce<StatusFacts>((facts, one) => reduceStatus(facts, one, 0), { ...initialFacts, freshness: 'stale' }), 0, 'stale, building | devshell.toml +2'],
    ['... and when it was applied', [ready, applied, building].reduce<StatusFacts>((facts, one) => reduceStatus(facts, one, 0), { ...initialFacts, freshness: 'stale' }), 0, 'building | devshell.toml +2'],
    ['... and when that gave the same', [building, { kind: 'Unchanged' as const, tookMs: 1 }, building].reduce<StatusFacts>((facts, one) => reduceStatus(facts, one, 0), { ...initialFacts, freshness: 'stale' }), 0, 'building | devshell.toml +2'],
    ['when ready', after(building, ready), 0, 'ready | +2 ~1 -1 | Enter or Alt-Ctrl-R'],
    ['when ready and held', after({ ...ready, held: true }), 0, 'ready | +2 ~1 -1 | Alt-Ctrl-R or devshell reload'],
    ['when applied', after(ready, applied), 0, 'reloaded | in 84ms  +2 ~1 -1'],
    ['when applied and the user had changed something', after({ ...applied, report: { ...report, kept: ['PATH', 'A'] } }), 0, 'reloaded | in 84ms  +2 ~1 -1, kept PATH A'],
    ['three seconds later', after(watched, ready, applied), shownMs, 'watching | 12 inputs'],
    ['when the build gave the same', after(building, { kind: 'Unchanged', tookMs: 1 }), 0, 'unchanged | the environment is the same'],
    ['while only settings are read again', after(watched, settings), 0, 'watching | 12 inputs'],
    ['... and when they changed nothing of the environment', after(watched, settings, { kind: 'Unchanged', tookMs: 1 }), 0, 'watching | 12 inputs'],
    ['... and when they are wrong', after(settings, failed), 0, 'failed | devshell.toml:9:1: a value is missing here (+1 more) | Alt-Ctrl-E shows it'],
    ['while settings are read again after a failure', after(failed, settings), 0, 'stale, building | /home/config.toml'],
    ['while settings are read again and what was ready is not there', after(ready, settings), 0, 'building | /home/config.toml'],
    ['when it failed', after(building, failed), 0, 'failed | devshell.toml:9:1: a value is missing here (+1 more) | Alt-Ctrl-E shows it'],
    ['when mended', after(failed, building, { kind: 'Unchanged', tookMs: 1 }), shownMs, 'watching'],
    ['when blocked', after({ kind: 'Blocked', problems: [{ message: 'not allowed yet' }] }), 0, 'blocked | not allowed yet | devshell allow'],
    ['when it failed and watching is paused', after(failed, { kind: 'Paused', paused: true, changed: [] }), 0, 'failed, paused | devshell.toml:9:1: a value is missing here (+1 more) | Alt-Ctrl-E shows it'],
    ['while paused', after({ kind: 'Paused', paused: true, changed: [] }), 0, 'paused | Alt-Ctrl-D resumes'],
    ['while paused with changes', after({ kind: 'Paused', paused: true, changed: ['a', 'b'] }), 0, 'paused, 2 changed | Alt-Ctrl-D resumes'],
    ['with a notice', after({ kind: 'Notice', problem: { message: 'no more watches\nand so on' }, until: 'environment' }), 0, 'note | no more watches | Alt-Ctrl-E shows it'],
    ['when the coordinator is gone', after(failed, { kind: 'Shutdown' }), 0, 'not reloading | the coordinator has ended | start devshell again to reload'],
    ['when the hook is lost', { ...initialFacts, hook: 'lost' }, 0, 'hook lost | the shell no longer answers | start devshell again to reload'],
  ])('%s', (_title, facts, nowMs, expected) => {
    expect(line(facts, nowMs)).toBe(expected);
  });

  it('names commands where the keys are switched off', () => {
    expect(line(after(failed), 0, noKeys)).toContain('devshell log');
    expect(line(after({ kind: 'Paused', paused: true, changed: [] }), 0, noKeys)).toContain('devshell resume');
    expect(line(after(ready), 0, noKeys)).toBe('ready | +2 ~1 -1 | Enter');
  });

  it.each<[string, 'build' | 'environment', ShellCommand[], 'notice' | 'watching']>([
    ['of a build is over when the next one begins', 'build', [building, { kind: 'Unchanged', tookMs: 1 }], 'watching'],
    ['of an environment outlives a build that gives the same', 'environment', [building, { kind: 'Unchanged', tookMs: 1 }], 'notice'],
    ['... and the application of that environment', 'environment', [applied], 'notice'],
    ['... and is over with the next environment', 'environment', [building, ready, applied], 'watching'],
  ])('a notice %s', (_title, until, then, expected) => {
    expect(statusState(after({ kind: 'Notice', problem, until }, ...then), shownMs)).toBe(expected);
  });

  it('shows a pause at once, and what is reloaded while paused', () => {
    const pausing: ShellCommand = { kind: 'Paused', paused: true, changed: [] };
    expect(statusState(after(ready, applied, pausing), 0)).toBe('paused');
    expect(statusState(after(pausing, ready, applied, { ...pausing, changed: ['a'] }), 0)).toBe('reloaded');
    expect(statusState(after(pausing, ready, applied), shownMs)).toBe('paused');
  });

  it('does not let the report of an older environment hide a newer one', () => {
    expect(statusState(after({ ...ready, generation: 3 }, applied), 0)).toBe('ready');
    expect(statusState(after(building, applied), 0)).toBe('building');
  });
});

describe('the small words', () => {
  it.each([
    [0.4, '0ms'],
    [250, '250ms'],
    [1234, '1.2s'],
    [150_000, '2m 30s'],
  ])('%d ms is %s', (ms, expected) => {
    expect(duration(ms)).toBe(expected);
  });

  it('leaves out what did not happen', () => {
    expect(counts({ added: 0, changed: 3, removed: 0 })).toBe('~3');
    expect(counts({ added: 0, changed: 0, removed: 0 })).toBe('no change');
  });
});
