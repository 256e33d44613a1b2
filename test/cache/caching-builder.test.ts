// The builder with a memory, on real projects: what is evaluated, how often, and what a session may start with.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storedFiles } from '../../src/build/cache/store.ts';
import { writeTrust } from '../../src/config/trust.ts';
import { inputPath } from '../../src/model/input.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';
import { base, build, builder, configure, enter, log, never, root, runs, toml, valueOf, write } from './counted-project.ts';

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

  it('takes the user’s settings as they are, without evaluating for them', async () => {
    configure();
    const line = (mode: string) => writeFileSync(join(base, 'config.toml'), `[status]\nline = "${mode}"\n`);
    line('title');
    expect(await build()).toMatchObject({ settings: { statusLine: 'title' } });
    line('off');
    const built = await build();
    expect(built).toMatchObject({ kind: 'built', settings: { statusLine: 'off' } });
    expect(await enter()).toMatchObject({ kind: 'current', built: { settings: { statusLine: 'off' } } });
    // As the watcher would see it now.
    const seen = built.kind === 'built' ? built.observations.find(({ input }) => inputPath(input) === join(base, 'config.toml')) : undefined;
    expect(seen?.fingerprint).toBe(fingerprintBytes(readFileSync(join(base, 'config.toml'))));
    expect(runs()).toBe(1);
    for (const more of ['cache = "off"\n', 'trust = "content"\n']) {
      writeFileSync(join(base, 'config.toml'), more);
      expect((await enter()).kind, more).toBe('nothing');
    }
    line('nonsense');
    expect((await build()).kind).toBe('failed');
    expect((await enter()).kind).toBe('nothing');
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

  it('believes the answer that leave was given by, once: the next look, and every build, reads it', async () => {
    configure();
    await build();
    const one = builder({ answer: { trust: 'unknown', files: undefined } });
    expect([(await one.enter(() => undefined, never)).kind, (await one.enter(() => undefined, never)).kind]).toEqual(['nothing', 'current']);
    await writeTrust(root, 'denied', join(base, 'data'));
    expect((await build(builder({ answer: { trust: 'allowed', files: undefined } }))).kind).toBe('blocked');
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
    expect(log.match(/^cache:.*/gm)).toEqual([expect.stringContaining('nothing can be stored')]);
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
    expect(await enter()).toEqual({ kind: 'current', built: first, settings: 'same' });
    write('values', 'A=2\n');
    write('devshell.local.toml', '[env]\nB = "2"\n');
    const found = await enter();
    expect(found).toMatchObject({ kind: 'stale', changed: [join(root, 'devshell.local.toml'), join(root, 'values')] });
    expect(found.kind === 'stale' && valueOf(found.built)).toBe('1');
    expect(runs()).toBe(1);
  });

  it('does not go back to code of before the last answer where content is what is allowed', async () => {
    configure();
    const text = `trust = "content"\n${readFileSync(join(root, 'devshell.toml'), 'utf8')}[watch]\npaths = ["more"]\n`;
    write('devshell.toml', text);
    const values = [join(root, 'values'), fingerprintBytes(Buffer.from('A=1\n'))] as const;
    const allow = (form: string) => writeTrust(root, 'allowed', join(base, 'data'), new Map([values, [join(root, 'devshell.toml'), fingerprintBytes(Buffer.from(form))]]));
    await allow(text);
    expect((await build()).kind).toBe('built');
    write('more', '');
    expect((await enter()).kind).toBe('stale');
    await allow(`${text}\n`);
    expect((await enter()).kind).toBe('nothing');
    expect((await build()).kind).toBe('blocked');
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
