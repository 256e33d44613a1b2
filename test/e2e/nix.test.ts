// A live shell in a flake: its environment follows the code, whatever happens to a build on the way.
import { describe, expect } from 'vitest';
import { derivation, flake, git, nixVariables } from '../nix/support.ts';
import { listProcesses, waitUntil } from '../support/processes.ts';
import type { Project } from '../support/project.ts';
import { test } from '../support/project-test.ts';
import { Beacon, Shell } from './support-2.ts';

const wide = { columns: 170 };
const save = (project: Project, attributes: string) => project.replace('flake.nix', flake(attributes));

describe('a shell in a flake', () => {
  test('follows what it is made of, keeps what it has when that fails, and leaves nothing behind', async ({ createProject }) => {
    const base = (await createProject()).base;
    const project = await createProject({ env: nixVariables(`${base}/nix`) });
    const going = new Beacon(project);
    try {
      await save(project, "V = \"1\"; shellHook = ''greet() { echo \"hello $1\"; }; alias hi=greet; export HOOK=$V'';");
      git(project, 'init', '-q');
      git(project, 'add', '.');
      const shell = await Shell.open(project, '[load]\nnix = "."\ndotenv = [{ file = ".env", optional = true }]\n', wide);
      const { session } = shell;
      expect([await shell.value('V'), await shell.value('HOOK')]).toEqual(['1', '1']);
      expect((await session.run('greet you')).at(-1)).toBe('hello you');

      await save(project, 'V = "2";');
      expect(await shell.readyValue('V')).toBe('2');
      expect([await shell.value('HOOK'), (await session.run('type -t greet hi || echo none')).at(-1)]).toEqual([undefined, 'none']);

      await save(project, 'V = nope;');
      await session.waitForStatus("failed flake.nix:5:7: error: undefined variable 'nope'");
      expect(await shell.value('V')).toBe('2');

      // A builder that runs until it is cancelled.
      const dep = flake('').split('default = ')[1]?.split(';\n  };')[0] ?? '';
      const slow = dep.replace('args = [ ]', `args = [ "-c" "echo going > ${going.path}; while :; do /bin/sleep 0.1; done" ]`);
      await save(project, `V = "never"; dep = ${slow};`);
      await going.seen(/going/);
      await save(project, 'V = "3";');
      expect(await shell.readyValue('V')).toBe('3');
      await waitUntil(async () => !(await listProcesses()).some(({ commandLine }) => commandLine.includes(going.path)), { what: () => 'the builder to be gone' });

      // Nix is not asked for what is no business of its.
      const asked = async (): Promise<number> => (await shell.log()).split('$ nix print-dev-env').length;
      const before = await asked();
      await project.write('.env', 'D=dotenv\n');
      expect(await shell.readyValue('D')).toBe('dotenv');
      expect(await asked()).toBe(before);

      await save(project, 'V = import ./new.nix;');
      await project.write('new.nix', '"added"');
      await session.waitForStatus('failed ');
      git(project, 'add', 'new.nix');
      expect(await shell.readyValue('V')).toBe('added');
      session.enter('exit');
      await project.waitForNoProcess();
    } finally {
      await project.run('chmod', ['-R', 'u+w', `${base}/nix`]);
    }
  });

  test('that Nix may copy keeps its own files elsewhere', async ({ createProject }) => {
    const base = (await createProject()).base;
    const project = await createProject({ env: nixVariables(`${base}/nix`) });
    try {
      await project.write('shell.nix', derivation('src = ./.; V = "1";'));
      const shell = await Shell.open(project, '[load]\nnix = "shell.nix"\n');
      expect(await shell.value('V')).toBe('1');
      expect(shell.directory.startsWith(project.home)).toBe(true);
      const source = await shell.value('src');
      await project.write('new.c', 'int x;');
      expect(await shell.readyValue('src')).not.toBe(source);
    } finally {
      await project.run('chmod', ['-R', 'u+w', `${base}/nix`]);
    }
  });
});
