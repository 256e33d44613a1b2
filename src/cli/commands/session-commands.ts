// `status`, `reload`, `pause`, `resume`, `inputs`: questions to a running session.

import { DevshellError } from '../../model/problem.ts';
import type { ControlAnswer, ControlRequest, SessionStatus } from '../../model/session-record.ts';
import type { StatusMode } from '../../model/settings.ts';
import { ask, sessionOf } from '../control-client.ts';
import type { Command } from '../command.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';

export const statusCommand: Command = async (parsed, context) => {
  const mode = parsed.values.get('line');
  if (mode !== undefined) await (await import('./line-command.ts')).switchLine(mode as StatusMode, parsed, context);
  const status = statusOf(await put({ ask: 'status' }, parsed, context));
  if (parsed.flags.has('json')) context.write(`${JSON.stringify(status, undefined, 2)}\n`);
  else if (mode === undefined) context.write(statusText(status));
  return 0;
};

export const reloadCommand: Command = async (parsed, context) => {
  const status = statusOf(await put({ ask: 'reload' }, parsed, context));
  if (!parsed.flags.has('quiet')) context.warn(`devshell: ${status.line}\n`);
  return status.state === 'failed' || status.state === 'blocked' ? 1 : 0;
};

export const pauseCommand: Command = async (parsed, context) => {
  statusOf(await put({ ask: 'pause' }, parsed, context));
  if (!parsed.flags.has('quiet')) context.warn('devshell: paused; what changes is built when devshell resumes\n');
  return 0;
};

export const resumeCommand: Command = async (parsed, context) => {
  statusOf(await put({ ask: 'resume' }, parsed, context));
  if (!parsed.flags.has('quiet')) context.warn('devshell: resumed\n');
  return 0;
};

export const inputsCommand: Command = async (parsed, context) => {
  const answer = await put({ ask: 'inputs' }, parsed, context);
  if (answer.kind !== 'inputs') throw unexpected(answer);
  context.write(parsed.flags.has('json') ? `${JSON.stringify(answer.inputs, undefined, 2)}\n` : answer.inputs.map((path) => `${path}\n`).join(''));
  return 0;
};

async function put(request: ControlRequest, parsed: Parsed, context: Context): Promise<ControlAnswer> {
  return ask(await sessionOf(parsed, context), request);
}

function statusOf(answer: ControlAnswer): SessionStatus {
  if (answer.kind !== 'status') throw unexpected(answer);
  return answer.status;
}

function unexpected(answer: ControlAnswer): DevshellError {
  return new DevshellError('session', { message: answer.kind === 'error' ? answer.message : `unexpected answer ${answer.kind}` });
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
