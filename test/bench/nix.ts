// A flake's development shell, beside Nix itself: unchanged, and with its code changed each time.
import { flake, git, nixVariables } from '../nix/support.ts';
import { launcher, Project } from '../support/project.ts';
import type { Row } from './measure.ts';
import { inTurn, ms, ratio } from './measure.ts';

const nix = ['--extra-experimental-features', 'nix-command flakes'];
let edits = 0;

async function took(project: Project, command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const { exitCode, stderr } = await project.run(command, args);
  if (exitCode !== 0) throw new Error(stderr);
  return performance.now() - started;
}

async function edited(project: Project, command: string, args: readonly string[]): Promise<number> {
  await project.write('flake.nix', flake(`A = "${++edits}"; shellHook = "export B=$A";`));
  return took(project, command, args);
}

export async function benchNix(): Promise<Row[]> {
  const store = await Project.create();
  const project = await Project.create({ env: nixVariables(store.path('nix')) });
  try {
    await edited(project, 'true', []);
    await project.write('devshell.toml', '[load]\nnix = "."\n');
    await project.allow();
    git(project, 'init', '-q');
    git(project, 'add', '.');
    const develop = [...nix, 'develop', '-c', 'true'];
    const unchanged = await inTurn(9, { ours: () => took(project, launcher, ['true']), theirs: () => took(project, 'nix', develop) });
    const changed = await inTurn(9, { ours: () => edited(project, launcher, ['true']), theirs: () => edited(project, 'nix', develop) });
    const row = (what: string, means: string, { ours = NaN, theirs = NaN }: Record<string, number>): Row => ({
      what,
      means,
      value: `${ms(ours)}, ${ratio(ours, theirs)} of nix develop`,
      beside: `nix develop -c true ${ms(theirs)}`,
      budget: 'none',
    });
    return [
      row('`devshell true` in an unchanged flake', 'a flake of one derivation without inputs', unchanged),
      row('`devshell true` after an edit of flake.nix', 'the same, evaluated and built anew each time', changed),
    ];
  } finally {
    await project.run('chmod', ['-R', 'u+w', store.path('nix')]);
    await project.dispose();
    await store.dispose();
  }
}
