// The devshell.toml that `devshell init` writes: what was found is switched on, the rest is shown as comments.
import type { Detected, Idle } from './detection.ts';
import type { Project } from './project.ts';

/** Valid as it stands, and means what devshell does in the same project without it. */
export function initialConfiguration(project: Project): string {
  const found = project.kind === 'detected' ? project.found : [];
  const idle = project.kind === 'detected' ? project.idle : [];
  return `${[...opening(idle), ...sections(found)].join('\n')}\n`;
}

function opening(idle: readonly Idle[]): string[] {
  return [
    '# The environment of this project: `devshell` starts a shell in it. When this file is saved, the next command sees the change.',
    '# What is yours alone goes into devshell.local.toml, which stays out of the repository and wins over this file.',
    ...idle.map(({ file, tool, home }) => `# Not used: ${file}, since ${tool} is not on PATH (${home})`),
    '',
  ];
}

function sections(found: readonly Detected[]): string[] {
  return [
    '[env]',
    '# DATABASE_URL = "postgres://localhost/${USER:-postgres}"   # ${NAME} and ${NAME:-default} are filled in',
    '# PYTHONHOME = false   # false unsets a variable',
    '',
    '[load]',
    line(found, 'path', 'path = ["bin"]', 'in front of PATH'),
    line(found, 'dotenv', 'dotenv = [{ file = ".env", optional = true }]', 'files of NAME=value lines'),
    line(found, 'envrc', 'envrc = ".envrc"', 'a file of direnv’s'),
    line(found, 'nix', 'nix = ".#default"', 'the development shell of a flake, or of a file such as shell.nix'),
    line(found, 'venv', 'venv = ".venv"', 'a Python virtual environment'),
    ...commands(found),
    '',
    '[watch]',
    '# paths = ["config/*.yaml"]   # more files that the environment depends on',
    '',
    '[shell]',
    "# init = '''complete -C ./bin/cli cli'''   # code for the interactive shell",
    '# aliases = { gs = "git status" }',
  ];
}

/** The line of a key: with what was found, or as a comment. */
function line(found: readonly Detected[], kind: Exclude<Detected['kind'], 'exec'>, example: string, comment: string): string {
  const one = found.find((candidate) => candidate.kind === kind);
  switch (one?.kind) {
    case 'path':
      return `path = [${JSON.stringify(one.directory)}]   # ${comment}`;
    case 'dotenv':
      return `dotenv = [{ file = ${JSON.stringify(one.file)}, optional = true }]   # ${comment}`;
    case 'envrc':
      return `envrc = ${JSON.stringify(one.file)}   # ${comment}`;
    case 'nix':
      return `nix = ${JSON.stringify(one.reference)}   # ${comment}`;
    case 'venv':
      return `venv = ${JSON.stringify(one.directory)}   # ${comment}`;
    case 'exec':
    case undefined:
      return `# ${example}   # ${comment}`;
  }
}

/** Commands that print variables, each a table of its own; with none, an example. */
function commands(found: readonly Detected[]): string[] {
  const tables = found.filter((one) => one.kind === 'exec');
  if (tables.length === 0) return ['# exec = [{ run = "mise env --json", format = "json", inputs = ["mise.toml"] }]   # commands that print variables'];
  return tables.flatMap(({ run, inputs, timeoutSeconds }) => [
    '',
    '[[load.exec]]',
    `run = '${run}'`,
    'format = "shell"',
    ...(inputs.length < 6 ? [`inputs = [${inputs.map((name) => JSON.stringify(name)).join(', ')}]`] : ['inputs = [', ...inputs.map((name) => `  ${JSON.stringify(name)},`), ']']),
    `timeout = ${timeoutSeconds}`,
  ]);
}
