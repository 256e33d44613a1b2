// The terminal that this is called in, the language it shows, and whether another one can be opened for the shell.

import { Pty } from '../../terminal/pty.ts';
import type { Context } from '../context.ts';
import type { Finding } from './finding.ts';
import { finding } from './finding.ts';

const ptyMs = 800;

export async function checkTerminal(context: Context): Promise<readonly Finding[]> {
  return [...terminalFindings(context, { columns: process.stdout.columns || 0, rows: process.stdout.rows || 0 }), ...localeFindings(context), ...(await ptyFindings(context))];
}

export function terminalFindings({ env, terminal }: Pick<Context, 'env' | 'terminal'>, size: { columns: number; rows: number }): Finding[] {
  const name = env['TERM'] ?? '';
  if (!terminal.stdin || !terminal.stdout) return [finding('terminal', 'note', 'standard input and output are no terminal here: a shell started so runs without reloading')];
  if (name === '' || name === 'dumb')
    return [finding('terminal', 'warning', `TERM is ${name === '' ? 'not set' : 'dumb'}: there is no status line`, 'set TERM to what your terminal is, xterm-256color for most')];
  const inside = env['TMUX'] ? ', inside tmux' : env['STY'] ? ', inside screen' : '';
  const what = `${name}, ${size.columns} columns by ${size.rows} rows${inside}`;
  if (size.columns === 0 || size.rows === 0) return [finding('terminal', 'warning', `${name} does not say how large it is: there is no status line`, 'stty rows 24 cols 80')];
  if (size.rows < 4 || size.columns < 20) return [finding('terminal', 'note', `${what}: too small for a status line`)];
  return [finding('terminal', 'ok', what)];
}

export function localeFindings({ env }: Pick<Context, 'env'>): Finding[] {
  const [name, value] = (['LC_ALL', 'LC_CTYPE', 'LANG'] as const).map((one) => [one, env[one] ?? ''] as const).find(([, text]) => text !== '') ?? ['LANG', ''];
  if (/utf-?8/i.test(value)) return [];
  const what = value === '' ? 'no locale is set' : `the locale is not UTF-8 (${name}=${value})`;
  return [finding('terminal', 'warning', `${what}: what is not ASCII may be shown wrongly`, 'export LANG=C.UTF-8, or another locale whose name ends in UTF-8')];
}

async function ptyFindings({ env, cwd }: Context): Promise<Finding[]> {
  const remedy = 'is /dev/pts mounted, and is there room in /proc/sys/kernel/pty/max? If node-pty is what fails: npm rebuild node-pty';
  try {
    const pty = Pty.spawn({ file: 'bash', args: ['--noprofile', '--norc', '-c', ':'], cwd, env: { PATH: env['PATH'] ?? '' }, columns: 80, rows: 24, termios: undefined });
    const ended = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), ptyMs);
      pty.onExit(() => (clearTimeout(timer), resolve(true)));
      pty.onData(() => undefined);
    });
    pty.dispose();
    if (!ended) return [finding('terminal', 'warning', `a shell in a pseudoterminal did not end within ${ptyMs} ms`, 'is the machine very busy?')];
    return [finding('terminal', 'ok', 'a pseudoterminal can be opened')];
  } catch (error) {
    return [finding('terminal', 'error', `no pseudoterminal can be opened: ${(error as Error).message}`, remedy)];
  }
}
