// What the init code of an environment had to say when the shell ran it, placed in the file that it stands in.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplyReport } from '../model/mark.ts';
import type { Place, Problem } from '../model/problem.ts';

export interface InitNews {
  /** What it printed; ends with a newline unless empty. */
  readonly output: string;
  readonly problem: Problem | undefined;
}

const maxBytes = 64 * 1024;

/** The hook keeps what the code printed, except at the start, where it stands on the terminal. */
export async function initNews(directory: string, { initStatus, initLine }: ApplyReport, at: Place | undefined): Promise<InitNews> {
  const printed = (await readStart(join(directory, 'init.log'))).trimEnd();
  const output = printed === '' ? '' : `${printed}\n`;
  if (initStatus === 0) return { output, problem: undefined };
  const place = at === undefined ? { file: 'devshell.toml' } : { file: at.file, line: at.line + Math.max(1, initLine) - 1 };
  const hint = 'the rest of the environment is in place; init runs again when it changes';
  return { output, problem: { message: `[shell] init failed with ${initStatus}${reason(printed)}`, ...place, hint, detail: printed } };
}

/** What a user wants to read first is the last thing that was said. An interactive bash puts its name in front. */
function reason(printed: string): string {
  const last = printed.split('\n').at(-1)?.replace(/^(?:\S*bash: )?(?:line \d+: )?/, '') ?? '';
  return last === '' ? '' : `: ${last}`;
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
