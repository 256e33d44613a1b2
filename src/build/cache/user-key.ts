// The secret by which a user's devshell knows what it wrote itself: a project may come with files where its cache is kept.

import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateFile, readPrivateFile } from '../../system/private-file.ts';

const keyBytes = 32;

export class UserKey {
  readonly #secret: Buffer;

  /** Reads the secret, or makes one. Throws where it can be neither read nor made, or somebody else could know it. */
  static obtain(dataDirectory: string): UserKey {
    const path = join(dataDirectory, 'cache-key');
    const there = readSecret(path);
    if (there !== undefined) return new UserKey(there);
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    // Of several that make one at the same time the first wins, and all of them read that.
    createPrivateFile(path, `${randomBytes(keyBytes).toString('hex')}\n`);
    const made = readSecret(path);
    if (made === undefined) throw new Error(`${path} vanished`);
    return new UserKey(made);
  }

  private constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** The hex digest that only this user can make of `text`. `purpose` keeps digests of one kind from passing for another. */
  digest(purpose: string, ...texts: readonly (string | Uint8Array)[]): string {
    const hmac = createHmac('sha256', this.#secret).update(`${purpose}\0`);
    for (const text of texts) hmac.update(text);
    return hmac.digest('hex');
  }
}

/** undefined where there is none. */
function readSecret(path: string): Buffer | undefined {
  const found = readPrivateFile(path, 4096);
  switch (found.kind) {
    case 'missing':
      return undefined;
    case 'foreign':
      throw new Error(`${path} ${found.why}: remove it, and a new one is made`);
    case 'read': {
      const secret = Buffer.from(found.bytes.toString('latin1').trim(), 'hex');
      if (secret.length !== keyBytes) throw new Error(`${path} holds no key: remove it, and a new one is made`);
      return secret;
    }
  }
}
