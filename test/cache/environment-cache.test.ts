// When a stored environment is right: exactly as long as evaluating again would give the same. On real files.
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentCache } from '../../src/build/cache/environment-cache.ts';
import type { Built } from '../../src/build/cache/entry.ts';
import { storedFiles } from '../../src/build/cache/store.ts';
import { UserKey } from '../../src/build/cache/user-key.ts';
import { InputReader } from '../../src/build/input-reader.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import type { Variables } from '../../src/model/environment.ts';
import type { Input } from '../../src/model/input.ts';
import { defaultSettings } from '../../src/model/settings.ts';
import { Sights } from '../../src/watch/sights.ts';

const never = new AbortController().signal;
let base: string;
let root: string;
let notes: string[];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'cache-')));
  root = join(base, 'project');
  mkdirSync(root);
  notes = [];
});
afterEach(() => rmSync(base, { recursive: true }));

interface World {
  readonly variables?: Variables;
  readonly library?: string;
  readonly at?: string;
  readonly sights?: Sights;
}

function cacheOf({ variables = {}, library = 'v1', at = root, sights = new Sights() }: World = {}): EnvironmentCache {
  const options = { root: at, state: join(base, 'state'), base: variables, userSettingsFile: join(base, 'config.toml'), dataDirectory: join(base, 'data'), library, sights };
  return new EnvironmentCache(options, UserKey.obtain(join(base, 'data')), (note) => void notes.push(note));
}

const file = (name: string): Input => ({ kind: 'file', path: join(root, name) });

/** What an evaluation gives that reads these inputs and uses these variables: all that it saw. */
async function evaluate(inputs: readonly Input[], used: 'all' | readonly string[], variables: Variables, sights?: Sights): Promise<Built> {
  const reader = new InputReader(() => undefined, sights);
  for (const input of inputs) await reader.observe(input, never);
  const names = used === 'all' ? Object.keys(variables).sort() : used;
  const seen = JSON.stringify([reader.observations, names.map((name) => [name, variables[name] ?? null])]);
  const environment = { ...emptyEnvironment, variables: new Map([['SEEN', seen]]) };
  return { kind: 'built', environment, settings: defaultSettings, observations: reader.observations, reuse: { kind: 'reusable', variables: used } };
}

const names = ['a', 'b', 'd/a', 'd/b', 'd/e/a'] as const;
const name = fc.constantFrom(...names);
const content = fc.constantFrom('', 'x', 'y', 'longer');
const inputs = fc.uniqueArray(
  fc.oneof(
    name.map((one) => ['file', one] as const),
    fc.constantFrom('', 'd', 'd/e', 'a').map((one) => ['directory', one] as const),
    fc.constantFrom('*', '**/a', 'd/*', '{a,b}', 'd/**').map((one) => ['glob', one] as const),
  ),
  { minLength: 1, maxLength: 4, selector: String },
);
const variables = fc.dictionary(fc.constantFrom('A', 'B', 'TMUX_PANE'), fc.constantFrom('1', '2'), { noNullPrototype: true });

type Mutation = { readonly kind: string; readonly name: string; readonly content: string };
const mutations = fc.array(
  fc.record<Mutation>({ kind: fc.constantFrom('write', 'replace', 'remove', 'touch', 'truncate', 'link', 'make-directory', 'chmod'), name, content }),
  { maxLength: 3 },
);

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** As editors, tools and people do it; what cannot be done in this tree is not done. */
function mutate({ kind, name: path, content: text }: Mutation): void {
  const full = join(root, path);
  try {
    if (kind === 'write') write(path, text);
    if (kind === 'replace') {
      write(`${path}.new`, text);
      renameSync(`${full}.new`, full);
    }
    if (kind === 'remove') rmSync(full, { recursive: true });
    if (kind === 'touch') utimesSync(full, 1000, 1000);
    if (kind === 'truncate') truncateSync(full, 1);
    if (kind === 'chmod') chmodSync(full, text === '' ? 0o644 : 0o755);
    if (kind === 'link') {
      rmSync(full);
      symlinkSync(join(root, 'b'), full);
    }
    if (kind === 'make-directory') mkdirSync(full);
  } catch {
    return;
  }
}

function emptyRoot(): void {
  for (const one of readdirSync(root)) rmSync(join(root, one), { recursive: true });
}

describe('a stored environment', () => {
  it('is taken exactly when evaluating again would give the same', async () => {
    const given = fc.record({ files: fc.dictionary(name, content), inputs, mutations, used: fc.constantFrom('all' as const, ['A'], ['A', 'B'], []), before: variables, after: fc.option(variables) });
    await fc.assert(
      fc.asyncProperty(given, async ({ files, inputs: read, mutations: changes, used, before, after }) => {
        emptyRoot();
        rmSync(join(base, 'state'), { recursive: true, force: true });
        for (const [path, text] of Object.entries(files)) write(path, text);
        const wanted = read.map(([kind, path]): Input => (kind === 'glob' ? { kind, root, pattern: path, ignore: [] } : { kind, path: join(root, path) }));
        const volatileAside = ({ TMUX_PANE: _, ...rest }: Record<string, string>) => rest;
        const first = await evaluate(wanted, used, volatileAside(before));
        expect(await cacheOf({ variables: before }).keep(first, never)).toEqual({ kind: 'stored' });
        for (const change of changes) mutate(change);
        const now = after ?? before;
        const again = await evaluate(wanted, used, volatileAside(now));
        const found = await cacheOf({ variables: now }).find('current', never);
        const isSame = JSON.stringify([...first.environment.variables]) === JSON.stringify([...again.environment.variables]);
        expect(found.kind).toBe(isSame ? 'current' : 'nothing');
        if (found.kind === 'current') expect(found.built).toEqual(again);
      }),
      { numRuns: 250 },
    );
    expect(notes).toEqual([]);
  });

  it('is still the right one when a file goes from one content to another and back, with both kept', async () => {
    for (const text of ['main', 'branch', 'main', 'branch']) {
      write('a', text);
      const built = await evaluate([file('a')], [], {});
      const found = await cacheOf().find('current', never);
      if (found.kind === 'current') expect(found.built).toEqual(built);
      else await cacheOf().keep(built, never);
    }
    expect(storedFiles(join(base, 'state'))).toHaveLength(2);
  });

  it('sees two changes within one tick of the clock that stamps files', async () => {
    for (let round = 0; round < 200; round++) {
      rmSync(join(base, 'state'), { recursive: true, force: true });
      writeFileSync(join(root, 'a'), 'one');
      await cacheOf().keep(await evaluate([file('a')], [], {}), never);
      writeFileSync(join(root, 'a'), 'two');
      expect((await cacheOf().find('current', never)).kind).toBe('nothing');
    }
  });

  it('is not kept when one of its inputs has changed since it was read', async () => {
    write('a', 'one');
    const built = await evaluate([file('a'), file('b')], [], {});
    write('b', 'made by the evaluation');
    expect(await cacheOf().keep(built, never)).toEqual({ kind: 'changed', paths: [join(root, 'b')] });
    expect(storedFiles(join(base, 'state'))).toEqual([]);
  });

  it('is not kept when it depends on what cannot be seen, or when nobody says what it depends on', async () => {
    const built = await evaluate([file('a')], [], {});
    expect(await cacheOf().keep({ ...built, reuse: { kind: 'once', reason: 'the weather' } }, never)).toEqual({ kind: 'unshared', why: 'the weather' });
    expect((await cacheOf().keep({ ...built, reuse: undefined }, never)).kind).toBe('unshared');
    expect(storedFiles(join(base, 'state'))).toEqual([]);
  });

  it('belongs to its project and its devshell', async () => {
    await cacheOf().keep(await evaluate([file('a')], [], {}), never);
    expect((await cacheOf().find('current', never)).kind).toBe('current');
    expect((await cacheOf({ at: '/elsewhere' }).find('any', never)).kind).toBe('nothing');
    expect((await cacheOf({ library: 'v2' }).find('current', never)).kind).toBe('nothing');
    expect(await cacheOf({ library: 'v2' }).find('any', never)).toMatchObject({ kind: 'stale', changed: [] });
  });

  it('is the last good one where nothing is right any more, with the inputs as they are now', async () => {
    for (const text of ['1', '2']) {
      write('a', text);
      await cacheOf({ variables: { A: text } }).keep(await evaluate([file('a'), file('b')], ['A'], { A: text }), never);
    }
    write('a', '3');
    const found = await cacheOf({ variables: { A: '1' } }).find('any', never);
    const now = await evaluate([file('a'), file('b')], ['A'], { A: '1' });
    expect(found).toMatchObject({ kind: 'stale', changed: [join(root, 'a')], built: { observations: now.observations } });
    // Of those that were good, the one for the same variables.
    expect(found.kind === 'stale' && [...found.built.environment.variables.values()][0]).toContain('["A","1"]');
  });
});

describe('the directory of stored environments', () => {
  const keepOne = async (text = 'x'): Promise<string> => {
    write('a', text);
    await cacheOf().keep(await evaluate([file('a')], [], {}), never);
    return storedFiles(join(base, 'state'))[0]!.path;
  };

  it('is private, and so is what is in it', async () => {
    const path = await keepOne();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(join(base, 'data/cache-key')).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (path: string) => void]>([
    ['cut short', (path) => truncateSync(path, 300)],
    ['empty', (path) => truncateSync(path, 0)],
    ['of other content', (path) => writeFileSync(path, 'devshell-cache 1 00\n{}\n')],
    ['writable by others', (path) => chmodSync(path, 0o666)],
    ['a symbolic link', (path) => (renameSync(path, join(base, 'moved')), symlinkSync(join(base, 'moved'), path))],
    ['a directory', (path) => (rmSync(path), mkdirSync(path))],
  ])('ignores an entry that is %s, says so, and replaces it', async (_what, spoil) => {
    const path = await keepOne();
    spoil(path);
    const cache = cacheOf();
    expect((await cache.find('any', never)).kind).toBe('nothing');
    expect(notes.join('\n')).toContain('a stored environment is ignored');
    expect(await cache.keep(await evaluate([file('a')], [], {}), never)).toEqual({ kind: 'stored' });
    expect(storedFiles(join(base, 'state')).map((stored) => stored.path)).toEqual([path]);
    expect(lstatSync(path).isFile()).toBe(true);
    expect((await cacheOf().find('current', never)).kind).toBe('current');
  });

  it('leaves an entry of another format to the devshell that wrote it', async () => {
    const path = await keepOne();
    writeFileSync(path, readFileSync(path, 'utf8').replace('devshell-cache 1', 'devshell-cache 2'), { mode: 0o600 });
    const cache = cacheOf();
    expect((await cache.find('any', never)).kind).toBe('nothing');
    write('a', 'other');
    await cache.keep(await evaluate([file('a')], [], {}), never);
    expect(readFileSync(path, 'utf8')).toContain('devshell-cache 2');
  });

  it('ignores entries in a directory that others may write, or that is a link', async () => {
    const directory = dirname(await keepOne());
    chmodSync(directory, 0o777);
    expect((await cacheOf().find('any', never)).kind).toBe('nothing');
    chmodSync(directory, 0o700);
    renameSync(directory, join(base, 'aside'));
    symlinkSync(join(base, 'aside'), directory);
    expect((await cacheOf().find('any', never)).kind).toBe('nothing');
    expect(notes.filter((note) => note.startsWith('the cache is not used'))).toHaveLength(2);
  });

  it('keeps a bounded number, and of those the most recently used', async () => {
    const first = await keepOne('0');
    for (let value = 1; value < 30; value++) {
      const path = await keepOne(String(value));
      utimesSync(path, 1_000_000 + value, 1_000_000 + value);
      utimesSync(first, 2_000_000, 2_000_000);
    }
    const left = storedFiles(join(base, 'state')).map(({ path }) => path);
    expect(left).toHaveLength(24);
    expect(left).toContain(first);
  });

  it('keeps nothing where it cannot write, and says why', async () => {
    writeFileSync(join(base, 'state'), 'a file in its place');
    expect(await cacheOf().keep(await evaluate([file('a')], [], {}), never)).toMatchObject({ kind: 'unwritable', why: expect.stringContaining('EEXIST') as string });
    expect(() => cacheOf().lock()).toThrow();
  });
});
