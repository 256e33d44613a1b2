// The one table of commands and options: parsing, `--help` and docs/cli.md all come from it.

import { statusModes } from '../model/settings.ts';

export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** What stands for the value in the help; without it the option is a flag. */
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly text: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly text: readonly string[];
  readonly options: readonly OptionSpec[];
  /** How many words it takes after its options. */
  readonly words: 'none' | 'one' | 'rest';
}

const root: OptionSpec = { name: 'root', value: 'DIR', text: 'the project, instead of the one found from here upwards' };
const session: OptionSpec = { name: 'session', value: 'DIR', text: 'the session, instead of the one this is called in ($DEVSHELL_SESSION)' };
const quiet: OptionSpec = { name: 'quiet', short: 'q', text: 'say nothing but errors' };
const verbose: OptionSpec = { name: 'verbose', short: 'v', text: 'say what is read and run, and show the output of tools' };
const clean: OptionSpec = { name: 'clean', text: 'start from a bare environment (HOME, USER, TERM, a standard PATH ...) instead of the present one' };
const json: OptionSpec = { name: 'json', text: 'as JSON' };
const worktrees: OptionSpec = { name: 'worktrees', text: 'the answer counts for this place in every worktree of its Git repository' };
const show: OptionSpec = { name: 'show', text: 'show secrets as well: values whose names or forms tell that they are some are masked otherwise' };
const building = [root, clean, verbose, quiet];

/** What `devshell` without the name of a command does: the shell, or one command in the environment. */
export const shellCommand: CommandSpec = {
  name: 'devshell',
  usage: 'devshell [options] [COMMAND [ARG...]]',
  summary: 'open the reloading shell, or run one command in the environment',
  text: [
    'Without COMMAND: your own shell, in the environment of the project; it reloads itself while you work.',
    'With COMMAND: a line for the shell, run once in that environment. ARGs are appended to it verbatim. Standard input, output and error are',
    'untouched, and the exit code is the command’s own (128+n after signal n). The names of the commands below need `devshell run -- NAME`.',
  ],
  words: 'rest',
  options: [
    root,
    { name: 'status', value: 'MODE', choices: statusModes, text: 'where the state is shown: bottom, busy (a row only while there is something to say), title or off' },
    { name: 'manual', text: 'apply a new environment only at the key or by `devshell reload`' },
    { name: 'no-reload', text: 'the shell in the environment as it is now; nothing is watched' },
    { name: 'nested', text: 'start a second shell inside a devshell of the same project' },
    clean,
    verbose,
    quiet,
  ],
};

export const commandSpecs: readonly CommandSpec[] = [
  {
    name: 'run',
    usage: 'devshell run [options] [--] COMMAND [ARG...]',
    summary: 'run one command in the environment',
    text: ['As `devshell COMMAND [ARG...]`, for commands that have the name of one of devshell’s.'],
    words: 'rest',
    options: building,
  },
  {
    name: 'init',
    usage: 'devshell init [options]',
    summary: 'write a devshell.toml for what is here',
    text: ['Writes devshell.toml with what was detected switched on, and allows it. An existing file is never overwritten.'],
    words: 'none',
    options: [root, quiet],
  },
  {
    name: 'allow',
    usage: 'devshell allow [options] [DIR]',
    summary: 'let this project run its code in your shells',
    text: [
      'Remembered for you, by the path of the project; with `trust = "content"`, also by what its code says now.',
      'Shows what is allowed, and which files are not as they were allowed before.',
    ],
    words: 'one',
    options: [worktrees, root, quiet],
  },
  {
    name: 'deny',
    usage: 'devshell deny [options] [DIR]',
    summary: 'never run the code of this project',
    text: ['Remembered for you, by the path of the project. A running session keeps the environment it has.'],
    words: 'one',
    options: [worktrees, root, quiet],
  },
  {
    name: 'status',
    usage: 'devshell status [options]',
    summary: 'where the session stands',
    text: [
      'What the shell runs in, what is being built, and what failed. With --line the session shows its state elsewhere, at once, and so do your',
      'other sessions and those to come: it is remembered in your settings file. What a devshell.toml says, or `devshell --status`, wins over that',
      'where a session starts; the answer says so.',
    ],
    words: 'none',
    options: [{ name: 'line', value: 'MODE', choices: statusModes, text: 'show the state there from now on: bottom, busy, title or off' }, json, session],
  },
  {
    name: 'reload',
    usage: 'devshell reload [options]',
    summary: 'build again now, and apply it at the next prompt',
    text: ['Waits for the build. Where environments are applied by hand (`--manual`), it applies the one that is waiting.'],
    words: 'none',
    options: [session, quiet],
  },
  {
    name: 'pause',
    usage: 'devshell pause [options]',
    summary: 'stop reacting to changes',
    text: ['Changes are remembered, and built when the session resumes.'],
    words: 'none',
    options: [session, quiet],
  },
  { name: 'resume', usage: 'devshell resume [options]', summary: 'react to changes again', text: ['Builds what changed meanwhile.'], words: 'none', options: [session, quiet] },
  {
    name: 'log',
    usage: 'devshell log [options]',
    summary: 'what the builds of this session had to say',
    text: ['Every build of the session, the one before its shell as well, with its errors in full and the output of the tools it ran.'],
    words: 'none',
    options: [{ name: 'follow', short: 'f', text: 'go on as it grows, until Ctrl-C or the end of the session' }, show, session],
  },
  {
    name: 'inputs',
    usage: 'devshell inputs [options]',
    summary: 'the files that the environment depends on',
    text: ['One path a line; also of files that do not exist yet.'],
    words: 'none',
    options: [json, session],
  },
  {
    name: 'clean',
    usage: 'devshell clean [options]',
    summary: 'remove what is kept of this project: stored environments, what ended sessions left',
    text: [
      'Removes the stored environments, the directories of sessions that have ended, and the roots that keep Nix packages from being collected,',
      'and says how much that was. What a running session needs is kept, also of one in another container. The next start evaluates anew.',
    ],
    words: 'none',
    options: [root, quiet],
  },
  {
    name: 'why',
    usage: 'devshell why [options] NAME',
    summary: 'who set a variable, and what it was before',
    text: [
      'The layer, the file and the line that set a variable, a function or an alias, what it was before, and whether it was changed in this shell',
      'since; a list such as PATH element by element. In a session of what its shell runs in, elsewhere of what would be built.',
      'Exits with 1 where nothing sets it.',
    ],
    words: 'one',
    options: [json, show, session, ...building],
  },
  {
    name: 'diff',
    usage: 'devshell diff [options]',
    summary: 'what devshell changed in this shell',
    text: [
      'Everything that differs from the shell as its own start-up files left it: + is new, ~ has another value, - is gone; and what was changed by',
      'hand since.',
      'The counts in front are those of the status line. Exits with 0, unless --exit-code asks for 1 where something differs.',
    ],
    words: 'none',
    options: [
      { name: 'pending', text: 'what the next reload would change' },
      { name: 'last', text: 'what the last reload changed' },
      { name: 'exit-code', text: 'exit with 1 if there is a difference' },
      json,
      show,
      session,
    ],
  },
  {
    name: 'doctor',
    usage: 'devshell doctor [options]',
    summary: 'look for what keeps devshell from working well here',
    text: [
      'Looks at the shell, the terminal, Node, the limits of the system, the project, the tools that its layers need, and what in your own shell',
      'may get in the way, and says what to do about it. Runs nothing of the project. Exits with 1 where something is an error.',
    ],
    words: 'none',
    options: [json, root],
  },
  {
    name: 'env',
    usage: 'devshell env [options]',
    summary: 'print the environment',
    text: [
      'Prints the variables that it sets, for scripts and editors: `eval "$(devshell env --shell bash)"`.',
      'With --shell, variables that it unsets are unset. Aliases and init are for shells only and are left out.',
      'Values are exact, secret or not: programs need them.',
    ],
    words: 'none',
    options: [
      { name: 'json', text: 'as JSON: one object of names and values' },
      { name: 'provenance', text: 'with --json: for each name an object of its value, who set it and what it was before; `null` where it is unset' },
      { name: 'shell', value: 'NAME', choices: ['bash'], text: 'as commands for that shell (bash)' },
      { name: 'dotenv', text: 'as dotenv lines (the default)' },
      ...building,
    ],
  },
];

export interface Parsed {
  readonly spec: CommandSpec;
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  readonly asked: 'run' | 'help' | 'version';
}
