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
  /** The bones of starship's init: DEBUG trap for the time, PROMPT_COMMAND for status, pipe status and duration. */
  const starship = `
starship_preexec() { local PREV_LAST_ARG=$1; if [ "$STARSHIP_PREEXEC_READY" = "true" ]; then STARSHIP_PREEXEC_READY=false; STARSHIP_START=$SECONDS; fi; : "$PREV_LAST_ARG"; }
starship_precmd() {
  STARSHIP_CMD_STATUS=$? STARSHIP_PIPE_STATUS=(\${PIPESTATUS[@]})
  if [[ \${BP_PIPESTATUS:-} ]]; then STARSHIP_PIPE_STATUS=(\${BP_PIPESTATUS[@]}); fi
  eval "$_PRESERVED_PROMPT_COMMAND"
  PS1="[$STARSHIP_CMD_STATUS|\${STARSHIP_PIPE_STATUS[*]}|$A|$((SECONDS - \${STARSHIP_START:-$SECONDS}))] $ "
  STARSHIP_START= STARSHIP_PREEXEC_READY=true
  return $STARSHIP_CMD_STATUS
}
starship_preexec_all() { :; }
trap 'starship_preexec "$_"' DEBUG
_PRESERVED_PROMPT_COMMAND="$PROMPT_COMMAND"
PROMPT_COMMAND="starship_precmd"
`;

  test('like starship show the right status, pipe status and variables at the first prompt', async ({ createProject }) => {
    const project = await createProject({ bashrc: starship });
    const session = await openShell(project, version(0));
    await session.waitForScreen('[0|0|0|0] $ ');
    await session.run(':');
    session.enter('true | false | (exit 5)');
    await session.waitForScreen(/\[5\|0 1 5\|0\|\d\] \$ /);
    await arriveAtPrompt(project, session, 'false | (exit 6)', 1);
    await session.waitForScreen(/\[6\|1 6\|1\|\d+\] \$ /);
    await changeInput(session, saved(project, 2));
    session.enter('(exit 9)');
    await session.waitForScreen(/\[9\|9\|2\|\d+\] \$ /);
    expect(await session.run('trap -p DEBUG')).toEqual([`trap -- 'starship_preexec "$_"' DEBUG`]);
  });

  /** The bones of bash-preexec: installs itself at the first prompt, one part first and one last in PROMPT_COMMAND, and a DEBUG trap that asks the history. */
  const preexec = `
precmd_functions=() preexec_functions=()
__bp_interactive_mode() { __bp_preexec_interactive_mode="on"; }
__bp_precmd_invoke_cmd() {
  __bp_last_ret_value="$?" BP_PIPESTATUS=("\${PIPESTATUS[@]}")
  if (( __bp_inside_precmd > 0 )); then return; fi
  local __bp_inside_precmd=1 f
  for f in "\${precmd_functions[@]}"; do (exit $__bp_last_ret_value); "$f"; done
  (exit $__bp_last_ret_value)
}
__bp_in_prompt_command() {
  local prompt_command_array IFS=$'\\n;' command trimmed="$1"
  read -rd '' -a prompt_command_array <<< "\${PROMPT_COMMAND[*]:-}"
  for command in "\${prompt_command_array[@]:-}"; do
    command="\${command#"\${command%%[![:space:]]*}"}"; command="\${command%"\${command##*[![:space:]]}"}"
    if [[ "$command" == "$trimmed" ]]; then return 0; fi
  done
  return 1
}
__bp_preexec_invoke_exec() {
  __bp_last_argument_prev_command="\${1:-}"
  if (( __bp_inside_preexec > 0 )); then return; fi
  local __bp_inside_preexec=1 this_command f
  if [[ ! -t 1 && -z "\${__bp_delay_install:-}" ]]; then return; fi
  if [[ -n "\${COMP_POINT:-}" || -n "\${READLINE_POINT:-}" ]]; then return; fi
  if [[ -z "\${__bp_preexec_interactive_mode:-}" ]]; then return; else if [[ 0 -eq "\${BASH_SUBSHELL:-}" ]]; then __bp_preexec_interactive_mode=""; fi; fi
  if __bp_in_prompt_command "\${BASH_COMMAND:-}"; then __bp_preexec_interactive_mode=""; return; fi
  this_command=$(LC_ALL=C HISTTIMEFORMAT='' builtin history 1); this_command="\${this_command#*[[:digit:]][* ] }"
  for f in "\${preexec_functions[@]:-}"; do [[ -n $f ]] && "$f" "$this_command"; done
  return 0
}
__bp_install() {
  if [[ "\${PROMPT_COMMAND[*]:-}" == *"__bp_precmd_invoke_cmd"* ]]; then return 1; fi
  trap '__bp_preexec_invoke_exec "$_"' DEBUG
  local existing="\${PROMPT_COMMAND:-}"
  existing="\${existing//$__bp_install_string/:}"; existing="\${existing//$'\\n':$'\\n'/$'\\n'}"
  PROMPT_COMMAND='__bp_precmd_invoke_cmd'
  PROMPT_COMMAND+=\${existing:+$'\\n'$existing}
  if (( BASH_VERSINFO[0] > 5 || (BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] >= 1) )); then PROMPT_COMMAND+=('__bp_interactive_mode'); else PROMPT_COMMAND+=$'\\n__bp_interactive_mode'; fi
  precmd_functions+=(precmd); preexec_functions+=(preexec)
  __bp_precmd_invoke_cmd; __bp_interactive_mode
}
__bp_install_string=$'__bp_trap_string="$(trap -p DEBUG)"\\ntrap - DEBUG\\n__bp_install'
PROMPT_COMMAND=$__bp_install_string
precmd() { echo "precmd $?" >>"$HOME/log"; }
preexec() { echo "preexec $1" >>"$HOME/log"; }
PS1='$ '
`;

  test('like bash-preexec hear of each command once and of nothing of ours', async ({ createProject }) => {
    const project = await createProject({ bashrc: preexec });
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
      'precmd 0', "preexec bash -c 'exit 3'", 'precmd 3', 'preexec echo "second $A"', 'precmd 0', 'preexec (exit 4)', 'precmd 4', 'preexec echo "last $A $?"', 'precmd 0',
      'preexec exit',
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
