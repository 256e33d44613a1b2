// Trust that the worktrees of one repository share, with Git itself.
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAnswer, readTrust, trustFiles, writeTrust } from '../../src/config/trust.ts';
import { repositoryOf } from '../../src/config/worktree.ts';

let base = '';
let main = '';
let linked = '';
let data = '';

function git(directory: string, ...args: readonly string[]): void {
  const env = { PATH: process.env['PATH'] ?? '', HOME: base, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-C', directory, ...args], { env, stdio: 'pipe' });
}

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'devshell-worktree-')));
  [main, linked, data] = [join(base, 'main'), join(base, 'linked'), join(base, 'data')];
  mkdirSync(join(main, 'sub'), { recursive: true });
  writeFileSync(join(main, 'sub/file'), '');
  git(main, 'init', '-q');
  git(main, 'add', '.');
  git(main, 'commit', '-q', '-m', 'x');
  git(main, 'worktree', 'add', '-q', linked);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const share = (root: string, trust: 'allowed' | 'denied' = 'allowed'): Promise<void> => writeTrust(root, trust, data, undefined, 'worktrees');

describe('the worktrees of a repository', () => {
  test('are those of one common directory, wherever they are', () => {
    expect(repositoryOf(main)).toMatchObject({ directory: join(main, '.git'), below: '' });
    expect(repositoryOf(linked)).toMatchObject({ directory: join(main, '.git'), below: '' });
    expect(repositoryOf(join(linked, 'sub'))).toMatchObject({ directory: join(main, '.git'), below: 'sub' });
    symlinkSync(linked, join(base, 'link'));
    expect(repositoryOf(join(base, 'link'))).toMatchObject({ directory: join(main, '.git') });
    expect(repositoryOf(base)).toBeUndefined();
  });

  test('are those of a bare repository, too', () => {
    git(base, 'clone', '-q', '--bare', main, 'bare.git');
    git(join(base, 'bare.git'), 'worktree', 'add', '-q', join(base, 'of-bare'));
    expect(repositoryOf(join(base, 'of-bare'))).toMatchObject({ directory: join(base, 'bare.git') });
  });

  test('share what was allowed for all of them, also those that come later', async () => {
    await share(linked);
    git(main, 'worktree', 'add', '-q', join(base, 'later'));
    for (const root of [main, linked, join(base, 'later')]) expect(await readTrust(root, data)).toBe('allowed');
    expect(await readTrust(join(main, 'sub'), data)).toBe('unknown');
    await share(join(main, 'sub'));
    expect(await readTrust(join(linked, 'sub'), data)).toBe('allowed');
  });

  test('share nothing by being allowed one by one', async () => {
    await writeTrust(main, 'allowed', data);
    expect(await readTrust(linked, data)).toBe('unknown');
  });

  test('are denied by a denial, of one or of all, whatever else was said', async () => {
    await share(main);
    await writeTrust(linked, 'denied', data);
    expect([await readTrust(main, data), await readTrust(linked, data)]).toEqual(['allowed', 'denied']);
    await writeTrust(linked, 'allowed', data);
    await share(main, 'denied');
    expect([await readTrust(main, data), await readTrust(linked, data)]).toEqual(['denied', 'denied']);
  });

  test('have the answer among the files that are watched', async () => {
    const before = await trustFiles(linked, data);
    expect(before).toHaveLength(2);
    await share(main);
    expect(before.filter((path) => existsSync(path))).toHaveLength(1);
    expect((await trustFiles(main, data))[1]).toBe(before[1]);
  });

  test('share forms of files, each under its own root', async () => {
    const seen = 'a'.repeat(64);
    await writeTrust(main, 'allowed', data, new Map([[join(main, 'devshell.toml'), seen], ['/opt/x.sh', seen]]), 'worktrees');
    expect((await readAnswer(linked, data)).files).toEqual(new Map([[join(linked, 'devshell.toml'), seen], ['/opt/x.sh', seen]]));
  });

  test('go on sharing when Git has moved or repaired one', async () => {
    await share(main);
    git(main, 'worktree', 'move', linked, join(base, 'moved'));
    expect(await readTrust(join(base, 'moved'), data)).toBe('allowed');
    renameSync(join(base, 'moved'), join(base, 'by-hand'));
    expect(await readTrust(join(base, 'by-hand'), data)).toBe('unknown');
    git(main, 'worktree', 'repair', join(base, 'by-hand'));
    expect(await readTrust(join(base, 'by-hand'), data)).toBe('allowed');
  });
});

describe('a checkout cannot claim to be a worktree of another repository:', () => {
  const hostile = (name = 'hostile'): string => join(base, name);

  test.each<[what: string, make: () => void]>([
    ['by a copy of a worktree', () => cpSync(linked, hostile(), { recursive: true })],
    ['by a .git file that names the directory of a worktree', () => claim(`gitdir: ${join(main, '.git/worktrees/linked')}\n`)],
    ['by a .git file that names the repository', () => claim(`gitdir: ${join(main, '.git')}\n`)],
    ['by a .git that is a link to the repository', () => {
      mkdirSync(hostile());
      symlinkSync(join(main, '.git'), join(hostile(), '.git'));
    }],
    ['by a .git that is a link to that of a worktree', () => {
      mkdirSync(hostile());
      symlinkSync(join(linked, '.git'), join(hostile(), '.git'));
    }],
    ['by directories of its own that name the repository as common', () => {
      claim('gitdir: own\n');
      mkdirSync(join(hostile(), 'own'));
      writeFileSync(join(hostile(), 'own/commondir'), `${join(main, '.git')}\n`);
      writeFileSync(join(hostile(), 'own/gitdir'), `${join(hostile(), '.git')}\n`);
    }],
    ['by a repository of its own with a commondir', () => {
      git(base, 'init', '-q', 'hostile');
      writeFileSync(join(hostile(), '.git/commondir'), `${join(main, '.git')}\n`);
    }],
    ['by links to the administration of a worktree', () => {
      claim('gitdir: worktrees/linked\n');
      symlinkSync(join(main, '.git/worktrees'), join(hostile(), 'worktrees'));
    }],
    ['by a .git that cannot be read as one', () => claim('nonsense')],
    ['by a .git of two lines', () => claim(`gitdir: ${join(main, '.git/worktrees/linked')}\ngitdir: x\n`)],
  ])('%s', async (_, make) => {
    await share(main);
    make();
    expect(await readTrust(hostile(), data)).toBe('unknown');
    mkdirSync(join(hostile(), 'sub'), { recursive: true });
    expect(await readTrust(join(hostile(), 'sub'), data)).toBe('unknown');
  });

  test('by the answer for another place', async () => {
    await share(main);
    git(base, 'init', '-q', 'hostile');
    const [, mine = ''] = await trustFiles(main, data);
    const [, theirs = ''] = await trustFiles(hostile(), data);
    writeFileSync(theirs, readFileSync(mine), { mode: 0o600 });
    expect(await readTrust(hostile(), data)).toBe('unknown');
  });

  test('a submodule shares with nobody, and is told so', async () => {
    git(main, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', linked, 'module');
    expect(repositoryOf(join(main, 'module'))).toBeUndefined();
    await expect(share(join(main, 'module'))).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('is in no Git repository that could share trust') as string });
  });

  // Only root can give a directory away.
  if (process.geteuid?.() === 0) {
    test('by belonging to another user', async () => {
      await share(main);
      chownSync(linked, 12_345, 12_345);
      expect(await readTrust(linked, data)).toBe('unknown');
    });
  }

  function claim(text: string): void {
    mkdirSync(hostile());
    writeFileSync(join(hostile(), '.git'), text);
  }
});
