// What the merge costs in the shell, when it happens: two environments in turn, beside direnv loading as much.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment } from '../../src/model/environment.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import { bashScript } from '../../src/script/bash.ts';
import { Project, repository } from '../support/project.ts';
import type { Row } from './measure.ts';
import { inTurn, median, ms, verdict } from './measure.ts';

const generations = 40;

function environment(variables: number, functions: number, generation: number): Environment {
  const names = Array.from({ length: variables }, (_, index) => index);
  return {
    ...emptyEnvironment,
    variables: new Map(names.map((index) => [`BENCH_${index}`, `value ${generation} of ${index}`])),
    lists: new Map([['PATH', { front: [`/bench/${generation}/bin`], back: [] }]]),
    functions: new Map(Array.from({ length: functions }, (_, index) => [`bench_${index}`, `local a=$1\nif test "$a"; then echo "${generation} $a"; fi`])),
  };
}

/** The median of the merges, ms, as the shell's own clock tells it. */
async function mergeTime(project: Project, variables: number, functions: number): Promise<number> {
  const session = join(project.base, `tmp/${variables}`);
  await mkdir(session, { recursive: true });
  for (let generation = 1; generation <= generations; generation++) {
    const base = { generation: generation - 1, environment: environment(variables, functions, generation - 1) };
    await writeFile(join(session, `${generation}.sh`), bashScript(environment(variables, functions, generation), generation, base));
  }
  await writeFile(join(session, 'shell-env.sh'), bashScript(environment(variables, functions, 1), 1));
  const script = [
    '. "$DEVSHELL_SHELL_DIR/rcfile.bash"',
    `for ((g = 2; g <= ${generations}; g++)); do`,
    '  \\cp "$SESSION/$g.sh" "$SESSION/pending-env.sh"',
    '  a=${EPOCHREALTIME/./}; eval "$PROMPT_COMMAND"; b=${EPOCHREALTIME/./}',
    '  echo "took $((b - a))"',
    'done',
    'exit',
  ];
  const env = {
    DEVSHELL_SESSION: session,
    SESSION: session,
    DEVSHELL_RELOAD_FILE: join(session, 'pending-env.sh'),
    DEVSHELL_SHELL_DIR: join(repository, 'shell/bash'),
    DEVSHELL_NONCE: 'bench',
  };
  const file = await project.write('merge.bash', `DEVSHELL_SHELL_DIR=${env.DEVSHELL_SHELL_DIR}\n${script.join('\n')}`);
  // An interactive shell in a terminal, as the hook is in: its marks go there.
  const { stdout, stderr } = await project.run('script', ['-qec', `bash --noprofile --rcfile '${file}' -i`, '/dev/null'], { env });
  const times = [...stdout.matchAll(/took (\d+)\r?$/gm)].map((match) => Number(match[1]) / 1000);
  if (times.length !== generations - 1) throw new Error(`the merge was timed ${times.length} times:\n${stdout}${stderr}`);
  return median(times);
}

/** `direnv export` and the evaluation of what it prints, for an .envrc that changed, ms. */
async function direnvTime(project: Project, variables: number): Promise<number> {
  const lines = Array.from({ length: variables }, (_, index) => `export BENCH_${index}="value $GENERATION of ${index}"`);
  await project.write('.envrc', `${lines.join('\n')}\nPATH_add bench\n`);
  await project.run('direnv', ['allow', project.root]);
  const script = [
    'eval "$(direnv export bash 2>/dev/null)"',
    'for g in 1 2 3 4 5; do',
    '  touch -d "@$((1700000000 + g * 100))" .envrc',
    '  a=${EPOCHREALTIME/./}; eval "$(direnv export bash 2>/dev/null)"; b=${EPOCHREALTIME/./}',
    '  echo "took $((b - a))"',
    'done',
  ];
  const { stdout } = await project.run('bash', ['--norc', '-c', script.join('\n')]);
  return median([...stdout.matchAll(/^took (\d+)$/gm)].map((match) => Number(match[1]) / 1000));
}

export async function benchApply(): Promise<Row[]> {
  const project = await Project.create();
  try {
    const took = await inTurn(5, {
      small: () => mergeTime(project, 2, 0),
      large: () => mergeTime(project, 339, 150),
      direnvSmall: () => direnvTime(project, 2),
      direnvLarge: () => direnvTime(project, 339),
    });
    const { small = NaN, large = NaN, direnvSmall = NaN, direnvLarge = NaN } = took;
    const means = 'in the shell, at the prompt: reading the file, the merge with what the user may have changed, the report';
    return [
      { what: 'applying 3 changed variables', value: ms(small), beside: `direnv ${ms(direnvSmall)}, blocking`, budget: '<= 0.6 ms', verdict: verdict(small <= 0.6), means },
      {
        what: 'applying 340 changed variables and 150 functions',
        value: ms(large),
        beside: `direnv ${ms(direnvLarge)} for the variables alone (it knows no functions)`,
        budget: '<= 8 ms',
        verdict: verdict(large <= 8),
        means,
      },
    ];
  } finally {
    await project.dispose();
  }
}
