import { describe, expect, test } from 'vitest';
import { initialConfiguration } from '../../src/config/initial.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Detected, Project } from '../../src/config/project.ts';
import type { Files } from './files.ts';
import { configurationOf, reading, root } from './files.ts';

const all: readonly Detected[] = [
  { kind: 'dotenv', file: '.env' }, { kind: 'venv', directory: '.venv' }, { kind: 'path', directory: 'node_modules/.bin' },
];
const files: Files = { [`${root}/.env`]: '', [`${root}/.venv/pyvenv.cfg`]: '', [`${root}/node_modules/.bin`]: { code: 'EISDIR' } };
const detected = (found: readonly Detected[], unsupported: readonly string[] = []): Project => ({ kind: 'detected', root, found, unsupported });

describe('the first devshell.toml', () => {
  test('means the same as what was detected', async () => {
    const loaded = await loadConfiguration(root, '', reading(files));
    const written = await configurationOf(initialConfiguration(detected(all)));
    const withoutPlaces = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'at' ? undefined : one)));
    expect(withoutPlaces(written)).toEqual(withoutPlaces(loaded.kind === 'loaded' ? loaded.configuration : undefined));
  });

  test('is empty but for comments where nothing was detected, and names what is not loaded', async () => {
    expect(await configurationOf(initialConfiguration(detected([])))).toEqual(await configurationOf(''));
    expect(initialConfiguration(detected([], ['.envrc']))).toContain('not loaded by this version of devshell: .envrc');
    expect(await configurationOf(initialConfiguration({ kind: 'configured', root, file: `${root}/devshell.toml` }))).toEqual(await configurationOf(''));
  });

  test('is valid with every comment switched on', async () => {
    const text = initialConfiguration(detected([])).replace(/^# (?=[A-Za-z_]+ = )/gm, '');
    const { env, load, watch, shell } = await configurationOf(text);
    expect([env.length, load.path.length, load.dotenv.length, load.venv?.directory, load.exec.length, watch.paths.length, shell.init, shell.aliases.size]).toEqual([
      2, 1, 1, '.venv', 1, 1, 'complete -C ./bin/cli cli', 1,
    ]);
  });

  test('fits into a window', () => {
    for (const line of initialConfiguration(detected(all)).split('\n')) expect(line.length).toBeLessThanOrEqual(140);
  });
});
