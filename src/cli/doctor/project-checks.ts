// The project: is it allowed, is its configuration right, and is there what its layers need. Nothing of it is run.

import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reviewCode } from '../../build/review.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { Project } from '../../config/project.ts';
import { detectionLine } from '../../config/project.ts';
import { shownPath } from '../../config/project-path.ts';
import { hasCommand, isCommand } from '../../config/search-path.ts';
import type { Answer } from '../../config/trust.ts';
import { readAnswer } from '../../config/trust.ts';
import type { Problem } from '../../model/problem.ts';
import { DevshellError, placed } from '../../model/problem.ts';
import { maskedText } from '../../model/secret.ts';
import { loadNow } from '../allowing.ts';
import type { Context } from '../context.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

export async function checkProject(project: Project, context: Context, signal: AbortSignal): Promise<readonly Finding[]> {
  const loaded = await loadNow(project.root, context);
  const isEmpty = project.kind === 'detected' && project.found.length === 0;
  const trust = isEmpty ? [] : await trustFindings(project.root, loaded.kind === 'loaded' ? loaded.configuration : undefined, context, signal);
  if (loaded.kind === 'invalid') return [...trust, ...loaded.problems.map((problem) => problemFinding(problem))];
  return [...kindFindings(project), ...trust, ...(await layerFindings(project.root, loaded.configuration, context))];
}

function kindFindings(project: Project): Finding[] {
  if (project.kind === 'configured') return [finding('project', 'ok', `${project.root}: the configuration has no mistakes`)];
  const found = finding('project', 'note', detectionLine({ ...project, idle: [] }) ?? project.root);
  return [found, ...project.idle.map(({ file, tool, home }) => finding('project', 'warning', `${file} needs ${tool}, which is not on PATH`, `install it: ${home}`))];
}

function problemFinding(problem: Problem): Finding {
  return finding('project', 'error', placed(problem), problem.hint ?? 'mend it');
}

async function trustFindings(root: string, configuration: Configuration | undefined, { dataDirectory }: Context, signal: AbortSignal): Promise<Finding[]> {
  try {
    const answer = await readAnswer(root, dataDirectory);
    switch (answer.trust) {
      case 'allowed':
        return [finding('project', 'ok', 'it is allowed'), ...(await changedCode(root, configuration, answer, dataDirectory, signal))];
      case 'denied':
        return [finding('project', 'note', 'you have denied it: nothing of it is run', 'devshell allow changes that')];
      case 'unknown':
        return [finding('project', 'warning', 'it is not allowed yet: nothing of it is run', 'look at what it would run, then: devshell allow')];
    }
  } catch (error) {
    if (!(error instanceof DevshellError)) throw error;
    return error.problems.map((problem) => problemFinding(problem));
  }
}

/** Where trust is in the content: what does not hold what was allowed. */
async function changedCode(root: string, configuration: Configuration | undefined, answer: Answer, dataDirectory: string, signal: AbortSignal): Promise<Finding[]> {
  if (answer.files === undefined && configuration?.trust !== 'content') return [];
  const { files } = await reviewCode(root, configuration, answer, dataDirectory, signal);
  const changed = files.filter(({ change }) => change === 'changed' || change === 'new').map(({ path }) => shownPath(root, path));
  if (changed.length === 0) return [];
  return [finding('project', 'warning', `not as it was allowed: ${changed.join(', ')}; it is not run`, 'look at it, then: devshell allow')];
}

/** Whether what the layers read and run is there. */
async function layerFindings(root: string, { load }: Configuration, { base }: Context): Promise<Finding[]> {
  const needs = new Needs(root, base['PATH'] ?? '', load.path.map(({ directory }) => directory));
  for (const { run, inputs, at } of load.exec) {
    await needs.program(programOf(run), `\`${shortRun(run)}\` (${at.file}:${at.line})`, load.nix === undefined ? 'error' : 'note');
    if (inputs.length === 0)
      needs.say('note', `nobody says when \`${shortRun(run)}\` (${at.file}:${at.line}) prints something else: it is run only when something else changes`, 'give it inputs = ["..."]');
  }
  if (load.nix !== undefined) await needs.program('nix', `nix (${load.nix.at.file}:${load.nix.at.line})`, 'error');
  for (const { file, optional, at } of load.dotenv) if (!optional) await needs.file(file, `${at.file}:${at.line}`, `create it, or write { file = "${file}", optional = true }`);
  if (load.venv !== undefined) {
    const { directory, createWith, at } = load.venv;
    if (createWith === undefined) await needs.file(join(directory, 'pyvenv.cfg'), `${at.file}:${at.line}`, `python3 -m venv ${directory}`);
    else await needs.program(createWith, `venv (${at.file}:${at.line})`, 'error');
  }
  if (load.envrc !== undefined) await needs.envrc(load.envrc.file);
  return needs.found;
}

class Needs {
  readonly found: Finding[] = [];
  readonly #root: string;
  readonly #searchPath: string;
  readonly #missing = new Set<string>();

  /** @param own directories that the project puts in front. */
  constructor(root: string, searchPath: string, own: readonly string[]) {
    this.#root = root;
    this.#searchPath = [...own.map((directory) => resolve(root, directory)), searchPath].join(':');
  }

  say(level: Finding['level'], message: string, remedy: string): void {
    this.found.push(finding('project', level, message, remedy));
  }

  /** @param name undefined where it cannot be read off the text. */
  async program(name: string | undefined, what: string, level: 'error' | 'warning' | 'note'): Promise<void> {
    if (name === undefined || this.#missing.has(name) || (await this.#isThere(name))) return;
    this.#missing.add(name);
    this.say(level, `${name} is not on PATH, and ${what} needs it`, `install ${name}, or put it on PATH before devshell starts`);
  }

  async file(name: string, place: string, remedy: string): Promise<void> {
    if ((await stat(resolve(this.#root, name)).catch(() => undefined)) === undefined) this.say('error', `${place}: there is no ${name}`, remedy);
  }

  /** By the words of the file alone: what it does is not known before it runs. */
  async envrc(file: string): Promise<void> {
    const text = await readFile(resolve(this.#root, file), 'utf8').catch(() => undefined);
    if (text === undefined) return this.say('error', `there is no ${file} that can be read`, 'create it, or take envrc out of [load]');
    for (const [, verb = '', tool = ''] of text.matchAll(/^[ \t]*(use|layout)[ \t_]+([a-z]+)/gm)) {
      for (const name of envrcTools[`${verb} ${tool}`] ?? []) await this.program(name, `\`${verb} ${tool}\` in ${file}`, 'warning');
    }
  }

  async #isThere(name: string): Promise<boolean> {
    return name.includes('/') ? isCommand(this.#root, name) : hasCommand(name, this.#searchPath);
  }
}

/** What the functions of direnv's library run. */
const envrcTools: Readonly<Record<string, readonly string[]>> = {
  'use flake': ['nix'],
  'use nix': ['nix'],
  'use mise': ['mise'],
  'use rtx': ['rtx'],
  'use asdf': ['asdf'],
  'use devenv': ['devenv'],
  'use guix': ['guix'],
  'use rbenv': ['rbenv'],
  'use julia': ['julia'],
  'use vim': ['vim'],
  'layout python': ['python3'],
  'layout ruby': ['ruby'],
  'layout perl': ['perl'],
  'layout php': ['php'],
  'layout pipenv': ['pipenv'],
  'layout pyenv': ['pyenv'],
  'layout poetry': ['poetry'],
  'layout uv': ['uv'],
  'layout julia': ['julia'],
};

/** Words of bash's own, and what begins more than one word. */
const builtins = new Set(['.', ':', '[', '[[', '{', '(', '!', 'builtin', 'case', 'cd', 'command', 'declare', 'echo', 'eval', 'exec', 'export', 'false', 'for', 'if']);
for (const word of ['local', 'printf', 'read', 'set', 'shopt', 'source', 'test', 'time', 'trap', 'true', 'type', 'ulimit', 'umask', 'unset', 'until', 'while']) builtins.add(word);

/** The program that a command line starts with; undefined where that is one of bash's own words, or not to be read off it. */
export function programOf(run: string): string | undefined {
  const [word] = run.trim().split(/\s+/).filter((part) => !/^[A-Za-z_]\w*=[^\s$"'`]*$/.test(part));
  return word === undefined || builtins.has(word) || !/^[\w./+@-]+$/.test(word) ? undefined : word;
}

function shortRun(run: string): string {
  const [line = ''] = maskedText(run).trim().split('\n');
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}
