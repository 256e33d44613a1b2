// The session's door for `devshell status`, `reload`, `pause`, `resume`, `inputs`: one line of JSON in, one out.

import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ControlAnswer, ControlRequest } from '../model/session-record.ts';
import { statusModes } from '../model/settings.ts';

export type ControlHandler = (request: ControlRequest) => Promise<ControlAnswer>;

const questions: ReadonlySet<unknown> = new Set(['status', 'reload', 'pause', 'resume', 'inputs', 'environments', 'line'] satisfies ControlRequest['ask'][]);
const modes: ReadonlySet<unknown> = new Set(statusModes);

export class ControlSocket {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** The directory of `path` is private, and so is the socket. Rejects where the file system has no sockets. */
  static async listen(path: string, handler: ControlHandler): Promise<ControlSocket> {
    const control = new ControlSocket(createServer());
    control.#server.on('connection', (client) => control.#serve(client, handler));
    await new Promise<void>((resolve, reject) => {
      control.#server.once('error', reject);
      control.#server.listen(path, resolve);
    });
    return control;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: Socket, handler: ControlHandler): void {
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    // A client that goes away in the middle of an answer is no concern of the session's.
    client.on('error', () => client.destroy());
    onLines(client, (line) => {
      void answer(line, handler).then((text) => client.writable && client.write(`${text}\n`));
    });
  }
}

/** Not by `readline`: that throws the errors of its input once more, where nobody hears them (Node 20). */
export function onLines(socket: Socket, listener: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = `${rest}${String(text)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) listener(line);
  });
}

async function answer(line: string, handler: ControlHandler): Promise<string> {
  const request = parse(line);
  if (request === undefined) return JSON.stringify({ kind: 'error', message: 'not a request' } satisfies ControlAnswer);
  try {
    return JSON.stringify(await handler(request));
  } catch (error) {
    return JSON.stringify({ kind: 'error', message: String(error) } satisfies ControlAnswer);
  }
}

function parse(line: string): ControlRequest | undefined {
  try {
    const value = JSON.parse(line) as { ask?: unknown; mode?: unknown } | null;
    if (!questions.has(value?.ask) || (value?.ask === 'line' && !modes.has(value.mode))) return undefined;
    return value as ControlRequest;
  } catch {
    return undefined;
  }
}
