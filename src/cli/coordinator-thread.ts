// Starts the coordinator's thread and speaks to it; its death is an event, never an exception.

import { Worker } from 'node:worker_threads';
import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import type { CoordinatorData } from './coordinator-data.ts';

export class CoordinatorThread implements Port<ShellEvent, ShellCommand> {
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #failure: Error | undefined;

  constructor(file: string, data: CoordinatorData) {
    // Nothing may reach the terminal past its one writer: what the thread prints is taken and dropped into its own streams.
    this.#worker = new Worker(file, { workerData: data, stdout: true, stderr: true, env: {} });
    // Nothing of it runs any more by then: what its libraries still have on a timer (half a second of chokidar's) is not waited for.
    this.#worker.on('message', ({ kind }: ShellCommand) => void (kind === 'Shutdown' && this.#worker.terminate()));
    this.#worker.on('error', (error) => (this.#failure = error));
    this.#gone = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
  }

  post(event: ShellEvent): void {
    this.#worker.postMessage(event);
  }

  onMessage(listener: (command: ShellCommand) => void): void {
    this.#worker.on('message', listener);
    void this.#gone.then(() => {
      const problem = { message: `the coordinator has ended: ${this.#failure?.message ?? 'unexpectedly'}`, detail: this.#failure?.stack ?? '' };
      listener({ kind: 'Notice', problem, until: 'environment' });
      listener({ kind: 'Shutdown' });
    });
  }

  /** Resolves when the thread has ended, by itself or, after `graceMs`, by force. */
  async ended(graceMs: number): Promise<void> {
    const timer = setTimeout(() => void this.#worker.terminate(), graceMs);
    await this.#gone;
    clearTimeout(timer);
  }

  close(): void {
    void this.#worker.terminate();
  }
}
