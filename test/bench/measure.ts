// What every benchmark is made of: runs taken in turn, so that a noisy machine is noisy for all of them, and their medians.
import { spawn } from 'node-pty';
import type { IPty } from 'node-pty';
import type { Project } from '../support/project.ts';

export type Verdict = 'met' | 'over';

export interface Row {
  readonly what: string;
  readonly value: string;
  readonly beside: string;
  readonly budget: string;
  /** None where there is no budget. */
  readonly verdict?: Verdict;
  /** What exactly was measured. */
  readonly means: string;
}

export function verdict(met: boolean): Verdict {
  return met ? 'met' : 'over';
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? NaN;
}

/** The medians of several contenders, each run once a round, in turn; the first round is not counted. */
export async function inTurn(rounds: number, contenders: Readonly<Record<string, () => Promise<number>>>): Promise<Record<string, number>> {
  const taken: Record<string, number[]> = {};
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const value = await run();
      if (round > 0) (taken[name] ??= []).push(value);
    }
  }
  return Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
}

export interface Terminal {
  readonly pty: IPty;
  /** Resolves when `text` has been written since the last call. */
  saw(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A command in a terminal of 100 by 30 that only looks for texts. */
export function openTerminal(command: string, args: readonly string[], cwd: string, env: Record<string, string>): Terminal {
  const pty = spawn(command, [...args], { name: 'xterm-256color', cols: 100, rows: 30, cwd, env });
  let seen = '';
  let waiting: (() => void) | undefined;
  pty.onData((data) => {
    seen += data;
    waiting?.();
  });
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  return {
    pty,
    saw: (text) =>
      new Promise((resolve) => {
        waiting = () => {
          const at = seen.indexOf(text);
          if (at === -1) return;
          seen = seen.slice(at + text.length);
          waiting = undefined;
          resolve();
        };
        waiting();
      }),
    close: async () => {
      pty.write('\x15exit\r');
      await ended;
    },
  };
}

/** From the start of a command to its prompt, ms. */
export async function firstPrompt(project: Project, command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const terminal = openTerminal(command, args, project.root, project.environment());
  await terminal.saw('$ ');
  const took = performance.now() - started;
  await terminal.close();
  return took;
}

export function ms(value: number): string {
  return value < 1 ? `${value.toFixed(3)} ms` : value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(1)} ms`;
}

export function ratio(value: number, beside: number): string {
  return `x${(value / beside).toFixed(2)}`;
}
