// From exec to the first prompt.
import { Project, launcher } from '../support/project.ts';
import type { Row } from './measure.ts';
import { firstPrompt, inTurn, ms, ratio, verdict } from './measure.ts';

async function wholeRun(project: Project, command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  await project.run(command, args);
  return performance.now() - started;
}

export async function benchStartup(): Promise<Row[]> {
  const project = await Project.create();
  try {
    await project.write('devshell.toml', '[env]\nA = "1"\n\n[load]\npath = ["bin"]\n');
    await project.allow();
    await project.write('.envrc', 'export A=1\nPATH_add bin\n');
    await project.run('direnv', ['allow', project.root]);
    const took = await inTurn(15, {
      bash: () => firstPrompt(project, 'bash', ['--noprofile', '-i']),
      devshell: () => firstPrompt(project, launcher, []),
      direnv: () => firstPrompt(project, 'direnv', ['exec', project.root, 'bash', '--noprofile', '-i']),
      node: () => wholeRun(project, process.execPath, ['-e', '0']),
      command: () => wholeRun(project, launcher, ['true']),
      direnvCommand: () => wholeRun(project, 'direnv', ['exec', project.root, 'true']),
    });
    const { bash = NaN, devshell = NaN, direnv = NaN, node = NaN, command = NaN, direnvCommand = NaN } = took;
    return [
      {
        what: 'exec to the first prompt',
        value: `${ms(devshell)}, ${ratio(devshell, direnv)} of direnv exec`,
        beside: `bash ${ms(bash)}; direnv exec ${ms(direnv)}; node alone ${ms(node)}`,
        budget: '<= x1.8 of direnv exec, once environments are cached',
        verdict: verdict(devshell / direnv <= 1.8),
        means: 'a project of one variable and one PATH entry, a user without a long ~/.bashrc',
      },
      {
        what: '`devshell true`, start to end',
        value: `${ms(command)}, ${ratio(command, direnvCommand)} of direnv exec`,
        beside: `direnv exec true ${ms(direnvCommand)}; node alone ${ms(node)}`,
        budget: 'none',
        means: 'command mode: no terminal, no session',
      },
    ];
  } finally {
    await project.dispose();
  }
}
