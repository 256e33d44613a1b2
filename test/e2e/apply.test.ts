// When an environment is applied: before the very next command, at the next prompt while something runs, never inside a line.
import { describe, expect } from 'vitest';
import { existsSync } from 'node:fs';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import { Beacon, Shell } from './support-2.ts';
import type { Project } from '../support/project.ts';

const toml = (value: string): string => `[env]\nV = "${value}"\n`;

function save(project: Project, value: string): Promise<string> {
  return project.replace('devshell.toml', toml(value));
}

describe('an environment that becomes ready while the prompt waits', () => {
  test('is what the very next command sees, without a key', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    await save(project, 'new');
    await session.waitForStatus('ready ~1  Enter or Alt-Ctrl-R');
    // The words of the line itself are expanded in it, and so is what a program is started with.
    session.enter(`printf '%s %s.' "$V" "$(printenv V)" >${seen.path}`);
    expect(await seen.seen(/\./)).toBe('new new.');
    await session.waitForStatus(/reloaded in \d+ms  ~1/);
    await session.waitForStatus('watching', { deadlineMs: 20_000 });
  });

  test('leaves a half-typed line and an incremental search as they are', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    session.type(`printf '%s.' "$V" >>${seen.path}`);
    await session.waitForScreen(seen.path);
    const before = session.screen();
    await save(project, 'new');
    await session.waitForStatus('ready');
    expect(session.screen().slice(0, -1)).toEqual(before.slice(0, -1));
    session.press('Enter');
    await seen.seen(/^new\.$/);
    await session.waitForStatus('reloaded');

    session.press('Ctrl-r');
    session.type('printf');
    await session.waitForScreen("(reverse-i-search)`printf':");
    await save(project, 'newer');
    await session.waitForStatus('ready');
    expect(session.screen().join('\n')).toContain("(reverse-i-search)`printf':");
    session.press('Enter');
    await seen.seen(/^new\.newer\.$/);
  });

  test.for([
    ['vim left by :q', async ({ session }: Shell) => {
      session.enter('vim -Nu NONE -i NONE notes');
      await session.waitForScreen('"notes" [New]');
      session.enter(':q');
    }],
    ['read', async ({ session }: Shell) => {
      session.enter('read -p "one: " one; read -p "two: " two');
      await session.waitForScreen(/^one:/m);
      session.enter('1');
      await session.waitForScreen(/^two:/m);
      session.enter('2');
    }],
    ['a program that asks', async ({ session }: Shell) => {
      session.enter(`bash -c 'read -p "sure? "; echo answered'`);
      await session.waitForScreen(/^sure\?/m);
      session.enter('y');
    }],
  ] as const)('is seen by the next command after %s, which read Enters of its own', async ([, use], { project }) => {
    const shell = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    await use(shell);
    await shell.prompt();
    await save(project, 'new');
    await shell.session.waitForStatus('ready');
    shell.session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^new\.$/);
  });

  test('is seen by the next command although it came while functions of the user made the prompt', async ({ createProject }) => {
    const project = await createProject({ bashrc: `PS1='$ '\nslow() { [ ! -e "$TMPDIR/hold" ] || printf s >"$TMPDIR/slow"; while [ -e "$TMPDIR/hold" ]; do :; done; }\nPROMPT_COMMAND=slow\n` });
    const shell = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    shell.session.enter('touch "$TMPDIR/hold"');
    await waitUntil(() => existsSync(`${project.base}/tmp/slow`), { what: 'the prompt to be made' });
    await save(project, 'new');
    await shell.session.waitForStatus('ready');
    await project.run('rm', [`${project.base}/tmp/hold`]);
    await shell.prompt();
    shell.session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^new\.$/);
  });

  test('is seen by the next command after vim wrote the very file', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    session.enter('vim -Nu NONE -i NONE devshell.toml');
    await session.waitForScreen(/"devshell\.toml" 2L/);
    session.enter(':%s/old/by vim/');
    await session.waitForScreen('V = "by vim"');
    session.enter(':wq');
    await session.waitForScreen(() => !session.terminal.isAlternate);
    await session.waitForStatus(/ready|reloaded/);
    session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^by vim\.$/);
  });

  test('is seen by the line after each of ten saves in a row', async ({ project }) => {
    const shell = await Shell.open(project, toml('0'));
    for (let round = 1; round <= 10; round++) {
      await save(project, String(round));
      expect(await shell.readyValue('V')).toBe(String(round));
    }
  });
});

describe('an environment that becomes ready while something runs', () => {
  test('is applied at the next prompt, not inside a loop', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const [rounds, go, seen] = [new Beacon(project), new Beacon(project), new Beacon(project)];
    session.enter(`for i in 1 2 3 4; do while [ ! -s ${go.path} ] && [ $i = 2 ]; do sleep 0.05; done; printf '%s' "$i$V " >>${rounds.path}; done`);
    await rounds.seen(/^1old $/);
    await save(project, 'new');
    await session.waitForStatus('ready');
    await go.light('go');
    expect(await rounds.seen(/4\w+ $/)).toBe('1old 2old 3old 4old ');
    await session.waitForStatus('reloaded');
    session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^new\.$/);
  });

  test.for([
    ['sleep in a list', (go: string) => `until [ -s ${go} ]; do sleep 0.05; done`],
    ['a pipeline', (go: string) => `{ until [ -s ${go} ]; do sleep 0.05; done; echo end; } | cat`],
    ['read', () => 'read line'],
    ['read -e', () => 'read -e line'],
    ['a function', (go: string) => `f() { until [ -s ${go} ]; do sleep 0.05; done; }; f`],
    ['wait', (go: string) => `(until [ -s ${go} ]; do sleep 0.05; done) & wait`],
  ] as const)('is not applied inside a line that runs %s', async ([line, waiting], { project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const [started, go, seen] = [new Beacon(project), new Beacon(project), new Beacon(project)];
    session.enter(`printf s >${started.path}; ${waiting(go.path)}; printf '%s-%s.' "$?" "$V" >>${seen.path}`);
    await started.seen(/s/);
    await save(project, 'new');
    await session.waitForStatus('ready');
    await go.light('go');
    if (line.startsWith('read')) session.enter('for read');
    await seen.seen(/^0-old\.$/);
    session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^0-old\.new\.$/);
  });

  test('leaves a full-screen program alone and is applied when it ends', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    session.enter('vim -Nu NONE -i NONE notes');
    await session.waitForScreen('"notes" [New]');
    session.type('ihalf a word');
    await session.waitForScreen('half a word');
    const before = session.screen();
    await save(project, 'new');
    await session.waitForStatus('ready');
    expect(session.screen().slice(0, -1)).toEqual(before.slice(0, -1));
    session.press('Escape');
    session.enter(`:let x = writefile([$V], '${seen.path}')`);
    await seen.seen(/^old\n$/);
    session.enter(':q!');
    await session.waitForStatus('reloaded');
    session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/^old\nnew\.$/);
  });

  test('is not applied between the lines of one command', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const seen = new Beacon(project);
    session.enter('for i in 1 2; do');
    await session.waitForScreen(/^> ?$/m);
    await save(project, 'new');
    await session.waitForStatus('ready');
    session.enter(`printf '%s ' "$V" >>${seen.path}`);
    session.enter('done');
    await session.waitForStatus('reloaded');
    expect(await seen.text()).toMatch(/^(?:old old|new new) $/);
    session.enter(`printf '%s.' "$V" >>${seen.path}`);
    await seen.seen(/new\.$/);
  });

  test('does not come into the middle of what was typed ahead', async ({ project }) => {
    const { session } = await Shell.open(project, toml('old'));
    const [started, go, seen] = [new Beacon(project), new Beacon(project), new Beacon(project)];
    session.enter(`printf s >${started.path}; until [ -s ${go.path} ]; do sleep 0.05; done; printf '%s;' "$V" >>${seen.path}`);
    await started.seen(/s/);
    // Each of these runs long enough for a signal to come in between.
    for (let line = 0; line < 3; line++) session.enter(`for i in 1 2 3 4 5; do printf '%s ' "$V"; sleep 0.02; done >>${seen.path}; printf ';' >>${seen.path}`);
    await save(project, 'new');
    await session.waitForStatus('ready');
    await go.light('go');
    const lines = (await seen.seen(/(;[^;]*){4}$/)).split(';').slice(0, 4);
    expect(lines[0]).toBe('old');
    for (const line of lines.slice(1)) expect(new Set(line.trim().split(' ')).size, line).toBe(1);
    expect(lines[3]).toBe('new new new new new ');
  });

  test('every round of a line prints the old value, however often the file is saved meanwhile', async ({ project }) => {
    const { session } = await Shell.open(project, toml('0'));
    const seen = new Beacon(project);
    for (let again = 1; again <= 3; again++) {
      session.enter(`for i in {1..40}; do printf '%s ' "$V"; sleep 0.02; done >>${seen.path}; printf ';' >>${seen.path}`);
      for (let edit = 1; edit <= 4; edit++) {
        await save(project, `${again}.${edit}`);
        await session.waitForStatus(/ready|reloaded/);
      }
      const text = await seen.seen(new RegExp(`(;[^;]*){${again}}$`));
      for (const line of text.split(';').slice(0, -1)) expect(new Set(line.trim().split(' ')).size, line).toBe(1);
    }
  });
});
