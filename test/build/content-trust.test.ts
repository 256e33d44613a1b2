// trust = "content": code runs in the form in which it was allowed, and in no other.
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reviewCode } from '../../src/build/review.ts';
import type { ReviewedFile } from '../../src/build/review.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { readAnswer, writeTrust } from '../../src/config/trust.ts';
import { TemporaryProject } from './temporary-project.ts';

let project: TemporaryProject;
const never = new AbortController().signal;

beforeEach(async () => {
  project = await TemporaryProject.create();
});
afterEach(() => project.remove());

/** What `devshell allow` does; returns what it shows. */
async function allow(root = project.root): Promise<readonly ReviewedFile[]> {
  const read = (path: string): Promise<Uint8Array | undefined> => Promise.resolve(existsSync(path) ? readFileSync(path) : undefined);
  const loaded = await loadConfiguration(root, join(project.base, 'config.toml'), read);
  const configuration = loaded.kind === 'loaded' ? loaded.configuration : undefined;
  const answer = await readAnswer(root, project.data);
  const byContent = configuration === undefined ? answer.files !== undefined : configuration.trust === 'content';
  const review = byContent ? await reviewCode(root, configuration, answer, project.data, never) : undefined;
  await writeTrust(root, 'allowed', project.data, review?.present);
  return review?.files ?? [];
}

async function blocked(): Promise<string[]> {
  const outcome = await project.build();
  if (outcome.kind !== 'blocked') throw new Error(`expected it to be blocked, got ${JSON.stringify(outcome)}`);
  return outcome.problems.map(({ message }) => message.replace(`${project.root}/`, ''));
}

const shown = (files: readonly ReviewedFile[]): Record<string, string> => Object.fromEntries(files.map(({ path, change }) => [path.replace(`${project.root}/`, ''), change]));
const trustFile = (): string => join(project.data, 'trust', readdirSync(join(project.data, 'trust'))[0] ?? '');

const toml = 'trust = "content"\n[load]\nexec = [{ run = "./tool", format = "dotenv", inputs = ["lib/*.sh"] }]\ndotenv = [{ file = ".env", optional = true }]\n';

function given(): void {
  project.write('devshell.toml', toml);
  project.write('tool', '#!/bin/sh\n. lib/a.sh\necho "A=$A"\ntouch ran\n', 0o755);
  project.write('lib/a.sh', 'A=1\n');
}

describe('a project that is allowed by content', () => {
  it('stays allowed when its code becomes executable, or is no longer', async () => {
    given();
    await allow();
    for (const [path, mode] of [['lib/a.sh', 0o755], ['devshell.toml', 0o755], ['lib/a.sh', 0o644]] as const) {
      chmodSync(join(project.root, path), mode);
      expect((await project.built()).all['A']).toBe('1');
    }
    chmodSync(join(project.root, 'lib/a.sh'), 0o755);
    await allow();
    chmodSync(join(project.root, 'lib/a.sh'), 0o644);
    expect((await project.built()).all['A']).toBe('1');
  });

  it('is blocked until its code is allowed, also where it was allowed by its path, and runs nothing', async () => {
    given();
    expect(await blocked()).toEqual(['devshell.toml is not allowed yet: nothing of it is run']);
    expect(shown(await allow())).toEqual({ 'devshell.toml': 'new', tool: 'new', 'lib/a.sh': 'new' });
    expect((await project.built()).all['A']).toBe('1');
  });

  it.each<[what: string, change: () => void, message: string, byPath?: true]>([
    ['the configuration', () => project.write('devshell.toml', `${toml}# more\n`), 'devshell.toml has changed since it was allowed: nothing of it is run'],
    ['the configuration, so that it no longer asks for content', () => project.write('devshell.toml', toml.replace('"content"', '"path"')), 'devshell.toml has changed since it was allowed: nothing of it is run', true],
    ['the configuration of one’s own', () => project.write('devshell.local.toml', 'trust = "path"\n'), 'devshell.local.toml is not allowed yet: nothing of it is run', true],
    ['the program that a command runs', () => project.write('tool', '#!/bin/sh\ntouch ran\n'), 'tool has changed since it was allowed: nothing of it is run'],
    ['an input of the command', () => project.write('lib/a.sh', 'A=2\n'), 'lib/a.sh has changed since it was allowed: nothing of it is run'],
    ['what is a new input of the command', () => project.write('lib/b.sh', ''), 'lib/b.sh is not allowed yet: nothing of it is run'],
  ])('is blocked when %s has changed, until that is allowed', async (_, change, message, byPath) => {
    given();
    await allow();
    await project.built();
    rmSync(join(project.root, 'ran'));
    change();
    expect(await blocked()).toEqual([message]);
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
    // Where the path is enough from now on, no file is named any more.
    expect(shown((await allow()).filter((file) => file.change !== 'none'))).toEqual(byPath ? {} : { [message.split(' ')[0] ?? '']: message.includes('changed') ? 'changed' : 'new' });
    await project.built();
  });

  it.each(['bash -eu env.sh', 'env A=1 bash --norc env.sh', '. ./env.sh', 'cat env.sh | sh', 'sh < env.sh', 'X=env.sh; sh "$X"', 'true && sh "env.sh" 2> errors'])(
    'sees the script in %j',
    async (run) => {
      project.write('devshell.toml', `trust = "content"\n[load]\nexec = [{ run = '${run}', format = "dotenv" }]\n`);
      project.write('env.sh', 'echo A=1\n');
      expect(shown(await allow())).toEqual({ 'devshell.toml': 'new', 'env.sh': 'new' });
      await project.build();
      project.write('env.sh', 'echo A=2\n');
      expect(await blocked()).toEqual(['env.sh has changed since it was allowed: nothing of it is run']);
    },
  );

  it('goes on when only data has changed, and when a change is taken back', async () => {
    given();
    await allow();
    project.write('.env', 'B=1\n');
    expect((await project.built()).all).toMatchObject({ A: '1', B: '1' });
    project.write('lib/a.sh', 'A=2\n');
    await blocked();
    project.write('lib/a.sh', 'A=1\n');
    expect((await project.built()).all['A']).toBe('1');
  });

  it('is not fooled by a file that looks the same: links, swaps, same size and time', async () => {
    given();
    await allow();
    project.write('elsewhere', 'A=9\n');
    rmSync(join(project.root, 'lib/a.sh'));
    symlinkSync('../elsewhere', join(project.root, 'lib/a.sh'));
    expect(await blocked()).toEqual(['lib/a.sh has changed since it was allowed: nothing of it is run']);
    rmSync(join(project.root, 'lib/a.sh'));
    writeFileSync(join(project.root, 'lib/a.sh'), 'A=1\n');
    renameSync(join(project.root, 'tool'), join(project.root, 'other'));
    symlinkSync('other', join(project.root, 'tool'));
    expect((await project.built()).all['A']).toBe('1');
    project.write('other', readFileSync(join(project.root, 'other'), 'utf8').replace('touch ran', 'touch RAN'));
    expect(await blocked()).toEqual(['tool has changed since it was allowed: nothing of it is run']);
  });

  it('remembers what a build came to, and what was allowed and is gone', async () => {
    given();
    await allow();
    project.write('lib/new.sh', '');
    await blocked();
    rmSync(join(project.root, 'tool'));
    expect(shown(await allow())).toEqual({ 'devshell.toml': 'none', 'lib/a.sh': 'none', 'lib/new.sh': 'new', tool: 'gone' });
    expect(shown(await allow())).toEqual({ 'devshell.toml': 'none', 'lib/a.sh': 'none', 'lib/new.sh': 'none' });
  });

  it('is the same project by whatever path it is reached', async () => {
    given();
    const link = join(project.base, 'link');
    symlinkSync(project.root, link);
    await allow(link);
    expect((await project.built()).all['A']).toBe('1');
    expect(JSON.parse(readFileSync(trustFile(), 'utf8'))).toMatchObject({ trust: 'allowed', files: { 'devshell.toml': expect.stringMatching(/^[0-9a-f]{64}$/) as string } });
  });

  it('meets what an .envrc sources on the way, and asks for that as well', async () => {
    project.write('devshell.toml', 'trust = "content"\n[load]\nenvrc = ".envrc"\n');
    project.write('.envrc', 'source_env lib/more.envrc\nexport A=1\n');
    project.write('lib/more.envrc', 'export MORE=1\ntouch "$OLDPWD/ran"\n');
    expect(shown(await allow())).toEqual({ 'devshell.toml': 'new', '.envrc': 'new' });
    expect(await blocked()).toEqual(['lib/more.envrc is not allowed yet: nothing of it is run']);
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
    expect(shown(await allow())).toEqual({ 'devshell.toml': 'none', '.envrc': 'none', 'lib/more.envrc': 'new' });
    expect((await project.built()).all).toMatchObject({ A: '1', MORE: '1' });
    project.write('lib/more.envrc', 'export MORE=2\n');
    expect(await blocked()).toEqual(['lib/more.envrc has changed since it was allowed: nothing of it is run']);
    await allow();
    expect((await project.built()).all).toMatchObject({ MORE: '2' });
  });

  it('may be so by the settings of the user, for every project', async () => {
    project.write('../config.toml', 'trust = "content"\n');
    project.write('devshell.toml', '[shell]\ninit = "echo hi"\n');
    expect(await blocked()).toEqual(['devshell.toml is not allowed yet: nothing of it is run']);
    await allow();
    await project.built();
    // Without the setting it stays as it was allowed.
    rmSync(join(project.base, 'config.toml'));
    project.write('devshell.toml', '[shell]\ninit = "echo ho"\n');
    expect(await blocked()).toEqual(['devshell.toml has changed since it was allowed: nothing of it is run']);
    await allow();
    project.write('devshell.toml', '[shell]\ninit = "echo hu"\n');
    await project.built();
  });

  it('asks for an interpreter that the project brings along', async () => {
    project.write('devshell.toml', 'trust = "content"\n[load]\nvenv = ".venv"\n');
    project.write('.venv/pyvenv.cfg', 'home = /usr/bin\n');
    project.write('.venv/bin/python', '#!/bin/sh\ntouch ran\n', 0o755);
    await allow();
    expect(await blocked()).toEqual(['.venv/bin/python is not allowed yet: nothing of it is run']);
    expect(existsSync(join(project.root, 'ran'))).toBe(false);
    rmSync(join(project.root, '.venv/bin/python'));
    symlinkSync('/usr/bin/python3', join(project.root, '.venv/bin/python'));
    await project.built();
  });

  it('shows the mistakes of a changed configuration, and runs nothing of it', async () => {
    given();
    await allow();
    project.write('devshell.toml', `${toml}[env`);
    const outcome = await project.build();
    expect(outcome.kind).toBe('failed');
  });

  it('needs no leave where nothing would run', async () => {
    project.write('devshell.toml', 'trust = "content"\n');
    await project.built();
  });

  it.each(['{', '', '"files": {}', 'null'])('is unknown where the answer is torn: %j', async (content) => {
    given();
    await allow();
    writeFileSync(trustFile(), content);
    expect((await project.build()).kind).toBe('blocked');
  });

  it.each(['[]', 'null', '{"tool": 1}', '{"tool": "missing"}', '"x"'])('is unknown where the files of the answer are %s', async (files) => {
    given();
    await allow();
    const answer = JSON.parse(readFileSync(trustFile(), 'utf8')) as Record<string, unknown>;
    writeFileSync(trustFile(), JSON.stringify({ ...answer, files: JSON.parse(files) as unknown }));
    expect((await project.build()).kind).toBe('blocked');
  });
});
