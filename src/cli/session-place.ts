// The session's directory with its control socket open in it, or beside it where it must be.

import { DevshellError } from '../model/problem.ts';
import type { ControlHandler } from '../session/control-socket.ts';
import { ControlSocket } from '../session/control-socket.ts';
import type { SessionDirectory } from '../session/session-directory.ts';
import { moveSocket, removeSessionDirectory } from '../session/session-directory.ts';

export interface SessionPlace {
  readonly directory: SessionDirectory;
  readonly control: ControlSocket;
}

/** Opens the socket of the session whose directory this is. */
export async function openSessionPlace(directory: SessionDirectory, runtimeDirectory: string | undefined, handler: ControlHandler): Promise<SessionPlace> {
  const control = await ControlSocket.listen(directory.record.socket, handler).catch(() => undefined);
  if (control !== undefined) return { directory, control };
  const moved = await moveSocket(directory, runtimeDirectory);
  try {
    return { directory: moved, control: await ControlSocket.listen(moved.record.socket, handler) };
  } catch (cause) {
    await removeSessionDirectory(moved);
    throw new DevshellError('state', { message: `no socket can be made: ${(cause as Error).message}`, file: moved.record.socket, hint: 'set XDG_RUNTIME_DIR to a directory that can hold one' }, { cause });
  }
}

export async function closeSessionPlace({ directory, control }: SessionPlace): Promise<void> {
  await control.close();
  await removeSessionDirectory(directory);
}
