import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialConfiguration } from '../../src/config/initial.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Detected, Detection, Idle } from '../../src/config/detection.ts';
import { detect } from '../../src/config/detection.ts';
import type { Project } from '../../src/config/project.ts';
import type { Files } from './files.ts';
import { configurationOf, reading, root } from './files.ts';

const detected = (found: readonly Detected[], idle: readonly Idle[] = []): Project => ({ kind: 'detected', root, found, idle });

/** What a project may have, in memory; names that end in a slash are directories. */
const names = [
  '.envrc', 'flake.nix', 'shell.nix', '.env', '.venv/pyvenv.cfg', 'node_modules/.bin/', 'mise.toml', '.tool-versions', '.config/mise/config.toml', 'devenv.nix', 'devbox.json',
];
const tools = ['nix', 'mise', 'devenv', 'devbox'];

function filesOf(given: readonly string[]): Files {
  return Object.fromEntries(given.map((name): [string, Files[string]] => (name.endsWith('/') ? [`${root}/${name.slice(0, -1)}`, { code: 'EISDIR' }] : [`${root}/${name}`, ''])));
}

function detectIn(given: readonly string[], installed: readonly string[]): Promise<Detection> {
  const kindOf = (name: string): Promise<'file' | 'directory' | 'missing'> => Promise.resolve(given.includes(name) ? 'file' : given.includes(`${name}/`) ? 'directory' : 'missing');
  return detect({ kindOf, hasCommand: (name) => Promise.resolve(installed.includes(name)) });
}

describe('the first devshell.toml', () => {
  test('means the same as what was detected, whatever that is', async () => {
    const withoutPlaces = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'at' ? undefined : one)));
    await fc.assert(
      fc.asyncProperty(fc.subarray(names), fc.subarray(tools), async (given, installed) => {
        const { found, idle } = await detectIn(given, installed);
        const loaded = await loadConfiguration(root, '', reading(filesOf(given)), (name) => Promise.resolve(installed.includes(name)));
        const written = await configurationOf(initialConfiguration(detected(found, idle)));
        expect(withoutPlaces(written)).toEqual(withoutPlaces(loaded.kind === 'loaded' ? loaded.configuration : undefined));
      }),
      { numRuns: 300 },
    );
  });

  test('is empty but for comments where nothing was detected, and names what is not loaded', async () => {
    expect(await configurationOf(initialConfiguration(detected([])))).toEqual(await configurationOf(''));
    expect(initialConfiguration(detected([], [{ file: 'mise.toml', tool: 'mise', home: 'https://mise.jdx.dev' }]))).toContain('# Not used: mise.toml, since mise is not on PATH (https://mise.jdx.dev)');
    expect(await configurationOf(initialConfiguration({ kind: 'configured', root, file: `${root}/devshell.toml` }))).toEqual(await configurationOf(''));
  });

  test('is valid with every comment switched on', async () => {
    const text = initialConfiguration(detected([])).replace(/^# (?=[A-Za-z_]+ = )/gm, '');
    const { env, load, watch, shell } = await configurationOf(text);
    expect([load.envrc?.file, load.nix?.reference]).toEqual(['.envrc', '.#default']);
    expect([env.length, load.path.length, load.dotenv.length, load.venv?.directory, load.exec.length, watch.paths.length, shell.init, shell.aliases.size]).toEqual([
      2, 1, 1, '.venv', 1, 1, 'complete -C ./bin/cli cli', 1,
    ]);
  });

  test('fits into a window', async () => {
    const { found, idle } = await detectIn(names.filter((name) => name !== '.envrc'), tools);
    for (const line of initialConfiguration(detected(found, idle)).split('\n')) expect(line.length).toBeLessThanOrEqual(140);
  });
});
