// The variables that belong to bash, by what it does with them. Whoever takes over what a shell has, or sets something in one, leaves some of these out.

export const bashVariables = {
  /** An assignment is an error. */
  readonly: ['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'PPID', 'SHELLOPTS', 'UID'],
  /** What it says of itself and of what runs, and works with at every moment. */
  running: [
    ...['BASHPID', 'BASH_ALIASES', 'BASH_ARGC', 'BASH_ARGV', 'BASH_CMDS', 'BASH_COMMAND', 'BASH_LINENO', 'BASH_SOURCE', 'BASH_SUBSHELL', 'BASH_VERSION'],
    ...['DIRSTACK', 'EPOCHREALTIME', 'EPOCHSECONDS', 'FUNCNAME', 'GROUPS', 'HISTCMD', 'IFS', 'LINENO', 'OPTARG', 'OPTIND', 'PIPESTATUS'],
    ...['RANDOM', 'REPLY', 'SECONDS', 'SRANDOM'],
  ],
  /** Where each shell is. */
  kept: ['PWD', 'OLDPWD', 'SHLVL', '_'],
  /** As code: the one as a number when it is set, the messages in the other. */
  evaluated: ['MAILCHECK', 'MAILPATH'],
  /** The commands in them are run. */
  prompts: ['PS0', 'PS1', 'PS2', 'PS4'],
  /** Where the hooks of the shell live. */
  hooks: ['PROMPT_COMMAND'],
} as const;

/** What is of use to that one shell only. */
export const ownOfOneShell: readonly string[] = [...bashVariables.readonly, ...bashVariables.running, ...bashVariables.kept, ...bashVariables.hooks];
