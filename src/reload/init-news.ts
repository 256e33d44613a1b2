// What the init code of an environment had to say when the shell ran it, placed in the file that it stands in.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place, Problem } from '../model/problem.ts';

export interface InitNews {
  /** What it printed; ends with a newline unless empty. */
  readonly output: string;
  readonly problem: Problem | undefined;
}

const maxBytes = 64 * 1024;

/** `status` is what the hook reported. The hook runs the code from a file of its own, line for line, and keeps what it prints. */
export async function initNews(directory: string, status: number, at: Place | undefined): Promise<InitNews> {
  const printed = (await readStart(join(directory, 'init.log'))).trimEnd();
  const output = printed === '' ? '' : `${printed}\n`;
  if (status === 0) return { output, problem: undefined };
  const said = /init\.bash: line (\d+): (.*)/.exec(printed);
  const reason = said === null ? '' : `: ${said[2]}`;
  const line = at === undefined ? undefined : at.line + Number(said?.[1] ?? 1) - 1;
  const place = at === undefined || line === undefined ? { file: 'devshell.toml' } : { file: at.file, line };
  const hint = 'the rest of the environment is in place; the code runs again when it changes';
  return { output, problem: { message: `[shell] init failed with ${status}${reason}`, ...place, hint, detail: printed } };
}

async function readStart(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  // Without the file there is nothing that was printed.
  if (file === undefined) return '';
  try {
    const buffer = Buffer.alloc(maxBytes);
    const { bytesRead } = await file.read(buffer, 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
