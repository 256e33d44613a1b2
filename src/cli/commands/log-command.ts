// `devshell log`: what the builds of the session had to say.

import { open } from 'node:fs/promises';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { maskedText } from '../../model/secret.ts';
import { readLivingRecord } from '../../session/session-directory.ts';
import type { Command } from '../command.ts';
import { sessionOf } from '../control-client.ts';

/** How often `-f` looks whether the session is still there, ms. */
const aliveMs = 1000;
/** Of one line, characters. */
const maxHeld = 256 * 1024;

export const logCommand: Command = async (parsed, context, signal) => {
  const { directory } = await sessionOf(parsed, context);
  const follows = parsed.flags.has('follow');
  // Who follows waits for the first build as well.
  const file = await open(join(directory, 'build.log'), follows ? 'a+' : 'r', 0o600).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  // Nothing was built since the session began.
  if (file === undefined) return 0;
  try {
    const [text, shown] = [new TextDecoder(), new ShownLog(parsed.flags.has('show') ? (all) => all : maskedText)];
    const copy = async (): Promise<void> => {
      for (let part = await file.read(); part.bytesRead > 0; part = await file.read()) {
        context.write(shown.next(text.decode(part.buffer.subarray(0, part.bytesRead), { stream: true })));
      }
      context.write(shown.end());
    };
    await copy();
    if (follows) await follow(directory, copy, signal);
    signal.throwIfAborted();
    return 0;
  } finally {
    await file.close();
  }
};

/** A secret is recognised in whole lines: what is read of one is held back until the rest of it is there. */
class ShownLog {
  readonly #mask: (text: string) => string;
  #held = '';

  constructor(mask: (text: string) => string) {
    this.#mask = mask;
  }

  next(text: string): string {
    const all = this.#held + text;
    const end = all.length > maxHeld ? all.length : all.lastIndexOf('\n') + 1;
    this.#held = all.slice(end);
    return this.#mask(all.slice(0, end));
  }

  /** What there is, though it may go on. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return this.#mask(held);
  }
}

async function follow(directory: string, copy: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const watcher = watch(directory, { signal });
  let copied = Promise.resolve();
  const more = (): void => void (copied = copied.then(copy));
  watcher.on('change', more);
  // What was written before the watch began.
  more();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      void readLivingRecord(directory).then((record) => record ?? resolve());
    }, aliveMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
    watcher.once('close', () => clearInterval(timer));
  });
  watcher.close();
  await copied;
}
