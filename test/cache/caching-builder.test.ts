// The builder with a memory, on real projects: what is evaluated, how often, and by whom.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CachingBuilder } from '../../src/build/cache/caching-builder.ts';
import { storedFiles } from '../../src/build/cache/store.ts';
import { writeTrust } from '../../src/config/trust.ts';
import type { BuildOutcome, BuildRequest } from '../../src/model/builder.ts';
import type { Variables } from '../../src/model/environment.ts';
import { inputPath } from '../../src/model/input.ts';
import type { Settings } from '../../src/model/settings.ts';
import { waitUntil } from '../support/processes.ts';

const never = new AbortController().signal;
let base: string;
let root: string;
let log: string;

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'caching-')));
  root = join(base, 'project');
  mkdirSync(root);
  log = '';
  await writeTrust(root, 'allowed', join(base, 'data'));
});
afterEach(() => {
  chmodSync(base, 0o700);
  rmSync(base, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Given {
  readonly variables?: Variables;
  readonly overrides?: Partial<Settings>;
}

/** One shell's builder. */
function builder({ variables = {}, overrides = {} }: Given = {}): CachingBuilder {
  const host = { privateFds: [], execScript: resolve('shell/exec.bash'), groupStarted: () => undefined, groupEnded: () => undefined };
  const outer = { PATH: process.env['PATH'] ?? '', ...variables };
  return new CachingBuilder({ root, state: join(base, 'state'), base: outer, userSettingsFile: join(base, 'config.toml'), dataDirectory: join(base, 'data'), overrides, host, library: 'v1' });
}

const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({ generation: 1, changed: [], log: (text) => void (log += text), observed: () => undefined, ...more });
const build = (one = builder(), more: Partial<BuildRequest> = {}, signal = never): Promise<BuildOutcome> => one.build(request(more), signal);
const enter = (given: Given = {}) => builder(given).enter((text) => void (log += text), never);

/** Runs that have begun. */
const runs = (): number => (existsSync(join(base, 'runs')) ? readFileSync(join(base, 'runs'), 'utf8').length : 0);
const counted = (command: string): string => `printf x >> ../runs; ${command}`;
const toml = (command: string, more = 'inputs = ["values"]'): string => `[load]\nexec = [{ run = '''${counted(command)}''', format = "dotenv", ${more} }]\n`;
const valueOf = (outcome: BuildOutcome): string | null | undefined => (outcome.kind === 'built' ? outcome.environment.variables.get('A') : undefined);

function configure(command = 'cat values', more?: string): void {
  write('values', 'A=1\n');
  write('devshell.toml', toml(command, more));
}

/** A command that goes on when there is a file `go`. */
const gated = 'while ! [ -e ../go ]; do sleep 0.01; done; cat values';
const go = (): void => writeFileSync(join(base, 'go'), '');

describe('a build', () => {
  it('evaluates once, and again only for what was not there before', async () => {
    configure();
    const first = await build();
    expect(await build()).toEqual(first);
    write('values', 'A=2\n');
    expect(valueOf(await build())).toBe('2');
    write('values', 'A=1\n');
    expect(await build()).toEqual(first);
    expect(runs()).toBe(2);
    expect(log).toContain('taken from the cache');
  });

  it('tells of every input of a stored environment, as if it had read it', async () => {
    configure();
    const observed: string[] = [];
    const first = await build(builder(), { observed: ({ input }) => void observed.push(inputPath(input)) });
    const again: string[] = [];
    await build(builder(), { observed: ({ input }) => void again.push(inputPath(input)) });
    expect(again).toEqual(observed);
    expect(first.kind === 'built' && first.observations.length).toBe(again.length);
  });

  it('evaluates anew when the user asks for it, and keeps that', async () => {
    configure('cat ../weather');
    writeFileSync(join(base, 'weather'), 'A=fine\n');
    await build();
    writeFileSync(join(base, 'weather'), 'A=rain\n');
    expect(valueOf(await build())).toBe('fine');
    expect(valueOf(await build(builder(), { evaluate: 'anew' }))).toBe('rain');
    expect(valueOf(await build())).toBe('rain');
  });

  it('depends on the variables it was started with, but not on the terminal it was started in', async () => {
    configure('echo "A=$WHO ${TMUX_PANE:-none}"');
    expect(valueOf(await build(builder({ variables: { WHO: 'me', TMUX_PANE: '%1', SHLVL: '1' } })))).toBe('me none');
    expect(valueOf(await build(builder({ variables: { WHO: 'me', TMUX_PANE: '%2', SHLVL: '7' } })))).toBe('me none');
    expect(runs()).toBe(1);
    expect(valueOf(await build(builder({ variables: { WHO: 'you' } })))).toBe('you none');
    expect(runs()).toBe(2);
  });

  it('depends on a variable that is named, whichever it is', async () => {
    write('devshell.toml', '[env]\nA = "${TMUX_PANE:-none}"\n');
    for (const pane of ['%1', '%2']) expect(valueOf(await build(builder({ variables: { TMUX_PANE: pane } })))).toBe(pane);
    expect(valueOf(await build(builder({ variables: { OTHER: '1' } })))).toBe('none');
    expect(storedFiles(join(base, 'state'))).toHaveLength(3);
  });

  it('depends on the list that it puts something around', async () => {
    write('devshell.toml', '[load]\npath = ["bin"]\n');
    await build(builder({ variables: { PATH: '/one:/bin:/usr/bin' } }));
    await build(builder({ variables: { PATH: '/two:/bin:/usr/bin' } }));
    expect(storedFiles(join(base, 'state'))).toHaveLength(2);
  });

  it('takes the command line’s settings over the stored ones', async () => {
    write('devshell.toml', `[env]\nA = "1"\n[reload]\nkeybind = '\\C-g'\n`);
    expect(await build(builder({ overrides: { apply: 'manual' } }))).toMatchObject({ settings: { apply: 'manual', keybind: '\\C-g' } });
    expect(await build()).toMatchObject({ settings: { apply: 'auto', keybind: '\\C-g' } });
    expect(await enter({ overrides: { statusLine: 'off' } })).toMatchObject({ kind: 'current', built: { settings: { apply: 'auto', statusLine: 'off' } } });
  });

  it.each([
    ['whose command names no inputs', () => configure('cat values', 'timeout = 5')],
    ['with cache = "off"', () => (configure(), write('devshell.toml', `cache = "off"\n${toml('cat values')}`))],
    ['that changes its own inputs', () => configure('echo A=$RANDOM$RANDOM > values; cat values')],
    ['that fails', () => configure('exit 3')],
  ])('is never taken from the cache %s', async (_what, given) => {
    given();
    for (let round = 0; round < 3; round++) await build();
    expect(runs()).toBe(3);
    expect(storedFiles(join(base, 'state'))).toEqual([]);
  });

  it('is blocked as ever when the project is denied, whatever is stored', async () => {
    configure();
    await build();
    await writeTrust(root, 'denied', join(base, 'data'));
    expect((await build()).kind).toBe('blocked');
    expect((await enter()).kind).toBe('nothing');
    expect(runs()).toBe(1);
  });

  it('ignores what a project brings along where its cache is kept', async () => {
    configure();
    await build();
    const [entry] = storedFiles(join(base, 'state'));
    rmSync(join(base, 'data/cache-key'));
    expect(valueOf(await build())).toBe('1');
    expect(runs()).toBe(2);
    writeFileSync(entry!.path, readFileSync(entry!.path, 'utf8').replace('"A","1"', '"A","6"'), { mode: 0o600 });
    expect(valueOf(await build())).toBe('1');
  });

  it('works where nothing can be stored, and says so once', async () => {
    configure();
    writeFileSync(join(base, 'state'), 'a file in place of the state directory');
    const one = builder();
    for (let round = 0; round < 3; round++) expect(valueOf(await build(one))).toBe('1');
    expect(runs()).toBe(3);
    expect(log.match(/^cache:.*/gm)).toEqual([expect.stringContaining('the cache is not used')]);
  });

  it('works where the user’s key cannot be had', async () => {
    configure();
    mkdirSync(join(base, 'data/cache-key'));
    expect(valueOf(await build())).toBe('1');
    expect((await enter()).kind).toBe('nothing');
    expect(log).toContain('cache: the cache is not used');
  });
});

describe('entering', () => {
  it('finds what is right, else the last good one with what has changed, else nothing', async () => {
    configure();
    expect((await enter()).kind).toBe('nothing');
    const first = await build();
    expect(await enter()).toEqual({ kind: 'current', built: first });
    write('values', 'A=2\n');
    write('devshell.local.toml', '[env]\nB = "2"\n');
    const found = await enter();
    expect(found).toMatchObject({ kind: 'stale', changed: [join(root, 'devshell.local.toml'), join(root, 'values')] });
    expect(found.kind === 'stale' && valueOf(found.built)).toBe('1');
    expect(runs()).toBe(1);
  });

  it('takes the settings, and whether to wait, from the files as they are now', async () => {
    configure();
    await build();
    write('devshell.local.toml', '[status]\nline = "title"\n');
    expect(await enter()).toMatchObject({ kind: 'stale', built: { settings: { statusLine: 'title' } } });
    write('devshell.local.toml', 'cache = "wait"\n');
    expect((await enter()).kind).toBe('nothing');
    write('devshell.local.toml', 'this is no toml');
    expect((await enter()).kind).toBe('stale');
  });
});

describe('several shells that want the same', () => {
  it('evaluate once', async () => {
    configure(gated);
    const all = Array.from({ length: 10 }, () => build());
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    go();
    expect((await Promise.all(all)).map(valueOf)).toEqual(all.map(() => '1'));
    expect(runs()).toBe(1);
  });

  it('fail once, and the next who comes tries again', async () => {
    configure(`${gated}; exit 3`);
    const stages: string[] = [];
    const all = Array.from({ length: 5 }, () => build(builder(), { stage: (what) => void stages.push(what) }));
    await waitUntil(() => stages.filter((what) => what.startsWith('waiting')).length === 4, { what: 'four to wait' });
    go();
    const outcomes = await Promise.all(all);
    expect(outcomes.map(({ kind }) => kind)).toEqual(all.map(() => 'failed'));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(runs()).toBe(1);
    await build();
    expect(runs()).toBe(2);
  });

  it('do not take a failure for theirs when something has changed since it was read', async () => {
    configure(`${gated}; [ -e more ]`, 'inputs = ["values", "more"]');
    const stages: string[] = [];
    const first = build();
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    const second = build(builder(), { stage: (what) => void stages.push(what) });
    await waitUntil(() => stages.includes('waiting for another devshell'), { what: 'the second to wait' });
    // After the first has looked at it; that one goes on to fail for another reason, as it was before.
    write('more', '');
    write('values', 'this is no dotenv line\n');
    go();
    expect((await first).kind).toBe('failed');
    expect((await second).kind).toBe('failed');
    expect(runs()).toBe(2);
  });

  it('go on when the one who evaluates is cancelled, and can be cancelled while they wait', async () => {
    configure(gated);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = build(builder(), {}, one.signal);
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    const second = build(builder(), {}, two.signal);
    const third = build();
    two.abort();
    expect(await second).toEqual({ kind: 'cancelled' });
    one.abort();
    expect(await first).toEqual({ kind: 'cancelled' });
    go();
    expect(valueOf(await third)).toBe('1');
    expect(runs()).toBe(2);
  });

  it('do not wait in line for what cannot be shared', async () => {
    configure(gated, 'timeout = 30');
    const all = Array.from({ length: 4 }, () => build());
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    go();
    await Promise.race(all);
    rmSync(join(base, 'go'));
    await waitUntil(() => runs() === 4, { what: 'the others to evaluate side by side' });
    go();
    expect((await Promise.all(all)).map(valueOf)).toEqual(all.map(() => '1'));
  });

  it('do not wait for one whose outer environment is another', async () => {
    configure(gated);
    const all = ['me', 'you'].map((who) => build(builder({ variables: { WHO: who } })));
    await waitUntil(() => runs() === 2, { what: 'both to evaluate' });
    go();
    await Promise.all(all);
    expect(readdirSync(join(base, 'state/cache/turns'))).toHaveLength(2);
  });
});
