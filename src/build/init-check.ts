// `[shell] init` is read by the shell that will run it before anything is published.

import type { Variables } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import type { SubprocessExecutor } from './subprocess-executor.ts';

const timeoutMs = 10_000;

/** In braces, as the hook reads it: one command, of which a syntax error runs nothing. Interactive shells often have extglob on (bash-completion sets it), so its patterns are no mistake. */
export async function checkInit(
  init: string,
  root: string,
  base: Variables,
  executor: SubprocessExecutor,
  log: (text: string) => void,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const result = await executor.run(
    { command: 'bash', args: ['--norc', '-O', 'extglob', '-n', '-c', `{ :; ${init}\n}`, 'init'], cwd: root, env: { ...base }, timeoutMs, maxBytes: 65536, log },
    signal,
  );
  if (result.kind !== 'exited' || result.exitCode === 0) return [];
  const first = /line (\d+): (.*)/.exec(result.stderr);
  const where = first === null ? '' : `, line ${first[1]}`;
  return [{ message: `[shell] init${where}: ${first?.[2] ?? 'syntax error'}`, file: 'devshell.toml', detail: result.stderr }];
}
