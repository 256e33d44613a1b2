import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Hearing } from '../../src/session/hearing.ts';

test('the file stands exactly while prompts are not heard of, for nobody else to read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'devshell-hearing-'));
  try {
    const file = join(directory, 'unheard');
    const hearing = new Hearing(directory);
    hearing.heard();
    expect(existsSync(file)).toBe(false);
    hearing.lost();
    hearing.lost();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    hearing.heard();
    expect(existsSync(file)).toBe(false);
    hearing.lost();
    expect(existsSync(file)).toBe(true);
  } finally {
    await rm(directory, { recursive: true });
  }
});
