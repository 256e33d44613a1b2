import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../src/config/configuration.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { defaultSettings as sessionDefaults } from '../../src/model/settings.ts';
import { configurationOf, reading, root, shown, userFile } from './files.ts';

const at = (line: number, column: number, file = 'devshell.toml'): object => ({ file, line, column });

describe('a configuration', () => {
  test('holds everything that a file says, with its places', async () => {
    const configuration = await configurationOf(`
[env]
URL = "http://\${HOST}"
PORT = 0x1F90
RATE = 1_000.50
GONE = false

[load]
path = ["bin", "/opt/x"]
dotenv = [".env", { file = "b.env", optional = true }]
venv = { directory = ".venv", create = true, python = "python3.12" }
envrc = ".envrc"
nix = ".#dev"
lists = ["MY_PATH"]
[[load.exec]]
run = "mise env"
format = "dotenv"
inputs = ["a", "b/*"]
timeout = 1.5
[[load.exec]]
run = "x"

[watch]
paths = ["c/*.yaml"]
ignore = ["c/d"]
[shell]
program = "bash"
init = '''
one
two'''
aliases.gs = "git status"
aliases."..x" = "cd .."
[reload]
apply = "manual"
keybind = ""
[keys]
error = "ctrl-alt-x"
pause = ""
[status]
line = "off"
`);
    expect(configuration).toEqual({
      env: [
        { name: 'URL', value: 'http://${HOST}', at: at(3, 1) },
        { name: 'PORT', value: '0x1F90', at: at(4, 1) },
        { name: 'RATE', value: '1_000.50', at: at(5, 1) },
        { name: 'GONE', value: false, at: at(6, 1) },
      ],
      load: {
        path: [{ directory: 'bin', at: at(9, 9) }, { directory: '/opt/x', at: at(9, 16) }],
        dotenv: [{ file: '.env', optional: false, at: at(10, 11) }, { file: 'b.env', optional: true, at: at(10, 19) }],
        venv: { directory: '.venv', createWith: 'python3.12', at: at(11, 8) },
        envrc: { file: '.envrc', at: at(12, 9) },
        nix: { reference: '.#dev', at: at(13, 7) },
        exec: [
          { run: 'mise env', format: 'dotenv', inputs: ['a', 'b/*'], timeoutMs: 1500, at: at(15, 1) },
          { run: 'x', format: 'json', inputs: [], timeoutMs: 60_000, at: at(20, 1) },
        ],
        lists: ['MY_PATH'],
      },
      watch: { paths: ['c/*.yaml'], ignore: ['c/d'] },
      shell: { program: 'bash', init: 'one\ntwo', initAt: { file: 'devshell.toml', line: 29, column: 1 }, aliases: new Map([['gs', { text: 'git status', at: at(31, 9) }], ['..x', { text: 'cd ..', at: at(32, 9) }]]) },
      cache: 'auto',
      trust: 'path',
      settings: { apply: 'manual', keybind: '', keys: { error: 'Alt-Ctrl-X', pause: '' }, statusLine: 'off' },
    });
  });

  test('is the defaults where the file is empty', async () => {
    expect(await configurationOf('')).toEqual({
      env: [],
      load: { path: [], dotenv: [], venv: undefined, envrc: undefined, nix: undefined, exec: [], lists: [] },
      watch: { paths: [], ignore: [] },
      shell: { program: undefined, init: '', initAt: undefined, aliases: new Map() },
      cache: 'auto',
      trust: 'path',
      settings: defaultSettings,
    });
    expect(defaultSettings).toEqual(sessionDefaults);
  });

  test('keeps numbers as they are written, however large', async () => {
    const { env } = await configurationOf('[env]\nA = 99999999999999999999\nC = -0.0\nD = +7\n');
    expect(env.map(({ value }) => value)).toEqual(['99999999999999999999', '-0.0', '+7']);
  });

  test('keeps the order of variables, whatever they are called', async () => {
    const { env } = await configurationOf('env.Z = "1"\nenv.A = "2"\nenv."__proto__" = "3"\nenv.constructor = "4"');
    expect(env.map(({ name }) => name)).toEqual(['Z', 'A', '__proto__', 'constructor']);
  });
});

describe('devshell.local.toml', () => {
  test('wins key by key', async () => {
    const configuration = await configurationOf(
      '[env]\nA = "1"\nB = "2"\n[load]\npath = ["bin"]\ndotenv = [".env"]\nvenv = ".venv"\n[shell]\ninit = "x"\naliases = { a = "1", b = "2" }\n[status]\nline = "busy"',
      '[env]\nC = "3"\nA = false\n[load]\npath = []\nvenv = false\n[shell]\naliases = { b = "3", c = "4" }\n[reload]\napply = "manual"',
    );
    expect(configuration.env).toEqual([
      { name: 'A', value: false, at: at(3, 1, 'devshell.local.toml') },
      { name: 'B', value: '2', at: at(3, 1) },
      { name: 'C', value: '3', at: at(2, 1, 'devshell.local.toml') },
    ]);
    expect(configuration.load).toMatchObject({ path: [], dotenv: [{ file: '.env' }], venv: undefined });
    expect(configuration.shell).toEqual({ program: undefined, init: 'x', initAt: { file: 'devshell.toml', line: 9, column: 8 }, aliases: expect.any(Map) as Map<string, unknown> });
    expect([...configuration.shell.aliases]).toEqual([
      ['a', { text: '1', at: at(10, 13) }],
      ['b', { text: '3', at: at(8, 13, 'devshell.local.toml') }],
      ['c', { text: '4', at: at(8, 22, 'devshell.local.toml') }],
    ]);
    expect(configuration.settings).toMatchObject({ apply: 'manual', statusLine: 'busy' });
  });

  test('is enough by itself, and then nothing is detected', async () => {
    const loaded = await loadConfiguration(root, userFile, reading({ [`${root}/devshell.local.toml`]: 'env.A = "1"', [`${root}/.env`]: 'B=2' }));
    expect(loaded).toMatchObject({ kind: 'loaded', configuration: { env: [{ name: 'A' }], load: { dotenv: [] } } });
  });

  const names = fc.constantFrom('A', 'B', 'C', 'D', 'E');
  const env = fc.uniqueArray(fc.tuple(names, fc.constantFrom('"x"', '"y"', 'false', '7')), { selector: ([name]) => name });
  const toml = (entries: readonly (readonly [string, string])[]): string => `[env]\n${entries.map((entry) => entry.join(' = ')).join('\n')}`;

  test('keeps the order of devshell.toml, adds its own behind, and takes its values', async () => {
    await fc.assert(
      fc.asyncProperty(env, env, async (project, local) => {
        const merged = await configurationOf(toml(project), toml(local));
        const own = local.map(([name]) => name).filter((name) => !project.some(([other]) => other === name));
        expect(merged.env.map(({ name }) => name)).toEqual([...project.map(([name]) => name), ...own]);
        const alone = new Map((await configurationOf(toml(local))).env.map(({ name, value }) => [name, value]));
        for (const { name, value } of merged.env) if (alone.has(name)) expect(value).toBe(alone.get(name));
      }),
    );
  });

  test('changes nothing where it is empty or says the same', async () => {
    await fc.assert(
      fc.asyncProperty(env, async (project) => {
        const plain = await configurationOf(toml(project));
        expect(await configurationOf(toml(project), '')).toEqual(plain);
        const values = (await configurationOf(toml(project), toml(project))).env.map(({ name, value }) => [name, value]);
        expect(values).toEqual(plain.env.map(({ name, value }) => [name, value]));
      }),
    );
  });
});

describe('the user settings', () => {
  test('stand between the defaults and the project', async () => {
    const user = '[reload]\napply = "manual"\n[keys]\nerror = "F9"\n[status]\nline = "title"';
    expect((await configurationOf('', undefined, user)).settings).toEqual({
      apply: 'manual', keybind: '\\e\\C-r', keys: { error: 'F9', pause: 'Alt-Ctrl-D' }, statusLine: 'title',
    });
    const { settings } = await configurationOf('[status]\nline = "busy"', '[reload]\napply = "auto"', user);
    expect(settings).toMatchObject({ apply: 'auto', statusLine: 'busy', keys: { error: 'F9' } });
  });

  test('say how to cache and what allowing means for every project, and a project says it for itself', async () => {
    const user = 'cache = "wait"\ntrust = "content"';
    expect(await configurationOf('', undefined, user)).toMatchObject({ cache: 'wait', trust: 'content' });
    expect(await configurationOf('cache = "off"', undefined, user)).toMatchObject({ cache: 'off', trust: 'content' });
  });

  test('count where nothing is configured, too', async () => {
    expect((await configurationOf(undefined, undefined, '[status]\nline = "off"')).settings.statusLine).toBe('off');
  });
});

describe('without a configuration', () => {
  test('what is there is used', async () => {
    const files = { [`${root}/.env`]: 'A=1', [`${root}/.venv/pyvenv.cfg`]: '', [`${root}/node_modules/.bin`]: { code: 'EISDIR' } };
    const loaded = await loadConfiguration(root, '', reading(files));
    expect(loaded).toMatchObject({
      kind: 'loaded',
      configuration: {
        env: [],
        load: {
          dotenv: [{ file: '.env', optional: true, at: { file: '.env', line: 1, column: 1 } }],
          venv: { directory: '.venv' },
          path: [{ directory: 'node_modules/.bin' }],
        },
      },
    });
  });

  test('what needs a tool is used where the tool is there, and an .envrc decides alone', async () => {
    const files = { [`${root}/flake.nix`]: '', [`${root}/mise.toml`]: '', [`${root}/devbox.json`]: '' };
    const with_ = async (more: Readonly<Record<string, string>>, ...tools: readonly string[]): Promise<unknown> => {
      const loaded = await loadConfiguration(root, '', reading({ ...files, ...more }), (name) => Promise.resolve(tools.includes(name)));
      if (loaded.kind === 'invalid') throw new Error('invalid');
      const { nix, envrc, exec } = loaded.configuration.load;
      return [envrc?.file, nix?.reference, ...exec.map(({ at }) => at.file)];
    };
    expect(await with_({})).toEqual([undefined, undefined]);
    expect(await with_({}, 'mise')).toEqual([undefined, undefined, 'mise.toml']);
    expect(await with_({}, 'nix', 'mise', 'devbox')).toEqual([undefined, '.', 'mise.toml', 'devbox.json']);
    expect(await with_({ [`${root}/devenv.nix`]: '' }, 'nix', 'devenv')).toEqual([undefined, undefined, 'devenv.nix']);
    expect(await with_({ [`${root}/devenv.nix`]: '' }, 'nix')).toEqual([undefined, '.']);
    expect(await with_({ [`${root}/.envrc`]: '' }, 'nix', 'mise', 'devbox')).toEqual(['.envrc', undefined]);
  });

  test('a .env that is a directory and a node_modules/.bin that is a file are not used', async () => {
    const loaded = await loadConfiguration(root, '', reading({ [`${root}/.env`]: { code: 'EISDIR' }, [`${root}/node_modules/.bin`]: '' }));
    expect(loaded).toMatchObject({ kind: 'loaded', configuration: { load: { dotenv: [], venv: undefined, path: [] } } });
  });

  test('everything that was looked for in vain was asked of the reader', async () => {
    const asked: string[] = [];
    await loadConfiguration(root, userFile, (path) => {
      asked.push(path);
      return Promise.resolve(undefined);
    });
    expect(asked.sort()).toEqual(
      [userFile, ...['devshell.toml', 'devshell.local.toml', '.envrc', 'flake.nix', 'shell.nix', '.env', '.venv/pyvenv.cfg', 'node_modules/.bin', 'mise.toml', '.mise.toml', 'mise.local.toml', '.mise.local.toml',
        'mise/config.toml', '.mise/config.toml', '.config/mise.toml', '.config/mise/config.toml', '.tool-versions', 'devenv.nix', 'devbox.json'].map((name) => `${root}/${name}`)].sort(),
    );
  });
});

describe('a file that is no text', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const ascii = (text: string): number[] => [...new TextEncoder().encode(text)];

  test.each<readonly [string, string | Uint8Array | { code: string }, readonly string[]]>([
    ['is a directory', { code: 'EISDIR' }, ['devshell.toml: devshell.toml is a directory, not a file [] move the directory away']],
    ['may not be read', { code: 'EACCES' }, ['devshell.toml: devshell.toml may not be read [] chmod u+r devshell.toml']],
    ['is a FIFO', { code: 'EINVAL' }, ['devshell.toml: devshell.toml is not a regular file [] put a text file in its place']],
    ['is on a broken disk', { code: 'EIO' }, ['devshell.toml: devshell.toml cannot be read (EIO) [] is the disk in order?']],
    ['is too large', 'x'.repeat(1_600_000), ['devshell.toml: devshell.toml is larger than 1 MiB (1.5 MiB) [] a configuration is a short text; is this the right file?']],
    ['has a byte order mark', '\ufeffx = 1',
      ['devshell.toml:1:1: devshell.toml begins with a byte order mark [\\u{feff}] save it as UTF-8 without a byte order mark',
        'devshell.toml:1:1: unknown key `x` at the top level [x] known here: env, load, watch, shell, reload, keys, status, cache, trust']],
    ['has Windows line ends', '# a\n[env]\r\nA = "1"\r\n',
      ['devshell.toml:2:6: devshell.toml has Windows line ends (CRLF) [[env]\\r\\n] save it with Unix line ends (LF): sed -i \'s/\\r$//\' devshell.toml']],
    ['is not UTF-8', bytes(...ascii('# 1\nA = "é'), 0xe9, ...ascii('"\n')),
      ['devshell.toml:2:7: devshell.toml is not valid UTF-8 (byte 0xe9) [0xe9] save it as UTF-8']],
    ['is cut off within a character', bytes(...ascii('A'), 0xe2, 0x82), ['devshell.toml:1:2: devshell.toml is not valid UTF-8 (byte 0xe2) [0xe2] save it as UTF-8']],
    ['is UTF-16', bytes(0xff, 0xfe, 0x41, 0), ['devshell.toml:1:1: devshell.toml is UTF-16, not UTF-8 [] save it as UTF-8']],
  ])('%s: that is the problem', async (_, content, problems) => {
    const loaded = await loadConfiguration(root, '', reading({ [`${root}/devshell.toml`]: content }));
    expect(loaded.kind === 'invalid' ? loaded.problems.map(shown) : []).toEqual(problems);
  });

  test('the first wrong byte is found wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n') }), fc.constantFrom(0xff, 0xc0, 0x80), async (before, wrong) => {
        const content = bytes(...ascii(`a${before}`), wrong, 0x61);
        const loaded = await loadConfiguration(root, '', reading({ [`${root}/devshell.toml`]: content }));
        const lines = `a${before}`.split('\n');
        expect(loaded).toMatchObject({ kind: 'invalid', problems: [{ line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }] });
      }),
    );
  });

  test('what is no error of the system is not hidden', async () => {
    await expect(loadConfiguration(root, '', () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    await expect(loadConfiguration(root, '', () => Promise.reject(new DOMException('stop', 'AbortError')))).rejects.toThrow('stop');
  });
});
