// What the hook costs at each prompt when nothing changed: from Enter to the next prompt, in a terminal.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyEnvironment } from '../../src/model/environment.ts';
import { bashScript } from '../../src/script/bash.ts';
import { Project, repository } from '../support/project.ts';
import type { Row } from './measure.ts';
import { inTurn, ms, openTerminal, ratio, verdict } from './measure.ts';

const prompts = 300;

/** Milliseconds for one prompt of this shell. */
async function promptTime(project: Project, args: readonly string[], env: Record<string, string>): Promise<number> {
  const terminal = openTerminal('bash', args, project.root, project.environment(env));
  await terminal.saw('$ ');
  const started = performance.now();
  for (let prompt = 0; prompt < prompts; prompt++) {
    terminal.pty.write('\r');
    await terminal.saw('$ ');
  }
  const took = performance.now() - started;
  await terminal.close();
  return took / prompts;
}

export async function benchPrompt(): Promise<Row[]> {
  const project = await Project.create();
  try {
    const session = join(project.base, 'tmp/session');
    await mkdir(session);
    await writeFile(join(session, 'shell-env.sh'), bashScript({ ...emptyEnvironment, variables: new Map([['A', '1']]) }, 1));
    const direnvrc = await project.write('direnv.bashrc', 'PS1="$ "\neval "$(direnv hook bash)"\n');
    await project.write('.envrc', 'export A=1\n');
    await project.run('direnv', ['allow', project.root]);
    const ours = {
      DEVSHELL_SESSION: session,
      DEVSHELL_RELOAD_FILE: join(session, 'pending-env.sh'),
      DEVSHELL_ROOT: project.root,
      DEVSHELL_SHELL_DIR: join(repository, 'shell/bash'),
      DEVSHELL_NONCE: 'bench',
    };
    const took = await inTurn(7, {
      bare: () => promptTime(project, ['--noprofile', '-i'], {}),
      devshell: () => promptTime(project, ['--noprofile', '--rcfile', join(repository, 'shell/bash/rcfile.bash'), '-i'], ours),
      direnv: () => promptTime(project, ['--noprofile', '--rcfile', direnvrc, '-i'], {}),
    });
    const { bare = NaN, devshell = NaN, direnv = NaN } = took;
    return [
      {
        what: 'a prompt with the hook, nothing changed',
        value: `${ms(devshell)}, ${ratio(devshell, bare)} of a bare one`,
        beside: `bare bash ${ms(bare)}; direnv ${ms(direnv)}, ${ratio(direnv, bare)}`,
        budget: '<= x1.5, no fork',
        verdict: verdict(devshell / bare <= 1.5),
        means: 'from Enter on an empty line to the next prompt, in a terminal without a wrapper',
      },
    ];
  } finally {
    await project.dispose();
  }
}
