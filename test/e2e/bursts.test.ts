// Many changes, odd changes, changes at the wrong moment: the shell always comes to what the files say, with one build per settled change.
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { checkoutBranch, commitToBranch, editors, saveInTwoChunks, saveWithSed } from '../support/editors.ts';
import { kill, waitUntil } from '../support/processes.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import { Beacon, settledFile, Shell } from './support-2.ts';

const toml = (value: string): string => `[env]\nV = "${value}"\n[load]\ndotenv = [${settledFile}]\n`;

/** The builds that `change` asks for, those of nothing else: a change beside the point comes after it. */
async function buildsOf(shell: Shell, change: () => Promise<void>): Promise<number> {
  const before = (await shell.builds()).length;
  await change();
  await shell.settle();
  return (await shell.buildsEnded(before + 1)).length - before - 1;
}

describe('a change', () => {
  test('costs one build, however it is saved', async ({ project }) => {
    const path = project.path('devshell.toml');
    const shell = await Shell.open(project, toml('0'));
    const ways: [string, (value: string) => Promise<void>][] = [
      ...editors.map(({ name, save }): [string, (value: string) => Promise<void>] => [name, (value) => save(path, toml(value))]),
      ['sed -i', (value) => saveWithSed(path, `s/^V = .*/V = "${value}"/`)],
      ['in two chunks', (value) => saveInTwoChunks(path, toml(value), 10)],
      ['in place', async (value) => { await project.write('devshell.toml', toml(value)); }],
      ['by a rename', async (value) => { await project.replace('devshell.toml', toml(value)); }],
    ];
    for (const [round, [name, save]] of [...ways, ...ways].entries()) {
      const value = `${name} ${round}`;
      const count = await buildsOf(shell, async () => {
        await save(value);
        expect(await shell.readyValue('V'), name).toBe(value);
      });
      expect(count, name).toBe(1);
    }
  });

  test('is not missed when a slow writer pauses in the middle of it', async ({ project }) => {
    const path = project.path('devshell.toml');
    const shell = await Shell.open(project, toml('0'));
    for (const pauseMs of [20, 30, 60, 150]) {
      const value = `after ${pauseMs}`;
      expect(await buildsOf(shell, async () => {
        await saveInTwoChunks(path, toml(value), pauseMs);
        await shell.converge('V', value);
      })).toBeLessThanOrEqual(3);
    }
  });

  test('of nothing but times, modes and identical bytes costs none', async ({ project }) => {
    const shell = await Shell.open(project, toml('same'));
    await project.write('other', 'x');
    const shellCommands = ['touch devshell.toml', 'chmod 600 devshell.toml', 'touch -d yesterday devshell.toml', 'cp devshell.toml c; mv c devshell.toml', 'touch x; rm x other'];
    const count = await buildsOf(shell, async () => {
      for (const command of shellCommands) await project.run('bash', ['-c', command]);
      await project.write('devshell.toml', toml('same'));
      await project.replace('devshell.toml', toml('same'));
      for (const { save } of editors) await save(project.path('devshell.toml'), toml('same'));
    });
    expect(count).toBe(0);
    expect(await shell.value('V')).toBe('same');
  });

  test('of nothing but whether we may run a program is one, and is shown', async ({ project }) => {
    await project.write('tool', '#!/bin/sh\necho V=ran\n');
    const shell = await Shell.open(project, '[load]\nexec = [{ run = "./tool || echo V=refused", format = "dotenv", inputs = ["other"] }]\n');
    expect(await shell.value('V')).toBe('refused');
    for (const [mode, value] of [[0o755, 'ran'], [0o600, 'refused']] as const) {
      await chmod(project.path('tool'), mode);
      expect(await shell.readyValue('V')).toBe(value);
      expect(await shell.value('V')).toBe(value);
    }
    expect((await shell.builds()).filter(({ changed }) => changed === project.path('tool'))).toHaveLength(2);
  });
});

describe('a burst', () => {
  test('of two edits 5 ms apart gives the second, at the cost of one', async ({ project }) => {
    const shell = await Shell.open(project, toml('0'));
    for (let round = 1; round <= 5; round++) {
      const value = `second of ${round}`;
      let apartMs = 0;
      const count = await buildsOf(shell, async () => {
        const startMs = performance.now();
        await project.write('devshell.toml', toml(`first of ${round}`));
        await pause(5);
        await project.write('devshell.toml', toml(value));
        apartMs = performance.now() - startMs;
        await shell.converge('V', value);
      });
      // Where this process was kept waiting in between, the first looked settled.
      expect(count).toBeLessThanOrEqual(apartMs > 20 ? 2 : 1);
    }
  });

  test.for([['in place', 'write', 0], ['in place, a little apart', 'write', 3], ['by renames', 'replace', 0]] as const)(
    'of 500 edits %s ends in the last of them', async ([, how, gapMs], { project }) => {
      const shell = await Shell.open(project, toml('0'));
      const writtenMs = [performance.now()];
      const count = await buildsOf(shell, async () => {
        for (let edit = 1; edit <= 500; edit++) {
          await project[how]('devshell.toml', toml(`edit ${edit}`));
          writtenMs.push(performance.now());
          if (gapMs > 0) await pause(gapMs);
        }
        await shell.converge('V', 'edit 500');
      });
      // While it goes on it is built at most once in 500 ms; where this process was kept waiting for 20 ms, it looked settled.
      const stalls = writtenMs.filter((at, edit) => at - (writtenMs[edit - 1] ?? at) > 20).length;
      expect(count).toBeLessThanOrEqual(Math.ceil((writtenMs.at(-1)! - writtenMs[0]!) / 500) + 1 + stalls);
    });

  test('of a git checkout that touches 2,000 files ends in what the branch holds', async ({ project }) => {
    const exec = `[load]\nexec = [{ run = "echo SUM=$(cat data/*/* | cksum | tr ' ' -)", format = "dotenv", inputs = ["data/**/*.txt"] }]\ndotenv = [${settledFile}]\n`;
    await writeFiles(project, 0, 2000, 'one');
    await project.write('devshell.toml', exec);
    await project.write('.gitignore', '.devshell/\nsettled.env\n');
    await commitToBranch(project.root, 'one');
    await rm(project.path('data/1'), { recursive: true });
    await writeFiles(project, 200, 2100, 'two');
    await commitToBranch(project.root, 'two');
    const shell = await Shell.open(project, undefined);
    for (const branch of ['one', 'two']) {
      let tookMs = 0;
      const count = await buildsOf(shell, async () => {
        const startMs = performance.now();
        await checkoutBranch(project.root, branch);
        tookMs = performance.now() - startMs;
        const { stdout } = await project.run('bash', ['-c', "cat data/*/* | cksum | tr ' ' -"]);
        await shell.converge('SUM', stdout.trim());
      });
      // What git has written after 500 ms is built, and cancelled at most once for what it writes then.
      expect(count).toBeLessThanOrEqual(Math.ceil(tookMs / 500) + 2);
    }
  });
});

async function writeFiles(project: Project, from: number, to: number, content: string): Promise<void> {
  for (let at = from; at < to; at += 100) await mkdir(project.path(`data/${at / 100}`), { recursive: true });
  for (let at = from; at < to; at++) await writeFile(project.path(`data/${Math.floor(at / 100)}/${at}.txt`), `${content} ${at}\n`);
}

describe('an input', () => {
  const dotenv = `[load]\ndotenv = [{ file = "conf/local/app.env", optional = true }, ${settledFile}]\n`;

  test('that does not exist yet is seen when it appears with its directories, goes with them, and comes back', async ({ project }) => {
    const shell = await Shell.open(project, dotenv);
    expect(await shell.value('APP')).toBeUndefined();
    await project.write('conf/local/app.env', 'APP=1\n');
    expect(await shell.readyValue('APP')).toBe('1');
    await rm(project.path('conf'), { recursive: true });
    expect(await shell.readyValue('APP')).toBeUndefined();
    await project.write('conf/local/app.env', 'APP=2\n');
    expect(await shell.readyValue('APP')).toBe('2');
  });

  test('is followed through deletion, renamed directories and links', async ({ project }) => {
    const shell = await Shell.open(project, dotenv);
    await project.write('conf/local/app.env', 'APP=1\n');
    expect(await shell.readyValue('APP')).toBe('1');
    await rm(project.path('conf/local/app.env'));
    expect(await shell.readyValue('APP')).toBeUndefined();
    await project.write('conf/local/app.env', 'APP=2\n');
    expect(await shell.readyValue('APP')).toBe('2');
    await rename(project.path('conf'), project.path('old'));
    expect(await shell.readyValue('APP')).toBeUndefined();
    await project.write('new/local/app.env', 'APP=3\n');
    await rename(project.path('new'), project.path('conf'));
    expect(await shell.readyValue('APP')).toBe('3');
    await project.run('bash', ['-c', 'mkdir versions; mv old versions/a; mv conf versions/b; ln -s versions/a conf']);
    expect(await shell.readyValue('APP')).toBe('2');
    await project.run('bash', ['-c', 'ln -s versions/b next; mv -T next conf']);
    expect(await shell.readyValue('APP')).toBe('3');
    await project.write('versions/b/local/app.env', 'APP=4\n');
    expect(await shell.readyValue('APP')).toBe('4');
    await rm(project.path('conf'));
    expect(await shell.readyValue('APP')).toBeUndefined();
  });

  test('may be the configuration itself: deleted, it leaves the plain shell; written anew, it is back', async ({ project }) => {
    const shell = await Shell.open(project, '[env]\nV = "1"\n');
    await rm(project.path('devshell.toml'));
    expect(await shell.readyValue('V')).toBeUndefined();
    await project.write('devshell.toml', '[env]\nV = "2"\n');
    expect(await shell.readyValue('V')).toBe('2');
  });
});

describe('an edit during a build', () => {
  /** Reads `value`, says that it has, waits while `hold` is there, and only then prints what it has read. */
  const slow = (started: Beacon): string => [
    '[load]',
    `exec = [{ run = 'v=$(cat value); echo "$$ $v" >>${started.path}; while [ -e hold ]; do sleep 0.05; done; echo "SEEN=$v"', format = "dotenv", inputs = ["value"] }]`,
    '',
  ].join('\n');

  test('ends that build and its processes, and the next one gives what stands there now', async ({ project }) => {
    const started = new Beacon(project);
    await project.write('value', 'a');
    const shell = await Shell.open(project, slow(started));
    await project.write('hold', '');
    await project.write('value', 'b');
    const [, pid = ''] = /^(\d+) b$/m.exec(await started.seen(/ b$/m)) ?? [];
    expect(shell.session.statusRow()).toMatch(/building (?:\d\.\ds {2})?value/);
    await project.write('value', 'c');
    await started.seen(/ c$/m);
    await waitUntil(() => !kill(Number(pid), 0), { what: 'the first build to have ended' });
    expect(await shell.value('SEEN')).toBe('a');
    await rm(project.path('hold'));
    expect(await shell.readyValue('SEEN')).toBe('c');
    expect(await shell.buildsEnded(2)).toMatchObject([{ ended: 'cancelled' }, { ended: 'built' }]);
  });

  test('is not lost, however many there are, and nobody is accused of changing what the user saves', async ({ project }) => {
    const started = new Beacon(project);
    await project.write('value', '0');
    const shell = await Shell.open(project, slow(started).replace('while [ -e hold ]; do sleep 0.05; done', 'sleep 0.4'));
    for (let save = 1; save <= 12; save++) {
      await project.replace('value', String(save));
      await started.seen(new RegExp(` ${save}$`, 'm'));
    }
    await shell.converge('SEEN', '12');
    expect(await shell.log()).not.toContain('changes its own input');
    expect(shell.session.statusRow()).not.toContain('note');
  });
});
