// When a pause in what is typed is over: measured by what could have been heard, not by the clock alone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { TypingPause } from '../../src/session/typing-pause.ts';

test('a pause is over when nothing came, and not while something waits to be heard, however late that is', async () => {
  const heard: string[] = [];
  const pause = new TypingPause(5, () => heard.push('pause'));
  const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write('ready');
  await once(child.stdout, 'data');
  child.stdout.on('data', (chunk: Buffer) => {
    pause.stop();
    heard.push(String(chunk));
  });
  for (let round = 0; round < 20; round++) {
    heard.length = 0;
    const typed = once(child.stdout, 'data');
    pause.restart();
    child.stdin.write('typed');
    // The thread is held up for longer than the pause; meanwhile `cat` answers.
    for (const endMs = performance.now() + 50; performance.now() < endMs; );
    await typed;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(heard).toEqual(['typed']);
  }
  heard.length = 0;
  await new Promise<void>((resolve) => {
    new TypingPause(5, resolve).restart();
  });
  child.stdin.end();
  await once(child, 'close');
});
