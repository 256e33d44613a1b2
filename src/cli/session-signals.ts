// What signals sent to devshell mean for its session.

import type { ShellSession } from '../session/shell-session.ts';
import { constants } from 'node:os';
import type { Pty, PtyExit } from '../terminal/pty.ts';

/** Between HUP and KILL for a shell that does not end, ms. */
const hangupGraceMs = 3000;
const interruptBytes: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 0x03, SIGQUIT: 0x1c };

export class SessionSignals {
  readonly #session: ShellSession;
  readonly #pty: Pty;
  readonly #handlers: [NodeJS.Signals, () => void][];
  #endedBy: NodeJS.Signals | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: ShellSession, pty: Pty) {
    this.#session = session;
    this.#pty = pty;
    this.#handlers = [
      ['SIGHUP', () => this.#hangUp('SIGHUP')],
      ['SIGTERM', () => this.#hangUp('SIGTERM')],
      ['SIGTSTP', () => void this.#suspend()],
      // In raw mode the keys never become signals: whoever sends one means what the key would mean.
      ['SIGINT', () => this.#press('SIGINT')],
      ['SIGQUIT', () => this.#press('SIGQUIT')],
    ];
    for (const [name, handler] of this.#handlers) process.on(name, handler);
  }

  /** The shell's own end, or that of the signal that ended the session. */
  exitOf(exit: PtyExit): PtyExit {
    return this.#endedBy === undefined ? exit : { exitCode: 0, signal: constants.signals[this.#endedBy] };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  /** Bash passes a hang-up on to its jobs, as when a terminal window closes. */
  #hangUp(name: NodeJS.Signals): void {
    this.#endedBy ??= name;
    this.#pty.kill('SIGHUP');
    this.#timer ??= setTimeout(() => this.#pty.kill('SIGKILL'), hangupGraceMs);
  }

  async #suspend(): Promise<void> {
    await this.#session.suspend(async () => {
      const continued = new Promise<void>((resolve) => process.once('SIGCONT', () => resolve()));
      process.kill(process.pid, 'SIGSTOP');
      await continued;
    });
  }

  #press(name: NodeJS.Signals): void {
    this.#pty.write(Uint8Array.of(interruptBytes[name] ?? 0x03));
  }
}
