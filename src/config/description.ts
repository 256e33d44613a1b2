// What a project would run and load, for the question whether it may. The project may be hostile: nothing it says reaches the terminal raw.
import type { Configuration, DotenvFile, Venv } from './configuration.ts';
import { nameOf } from './detection.ts';
import { printable } from './printable.ts';
import type { Project } from './project.ts';

/** Lines without line ends. `loaded` is undefined where the configuration could not be read. */
export function describeProject(project: Project, loaded: Configuration | undefined): string[] {
  const source = project.kind === 'configured' ? project.file : `${project.root} (no devshell.toml)`;
  return [printable(source), ...describeLoaded(project, loaded).map((line) => `  ${line}`)];
}

function describeLoaded(project: Project, loaded: Configuration | undefined): string[] {
  if (loaded !== undefined) return describeConfiguration(loaded);
  if (project.kind === 'configured') return ['has mistakes: what it would run is not known'];
  const names = project.found.map((one) => printable(nameOf(one)));
  return names.length === 0 ? ['runs and loads nothing'] : [`loads ${names.join(', ')}`];
}

function describeConfiguration({ env, load, shell }: Configuration): string[] {
  const lines = [
    ...block('runs at each change, for variables:', load.exec.map(({ run }) => run)),
    ...block('runs in your shell at each change:', shell.init === '' ? [] : [shell.init]),
    ...block('defines aliases:', [...shell.aliases].map(([name, { text }]) => `${name} = ${text}`)),
    ...row('starts', shell.program === undefined ? [] : [shell.program]),
    ...row('evaluates', load.envrc === undefined ? [] : [load.envrc.file]),
    ...row('evaluates with Nix', load.nix === undefined ? [] : [load.nix.reference]),
    ...row('loads', load.dotenv.map(dotenvName)),
    ...row('uses the Python environment', load.venv === undefined ? [] : [venvName(load.venv)]),
    ...row('puts on PATH', load.path.map(({ directory }) => directory)),
    ...row('sets', env.filter(({ value }) => value !== false).map(({ name }) => name)),
    ...row('unsets', env.filter(({ value }) => value === false).map(({ name }) => name)),
  ];
  return lines.length === 0 ? ['runs and loads nothing'] : lines;
}

function dotenvName({ file, optional }: DotenvFile): string {
  return optional ? `${file} (if it is there)` : file;
}

function venvName({ directory, createWith }: Venv): string {
  return createWith === undefined ? directory : `${directory} (made by ${createWith} where it is not there)`;
}

function row(verb: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${verb} ${names.map(printable).join(', ')}`];
}

/** Each text in full, line by line, behind a bar that no text can remove. */
function block(title: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  return [title, ...texts.flatMap((text) => text.replace(/\n+$/, '').split('\n').map((line) => `| ${printable(line)}`))];
}
