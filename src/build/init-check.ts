// `[shell] init` is read by the shell that will run it before anything is published.

import type { Variables } from '../model/environment.ts';
import type { Place, Problem } from '../model/problem.ts';
import type { SubprocessExecutor } from './subprocess-executor.ts';

const timeoutMs = 10_000;

export interface InitCheck {
  readonly init: string;
  /** Where its first line stands. */
  readonly at: Place | undefined;
  readonly root: string;
  readonly base: Variables;
  readonly executor: SubprocessExecutor;
  readonly log: (text: string) => void;
}

/** In braces, as the hook reads it: one command, of which a syntax error runs nothing. Interactive shells often have extglob on (bash-completion sets it), so its patterns are no mistake. */
export async function checkInit({ init, at, root, base, executor, log }: InitCheck, signal: AbortSignal): Promise<readonly Problem[]> {
  const result = await executor.run(
    { command: 'bash', args: ['--norc', '-O', 'extglob', '-n', '-c', `{ :; ${init}\n}`, 'init'], cwd: root, env: { ...base }, timeoutMs, maxBytes: 65536, log },
    signal,
  );
  if (result.kind !== 'exited' || result.exitCode === 0) return [];
  const said = /line (\d+): (.*)/.exec(result.stderr);
  const place = at === undefined ? { file: 'devshell.toml' } : { file: at.file, line: at.line + Number(said?.[1] ?? 1) - 1 };
  return [{ message: `[shell] init: ${said?.[2] ?? 'syntax error'}`, ...place, detail: result.stderr }];
}
