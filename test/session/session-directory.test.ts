import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cleanStaleSessions, createSessionDirectory, moveSocket, readLivingRecord, readRecord, removeSessionDirectory, sessionLiveness } from '../../src/session/session-directory.ts';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'sessions-')));
  chmodSync(base, 0o700);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const create = (state = join(base, 'state')) => createSessionDirectory(state, '/project', join(base), Date.now);
const mode = (path: string) => statSync(path).mode & 0o777;

describe('the directory of a session', () => {
  it('is private, records its process, and is kept out of git', async () => {
    const { path, record } = await create();
    expect([mode(path), mode(join(path, 'status.json')), mode(join(base, 'state'))]).toEqual([0o700, 0o600, 0o700]);
    expect(record).toMatchObject({ pid: process.pid, root: '/project', socket: join(path, 'control.sock') });
    expect(readFileSync(join(base, 'state/.gitignore'), 'utf8')).toBe('*\n');
    expect(sessionLiveness(record)).toBe('alive');
  });

  it('is another one each time', async () => {
    expect((await create()).path).not.toBe((await create()).path);
  });

  it('has its socket elsewhere, in a private place, where the path is too long for the kernel', async () => {
    const directory = await create(join(base, 'x'.repeat(120)));
    const { socket } = directory.record;
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
    expect(mode(dirname(socket))).toBe(0o700);
    await removeSessionDirectory(directory);
    expect([existsSync(dirname(socket)), existsSync(directory.path)]).toEqual([false, false]);
  });

  it('moves its socket to a private place, where the file system has none, and takes that away with it', async () => {
    const directory = await moveSocket(await create(), base);
    const { socket } = directory.record;
    expect([dirname(dirname(socket)), mode(dirname(socket))]).toEqual([base, 0o700]);
    expect(await readRecord(directory.path)).toEqual(directory.record);
    await removeSessionDirectory(directory);
    expect(existsSync(dirname(socket))).toBe(false);
  });

  it('is refused where others could write', async () => {
    mkdirSync(join(base, 'open'));
    chmodSync(join(base, 'open'), 0o777);
    await expect(create(join(base, 'open'))).rejects.toMatchObject({ code: 'state', problems: [{ hint: expect.stringContaining('chmod 700') as string }] });
  });

  it('is not alive when its pid belongs to a process that started at another time', async () => {
    const { record } = await create();
    expect(sessionLiveness({ ...record, processStart: '1' })).toBe('gone');
    expect(sessionLiveness({ ...record, processStart: '1', where: undefined })).toBe('gone');
  });
});

describe('cleaning up', () => {
  it('removes what a killed session has left, and its far socket, and nothing that lives', async () => {
    const state = join(base, 'y'.repeat(120));
    const alive = await create(state);
    const dead = await create(state);
    const child = spawn('true');
    await once(child, 'exit');
    writeFileSync(join(dead.path, 'status.json'), JSON.stringify({ ...dead.record, pid: child.pid, processStart: '1' }));
    await cleanStaleSessions(state, Date.now());
    expect([existsSync(alive.path), existsSync(dead.path), existsSync(dirname(dead.record.socket))]).toEqual([true, false, false]);
  });

  it('leaves the sessions of another container alone, whose numbers tell nothing here, but not those of before a restart', async () => {
    const state = join(base, 'state');
    const [there, before] = [await create(state), await create(state)];
    const [name = '', boot = '', namespace = '', machine = ''] = (there.record.where ?? '').split(' ');
    const rewrite = ({ path, record }: typeof there, where: string) => writeFileSync(join(path, 'status.json'), JSON.stringify({ ...record, pid: 2 ** 22 + 1, where }));
    rewrite(there, [name, boot, `not-${namespace}`, machine].join(' '));
    rewrite(before, [name, `not-${boot}`, namespace, machine].join(' '));
    await cleanStaleSessions(state, Date.now());
    expect([existsSync(there.path), existsSync(before.path)]).toEqual([true, machine === '']);
    expect((await readLivingRecord(there.path))?.pid).toBe(2 ** 22 + 1);
  });

  it('leaves a directory alone that is only just being made, and removes one that was never finished', async () => {
    const state = join(base, 'state');
    const young = join(state, 'sessions/young');
    const old = join(state, 'sessions/old');
    for (const path of [young, old]) mkdirSync(path, { recursive: true });
    utimesSync(old, 1, 1);
    await cleanStaleSessions(state, Date.now());
    expect([existsSync(young), existsSync(old)]).toEqual([true, false]);
  });

  it('takes a record that cannot be read for none', async () => {
    const { path } = await create();
    writeFileSync(join(path, 'status.json'), '{"half');
    expect(await readRecord(path)).toBeUndefined();
  });

  it('finds nothing to do where there never was a session', async () => {
    await cleanStaleSessions(join(base, 'nowhere'), Date.now());
  });
});
