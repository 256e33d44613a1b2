// Asks the user's bash about itself: without a terminal, which it could take from the shell in front of it, and never for long.

import { spawn } from 'node:child_process';
import type { Variables } from '../../model/environment.ts';

export type Probe = { readonly kind: 'exited'; readonly output: string } | { readonly kind: 'late' } | { readonly kind: 'not started'; readonly reason: string };

const maxLength = 256 * 1024;

/** Runs `script` by `bash OPTIONS -c`; what is still there after `timeoutMs` is killed, with all that it started. */
export function probeBash(options: readonly string[], script: string, place: { cwd: string; env: Variables }, timeoutMs: number, signal: AbortSignal): Promise<Probe> {
  return new Promise((resolve) => {
    const child = spawn('bash', [...options, '-c', script], { ...place, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    const end = (probe: Probe): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', late);
      child.stdout.destroy();
      resolve(probe);
    };
    const late = (): void => {
      // A group of its own: an interactive bash does not heed TERM.
      if (child.pid !== undefined) killGroup(child.pid);
      end({ kind: 'late' });
    };
    const timer = setTimeout(late, timeoutMs);
    signal.addEventListener('abort', late, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(0, maxLength)));
    child.once('error', (error) => end({ kind: 'not started', reason: error.message }));
    child.once('close', () => end({ kind: 'exited', output }));
  });
}

function killGroup(pgid: number): void {
  try {
    process.kill(-pgid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
