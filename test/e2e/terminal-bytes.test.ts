// Bytes through the whole devshell, both ways: what a program writes, and what is typed or pasted.
import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { test } from '../support/project-test.ts';
import type { Project } from '../support/project.ts';
import { withoutRow } from '../support/row.ts';
import type { TerminalSession } from '../support/terminal-session.ts';
import { greeting, nodeOf, openShell, seeded, waitForProcess, waitForPrompt } from './support-3.ts';
import { fileOf, memoryOf, openBare, processorTimeOf, statusRows } from './support-4.ts';

const every = Buffer.concat(Array.from({ length: 256 }, (_, byte) => Buffer.from([0x78, byte, 0x79])));
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const largest = 10_000_000;

function randomBytes(seed: number, length: number): Buffer {
  const random = seeded(seed);
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

/** What the terminal got of a file that is sent to it raw, between two marks; without what is drawn into it. */
async function sent(session: TerminalSession, file: string, row: 'drawn' | 'none', deadlineMs = 30_000): Promise<Buffer> {
  const before = session.bytes.length;
  session.enter(`stty raw; printf '<%s>' begin; cat ${file}; printf '\\030\\033\\\\<%s>' end; stty sane; printf '\\033c'`);
  await waitUntil(() => session.bytes.subarray(before).includes('<end>'), { what: `the end of ${file}`, deadlineMs });
  await waitForPrompt(session);
  const all = session.bytes.subarray(before).toString('latin1');
  const text = row === 'drawn' ? withoutRow(all) : all;
  return Buffer.from(text.slice(text.indexOf('<begin>') + 7, text.indexOf('\x18\x1b\\<end>')), 'latin1');
}

/** Reads so many bytes, raw, into a file; `script` stands before that. */
async function reading(project: Project, session: TerminalSession, count: number, script = ''): Promise<void> {
  session.enter(`stty raw -echo; ${script} echo > reading; head -c ${count} > read; stty sane`);
  await waitUntil(async () => (await project.read('reading').catch(() => '')) !== '', { what: 'the program to read' });
}

describe('the output', () => {
  test('is every byte, valid or not, where there is no row', async ({ project }) => {
    const session = await openBare(project);
    await project.write('every', every);
    await project.write('random', randomBytes(1, 200_000));
    expect((await sent(session, 'every', 'none')).equals(every)).toBe(true);
    expect((await sent(session, 'random', 'none')).equals(randomBytes(1, 200_000))).toBe(true);
  });

  test('is every byte with a row too, and text that is no UTF-8', async ({ project }) => {
    const session = await openShell(project);
    await project.write('every', every);
    const broken = Buffer.from('ok \xc3 \xe2\x82 \xf0\x9f\x98 \xc0\x80 \xed\xa0\x80 \xf5\x80\x80\x80 \xff\xfe \x80\xbf grüße', 'latin1');
    await project.write('broken', Buffer.concat(Array.from({ length: 50 }, () => broken)));
    expect((await sent(session, 'every', 'drawn')).equals(every)).toBe(true);
    expect((await sent(session, 'broken', 'drawn')).toString('latin1')).toBe(broken.toString('latin1').repeat(50));
    await session.waitForStatus('watching');
  });

  test('is every byte of strings of ten megabytes and of images, and memory does not grow with them', async ({ project }) => {
    const session = await openShell(project);
    const { pid } = await nodeOf(project);
    const body = Buffer.alloc(largest, 'qTE~-#0;2;9;');
    const kitty = Array.from({ length: 300 }, (_, part) => `\x1b_Gf=100,m=${part === 299 ? 0 : 1};${'QUJD'.repeat(1024)}\x1b\\`).join('');
    const streams: Record<string, Buffer> = {
      dcs: Buffer.concat([Buffer.from('\x1bP0;0;0q'), body, Buffer.from('\x1b\\')]),
      osc: Buffer.concat([Buffer.from('\x1b]1337;File=inline=1:'), Buffer.alloc(largest, 'QUJDRA=='), Buffer.from('\x07')]),
      kitty: Buffer.from(kitty),
      sixel: Buffer.from(`\x1bPq"1;1;100;100#0;2;0;0;0${'#0!100~-'.repeat(20_000)}\x1b\\`),
    };
    const before = await memoryOf(pid);
    for (const [name, stream] of Object.entries(streams)) {
      await project.write(name, stream);
      const got = await sent(session, name, 'drawn', 50_000);
      expect([name, got.length, digest(got)]).toEqual([name, stream.length, digest(stream)]);
      await session.waitForStatus('watching');
    }
    expect((await memoryOf(pid)) - before).toBeLessThan(40 << 20);
  });
});

describe('the input', () => {
  test('is every byte for a program in raw mode, whether there is a row or not', async ({ project }) => {
    const session = await openShell(project);
    await reading(project, session, every.length);
    session.send(every);
    expect((await fileOf(project, 'read', every.length)).equals(every)).toBe(true);
    await waitForPrompt(session);
  });

  test('is whatever may come where the session has no keys', async ({ project }) => {
    const session = await openShell(project, `${greeting}[reload]\nkeybind = ""\n[keys]\nerror = ""\npause = ""\n`);
    const random = randomBytes(2, 100_000);
    await reading(project, session, random.length);
    for (let at = 0; at < random.length; at += 1000) session.send(random.subarray(at, at + 1000));
    expect((await fileOf(project, 'read', random.length)).equals(random)).toBe(true);
  });
});

/** A megabyte as a terminal sends a paste: in brackets, lines ended by CR; with the session's keys in it. */
const paste = Buffer.from(`\x1b[200~${Array.from({ length: 30_000 }, (_, line) => `line ${line} of what is pasted, and then ${line % 100 === 0 ? '\x1b\x05\x1b[101;7u' : 'some'}\r`).join('').slice(0, 1 << 20)}\x1b[201~`);

describe('a paste of a megabyte', () => {
  test('reaches a program that reads slowly, whole, with the keys in it', async ({ project }) => {
    const session = await openShell(project);
    await project.write('slow.sh', `stty raw -echo; printf '\\033[?2004h'; echo > reading; for i in 1 2 3 4 5 6 7 8 9; do head -c 110000; sleep 0.1; done > read; head -c ${paste.length - 9 * 110_000} >> read; stty sane; printf '\\033[?2004l'`);
    session.enter('sh ./slow.sh');
    await waitUntil(async () => (await project.read('reading').catch(() => '')) !== '', { what: 'the program to read' });
    session.send(paste);
    expect(digest(await fileOf(project, 'read', paste.length))).toBe(digest(paste));
    await waitForPrompt(session);
    expect(session.statusRow()).toContain('watching');
  });

  test('into a program that does not read costs neither time nor memory; Ctrl-C ends it, and nothing of the paste runs', async ({ project }) => {
    const session = await openShell(project);
    const { pid } = await nodeOf(project);
    session.enter('sleep 700');
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 700', 'the program');
    const before = await memoryOf(pid);
    session.send(Buffer.from(paste.toString('latin1').replaceAll('line', 'touch ran; line'), 'latin1'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const spentBefore = await processorTimeOf(pid);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await processorTimeOf(pid)) - spentBefore).toBeLessThan(0.2);
    expect((await memoryOf(pid)) - before).toBeLessThan(40 << 20);
    session.press('Ctrl-C');
    await session.waitForScreen(/\^C[^]*\n\$ *\n/);
    await waitForPrompt(session);
    expect(await session.run('echo alive; ls ran 2>/dev/null; echo $?')).toEqual(['alive', '2']);
    expect(statusRows(session)).toHaveLength(1);
  });

  test('into one that is raw and does not read does not keep the session from ending', async ({ project }) => {
    const session = await openShell(project);
    session.enter('stty raw -echo; echo > reading; sleep 701');
    await waitUntil(async () => (await project.read('reading').catch(() => '')) !== '', { what: 'raw mode' });
    await waitForProcess(project, ({ commandLine }) => commandLine === 'sleep 701', 'the program');
    session.send(paste);
    session.press('Ctrl-C');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await project.run('pgrep', ['-xf', 'sleep 701'])).stdout).not.toBe('');
    session.hangUp();
    await session.exit;
    await project.waitForNoProcess();
  });
});
