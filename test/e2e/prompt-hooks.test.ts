// What else lives in the user's prompt: PROMPT_COMMAND in every form, prompt frameworks, aliases and functions with the names of our tools.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from '../support/project-test.ts';
import { arriveAtPrompt, changeInput, openShell, reload, saved, version } from './support-1.ts';

describe('PROMPT_COMMAND', () => {
  const hook = 'seen() { local s=$?; echo "$s" >>"$HOME/seen"; return $s; }\n';
  test.for([
    ['unset', 'unset PROMPT_COMMAND', []],
    ['empty', 'PROMPT_COMMAND=', []],
    ['a string', 'PROMPT_COMMAND=seen', ['seen']],
    ['a string that ends in `;`', 'PROMPT_COMMAND="seen;"', ['seen']],
    ['a string that ends in `; `', 'PROMPT_COMMAND="seen ; "', ['seen']],
    ['a string that ends in a comment', 'PROMPT_COMMAND="seen # once"', ['seen']],
    ['exported', 'export PROMPT_COMMAND=seen', ['seen']],
    ['an array', 'PROMPT_COMMAND=(seen "seen;" "seen")', ['seen', 'seen', 'seen']],
    ['a sparse array', 'PROMPT_COMMAND=([3]=seen [7]="seen;")', ['seen', 'seen']],
  ] as const)('%s: reloads come, and the user’s hooks see the right status, once for each prompt', async ([, line, calls], { createProject }) => {
    const project = await createProject({ bashrc: `PS1='$ '\n${hook}${line}\n` });
    const session = await openShell(project, version(0));
    session.enter('(exit 7)');
    await reload(session, saved(project, 1));
    session.enter('(exit 8)');
    expect(await session.run('echo $? $A')).toEqual(['8 1']);
    const statuses = ['0', '7', '0', '8', '0'].flatMap((status) => calls.map(() => status));
    expect(await readFile(join(project.home, 'seen'), 'utf8').catch(() => '')).toBe(statuses.map((status) => `${status}\n`).join(''));
    expect(session.screen().join('\n')).not.toMatch(/bash:|syntax error/);
    expect(await session.run('bash -c \'echo "${PROMPT_COMMAND-unset}"\'')).toEqual([line.startsWith('export') ? expect.any(String) : 'unset']);
  });

  test('that the user sets anew, or a .bashrc that is read again, does not end the reloading', async ({ createProject }) => {
    const project = await createProject({ bashrc: `PS1='$ '\n${hook}PROMPT_COMMAND=seen\n` });
    const session = await openShell(project, version(0));
    for (const [value, line] of [[1, '. ~/.bashrc'], [2, 'PROMPT_COMMAND=seen'], [3, 'unset PROMPT_COMMAND'], [4, 'PROMPT_COMMAND+=(seen)']] as const) {
      session.enter(line);
      await reload(session, saved(project, value));
      expect(await session.run('echo $A'), line).toEqual([String(value)]);
      // The next one comes at the prompt again.
        await arriveAtPrompt(project, session, 'true', value + 10);
      expect(await session.run('echo $A'), line).toEqual([String(value + 10)]);
    }
  });
});

describe('prompt frameworks', () => {
  /** As starship does it: a DEBUG trap takes the time at which a line begins, PROMPT_COMMAND makes PS1 of status, pipe status and duration. */
  const timed = `
timed_begin() { local last=$1; if [[ $timed_armed ]]; then timed_armed='' timed_from=$SECONDS; fi; : "$last"; }
timed_prompt() {
  local status=$? pipe=("\${PIPESTATUS[@]}")
  PS1="[$status|\${pipe[*]}|$A|$((SECONDS - \${timed_from:-$SECONDS}))] $ "
  timed_from='' timed_armed=yes
  return $status
}
trap 'timed_begin "$_"' DEBUG
PROMPT_COMMAND=timed_prompt
`;

  test('like starship show the right status, pipe status and variables at the first prompt', async ({ createProject }) => {
    const project = await createProject({ bashrc: timed });
    const session = await openShell(project, version(0));
    await session.waitForScreen('[0|0|0|0] $ ');
    session.enter('true | false | (exit 5)');
    await session.waitForScreen(/\[5\|0 1 5\|0\|\d\] \$ /);
    await arriveAtPrompt(project, session, 'false | (exit 6)', 1);
    await session.waitForScreen(/\[6\|1 6\|1\|\d+\] \$ /);
    await changeInput(session, saved(project, 2));
    session.enter('(exit 9)');
    await session.waitForScreen(/\[9\|9\|2\|\d+\] \$ /);
    expect(await session.run('trap -p DEBUG')).toEqual([`trap -- 'timed_begin "$_"' DEBUG`]);
  });

  /**
   * As bash-preexec does it: installs itself at the first prompt, with a part first and another last in PROMPT_COMMAND, and takes for a typed
   * line the first command behind the last part that is none of PROMPT_COMMAND itself; the line is asked of the history.
   */
  const announcing = `
announce_status() { echo "prompt $?" >>"$HOME/log"; }
announce_ready() { announce_next=yes; }
announce_line() {
  local part
  [[ $announce_next && -t 1 && ! $COMP_LINE ]] || return 0
  while IFS= read -r part; do [[ $part != "$BASH_COMMAND" ]] || return 0; done <<<"\${PROMPT_COMMAND[*]}"
  announce_next=''
  echo "line$(HISTTIMEFORMAT='' history 1 | sed 's/^ *[0-9]* //')" >>"$HOME/log"
}
announce_install() {
  trap 'announce_line "$_"' DEBUG
  PROMPT_COMMAND=$'announce_status\\n'\${PROMPT_COMMAND//announce_install/:}
  PROMPT_COMMAND+=(announce_ready)
  announce_status
  announce_ready
}
PROMPT_COMMAND=$':\\nannounce_install'
PS1='$ '
`;

  test('like bash-preexec hear of each line once and of nothing of ours', async ({ createProject }) => {
    const project = await createProject({ bashrc: announcing });
    const session = await openShell(project, version(0));
    session.enter("bash -c 'exit 3'");
    await changeInput(session, saved(project, 1));
    session.enter('echo "second $A"');
    await session.waitForScreen('\nsecond 1\n');
    await arriveAtPrompt(project, session, '(exit 4)', 2);
    session.enter('echo "last $A $?"');
    await session.waitForScreen('\nlast 2 4\n');
    session.enter('exit');
    await session.exit;
    const log = (await readFile(join(project.home, 'log'), 'utf8')).trimEnd().split('\n');
    expect(log.map((row) => row.replace(/cat \S+; /, ''))).toEqual([
      'prompt 0', "line bash -c 'exit 3'", 'prompt 3', 'line echo "second $A"', 'prompt 0', 'line (exit 4)', 'prompt 4', 'line echo "last $A $?"', 'prompt 0',
      'line exit',
    ]);
  });
});

describe('aliases and functions with the names of our tools', () => {
  const names = [
    'rm', 'printf', 'source', '.', 'eval', 'export', 'unset', 'trap', 'local', 'builtin', 'read', 'set', 'shopt', 'test', 'true', 'cd', 'declare', 'bind', 'return',
    'command', 'alias',
  ];
  const aliases = names.map((name) => `alias -- ${name}='echo ALIAS ${name};'\n`).join('');
  const functions = ['printf', 'export', 'unset', 'read', 'cd', 'test', 'echo'].map((name) => `${name}() { command echo FUNCTION ${name}; }\n`).join('');

  test('are not called, and are still there afterwards', async ({ createProject }) => {
    const project = await createProject({ bashrc: `PS1='$ '\n${functions}${aliases}` });
    const configured = (value: number) =>
      `${version(value)}[load]\npath = ["bin${value}"]\n[shell]\ninit = "B=$A"\naliases = { ours = "true ${value}", rm = "false ${value}" }\n`;
    const shown = '[$A|$B|${PATH%%:*}|${BASH_ALIASES[ours]-none}|${BASH_ALIASES[rm]}|${#BASH_ALIASES[@]}]';
    const session = await openShell(project, configured(0));
    for (const value of [1, 2]) {
      await changeInput(session, () => project.replace('devshell.toml', configured(value)));
      session.enter(`\\builtin echo "${shown}"`);
      await session.waitForScreen(`\n[${value}|${value}|${project.path(`bin${value}`)}|true ${value}|false ${value}|${names.length + 1}]\n`);
    }
    await changeInput(session, () => project.replace('devshell.toml', version(3)));
    session.enter(`\\builtin echo "${shown}"`);
    await session.waitForScreen(`|none|echo ALIAS rm;|${names.length}]\n`);
    expect(session.terminal.lines().filter((row) => /^(ALIAS|FUNCTION)|bash:/.test(row))).toEqual([]);
  });
});
