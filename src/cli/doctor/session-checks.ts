// The session that this is called in, if there is one.

import { DevshellError } from '../../model/problem.ts';
import type { SessionStatus } from '../../model/session-record.ts';
import { ask, sessionOf } from '../control-client.ts';
import type { Context } from '../context.ts';
import type { Parsed } from '../options.ts';
import { isReloading } from '../shell-view.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

export interface SessionCheck {
  readonly findings: readonly Finding[];
  /** How many inputs it watches. */
  readonly inputs: number | undefined;
}

const answerMs = 500;

export async function checkSession(parsed: Parsed, context: Context): Promise<SessionCheck> {
  if (!context.env['DEVSHELL_SESSION']) return { findings: [], inputs: undefined };
  try {
    const place = await sessionOf(parsed, context);
    if (!(await isReloading(place.record))) return { findings: [finding('session', 'note', 'this shell was started with --no-reload')], inputs: undefined };
    const answer = await withinTime(ask(place, { ask: 'status' }));
    if (answer?.kind === 'status') return { findings: [statusFinding(answer.status)], inputs: answer.status.inputs };
    return { findings: [finding('session', 'error', `the session does not answer within ${answerMs} ms`, 'start devshell again')], inputs: undefined };
  } catch (error) {
    if (!(error instanceof DevshellError)) throw error;
    return { findings: [finding('session', 'warning', error.message, 'this shell is no longer reloaded: exit it, and start devshell again')], inputs: undefined };
  }
}

async function withinTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), answerMs)));
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}

export function statusFinding({ state, line }: Pick<SessionStatus, 'state' | 'line'>): Finding {
  switch (state) {
    case 'gone':
    case 'hook lost':
      return finding('session', 'error', line, 'this shell is no longer reloaded: exit it, and start devshell again');
    case 'failed':
      return finding('session', 'warning', line, 'devshell log shows all of it');
    case 'blocked':
      return finding('session', 'warning', line, 'devshell allow, once you have looked at it');
    case 'paused':
    case 'notice':
      return finding('session', 'note', line);
    case 'building':
    case 'ready':
    case 'reloaded':
    case 'unchanged':
    case 'watching':
      return finding('session', 'ok', line);
  }
}
