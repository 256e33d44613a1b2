// `devshell status --line MODE`: switches the session, and remembers that for the user.

import { readFile } from 'node:fs/promises';
import { projectLine, rememberLine } from '../../config/user-line.ts';
import type { StatusMode } from '../../model/settings.ts';
import { askFor, sessionOf } from '../control-client.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';

/** The session first: it is to be seen at once, even where nothing can be remembered. */
export async function switchLine(mode: StatusMode, parsed: Parsed, context: Context): Promise<void> {
  const { status } = await askFor('status', { ask: 'line', mode }, await sessionOf(parsed, context));
  const file = context.userSettingsFile;
  await rememberLine(file, mode);
  const say = (text: string): void => context.warn(`devshell: ${text}\n`);
  say(`the state is shown as ${mode} from now on (remembered in ${file})`);
  if (status.statusLine !== mode) say(`this session’s terminal can show nothing but the output of programs, and stays so`);
  const project = await projectLine(status.root, readFile);
  if (project !== undefined && project.mode !== mode) {
    say(`${project.file}:${project.line} says ${project.mode} for this project: this session has switched, others here keep to that`);
  }
}
