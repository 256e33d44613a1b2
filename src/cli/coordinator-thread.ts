// Starts the coordinator's thread and speaks to it; its death is an event, never an exception.

import { Worker } from 'node:worker_threads';
import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import type { CoordinatorData } from './coordinator-data.ts';

/** A build leaves little behind it and much garbage: V8 would let that grow to 48 MB before it looks. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

export class CoordinatorThread implements Port<ShellEvent, ShellCommand> {
  readonly #file: string;
  #data: CoordinatorData | undefined;
  readonly #gone: Promise<void>;
  #resolveGone: () => void = () => undefined;
  #worker: Worker | undefined;
  #listener: (command: ShellCommand) => void = () => undefined;
  /** What was said before there was anybody to hear it. */
  #early: ShellEvent[] = [];
  #failure: Error | undefined;

  constructor(file: string, data: CoordinatorData) {
    this.#file = file;
    this.#data = data;
    this.#gone = new Promise((resolve) => (this.#resolveGone = resolve));
  }

  /** Once: the thread begins with comparing the files with what the first build read, so nothing is lost before. */
  start(): void {
    if (this.#worker !== undefined || this.#data === undefined) return;
    // Nothing may reach the terminal past its one writer: what the thread prints is taken and dropped into its own streams.
    const worker = new Worker(this.#file, { workerData: this.#data, stdout: true, stderr: true, env: {}, resourceLimits });
    this.#worker = worker;
    // The thread has a copy; of many inputs that is some megabytes.
    this.#data = undefined;
    worker.on('message', (command: ShellCommand) => {
      this.#listener(command);
      // Nothing of it runs any more by then: what its libraries still have on a timer (half a second of chokidar's) is not waited for.
      if (command.kind === 'Shutdown') void worker.terminate();
    });
    worker.on('error', (error) => (this.#failure = error));
    worker.once('exit', () => this.#ended());
    for (const event of this.#early.splice(0)) worker.postMessage(event);
  }

  post(event: ShellEvent): void {
    if (this.#worker === undefined) this.#early.push(event);
    else this.#worker.postMessage(event);
  }

  onMessage(listener: (command: ShellCommand) => void): void {
    this.#listener = listener;
  }

  /** Resolves when the thread has ended, by itself or, after `graceMs`, by force; at once if it never began. */
  async ended(graceMs: number): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const timer = setTimeout(() => void worker.terminate(), graceMs);
    await this.#gone;
    clearTimeout(timer);
  }

  close(): void {
    void this.#worker?.terminate();
  }

  #ended(): void {
    const problem = { message: `the coordinator has ended: ${this.#failure?.message ?? 'unexpectedly'}`, detail: this.#failure?.stack ?? '' };
    this.#listener({ kind: 'Notice', problem, until: 'environment' });
    this.#listener({ kind: 'Shutdown' });
    this.#resolveGone();
  }
}
