// Speaks to a running session over its control socket.

import { connect } from 'node:net';
import { DevshellError } from '../model/problem.ts';
import type { ControlAnswer, ControlRequest, SessionRecord } from '../model/session-record.ts';
import { onLines } from '../session/control-socket.ts';
import { readLivingRecord } from '../session/session-directory.ts';
import type { Context } from './context.ts';
import type { Parsed } from './options.ts';

export interface SessionPlace {
  readonly directory: string;
  readonly record: SessionRecord;
}

/** The session of `--session`, or the one that this is called in. */
export async function sessionOf(parsed: Parsed, context: Context): Promise<SessionPlace> {
  const directory = parsed.values.get('session') ?? context.env['DEVSHELL_SESSION'];
  if (directory === undefined || directory === '')
    throw new DevshellError('session', { message: 'this is not inside a devshell session', hint: 'start one with: devshell' });
  const record = await readLivingRecord(directory);
  if (record === undefined)
    throw new DevshellError('session', { message: 'the session has ended', file: directory, hint: 'start a new one with: devshell' });
  return { directory, record };
}

/** The answer of that kind; rejects with a DevshellError where the session says something else. */
export async function askFor<Kind extends ControlAnswer['kind']>(kind: Kind, request: ControlRequest, place: SessionPlace): Promise<Extract<ControlAnswer, { kind: Kind }>> {
  const answer = await ask(place, request);
  if (isOf(kind, answer)) return answer;
  throw new DevshellError('session', { message: answer.kind === 'error' ? answer.message : `unexpected answer ${answer.kind}` });
}

function isOf<Kind extends ControlAnswer['kind']>(kind: Kind, answer: ControlAnswer): answer is Extract<ControlAnswer, { kind: Kind }> {
  return answer.kind === kind;
}

/** Rejects with a DevshellError where the session does not answer; Ctrl-C ends a long wait. */
export async function ask(place: SessionPlace, request: ControlRequest): Promise<ControlAnswer> {
  const socket = connect(place.record.socket);
  try {
    return await new Promise<ControlAnswer>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the session closed the connection')));
      onLines(socket, (line) => resolve(JSON.parse(line) as ControlAnswer));
      socket.write(`${JSON.stringify(request)}\n`);
    });
  } catch (cause) {
    const message = `the session does not answer: ${(cause as Error).message}`;
    throw new DevshellError('session', { message, file: place.record.socket }, { cause });
  } finally {
    socket.destroy();
  }
}
