// What a session answers on its control socket: some of it the session knows, for the rest it asks the coordinator.

import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import type { ControlAnswer, ControlRequest, SessionStatus } from '../model/session-record.ts';
import { packSnapshot } from '../model/snapshot.ts';
import type { StatusMode } from '../model/settings.ts';
import type { StatusFacts } from '../model/status.ts';
import { AwaitedCommands } from './awaited-commands.ts';

export interface QuestionsOptions {
  readonly coordinator: Port<ShellEvent, ShellCommand>;
  readonly facts: () => StatusFacts;
  readonly status: () => SessionStatus;
  readonly chooseLine: (mode: StatusMode) => void;
}

export class ControlQuestions {
  readonly #options: QuestionsOptions;
  readonly #awaited = new AwaitedCommands();
  #requests = 0;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Every word of the coordinator may be what a question waits for. */
  heard(command: ShellCommand): void {
    this.#awaited.heard(command);
  }

  async answer(request: ControlRequest): Promise<ControlAnswer> {
    switch (request.ask) {
      case 'status':
        return this.#status();
      case 'inputs':
        return this.#inputs();
      case 'environments':
        return this.#environments();
      case 'line':
        this.#options.chooseLine(request.mode);
        return this.#status();
      case 'reload':
        await this.#ask({ kind: 'Reload' }, ({ kind }) => kind === 'ReloadReady' || kind === 'Unchanged' || kind === 'BuildFailed' || kind === 'Blocked');
        return this.#status();
      case 'pause':
      case 'resume':
        await this.#setPaused(request.ask === 'pause');
        return this.#status();
    }
  }

  #status(): ControlAnswer {
    return { kind: 'status', status: this.#options.status() };
  }

  async #inputs(): Promise<ControlAnswer> {
    const request = ++this.#requests;
    const command = await this.#ask({ kind: 'ListInputs', request }, (one) => one.kind === 'Inputs' && one.request === request);
    if (command.kind !== 'Inputs') return { kind: 'error', message: 'the coordinator has ended: nothing is watched' };
    return { kind: 'inputs', inputs: command.inputs };
  }

  async #environments(): Promise<ControlAnswer> {
    const request = ++this.#requests;
    const command = await this.#ask({ kind: 'Explain', request }, (one) => one.kind === 'Explained' && one.request === request);
    if (command.kind !== 'Explained') return { kind: 'error', message: 'the coordinator has ended: what it had built is not known any more' };
    const { applied, previous, ready, report } = command.environments;
    const packed = { applied: packSnapshot(applied), previous: previous && packSnapshot(previous), ready: ready && packSnapshot(ready) };
    return { kind: 'environments', ...packed, report, status: this.#options.status() };
  }

  async #setPaused(paused: boolean): Promise<void> {
    if ((this.#options.facts().paused !== undefined) === paused) return;
    await this.#ask({ kind: 'SetPaused', to: paused ? 'paused' : 'watching' }, (one) => one.kind === 'Paused' && one.paused === paused);
  }

  #ask(event: ShellEvent, wanted: (command: ShellCommand) => boolean): Promise<ShellCommand> {
    if (this.#options.facts().coordinator === 'gone') return Promise.resolve({ kind: 'Shutdown' });
    const answered = this.#awaited.next(wanted);
    this.#options.coordinator.post(event);
    return answered;
  }
}
