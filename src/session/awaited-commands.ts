// Lets a question on the control socket wait for what the coordinator will say to it.

import type { ShellCommand } from '../model/protocol.ts';

interface Waiting {
  readonly wanted: (command: ShellCommand) => boolean;
  readonly resolve: (command: ShellCommand) => void;
}

export class AwaitedCommands {
  readonly #waiting = new Set<Waiting>();

  /** The next command that is wanted, or the coordinator's end. */
  next(wanted: (command: ShellCommand) => boolean): Promise<ShellCommand> {
    return new Promise((resolve) => this.#waiting.add({ wanted, resolve }));
  }

  heard(command: ShellCommand): void {
    for (const one of this.#waiting) {
      if (command.kind !== 'Shutdown' && !one.wanted(command)) continue;
      this.#waiting.delete(one);
      one.resolve(command);
    }
  }
}
