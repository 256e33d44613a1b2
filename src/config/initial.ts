// The devshell.toml that `devshell init` writes: what was found is switched on, the rest is shown as comments.
import type { Detected, Project } from './project.ts';

/** Valid as it stands, and means what devshell does in the same project without it. */
export function initialConfiguration(project: Project): string {
  const found = project.kind === 'detected' ? project.found : [];
  const unsupported = project.kind === 'detected' ? project.unsupported : [];
  return `${[...opening(unsupported), ...sections(found)].join('\n')}\n`;
}

function opening(unsupported: readonly string[]): string[] {
  return [
    '# The environment of this project: `devshell` starts a shell in it. When this file is saved, the next command sees the change.',
    '# What is yours alone goes into devshell.local.toml, which stays out of the repository and wins over this file.',
    ...(unsupported.length === 0 ? [] : [`# Found, but not loaded by this version of devshell: ${unsupported.join(', ')}`]),
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
    line(found, 'venv', 'venv = ".venv"', 'a Python virtual environment'),
    '# exec = [{ run = "mise env --json", format = "json", inputs = ["mise.toml"] }]   # commands that print variables',
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
function line(found: readonly Detected[], kind: Detected['kind'], example: string, comment: string): string {
  const one = found.find((candidate) => candidate.kind === kind);
  switch (one?.kind) {
    case 'path':
      return `path = [${JSON.stringify(one.directory)}]   # ${comment}`;
    case 'dotenv':
      return `dotenv = [{ file = ${JSON.stringify(one.file)}, optional = true }]   # ${comment}`;
    case 'venv':
      return `venv = ${JSON.stringify(one.directory)}   # ${comment}`;
    case undefined:
      return `# ${example}   # ${comment}`;
  }
}
