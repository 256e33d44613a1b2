// One interactive session: the terminal, the shell in its PTY, and what the coordinator says, brought together.

import type { Freshness } from '../model/builder.ts';
import type { Mark } from '../model/mark.ts';
import { parseMark } from '../model/mark.ts';
import type { Problem } from '../model/problem.ts';
import type { Port, ShellCommand, ShellEvent } from '../model/protocol.ts';
import type { ControlAnswer, ControlRequest, SessionStatus } from '../model/session-record.ts';
import type { Settings } from '../model/settings.ts';
import type { StatusFacts } from '../model/status.ts';
import { statusState } from '../model/status.ts';
import type { Pty, PtyExit } from '../terminal/pty.ts';
import type { Palette } from '../terminal/styled-text.ts';
import type { UserTerminal } from '../terminal/terminal.ts';
import { ControlQuestions } from './control-questions.ts';
import { Display } from './display.ts';
import { errorLines } from './error-view.ts';
import { Hearing } from './hearing.ts';
import { keyFilterFor, statusKeys } from './keys.ts';
import { LineChoice } from './line-choice.ts';
import { PromptTracker } from './prompt-tracker.ts';
import { ShellProcess } from './shell-process.ts';
import { StatusLine } from './status-line.ts';
import { TypingPause } from './typing-pause.ts';

export interface SessionOptions {
  readonly terminal: UserTerminal;
  readonly pty: Pty;
  readonly coordinator: Port<ShellEvent, ShellCommand>;
  /** The session's private directory. */
  readonly directory: string;
  readonly root: string;
  readonly nonce: string;
  readonly settings: Settings;
  /** What is wrong from the start: the shell runs without the environment then. */
  readonly failure: { readonly kind: 'failed' | 'blocked'; readonly problems: readonly Problem[] } | undefined;
  /** Where the environment is stale, the coordinator begins with building. */
  readonly freshness?: Freshness | undefined;
  /** `$TERM` of the user's terminal. */
  readonly terminalName: string | undefined;
  readonly palette: Palette;
  /** Where the terminal is that of another devshell, both rows can be kept up to date. */
  readonly outer?: 'terminal' | 'devshell';
}

/** How long the beginning of a control sequence waits for its rest, ms. */
const heldKeysMs = 50;
/** How long after a lone ESC the rest of a key may come to belong to it. People are slower, networks mostly faster. */
const togetherMs = 25;

export class ShellSession {
  readonly #options: SessionOptions;
  readonly #prompt = new PromptTracker();
  readonly #hearing: Hearing;
  readonly #shell: ShellProcess;
  readonly #status: StatusLine;
  readonly #questions: ControlQuestions;
  readonly #display: Display;
  readonly #keys: ReturnType<typeof keyFilterFor>;
  readonly #line: LineChoice;
  #stage: 'running' | 'ended' = 'running';
  #suspension: Promise<void> = Promise.resolve();
  #appliedGeneration = 1;
  #typing: 'together' | 'apart' = 'apart';
  readonly #apart = new TypingPause(togetherMs, () => (this.#typing = 'apart'));
  readonly #heldKeys = new TypingPause(heldKeysMs, () => this.#releaseKeys());

  constructor(options: SessionOptions) {
    const { pty, root, settings, terminal, nonce, terminalName, palette, outer = 'terminal' } = options;
    this.#options = options;
    this.#shell = new ShellProcess(pty.pid);
    this.#hearing = new Hearing(options.directory);
    this.#keys = keyFilterFor(settings);
    this.#status = new StatusLine({ root, keys: statusKeys(settings), now: Date.now, changed: () => this.#showStatus() });
    this.#questions = new ControlQuestions({
      coordinator: options.coordinator,
      facts: () => this.#status.facts,
      status: () => this.#sessionStatus(),
      chooseLine: (mode) => this.#line.choose(mode),
    });
    this.#display = new Display({
      terminal,
      outer,
      nonce,
      palette,
      terminalName,
      mode: settings.statusLine,
      mark: (payload) => this.#marked(parseMark(payload, nonce)),
      reply: (bytes) => pty.write(bytes),
      answer: (bytes) => this.#forward(bytes),
      childResized: (columns, rows) => pty.resize(columns, rows),
      resume: () => pty.resume(),
    });
    this.#line = new LineChoice(settings.statusLine, (mode) => this.#display.setMode(mode));
  }

  /** Runs until the shell has ended and all it wrote is on the terminal. The terminal is in raw mode meanwhile. */
  async run(): Promise<PtyExit> {
    const { pty, terminal, coordinator } = this.#options;
    this.#display.start();
    this.#status.update(this.#firstFacts());
    const exit = new Promise<PtyExit>((resolve) => pty.onExit(resolve));
    pty.onData((chunk) => {
      if (!this.#display.output(chunk)) pty.pause();
    });
    terminal.onDrain(() => this.#display.holds || pty.resume());
    terminal.onInput((chunk) => this.#typed(chunk));
    terminal.onResize(() => this.#display.resized());
    coordinator.onMessage((command) => this.#heard(command));
    const result = await exit;
    // The terminal is to be put back after it was taken again, not before.
    await this.#suspension;
    this.#stage = 'ended';
    this.#apart.stop();
    this.#heldKeys.stop();
    this.#status.dispose();
    this.#display.release();
    return result;
  }

  #firstFacts(): StatusFacts {
    const { failure, freshness } = this.#options;
    const facts = { ...this.#status.facts, failure };
    if (freshness?.kind !== 'stale') return facts;
    return { ...facts, freshness: 'stale', activity: { kind: 'building', changed: freshness.changed, sinceMs: Date.now() } };
  }

  /** The terminal is given back for a while (SIGTSTP), and taken again. */
  suspend(stop: () => Promise<void>): Promise<void> {
    this.#suspension = this.#suspension.then(() => (this.#stage === 'running' ? this.#suspend(stop) : undefined));
    return this.#suspension;
  }

  async #suspend(stop: () => Promise<void>): Promise<void> {
    const { terminal } = this.#options;
    this.#display.release();
    await terminal.restore();
    await stop();
    // A terminal that is gone cannot be taken again; the hang-up that says so is on its way.
    await terminal.enterRaw(new AbortController().signal).catch(() => undefined);
    this.#display.retake();
  }

  /** What somebody asks on the control socket. */
  answer(request: ControlRequest): Promise<ControlAnswer> {
    return this.#questions.answer(request);
  }

  #typed(chunk: Uint8Array): void {
    const rest = this.#display.overlayTyped(chunk);
    if (rest.length > 0) this.#forward(rest);
  }

  #forward(chunk: Uint8Array): void {
    this.#keys.setScreen(this.#display.inputScreen);
    const { forward, actions, accepts } = this.#keys.push(chunk, this.#typing);
    if (accepts > 0) this.#accepted(accepts);
    for (const bytes of forward) this.#options.pty.write(bytes);
    for (const action of actions) this.#act(action);
    this.#heldKeys.stop();
    if (this.#keys.held) this.#heldKeys.restart();
    // Most keys need no timer, and the echo comes sooner without one.
    if (!this.#keys.escaped) return;
    this.#typing = 'together';
    this.#apart.restart();
  }

  /** Before the keys are sent on: now it may be known to wait at its prompt when it was not; or it was sent the signal inside a function that made the prompt. */
  #accepted(count: number): void {
    this.#nudge();
    this.#prompt.accepted(count, performance.now());
    this.#display.lineAccepted();
  }

  /** The rest of the sequence did not come: it was a key by itself. */
  #releaseKeys(): void {
    for (const bytes of this.#keys.flush()) this.#options.pty.write(bytes);
  }

  #act(action: string): void {
    if (action === 'pause') return this.#options.coordinator.post({ kind: 'SetPaused', to: 'other' });
    const lines = errorLines(this.#status.facts);
    if (lines !== undefined) this.#display.showOverlay(lines);
  }

  #marked(mark: Mark | undefined): void {
    switch (mark?.kind) {
      case 'started':
        return this.#shell.started();
      case 'prompt':
        this.#prompt.prompted(mark.typeahead, performance.now());
        return this.#hearing.heard();
      case 'applied':
        return this.#applied(mark);
      case undefined:
        return;
    }
  }

  #applied({ report }: Extract<Mark, { kind: 'applied' }>): void {
    this.#appliedGeneration = Math.max(this.#appliedGeneration, report.generation);
    this.#options.coordinator.post({ kind: 'Applied', report });
    const { activity } = this.#status.facts;
    if (activity.kind !== 'ready' || activity.generation !== report.generation) return;
    // The coordinator says it too, but it may be busy, and the line must not say *ready* of what is in place. After the output around the mark.
    queueMicrotask(() => this.#status.heard({ kind: 'ReloadApplied', report, tookMs: activity.tookMs }));
  }

  #heard(command: ShellCommand): void {
    this.#questions.heard(command);
    // The terminal is no longer ours: the coordinator's last words change nothing there.
    if (this.#stage === 'ended') return;
    this.#status.heard(command);
    if (command.kind === 'ReloadReady') this.#nudge();
    if (command.kind === 'Building') this.#line.began(command.generation);
    if (command.kind === 'SettingsChanged') this.#line.configured(command.settings.statusLine, command.generation);
  }

  /** What is ready is applied before the next command although the prompt already waits: the trap runs when the line is accepted. */
  #nudge(): void {
    const { activity, hook } = this.#status.facts;
    if (activity.kind !== 'ready' || activity.held || activity.generation <= this.#appliedGeneration) return;
    if (this.#shell.wasReplaced()) {
      if (hook === 'present') this.#status.update({ ...this.#status.facts, hook: 'lost' });
      return;
    }
    if (this.#display.readsLine) this.#prompt.reading(performance.now());
    if (this.#shell.isInBackground()) return;
    if (this.#prompt.atPrompt) this.#hearing.heard();
    else if (this.#display.readsUnmarked) this.#hearing.lost();
    else return;
    this.#options.pty.kill('SIGURG');
  }

  #showStatus(): void {
    const state = statusState(this.#status.facts, Date.now());
    this.#display.show(this.#status.text(), state === 'watching' ? 'quiet' : 'busy');
  }

  #sessionStatus(): SessionStatus {
    const { facts } = this.#status;
    return {
      state: statusState(facts, Date.now()),
      root: this.#options.root,
      session: this.#options.directory,
      shellPid: this.#options.pty.pid,
      appliedGeneration: this.#appliedGeneration,
      environment: facts.freshness,
      inputs: facts.inputs,
      line: this.#status.words(),
      statusLine: this.#display.mode,
      pausedChanges: facts.paused,
      problems: facts.failure?.problems ?? [],
      notice: facts.notice?.problem,
    };
  }
}
