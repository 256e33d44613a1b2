// What `devshell doctor` makes of what it finds; that it finds it is seen in test/e2e/doctor.test.ts.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { programOf } from '../../src/cli/doctor/project-checks.ts';
import { statusFinding } from '../../src/cli/doctor/session-checks.ts';
import { bashFindings, startupFindings } from '../../src/cli/doctor/shell-checks.ts';
import { clockFinding } from '../../src/cli/doctor/state-checks.ts';
import { fileSystemFindings, watchFindings } from '../../src/cli/doctor/system-checks.ts';
import { localeFindings, terminalFindings } from '../../src/cli/doctor/terminal-checks.ts';

const levels = (found: readonly Finding[]) => found.map(({ level }) => level);
const text = (found: readonly Finding[]) => found.map(({ message, remedy }) => `${message} | ${remedy ?? ''}`).join('\n');

describe('bash', () => {
  it.each<[string, Finding['level'], string]>([
    ['5.2.15(1)-release\n/usr/bin/bash\nreadline\n', 'ok', 'bash 5.2.15 (/usr/bin/bash)'],
    ['5.0.3(1)-release\n/bin/bash\nreadline\n', 'note', 'first element of a PROMPT_COMMAND array'],
    ['3.2.57(1)-release\n/bin/bash\nreadline\n', 'note', 'more than two bytes'],
    ['3.1.0\n/bin/bash\nreadline\n', 'error', 'too old'],
    ['5.2.15(1)-release\n/nix/store/x/bin/bash\n\n', 'error', 'bashInteractive'],
    ['', 'error', 'too old'],
  ])('%j is %s', (output, level, words) => {
    expect(levels(bashFindings(output))).toEqual([level]);
    expect(text(bashFindings(output))).toContain(words);
  });
});

describe('what start-up files put into the shell', () => {
  const printed = (...lines: string[]) => [...lines, 'devshell-doctor-reached', ''].join('\n');
  const found = (output: string, env: Record<string, string> = {}) => startupFindings(output, { env });

  it('is nothing to speak of in a plain one', () => {
    expect(levels(found(printed('prompt ', 'declare -f quote', 'urg ', 'declare -r BASHOPTS="x"')))).toEqual(['ok']);
  });

  it.each<[string, string, Finding['level'], string]>([
    ['direnv', 'declare -f _direnv_hook', 'note', 'direnv is hooked'],
    ['direnv in the prompt', 'prompt _direnv_hook;x', 'note', 'direnv is hooked'],
    ['mise', 'declare -f _mise_hook', 'note', '--shims'],
    ['starship', 'declare -f starship_precmd', 'ok', 'starship'],
    ['a readonly PROMPT_COMMAND', 'declare -r PROMPT_COMMAND="x"', 'error', 'readonly'],
    ['a readonly array', 'declare -ar PROMPT_COMMAND=([0]="x")', 'error', 'readonly'],
    ['a trap on URG', 'urg trap -- x SIGURG', 'note', 'SIGURG'],
  ])('%s is told', (_, line, level, words) => {
    const all = found(printed(line));
    expect(levels(all)).toEqual([level]);
    expect(text(all)).toContain(words);
  });

  it('is a warning where direnv has loaded something as well', () => {
    expect(levels(found(printed('declare -f _direnv_hook'), { DIRENV_DIFF: 'x' }))).toEqual(['note', 'warning']);
  });

  it('is not known where they do not come to their end', () => {
    expect(levels(found('prompt x\n'))).toEqual(['warning']);
    expect(levels(found(''))).toEqual(['warning']);
  });
});

describe('the terminal', () => {
  const terminal = { stdin: true, stdout: true, stderr: true };
  const size = { columns: 80, rows: 24 };
  it.each<[string, Parameters<typeof terminalFindings>, Finding['level'], string]>([
    ['a good one', [{ env: { TERM: 'xterm' }, terminal }, size], 'ok', 'xterm, 80 columns by 24 rows'],
    ['tmux', [{ env: { TERM: 'tmux-256color', TMUX: 'x' }, terminal }, size], 'ok', 'inside tmux'],
    ['screen', [{ env: { TERM: 'screen', STY: 'x' }, terminal }, size], 'ok', 'inside screen'],
    ['a dumb one', [{ env: { TERM: 'dumb' }, terminal }, size], 'warning', 'dumb'],
    ['none named', [{ env: {}, terminal }, size], 'warning', 'not set'],
    ['one without a size', [{ env: { TERM: 'xterm' }, terminal }, { columns: 0, rows: 0 }], 'warning', 'how large'],
    ['a small one', [{ env: { TERM: 'xterm' }, terminal }, { columns: 80, rows: 3 }], 'note', 'too small'],
    ['a pipe', [{ env: { TERM: 'xterm' }, terminal: { ...terminal, stdout: false } }, size], 'note', 'no terminal'],
  ])('%s', (_, given, level, words) => {
    expect(levels(terminalFindings(...given))).toEqual([level]);
    expect(text(terminalFindings(...given))).toContain(words);
  });

  it.each<[Record<string, string>, string | undefined]>([
    [{ LANG: 'en_GB.UTF-8' }, undefined],
    [{ LANG: 'C.utf8' }, undefined],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, 'LC_ALL=C'],
    [{ LC_ALL: '', LANG: 'en_US.ISO-8859-1' }, 'LANG=en_US.ISO-8859-1'],
    [{}, 'no locale'],
  ])('the locale of %j', (env, words) => {
    if (words === undefined) expect(localeFindings({ env })).toEqual([]);
    else expect(text(localeFindings({ env }))).toContain(words);
  });
});

describe('the system', () => {
  const limits = { watches: 10_000, instances: 128, queued: 16_384, use: { watches: 100, instances: 5 } };
  it.each<[string, Parameters<typeof watchFindings>, Finding['level'][]]>([
    ['enough', [limits, undefined], ['ok']],
    ['enough for a session', [limits, 1000], ['ok']],
    ['too few watches left', [{ ...limits, use: { watches: 9900, instances: 5 } }, undefined], ['warning']],
    ['too few for a large session', [limits, 6000], ['warning']],
    ['no instance left', [{ ...limits, use: { watches: 0, instances: 128 } }, undefined], ['warning']],
    ['neither', [{ ...limits, watches: 8, instances: 1, use: { watches: 8, instances: 1 } }, undefined], ['warning', 'warning']],
    ['a short queue', [{ ...limits, queued: 100 }, undefined], ['note']],
    ['use unknown', [{ ...limits, use: undefined }, undefined], ['ok']],
    ['another system', [{ watches: undefined, instances: undefined, queued: undefined, use: undefined }, 5], []],
  ])('%s for watching', (_, given, expected) => {
    expect(levels(watchFindings(...given))).toEqual(expected);
  });

  it.each([[0x6969, 'NFS'], [0x01021997, '9p'], [0xfe534d42, 'SMB'], [0x65735546, 'FUSE']])('the file system %s is %s', (type, name) => {
    expect(text(fileSystemFindings(type))).toContain(name);
  });

  it('says nothing of a file system that tells of its changes', () => {
    for (const type of [0xef53, 0x794c7630, 0x9123683e, 0x01021994]) expect(fileSystemFindings(type)).toEqual([]);
  });

  it('compares the clocks', () => {
    const now = Date.UTC(2025, 1, 1);
    expect(clockFinding(now - 100, now)).toEqual([]);
    expect(text(clockFinding(now + 9000, now))).toContain('9 s ahead of');
    expect(text(clockFinding(now - 9000, now))).toContain('9 s behind');
    expect(text(clockFinding(0, 0))).toContain('1970');
  });
});

describe('the program of a command line', () => {
  it.each<[string, string | undefined]>([
    ['mise env --json', 'mise'],
    ['  ./tools/env.sh x', './tools/env.sh'],
    ['A=1 B=x op run', 'op'],
    ['cat values', 'cat'],
    ['echo {}', undefined],
    ['[ -e x ] && y', undefined],
    ['for a in b; do c; done', undefined],
    ['$TOOL x', undefined],
    ['"my tool" x', undefined],
    ['(a; b)', undefined],
    ['A="x y" z', undefined],
    ['', undefined],
  ])('%j is %j', (run, program) => {
    expect(programOf(run)).toBe(program);
  });
});

describe('the session', () => {
  it.each<[Parameters<typeof statusFinding>[0]['state'], Finding['level']]>([
    ['watching', 'ok'], ['building', 'ok'], ['paused', 'note'], ['failed', 'warning'], ['blocked', 'warning'], ['hook lost', 'error'], ['gone', 'error'],
  ])('that is %s is %s', (state, level) => {
    expect(statusFinding({ state, line: 'line' })).toMatchObject({ level, message: 'line' });
  });
});
