// The one definition of devshell.toml: what may stand where, what it means, and what holds where it is not given.
// The checks, docs/devshell.schema.json and the reference in docs/configuration.md all come from here.
import { defaultSettings } from '../model/settings.ts';
import { defaultTimeoutMs } from './configuration.ts';
import * as rule from './rule.ts';
import type { Rule } from './rule.ts';

export type Shape =
  | { readonly kind: 'text'; readonly rule: Rule }
  /** One of a few words; `later` are those that this version does not know yet. */
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly later: readonly string[] }
  | { readonly kind: 'switch' }
  /** The word `false` alone. */
  | { readonly kind: 'off' }
  /** A number that is taken as the text it was written as. */
  | { readonly kind: 'numeral' }
  | { readonly kind: 'seconds'; readonly most: number }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly names: Rule; readonly of: Shape }
  | TableShape
  | { readonly kind: 'either'; readonly of: readonly Shape[] };

export interface TableShape {
  readonly kind: 'table';
  readonly keys: Readonly<Record<string, Key>>;
}

export interface ValueKey {
  readonly kind: 'required' | 'optional';
  readonly shape: Shape;
  /** Markdown. */
  readonly description: string;
  /** TOML text; what holds where the key is not given. */
  readonly default?: string;
  /** TOML text. */
  readonly examples: readonly string[];
}

export type Key =
  | ValueKey
  /** Part of the design, not of this version. */
  | { readonly kind: 'later'; readonly hint: string }
  /** Known, but of another file. */
  | { readonly kind: 'elsewhere'; readonly hint: string };

const table = (keys: Readonly<Record<string, Key>>): TableShape => ({ kind: 'table', keys });
const list = (of: Shape): Shape => ({ kind: 'list', of });
const either = (...of: readonly Shape[]): Shape => ({ kind: 'either', of });
const text = (of: Rule): Shape => ({ kind: 'text', rule: of });
const choice = (values: readonly string[], later: readonly string[] = []): Shape => ({ kind: 'choice', values, later });
const later = (hint: string): Key => ({ kind: 'later', hint });

function optional(shape: Shape, description: string, fallback: string | undefined, ...examples: readonly string[]): ValueKey {
  return { kind: 'optional', shape, description, examples, ...(fallback === undefined ? {} : { default: fallback }) };
}

const env = optional(
  { kind: 'map', names: rule.variableName, of: either(text(rule.variableValue), { kind: 'numeral' }, { kind: 'off' }) },
  'Variables, in order. `${NAME}` is filled in with what the variable is at that point, `${NAME:-default}` has a default, '
  + '`$${` is a literal `${`. A number counts as the text it is written as. `false` unsets the variable.',
  undefined,
  '{ DATABASE_URL = "postgres://localhost/${USER}", PORT = 8080, PYTHONHOME = false }',
);

const dotenvFile = table({
  file: {
    kind: 'required',
    shape: text(rule.path),
    description: 'The file, from the directory of devshell.toml.',
    examples: ['".env.local"'],
  },
  optional: optional({ kind: 'switch' }, '`true`: it is no mistake that the file is not there.', 'false', 'true'),
});

const execCommand = table({
  run: {
    kind: 'required',
    shape: text(rule.command),
    description: 'The command, run by `bash` in the root. What it prints on standard output is the variables.',
    examples: ['"mise env --json"'],
  },
  format: optional(
    choice(['json', 'dotenv', 'shell']),
    'What it prints: one JSON object of names and values (`null` or `false` unsets), `NAME=value` lines, or shell code that exports and unsets variables.',
    '"json"',
    '"dotenv"',
  ),
  inputs: optional(list(text(rule.path)), 'Files and globs: it is run again when one of them changes.', '[]', '["mise.toml"]'),
  timeout: optional({ kind: 'seconds', most: 3600 }, 'Seconds after which it counts as failed.', String(defaultTimeoutMs / 1000), '5'),
});

const venvTable = table({
  directory: {
    kind: 'required',
    shape: text(rule.path),
    description: 'Where it is, from the directory of devshell.toml.',
    examples: ['".venv"'],
  },
  create: optional({ kind: 'switch' }, '`true`: it is made where it is not there.', 'false', 'true'),
  python: optional(text(rule.command), 'The interpreter that makes it.', '"python3"', '"python3.12"'),
});

const load = table({
  path: optional(
    list(text(rule.pathEntry)),
    'Directories to put in front of `PATH`, the first of them first.',
    '[]',
    '["bin", "node_modules/.bin"]',
  ),
  dotenv: optional(
    list(either(text(rule.path), dotenvFile)),
    'Files of `NAME=value` lines, in order. A file that is not there is a mistake, unless it is `optional`.',
    '[]',
    '[".env", { file = ".env.local", optional = true }]',
  ),
  envrc: optional(
    either(text(rule.path), { kind: 'off' }),
    'A file of direnv’s, evaluated with the functions of its standard library. `false`: none.',
    'false',
    '".envrc"',
  ),
  nix: optional(
    either(text(rule.command), { kind: 'off' }),
    'A flake reference, or a Nix file: the environment of its development shell. `false`: none.',
    'false',
    '".#default"',
    '"shell.nix"',
  ),
  venv: optional(
    either(text(rule.path), venvTable, { kind: 'off' }),
    'A Python virtual environment: sets `VIRTUAL_ENV` and puts its `bin` in front of `PATH`. `false`: none.',
    'false',
    '".venv"',
    '{ directory = ".venv", create = true }',
  ),
  exec: optional(list(execCommand), 'Commands whose output is variables.', '[]', '[{ run = "mise env --json", inputs = ["mise.toml"] }]'),
  lists: optional(
    list(text(rule.variableName)),
    'More variables that hold a list with colons, as `PATH` does: merged entry by entry with what you have in the shell. '
    + '`PATH`, `MANPATH`, `PYTHONPATH` and the like are known.',
    '[]',
    '["MY_PLUGIN_PATH"]',
  ),
});

const watch = table({
  paths: optional(
    list(text(rule.path)),
    'More inputs: files and globs from the root. What does not exist yet is an input too.',
    '[]',
    '["config/*.yaml"]',
  ),
  ignore: optional(list(text(rule.path)), 'Globs of what is no input: of what `paths`, the `inputs` of commands and watched directories find, and of the files of a flake.', '[]', '["config/generated/**"]'),
});

const shell = table({
  program: optional(choice(['bash'], ['zsh', 'fish']), 'The shell to start; where it is not given, `$SHELL`.', undefined, '"bash"'),
  init: optional(
    text(rule.anyText),
    'Code that the shell runs after each change of the environment. An error, `return` or `exit` in it does not end the shell.',
    '""',
    "'''complete -C ./bin/cli cli'''",
  ),
  aliases: optional(
    { kind: 'map', names: rule.aliasName, of: text(rule.anyText) },
    'Aliases of the interactive shell.',
    '{}',
    '{ gs = "git status" }',
  ),
});

const reload = table({
  apply: optional(
    choice(['auto', 'manual']),
    '`auto`: a new environment is there before the next command. `manual`: only at the key, or by `devshell reload`.',
    JSON.stringify(defaultSettings.apply),
    '"manual"',
  ),
  keybind: optional(
    text(rule.keybind),
    'The key that applies a new environment at once, as readline writes it; `""` for none. `\\e\\C-r` is Alt-Ctrl-R.',
    `'${defaultSettings.keybind}'`,
    "'\\e\\C-u'",
  ),
});

const keys = table({
  error: optional(
    text(rule.keyName),
    'Shows and hides the last error: `Alt-Ctrl-X`, `Ctrl-X`, `Alt-X` with any letter, or `F1` to `F12`; `""` for none.',
    JSON.stringify(defaultSettings.keys.error),
    '"F9"',
  ),
  pause: optional(text(rule.keyName), 'Pauses and resumes the watching.', JSON.stringify(defaultSettings.keys.pause), '""'),
});

const status = table({
  line: optional(
    choice(['bottom', 'busy', 'title', 'off']),
    'Where the state is shown: the bottom row, the bottom row while there is something to say, the title of the window, or nowhere.',
    JSON.stringify(defaultSettings.statusLine),
    '"busy"',
  ),
});

const settingsKeys = {
  reload: optional(reload, 'How a new environment comes into the shell.', undefined),
  keys: optional(keys, 'The keys that the session takes for itself.', undefined),
  status: optional(status, 'The status line.', undefined),
};

const buildKeys = {
  cache: optional(
    choice(['auto', 'wait', 'off']),
    'What entering does where something changed since the last time: `auto` starts at once in the last good environment and reloads when the new one is built, '
    + '`wait` builds first, `off` keeps nothing and always builds first.',
    '"auto"',
    '"wait"',
  ),
  trust: optional(
    choice(['path', 'content']),
    'What `devshell allow` allows: the project, whatever its files say later, or its code as it is now.',
    '"path"',
    '"content"',
  ),
};

/** devshell.toml and devshell.local.toml. */
export const projectShape = table({
  env,
  load: optional(
    load,
    'What the environment is made of beside `[env]`, applied in this order: `nix`, `exec`, `venv`, `path`, `dotenv`, `envrc`, then `[env]`.',
    undefined,
  ),
  watch: optional(watch, 'More files that the environment depends on.', undefined),
  shell: optional(shell, 'The shell that you work in.', undefined),
  ...settingsKeys,
  tasks: later('leave [tasks] out'),
  processes: later('leave [processes] out'),
  ...buildKeys,
});

const elsewhere: Key = {
  kind: 'elsewhere',
  hint: 'put it into devshell.toml of the project, or devshell.local.toml if it is yours alone',
};

/** The user's own settings file. */
export const userShape = table(
  Object.fromEntries(Object.entries(projectShape.keys).map(([name, key]) => [name, Object.hasOwn({ ...settingsKeys, ...buildKeys }, name) ? key : elsewhere])),
);
