import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { processInfo, processesWith, waitUntil } from './processes.ts';
import { TerminalSession } from './terminal-session.ts';
import type { TerminalOptions } from './terminal-session.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'terminal-session-'));
  await writeFile(join(home, '.bashrc'), "PS1='$ '\nbind 'set enable-bracketed-paste off'\n");
  await writeFile(join(home, '.zshrc'), "PS1='$ '\n");
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

function start(options: Partial<TerminalOptions> = {}): TerminalSession {
  const env = { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', ...options.env };
  const session = TerminalSession.start({ command: 'bash', cwd: home, ...options, env });
  onTestFinished(() => session.dispose());
  return session;
}

async function startShell(options: Partial<TerminalOptions> = {}): Promise<TerminalSession> {
  const session = start(options);
  await session.waitForScreen('$ ', { deadlineMs: 20_000 });
  return session;
}

describe('a terminal session', () => {
  it('shows what the command writes and types what the test types', async () => {
    const session = start({ command: 'cat' });
    session.enter('hello');
    await session.waitForScreen((rows) => rows[0] === 'hello' && rows[1] === 'hello');
    session.press('Ctrl-D');
    expect(await session.exit).toEqual({ exitCode: 0, signal: 0 });
  });

  it('tells the exit code', async () => {
    expect(await start({ args: ['-c', 'exit 42'] }).exit).toEqual({ exitCode: 42, signal: 0 });
  });

  it('tells the signal', async () => {
    const session = start({ command: 'sleep', args: ['300'] });
    await waitUntil(async () => (await processInfo(session.pid))?.commandLine === 'sleep 300', { what: 'sleep' });
    session.kill('SIGTERM');
    expect(await session.exit).toEqual({ exitCode: 0, signal: 15 });
  });

  it('loses nothing of what was written just before the end', async () => {
    for (let round = 0; round < 10; round++) {
      const session = start({ command: 'seq', args: ['20000'] });
      await session.exit;
      expect(session.bytes.toString().trimEnd().split('\r\n')).toHaveLength(20_000);
      await session.dispose();
    }
  });

  it('gives the size it was told, and a new one', async () => {
    const session = await startShell({ columns: 91, rows: 17 });
    expect(await session.run('stty size')).toEqual(['17 91']);
    session.resize(66, 30);
    expect(await session.run('stty size')).toEqual(['30 66']);
    expect(session.screen()).toHaveLength(30);
  });

  it('answers a cursor position report', async () => {
    const session = start({ args: ['-c', String.raw`stty raw -echo; printf '\e[3;7H\e[6n'; IFS= read -rsd R x; printf '%q' "$x"`] });
    await session.exit;
    expect(session.screen().join('\n')).toContain('[3;7');
  });

  it('reads rows from the top and from the bottom', async () => {
    const session = start({ args: ['-c', String.raw`printf '\e[2;1Hsecond\e[24;1Hlast\e[?25l'; sleep 300`] });
    expect(await session.waitForStatus(/^last$/)).toBe('last');
    expect(await session.waitForRow(1, 'sec')).toBe('second');
    expect([session.row(0), session.row(-2), session.statusRow()]).toEqual(['', '', 'last']);
  });

  it('knows title, bell, cursor and alternate screen', async () => {
    const session = start({ args: ['-c', String.raw`printf '\e]2;name\a\a\e[?1049h\e[4;9Hx'; sleep 300`] });
    await session.waitForScreen('x');
    const { title, bells, cursor, isAlternate } = session.terminal;
    expect({ title, bells, cursor, isAlternate }).toEqual({ title: 'name', bells: 1, cursor: { row: 3, column: 9 }, isAlternate: true });
  });

  it('says what was on the screen when it waited in vain', async () => {
    const session = start({ args: ['-c', 'echo something else; sleep 300'] });
    await session.waitForScreen('something');
    await expect(session.waitForScreen(/nothing/, { deadlineMs: 50 })).rejects.toThrow(
      /waited for the screen to show \/nothing\/, but it did not come within 50 ms; the screen:\n\+-+\+\n\|something else +\|/,
    );
  });

  it('stops waiting when the command ends', async () => {
    const session = start({ args: ['-c', 'echo last words; exit 3'] });
    await expect(session.waitForScreen('never')).rejects.toThrow(/the command ended \(exit code 3, signal 0\)[^]*last words/);
  });

  it('does not keep another session alive when it hangs up', async () => {
    const first = await startShell();
    const second = await startShell();
    first.hangUp();
    expect(await first.exit).toMatchObject({ signal: 1 });
    expect(await second.run('echo still here')).toEqual(['still here']);
  });

  it('leaves no process behind', async () => {
    const session = await startShell();
    const pids = await session.run("(trap '' HUP TERM; exec setsid sleep 300) & nohup sleep 301 >/dev/null 2>&1 & echo; jobs -p");
    expect(pids.filter((line) => /^\d+$/.test(line))).toHaveLength(2);
    expect((await processesWith(session.token)).length).toBeGreaterThanOrEqual(3);
    await session.dispose();
    expect(await processesWith(session.token)).toEqual([]);
  });
});

describe('run', () => {
  it('returns the lines of a command and nothing else', async () => {
    const session = await startShell();
    expect(await session.run('echo one; echo; echo "  two"')).toEqual(['one', '', '  two']);
    expect(await session.run('true')).toEqual([]);
    expect(await session.run("printf 'no newline'")).toEqual(['no newline']);
    expect(await session.run("printf 'a\\n\\n'")).toEqual(['a', '']);
  });

  it('passes the status through', async () => {
    const session = await startShell();
    await session.run('(exit 42)');
    expect(await session.run('echo $?')).toEqual(['42']);
  });

  it('takes a command that goes to the background', async () => {
    const session = await startShell();
    await session.run('sleep 300 &');
    expect(await session.run('jobs -r')).toEqual([expect.stringContaining('sleep 300')]);
  });

  it('joins lines that the screen has broken', async () => {
    const session = await startShell({ columns: 40 });
    const long = 'abc '.repeat(60).trimEnd();
    expect(await session.run(`echo '${long}'`)).toEqual([long]);
  });

  it('returns more than a screen', async () => {
    const session = await startShell();
    expect(await session.run('seq 3000')).toEqual(Array.from({ length: 3000 }, (_, index) => String(index + 1)));
  });

  it('is not misled by the echo of a line that wraps, or by aliases', async () => {
    const session = await startShell({ columns: 30 });
    await session.run("alias printf='echo wrong'");
    const word = randomUUID();
    expect(await session.run(`echo ${word}`)).toEqual([word]);
  });

  it.each(['zsh', 'fish'] as const)('works in %s', async (shell) => {
    const session = start({ command: shell, args: shell === 'fish' ? ['-C', "function fish_prompt; echo -n '$ '; end"] : [] });
    await session.waitForScreen('$ ');
    const language = shell === 'fish' ? 'fish' : 'posix';
    expect(await session.run('echo hello', { language })).toEqual(['hello']);
    await session.run('sh -c "exit 7"', { language });
    expect(await session.run(shell === 'fish' ? 'echo $status' : 'echo $?', { language })).toEqual(['7']);
  });
});
