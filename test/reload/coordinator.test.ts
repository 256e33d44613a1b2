// The coordinator with a real watcher and real files; only the builder is ours, so that it can be slow, fail, or meddle.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildOutcome, BuildRequest, Freshness, ShellBuilder } from '../../src/model/builder.ts';
import { emptyEnvironment } from '../../src/model/environment.ts';
import type { Observation } from '../../src/model/input.ts';
import type { ShellCommand, ShellEvent } from '../../src/model/protocol.ts';
import { noProvenance } from '../../src/model/provenance.ts';
import { defaultSettings } from '../../src/model/settings.ts';
import { ShellCoordinator } from '../../src/reload/coordinator.ts';
import { fingerprintBytes } from '../../src/watch/fingerprint.ts';

/** Sets X to what its file holds; `before` may wait, throw, or write. */
class FileBuilder implements ShellBuilder {
  readonly file: string;
  builds = 0;
  running = 0;
  before: (request: BuildRequest, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  after: () => Promise<void> = () => Promise.resolve();
  settings = defaultSettings;

  constructor(file: string) {
    this.file = file;
  }

  async build(request: BuildRequest, signal: AbortSignal): Promise<BuildOutcome> {
    this.builds++;
    this.running++;
    expect(this.running).toBe(1);
    try {
      await this.before(request, signal);
      const observation = this.observe();
      request.observed(observation);
      const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
      await this.after();
      if (signal.aborted) return { kind: 'cancelled' };
      if (text.startsWith('bad')) return { kind: 'failed', problems: [{ message: 'bad', file: this.file, line: 1 }], observations: [observation] };
      const origin = { layer: 'dotenv', file: this.file } as const;
      const provenance = { ...noProvenance, variables: new Map([['X', [{ origin, value: text }]]]) };
      return { kind: 'built', environment: environmentOf(text), settings: this.settings, observations: [observation], provenance };
    } finally {
      this.running--;
    }
  }

  observe(): Observation {
    const fingerprint = existsSync(this.file) ? fingerprintBytes(readFileSync(this.file)) : 'missing';
    return { input: { kind: 'file', path: this.file }, fingerprint };
  }
}

const environmentOf = (text: string) => ({ ...emptyEnvironment, variables: new Map([['X', text]]) });

/** The session's side of the wire. */
class Wire {
  readonly heard: ShellCommand[] = [];
  #listener: (event: ShellEvent) => void = () => undefined;
  #waiting: (() => void)[] = [];

  readonly port = {
    post: (command: ShellCommand) => {
      this.heard.push(command);
      for (const wake of this.#waiting.splice(0)) wake();
    },
    onMessage: (listener: (event: ShellEvent) => void) => void (this.#listener = listener),
    close: () => undefined,
  };

  send(event: ShellEvent): void {
    this.#listener(event);
  }

  /** The next command of that kind that was not waited for yet. */
  async next<K extends ShellCommand['kind']>(kind: K): Promise<Extract<ShellCommand, { kind: K }>> {
    for (;;) {
      const at = this.heard.findIndex((command) => command.kind === kind);
      if (at !== -1) return this.heard.splice(0, at + 1).at(-1) as Extract<ShellCommand, { kind: K }>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

let directory: string;
let session: string;
let builder: FileBuilder;
let wire: Wire;
let coordinator: ShellCoordinator;

async function start(freshness?: Freshness, applied = readFileSync(builder.file, 'utf8')): Promise<void> {
  const initial = { environment: environmentOf(applied), settings: builder.settings, observations: [builder.observe()] };
  coordinator = new ShellCoordinator({
    builder,
    directory: session,
    initial,
    freshness,
    watch: { settleMs: 25, maxWaitMs: 500, sweepMs: 500 },
    port: wire.port,
    now: Date.now,
  });
  await coordinator.start();
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'coordinator-'));
  session = mkdtempSync(join(tmpdir(), 'session-'));
  builder = new FileBuilder(join(directory, 'input'));
  writeFileSync(builder.file, 'one');
  wire = new Wire();
});

afterEach(async () => {
  await coordinator.close();
  for (const path of [directory, session]) rmSync(path, { recursive: true });
});

const pending = () => join(session, 'pending-env.sh');
const apply = (generation: number) =>
  wire.send({ kind: 'Applied', report: { generation, added: 0, changed: 1, removed: 0, kept: [], initStatus: 0, initLine: 0 } });

describe('the coordinator', () => {
  it('publishes what a changed input gives, privately, and takes it away once it is applied', async () => {
    await start();
    writeFileSync(builder.file, 'two');
    expect(await wire.next('Building')).toMatchObject({ changed: [builder.file] });
    const ready = await wire.next('ReloadReady');
    expect(ready).toMatchObject({ summary: { added: 0, changed: 1, removed: 0 }, held: false });
    expect(readFileSync(pending(), 'utf8')).toContain('two');
    expect(statSync(pending()).mode & 0o777).toBe(0o600);
    apply(ready.generation);
    await wire.next('ReloadApplied');
    expect(existsSync(pending())).toBe(false);
  });

  it('builds nothing for a touch or an identical rewrite', async () => {
    await start();
    writeFileSync(builder.file, 'one');
    writeFileSync(join(directory, 'other'), 'x');
    writeFileSync(builder.file, 'two');
    await wire.next('ReloadReady');
    expect(builder.builds).toBe(1);
  });

  it('cancels a build whose input changes, waits for its end, and builds once more', async () => {
    await start();
    let cancelled = 0;
    builder.before = async (_request, signal) => {
      if (builder.builds > 1) return;
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      cancelled++;
    };
    writeFileSync(builder.file, 'two');
    await wire.next('Building');
    writeFileSync(builder.file, 'three');
    await wire.next('ReloadReady');
    expect([builder.builds, cancelled]).toEqual([2, 1]);
    expect(readFileSync(pending(), 'utf8')).toContain('three');
  });

  it('withdraws a script that waits when a newer build starts, and keeps it withdrawn when that build fails', async () => {
    await start();
    writeFileSync(builder.file, 'two');
    await wire.next('ReloadReady');
    writeFileSync(builder.file, 'bad');
    expect(await wire.next('BuildFailed')).toMatchObject({ problems: [{ message: 'bad', line: 1 }] });
    expect(existsSync(pending())).toBe(false);
    writeFileSync(builder.file, 'three');
    await wire.next('ReloadReady');
    expect(readFileSync(pending(), 'utf8')).toContain('three');
  });

  it('says that nothing changed when a mended file gives the applied environment again', async () => {
    await start();
    writeFileSync(builder.file, 'bad');
    await wire.next('BuildFailed');
    writeFileSync(builder.file, 'one');
    await wire.next('Unchanged');
    expect(existsSync(pending())).toBe(false);
  });

  it('reports a builder that throws as a failure and goes on', async () => {
    await start();
    builder.before = () => Promise.reject(new Error('boom'));
    writeFileSync(builder.file, 'two');
    expect((await wire.next('BuildFailed')).problems[0]?.message).toContain('boom');
    builder.before = () => Promise.resolve();
    writeFileSync(builder.file, 'three');
    await wire.next('ReloadReady');
  });

  it('remembers what changed while paused and builds it on resume', async () => {
    await start();
    wire.send({ kind: 'SetPaused', to: 'paused' });
    await wire.next('Paused');
    writeFileSync(builder.file, 'two');
    expect(await wire.next('Paused')).toMatchObject({ paused: true, changed: [builder.file] });
    expect(builder.builds).toBe(0);
    wire.send({ kind: 'SetPaused', to: 'other' });
    await wire.next('ReloadReady');
    expect(readFileSync(pending(), 'utf8')).toContain('two');
  });

  it('holds a script for the key where environments are applied by hand, and releases it on request', async () => {
    builder.settings = { ...defaultSettings, apply: 'manual' };
    await start();
    writeFileSync(builder.file, 'two');
    expect(await wire.next('ReloadReady')).toMatchObject({ held: true });
    expect([existsSync(pending()), existsSync(join(session, 'held-env.sh'))]).toEqual([false, true]);
    wire.send({ kind: 'Reload' });
    expect(await wire.next('ReloadReady')).toMatchObject({ held: false });
    expect([existsSync(pending()), existsSync(join(session, 'held-env.sh'))]).toEqual([true, false]);
    expect(builder.builds).toBe(1);
  });

  it('names a build that changes its own input, and stops', async () => {
    await start();
    builder.after = async () => {
      writeFileSync(`${builder.file}.new`, `own ${builder.builds}`);
      await rename(`${builder.file}.new`, builder.file);
    };
    writeFileSync(builder.file, 'two');
    const { problem } = await wire.next('Notice');
    expect(problem.message).toContain(`changes its own input ${builder.file}`);
    expect(builder.builds).toBeLessThan(10);
  });

  it('sees a change made while it was starting', async () => {
    const before = builder.observe();
    const initial = { environment: environmentOf('one'), settings: defaultSettings, observations: [before] };
    writeFileSync(builder.file, 'two');
    coordinator = new ShellCoordinator({ builder, directory: session, initial, watch: { settleMs: 25, maxWaitMs: 500, sweepMs: 500 }, port: wire.port, now: Date.now });
    await coordinator.start();
    await wire.next('ReloadReady');
    expect(readFileSync(pending(), 'utf8')).toContain('two');
  });

  it('builds at once, and once, where the shell was started in an earlier environment', async () => {
    const asked: (string | undefined)[] = [];
    builder.before = (request) => Promise.resolve(void asked.push(request.evaluate));
    await start({ kind: 'stale', changed: [builder.file] }, 'zero');
    expect(await wire.next('Building')).toMatchObject({ generation: 2, changed: [builder.file] });
    expect(await wire.next('ReloadReady')).toMatchObject({ generation: 2, summary: { changed: 1 } });
    wire.send({ kind: 'Reload' });
    await wire.next('ReloadReady');
    // What was evaluated earlier will do for a change, and not for a user who asks.
    expect(asked).toEqual(['when-needed', 'anew']);
  });

  it('tells what the shell runs in, what it ran in before and what waits, with who set it', async () => {
    await start();
    const explained = async (request: number) => {
      wire.send({ kind: 'Explain', request });
      return await wire.next('Explained');
    };
    const valueIn = (snapshot: { environment: { variables: ReadonlyMap<string, string | null> } } | undefined) => snapshot?.environment.variables.get('X');
    const first = await explained(1);
    expect([first.request, valueIn(first.environments.applied), first.environments.previous, first.environments.ready]).toEqual([1, 'one', undefined, undefined]);
    writeFileSync(builder.file, 'two');
    const { generation } = await wire.next('ReloadReady');
    const { environments: waiting } = await explained(2);
    expect([valueIn(waiting.applied), valueIn(waiting.ready), waiting.ready?.generation]).toEqual(['one', 'two', generation]);
    expect(waiting.ready?.provenance.variables.get('X')).toEqual([{ origin: { layer: 'dotenv', file: builder.file }, value: 'two' }]);
    apply(generation);
    await wire.next('ReloadApplied');
    const { environments: applied } = await explained(3);
    expect([valueIn(applied.applied), valueIn(applied.previous), applied.ready, applied.report?.changed]).toEqual(['two', 'one', undefined, 1]);
    expect(readFileSync(join(session, 'build.log'), 'utf8')).toContain(`generation ${generation} applied  ~1\n`);
  });

  it('says which build found other settings', async () => {
    await start();
    builder.settings = { ...defaultSettings, statusLine: 'off' };
    writeFileSync(builder.file, 'two');
    const { generation } = await wire.next('Building');
    expect(await wire.next('SettingsChanged')).toEqual({ kind: 'SettingsChanged', generation, settings: builder.settings });
  });

  it('ends its build before it says that it has shut down', async () => {
    await start();
    let ended = false;
    builder.before = async (_request, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      ended = true;
    };
    writeFileSync(builder.file, 'two');
    await wire.next('Building');
    wire.send({ kind: 'Exited' });
    await wire.next('Shutdown');
    expect(ended).toBe(true);
  });
});
