// What is said when the system watches no more, or when watching itself fails.
import type { Problem } from '../model/problem.ts';
import { restMs } from './settle.ts';

/** The remedy for running into `code` (`ENOSPC`, `EMFILE`, `ENFILE` ...); until then the sweep finds the changes. */
export function limitProblem(code: string, sweepMs: number): Problem {
  const everyMs = restMs(0, sweepMs, 'alone');
  return {
    message: `the system's limit for watching files is reached (${code}); looking at every file each ${everyMs} ms instead`,
    hint: hintFor(code),
  };
}

function hintFor(code: string): string {
  switch (code) {
    case 'ENOSPC':
      return 'raise it: sudo sysctl fs.inotify.max_user_watches=524288';
    case 'EMFILE':
      return 'raise it: sudo sysctl fs.inotify.max_user_instances=1024; if that is not it, ulimit -n 65536 before starting devshell';
    default:
      return 'raise it: sudo sysctl fs.file-max=1000000, or end programs that hold many files open';
  }
}

/** Something unforeseen; the sweep tries again. */
export function watchFailure(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof Error ? error.stack : undefined;
  return { message: `watching the inputs failed, and will be tried again: ${message}`, ...(detail === undefined ? {} : { detail }) };
}
