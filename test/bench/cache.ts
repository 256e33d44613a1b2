// A start in a stored environment, and ten shells that see one edit.
import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Project, launcher } from '../support/project.ts';
import type { Row } from './measure.ts';
import { firstPrompt, inTurn, ms, openTerminal, ratio, verdict } from './measure.ts';

const evaluation = `[load]
exec = [{ run = 'printf x >> ../runs; [ -e ../quick ] || sleep 30; cat values', format = "dotenv", inputs = ["values"] }]
`;

async function createProject(more = ''): Promise<Project> {
  const project = await Project.create();
  await project.write('values', 'A=1\n');
  await project.write('devshell.toml', `${evaluation}${more}`);
  await writeFile(join(project.base, 'quick'), '');
  await project.allow();
  return project;
}

const runs = async (project: Project): Promise<number> => (await readFile(join(project.base, 'runs'))).length;

async function warmStart(): Promise<Row[]> {
  const project = await createProject();
  try {
    await project.devshell(['true']);
    await rm(join(project.base, 'quick'));
    await project.write('.envrc', 'export A=1\nPATH_add bin\n');
    await project.run('direnv', ['allow', project.root]);
    const { bash = NaN, devshell = NaN, direnv = NaN } = await inTurn(9, {
      bash: () => firstPrompt(project, 'bash', ['--noprofile', '-i']),
      devshell: () => firstPrompt(project, launcher, []),
      direnv: () => firstPrompt(project, 'direnv', ['exec', project.root, 'bash', '--noprofile', '-i']),
    });
    return [
      {
        what: 'exec to the first prompt, stored environment whose evaluation takes 30 s',
        value: `${ms(devshell)}, ${ratio(devshell, direnv)} of direnv exec`,
        beside: `bash ${ms(bash)}; direnv exec of a trivial file ${ms(direnv)}; evaluations: ${(await runs(project)) - 1}`,
        budget: '<= x1.8 of direnv exec',
        verdict: verdict(devshell <= 1.8 * direnv),
        means: 'nothing has changed since it was stored; direnv has a trivial file to evaluate, and evaluates it',
      },
    ];
  } finally {
    await project.dispose();
  }
}

async function manyInputs(): Promise<Row[]> {
  const project = await createProject('\n[watch]\npaths = ["data/**"]\n');
  try {
    for (let directory = 0; directory < 100; directory++) {
      const path = project.path(`data/${directory}`);
      await mkdir(path, { recursive: true });
      for (let file = 0; file < 100; file++) await writeFile(join(path, String(file)), `${directory} ${file}`);
    }
    const run = async (): Promise<number> => {
      const started = performance.now();
      await project.devshell(['true']);
      return performance.now() - started;
    };
    const anew = async (): Promise<number> => {
      await rm(project.path('.devshell/cache'), { recursive: true, force: true });
      return run();
    };
    const { stored = NaN, evaluated = NaN } = await inTurn(3, { evaluated: anew, stored: run });
    return [{ what: '`devshell true` with 10,000 inputs, stored', value: ms(stored), beside: `evaluated and stored: ${ms(evaluated)}`, budget: 'none', means: 'start to end; every input is looked at by one stat' }];
  } finally {
    await project.dispose();
  }
}

async function tenShells(): Promise<Row[]> {
  const project = await createProject();
  try {
    await project.devshell(['true']);
    const shells = Array.from({ length: 10 }, () => openTerminal(launcher, [], project.root, project.environment()));
    for (const shell of shells) await shell.saw('watching');
    const before = await runs(project);
    const started = performance.now();
    await project.replace('values', 'A=2\n');
    await Promise.all(shells.map((shell) => shell.saw('ready')));
    const took = performance.now() - started;
    const evaluations = (await runs(project)) - before;
    for (const shell of shells) await shell.close();
    return [
      {
        what: 'ten shells, one edit: until all are ready',
        value: `${ms(took)}, ${evaluations} evaluation${evaluations === 1 ? '' : 's'}`,
        beside: '',
        budget: 'one evaluation',
        verdict: verdict(evaluations === 1),
        means: 'ten sessions of one project in ten terminals; the evaluation itself takes nothing',
      },
    ];
  } finally {
    await project.dispose();
  }
}

export async function benchCache(): Promise<Row[]> {
  return [...(await warmStart()), ...(await manyInputs()), ...(await tenShells())];
}
