// `status`, `reload`, `pause`, `resume`, `inputs`: questions to a running session.

import type { ControlRequest, SessionStatus } from '../../model/session-record.ts';
import type { StatusMode } from '../../model/settings.ts';
import { askFor, sessionOf } from '../control-client.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';
import { writeJson } from '../output.ts';

export const statusCommand: Command = async (parsed, context) => {
  const mode = parsed.values.get('line');
  if (mode !== undefined) await (await import('./line-command.ts')).switchLine(mode as StatusMode, parsed, context);
  const status = await askStatus({ ask: 'status' }, parsed, context);
  if (parsed.flags.has('json')) writeJson(status, context);
  else if (mode === undefined) context.write(statusText(status));
  return 0;
};

export const reloadCommand: Command = async (parsed, context) => {
  const status = await askStatus({ ask: 'reload' }, parsed, context);
  if (!parsed.flags.has('quiet')) context.warn(`devshell: ${status.line}\n`);
  return status.state === 'failed' || status.state === 'blocked' ? 1 : 0;
};

export const pauseCommand: Command = async (parsed, context) => {
  await askStatus({ ask: 'pause' }, parsed, context);
  if (!parsed.flags.has('quiet')) context.warn('devshell: paused; what changes is built when devshell resumes\n');
  return 0;
};

export const resumeCommand: Command = async (parsed, context) => {
  await askStatus({ ask: 'resume' }, parsed, context);
  if (!parsed.flags.has('quiet')) context.warn('devshell: resumed\n');
  return 0;
};

export const inputsCommand: Command = async (parsed, context) => {
  const { inputs } = await askFor('inputs', { ask: 'inputs' }, await sessionOf(parsed, context));
  if (parsed.flags.has('json')) writeJson(inputs, context);
  else context.write(inputs.map((path) => `${path}\n`).join(''));
  return 0;
};

async function askStatus(request: ControlRequest, parsed: Parsed, context: Context): Promise<SessionStatus> {
  return (await askFor('status', request, await sessionOf(parsed, context))).status;
}

function statusText(status: SessionStatus): string {
  const rows: [string, string][] = [
    ['state', status.line],
    ['project', status.root],
    ['inputs', String(status.inputs)],
    ['shown', status.statusLine],
    ['applied', `generation ${status.appliedGeneration}${status.environment === 'stale' ? ', stale: the last good environment of an earlier session' : ''}`],
    ['session', `${status.session} (shell ${status.shellPid})`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(8)} ${value}\n`).join('');
}
