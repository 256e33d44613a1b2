// `devshell status --line MODE`: switches the session, and remembers that for the user.

import { readFile } from 'node:fs/promises';
import { projectLine, rememberLine } from '../../config/user-line.ts';
import type { StatusMode } from '../../model/settings.ts';
import { askFor, sessionOf } from '../control-client.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';

/** The file first: a build that begins after the session has switched finds it there. Where nothing can be remembered the session switches all the same. */
export async function switchLine(mode: StatusMode, parsed: Parsed, context: Context): Promise<void> {
  const place = await sessionOf(parsed, context);
  const file = context.userSettingsFile;
  const remembered = await rememberLine(file, mode).then(() => 'yes' as const, (error: unknown) => ({ error }));
  const { status } = await askFor('status', { ask: 'line', mode }, place);
  if (remembered !== 'yes') throw remembered.error;
  const say = (text: string): void => context.warn(`devshell: ${text}\n`);
  say(`the state is shown as ${mode} from now on (remembered in ${file})`);
  if (status.statusLine !== mode) say(`this session’s terminal can show nothing but the output of programs, and stays so`);
  const project = await projectLine(status.root, readFile);
  if (project !== undefined && project.mode !== mode) {
    say(`${project.file}:${project.line} says ${project.mode} for this project: this session has switched, others here keep to that`);
  }
}
