// Terminal settings by `stty`, which reads and sets the terminal on its standard input.

import { spawn, spawnSync } from 'node:child_process';
import { DevshellError } from '../model/problem.ts';
import { stdioWithoutMasters } from './masters.ts';

/** Runs `stty` on the terminal `fd`; its output, or an error with what it printed. */
export function stty(fd: number, args: readonly string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { stdio: stdioWithoutMasters([fd, 'pipe', 'pipe']), ...(signal === undefined ? {} : { signal }) };
    const child = spawn('stty', [...args], options);
    let output = '';
    let errors = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.trim());
      else reject(new Error(`stty ${args.join(' ')}: ${errors.trim()}`));
    });
  });
}

/** The settings of a terminal, for `stty` to set again. */
export async function readSettings(fd: number): Promise<string> {
  try {
    return await stty(fd, ['-g']);
  } catch (cause) {
    throw new DevshellError('terminal', { message: 'the settings of the terminal cannot be read', hint: 'is `stty` installed?' }, { cause });
  }
}

/** For exit handlers, where nothing can be waited for. Fails in silence: the terminal may be gone. */
export function sttySync(fd: number, args: readonly string[]): void {
  spawnSync('stty', [...args], { stdio: stdioWithoutMasters([fd, 'ignore', 'ignore']) });
}
