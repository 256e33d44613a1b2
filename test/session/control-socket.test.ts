import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControlAnswer, ControlRequest } from '../../src/model/session-record.ts';
import { ControlSocket } from '../../src/session/control-socket.ts';

let directory: string;
let socket: ControlSocket;
let handler: (request: ControlRequest) => Promise<ControlAnswer>;
const path = () => join(directory, 'control.sock');

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'control-'));
  handler = ({ ask }) => Promise.resolve({ kind: 'inputs', inputs: [ask] });
  socket = await ControlSocket.listen(path(), (request) => handler(request));
});
afterEach(async () => {
  await socket.close();
  rmSync(directory, { recursive: true });
});

/** Sends text and resolves with so many lines of answers. */
async function talk(text: string, lines = 1): Promise<unknown[]> {
  const client = connect(path());
  client.write(text);
  const answers: unknown[] = [];
  for await (const line of createInterface({ input: client })) {
    answers.push(JSON.parse(line));
    if (answers.length === lines) break;
  }
  client.destroy();
  return answers;
}

describe('the control socket', () => {
  it('answers a line of JSON with one', async () => {
    expect(await talk('{"ask":"status"}\n')).toEqual([{ kind: 'inputs', inputs: ['status'] }]);
  });

  it('answers several in a row', async () => {
    expect(await talk('{"ask":"status"}\n{"ask":"inputs"}\n', 2)).toHaveLength(2);
  });

  it.each(['nonsense', '{}', 'null', '{"ask":"format"}', '{"ask":"line"}', '{"ask":"line","mode":"top"}', '[1]', ''])('refuses %j and goes on', async (line) => {
    expect(await talk(`${line}\n{"ask":"status"}\n`, 2)).toEqual([
      { kind: 'error', message: 'not a request' },
      { kind: 'inputs', inputs: ['status'] },
    ]);
  });

  it('answers with what went wrong', async () => {
    handler = () => Promise.reject(new Error('no'));
    expect(await talk('{"ask":"status"}\n')).toEqual([{ kind: 'error', message: 'Error: no' }]);
  });

  it('survives a client that leaves in the middle', async () => {
    let release = (): void => undefined;
    handler = () => new Promise((resolve) => (release = () => resolve({ kind: 'inputs', inputs: [] })));
    const client = connect(path());
    client.write('{"ask":"status"}\n');
    await new Promise((resolve) => client.once('ready', resolve));
    client.destroy();
    release();
    handler = () => Promise.resolve({ kind: 'inputs', inputs: ['again'] });
    expect(await talk('{"ask":"status"}\n')).toEqual([{ kind: 'inputs', inputs: ['again'] }]);
  });

  it('closes although a client is still connected, and takes the socket away', async () => {
    const client = connect(path());
    await new Promise((resolve) => client.once('connect', resolve));
    const closed = new Promise((resolve) => client.once('close', resolve));
    await socket.close();
    await closed;
    expect(() => statSync(path())).toThrow('ENOENT');
    socket = await ControlSocket.listen(path(), handler);
  });
});
