// What stands between a program and the terminal: throughput, the echo of a key, Ctrl-C, beside plain bash, `script`, tmux and the barest relay in Node.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Project, launcher } from '../support/project.ts';
import type { Row, Verdict } from './measure.ts';
import { inTurn, median, ms, percentile, verdict } from './measure.ts';

interface Contender {
  readonly name: string;
  readonly command: readonly string[];
}

const plainBash: Contender = { name: 'plain bash', command: ['bash', '--noprofile', '-i'] };
const ours: Contender = { name: 'devshell', command: [launcher] };
/** What is left when Node does nothing but to copy: no wrapper made with it can cost less, whatever it does. */
const bareRelay: Contender = { name: 'a bare relay in Node', command: [process.execPath, join(import.meta.dirname, 'relay.mjs'), ...plainBash.command] };
const withoutLine: Contender = { name: 'without a status row', command: [launcher, '--status', 'off'] };

function contenders(project: Project): readonly Contender[] {
  const script = ['script', '-qec', 'bash --noprofile -i', '/dev/null'];
  const tmux = ['tmux', '-S', join(project.base, 'tmux'), '-f', '/dev/null', 'new-session', 'bash --noprofile -i'];
  return [plainBash, { name: 'script', command: script }, { name: 'tmux', command: tmux }, bareRelay, ours, withoutLine];
}

type Scenario =
  | { readonly kind: 'print'; readonly file: string }
  | { readonly kind: 'echo'; readonly keys: number; readonly pauseMs: number; readonly measured: readonly number[] }
  | { readonly kind: 'interrupt'; readonly bytesPerSecond: number; readonly warmMs: number };

interface Printed {
  readonly ms: number;
  readonly bytes: number;
  readonly processorMs: number;
}

/** Lets far-end.py play the user in a terminal for each of the commands. */
async function farEnd<Result>(project: Project, commands: readonly Contender[], scenario: Scenario): Promise<Result> {
  const request = {
    commands: commands.map(({ command }) => command),
    cwd: project.root,
    env: project.environment({ PS1: '$ ' }),
    scenario,
  };
  const { stdout } = await promisify(execFile)('python3', [join(import.meta.dirname, 'far-end.py'), JSON.stringify(request)], { maxBuffer: 1 << 26 });
  return JSON.parse(stdout) as Result;
}

/** A log; the coloured output of a tool, a sequence for every word; text in many scripts. */
const texts = {
  plain: '2026-11-20 12:00:00 info request 4711 served in 12 ms for /some/path/to/a/page\n',
  'escape-dense': '\x1b[32mok\x1b[0m \x1b[1;34msrc/\x1b[0m\x1b[33mname.ts\x1b[m \x1b[38;5;208m12\x1b[39m \x1b[2mms\x1b[22m and what else there is\n',
  'UTF-8': '日本語の文字列 naïve café – “Zitat” 😀 Ελληνικά кириллица 한국어\n',
} as const;
const wantedShare = { plain: 0.9, 'escape-dense': 0.7, 'UTF-8': 0.85 } as const;
type TextKind = keyof typeof texts;

async function benchPrinting(project: Project, kind: TextKind, megabytes: number, rounds: number): Promise<Row[]> {
  const text = texts[kind];
  const file = await project.write('printed', text.repeat(Math.round((megabytes * 1e6) / Buffer.byteLength(text))));
  const costs: Record<string, number[]> = {};
  const runs = contenders(project).map((contender) => {
    const run = async (): Promise<number> => {
      const printed = await farEnd<Printed>(project, [contender], { kind: 'print', file });
      (costs[contender.name] ??= []).push(printed.processorMs / megabytes);
      return printed.ms;
    };
    return [contender.name, run] as const;
  });
  const took = await inTurn(rounds, Object.fromEntries(runs));
  const base = took[plainBash.name] ?? NaN;
  const speed = (name: string): number => megabytes / ((took[name] ?? NaN) / 1000);
  const share = (name: string): string => (base / (took[name] ?? NaN)).toFixed(2);
  const cost = (name: string): string => `${median(costs[name] ?? []).toFixed(1)} ms`;
  const wanted = wantedShare[kind];
  return [
    {
      what: `a program prints ${megabytes} MB, ${kind}`,
      value: `${share(ours.name)} of plain bash (${speed(ours.name).toFixed(0)} MB/s)`,
      beside: `plain bash ${speed(plainBash.name).toFixed(0)} MB/s; script ${share('script')}; tmux ${share('tmux')}; ${bareRelay.name} ${share(bareRelay.name)}; without a status row ${share(withoutLine.name)}`,
      budget: `>= ${wanted}`,
      verdict: verdict(base / (took[ours.name] ?? NaN) >= wanted),
      means: 'from Enter until its last byte has been taken by a terminal that draws nothing',
    },
    {
      what: `processor time for that, ${kind}`,
      value: `${cost(ours.name)} per MB`,
      beside: `script ${cost('script')}; ${bareRelay.name} ${cost(bareRelay.name)}; without a status row ${cost(withoutLine.name)}`,
      budget: 'none',
      means: 'of the process between the program and the terminal, all its threads',
    },
  ];
}

function quantiles(times: readonly number[]): string {
  return `${percentile(times, 50).toFixed(2)} / ${percentile(times, 99).toFixed(2)} ms`;
}

function echoVerdict(times: readonly number[]): Verdict {
  return verdict(percentile(times, 50) <= 0.25 && percentile(times, 99) <= 2);
}

const echoBudget = '<= 0.25 / 2 ms';

async function benchEchoIdle(project: Project, keys: number): Promise<Row> {
  const all = contenders(project);
  const scenario = { kind: 'echo', keys, pauseMs: 4, measured: all.map((_, index) => index) } as const;
  const { times } = await farEnd<{ times: number[][] }>(project, all, scenario);
  const of = (name: string): number[] => times[all.findIndex((contender) => contender.name === name)] ?? [];
  return {
    what: 'echo of a key at the prompt, p50 / p99',
    value: quantiles(of(ours.name)),
    beside: all.filter(({ name }) => name !== ours.name).map(({ name }) => `${name} ${quantiles(of(name))}`).join('; '),
    budget: echoBudget,
    verdict: echoVerdict(of(ours.name)),
    means: `from the key until the shell's echo arrives; ${keys} keys, in each terminal in turn`,
  };
}

const inputs = 10_000;
const savesMs = 400;

/** A project that is never at rest: its build keeps a processor busy, its inputs are read again and again. */
async function loadedProject(): Promise<Project> {
  const project = await Project.create();
  await project.write(
    'devshell.toml',
    `[env]\nA = "1"\n\n[watch]\npaths = ["data/**", "changing"]\n\n[load]\nexec = [{ run = "for i in {1..40000}; do :; done; echo B=1", format = "dotenv" }]\n`,
  );
  for (let directory = 0; directory * 100 < inputs; directory++) {
    const path = project.path(`data/${directory}`);
    await mkdir(path, { recursive: true });
    for (let file = 0; file < 100; file++) await writeFile(join(path, String(file)), `${directory} ${file}`);
  }
  await project.write('changing', '0');
  await project.allow();
  return project;
}

async function benchEchoLoaded(keys: number): Promise<Row> {
  const project = await loadedProject();
  let saves = 0;
  const saving = setInterval(() => void project.write('changing', String(++saves)), savesMs);
  try {
    const all = [plainBash, ours];
    const { times } = await farEnd<{ times: number[][] }>(project, all, { kind: 'echo', keys, pauseMs: 4, measured: [0, 1] });
    const [bash = [], devshell = []] = times;
    return {
      what: 'echo of a key while a build runs and 10,000 inputs are read, p50 / p99',
      value: quantiles(devshell),
      beside: `plain bash on the machine so loaded ${quantiles(bash)}`,
      budget: echoBudget,
      verdict: echoVerdict(devshell),
      means: `an input is saved every ${savesMs} ms: builds follow one another, each fingerprints all inputs and runs a tool`,
    };
  } finally {
    clearInterval(saving);
    await project.dispose();
  }
}

async function benchInterrupt(project: Project, rounds: number): Promise<Row> {
  const late: Record<string, number[]> = {};
  const runs = contenders(project).map((contender) => {
    const run = async (): Promise<number> => {
      const scenario = { kind: 'interrupt', bytesPerSecond: 1e6, warmMs: 1000 } as const;
      const result = await farEnd<{ ms: number; bytes: number }>(project, [contender], scenario);
      (late[contender.name] ??= []).push(result.bytes);
      return result.ms;
    };
    return [contender.name, run] as const;
  });
  const took = await inTurn(rounds, Object.fromEntries(runs));
  const result = (name: string): string => `${ms(took[name] ?? NaN)}, ${(median(late[name] ?? []) / 1000).toFixed(0)} kB`;
  return {
    what: 'Ctrl-C during `yes`, the terminal takes 1 MB/s',
    value: result(ours.name),
    beside: ['plain bash', 'script', 'tmux', bareRelay.name, withoutLine.name].map((name) => `${name} ${result(name)}`).join('; '),
    budget: '<= 150 ms',
    verdict: verdict((took[ours.name] ?? NaN) <= 150),
    means: 'from the key to the prompt, and how much of the output still comes in between',
  };
}

export async function benchTerminal(scale: number): Promise<Row[]> {
  const project = await Project.create();
  try {
    await project.write('devshell.toml', '[env]\nA = "1"\n');
    await project.allow();
    const megabytes = Math.max(2, Math.round(200 * scale));
    const rounds = scale < 0.2 ? 1 : 3;
    // Of a hundred, the worst would be the 99th percentile.
    const keys = Math.max(400, Math.round(1000 * scale));
    const rows: Row[] = [];
    for (const kind of Object.keys(texts) as TextKind[]) rows.push(...(await benchPrinting(project, kind, megabytes, rounds)));
    rows.push(await benchEchoIdle(project, keys), await benchEchoLoaded(keys), await benchInterrupt(project, rounds));
    return rows;
  } finally {
    await project.dispose();
  }
}
