// The one writer to the user's terminal: the program's output, the status row below it, and the error view over both.

import type { StatusMode } from '../model/settings.ts';
import type { FilterSink, Reserve } from '../terminal/filter.ts';
import { OutputFilter } from '../terminal/filter.ts';
import type { InputScreen } from '../terminal/keys.ts';
import type { Palette, Segment, StyledText } from '../terminal/styled-text.ts';
import type { UserTerminal } from '../terminal/terminal.ts';
import { Around } from './around.ts';
import { Overlay } from './overlay.ts';
import { RenderedLine } from './rendered-line.ts';
import { Repaint } from './repaint.ts';
import { firstReserve, reserveFor } from './reserve.ts';

export interface DisplayOptions {
  readonly terminal: UserTerminal;
  /** `$TERM`; a terminal that is dumb or has no name gets nothing but the program's output. */
  readonly terminalName: string | undefined;
  /** What the terminal is: another devshell wants to know of this one. */
  readonly outer: 'terminal' | 'devshell';
  readonly nonce: string;
  readonly palette: Palette;
  readonly mode: StatusMode;
  readonly mark: (payload: string) => void;
  /** Answers of ours to queries of the program. */
  readonly reply: (bytes: Uint8Array) => void;
  /** What came from the terminal and was not for us after all. */
  readonly answer: (bytes: Uint8Array) => void;
  readonly childResized: (columns: number, rows: number) => void;
  /** Output may come again. */
  readonly resume: () => void;
}

/** So long after a change of size there are no margins and no row: while sizes come fast, both would be wrong when they arrive. And so long what belongs to an emoji may follow it, ms. */
const settledMs = 100;
const titleSaved = Buffer.from('\x1b[22;2t');
const titleRestored = Buffer.from('\x1b[23;2t');

export class Display {
  readonly #options: DisplayOptions;
  readonly #filter: OutputFilter;
  readonly #sink: FilterSink;
  #mode: StatusMode;
  readonly #line: RenderedLine;
  readonly #around: Around;
  /** Whether the line says anything that is worth a row of its own. */
  #attention: 'quiet' | 'busy' = 'quiet';
  /** What is on the terminal now, as it was drawn. */
  #shown = '';
  #overlay: Overlay | undefined;
  /** To be shown as soon as no sequence of the program is open. */
  #wantedOverlay: readonly Segment[] | undefined;
  readonly #repaint = new Repaint((less) => this.#options.childResized(this.#options.terminal.size().columns, this.#filter.programRows - less));
  /** Whose the terminal is: between `release` and `retake` nothing is written. */
  #terminal: 'ours' | 'given back' = 'ours';
  /** Output that came while the error view was open, or while the terminal was not ours. */
  #held: Uint8Array[] = [];
  #settling: NodeJS.Timeout | undefined;

  constructor(options: DisplayOptions) {
    const { terminal, mode, nonce, mark, reply, terminalName, palette } = options;
    this.#options = options;
    this.#mode = terminalName === undefined || terminalName === 'dumb' ? 'off' : mode;
    this.#around = new Around(options.outer, (bytes) => void terminal.write(bytes));
    this.#line = new RenderedLine(palette);
    this.#line.setForm(formOf(this.#mode));
    const { columns, rows } = terminal.size();
    this.#filter = new OutputFilter({ columns, rows, reserve: firstReserve(this.#mode, columns, rows, terminalName), nonce });
    this.#sink = { bytes: (slice) => void terminal.write(slice), mark, reply };
  }

  start(): void {
    if (this.#mode === 'title') this.#options.terminal.write(titleSaved);
    this.#repair();
  }

  /** What the terminal is like for whoever reads its input. */
  get inputScreen(): InputScreen {
    const { reserve, mouse, rowOf } = this.#filter;
    return { rows: this.#options.terminal.size().rows, reserve, mouse, rowOf };
  }

  /** Where the state is shown. */
  get mode(): StatusMode {
    return this.#mode;
  }

  /** The shell is seen to read a line, which not every shell lets see. */
  get readsLine(): boolean {
    return this.#filter.readsLine;
  }

  /** A line is read of which no mark has told. */
  get readsUnmarked(): boolean {
    return this.#filter.readsUnmarked;
  }

  /** The program's output has to wait for something else than the terminal. */
  get holds(): boolean {
    return this.#overlay !== undefined || this.#terminal === 'given back';
  }

  /** False: the terminal is behind, or the error view is open; wait before sending more. */
  output(chunk: Uint8Array): boolean {
    if (this.holds) {
      this.#held.push(Buffer.from(chunk));
      return false;
    }
    this.#repaint.wrote();
    const { terminal } = this.#options;
    const { rowOf } = this.#filter;
    terminal.cork();
    this.#filter.push(chunk, this.#sink);
    if (this.#filter.rowOf !== rowOf) this.#reserve();
    this.#draw();
    const roomy = terminal.uncork();
    if (this.#wantedOverlay !== undefined) this.showOverlay(this.#wantedOverlay);
    return roomy && !this.holds;
  }

  show(line: StyledText, attention: 'quiet' | 'busy'): void {
    this.#line.set(line);
    this.#attention = attention;
    if (this.holds) return;
    this.#reserve();
    this.#draw();
  }

  setMode(mode: StatusMode): void {
    const { terminal, terminalName } = this.#options;
    if (mode === this.#mode || terminalName === undefined || terminalName === 'dumb') return;
    this.#line.setForm(formOf(mode));
    if (this.#terminal === 'given back') {
      this.#mode = mode;
      return;
    }
    if (this.#mode === 'title') terminal.write(titleRestored);
    if (mode === 'title') terminal.write(titleSaved);
    this.#mode = mode;
    this.#shown = '';
    if (this.#overlay !== undefined) return;
    this.#reserve();
    this.#draw();
  }

  resized(): void {
    if (this.#terminal === 'given back') return;
    const { columns, rows } = this.#options.terminal.size();
    if (this.#overlay === undefined) {
      this.#filter.unsettle();
      this.#repair();
    }
    this.#filter.setReserve(this.#wantedReserve(columns, rows));
    this.#filter.resize(columns, rows);
    this.#options.childResized(columns, this.#filter.programRows);
    this.#shown = '';
    if (this.#overlay !== undefined) return this.#overlay.draw();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settled(), settledMs);
  }

  #settled(): void {
    this.#settling = undefined;
    this.#options.terminal.refreshSize();
    if (this.#settling !== undefined) return;
    this.#filter.settle();
    if (this.holds) return;
    this.#repair();
    this.#draw('quiet');
  }

  /** Gives everything back that the program and we have taken of the terminal. */
  release(): void {
    const { terminal } = this.#options;
    this.closeOverlay();
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#filter.settle();
    this.#filter.end(this.#sink);
    terminal.write(this.#filter.leave());
    if (this.#mode === 'title') terminal.write(titleRestored);
    this.#around.claim('not claimed');
    this.#shown = '';
    this.#terminal = 'given back';
  }

  /** Takes the terminal again after `release`, whatever others have done with it meanwhile. */
  retake(): void {
    const { terminal, resume } = this.#options;
    this.#terminal = 'ours';
    terminal.write(this.#filter.reenter());
    if (this.#mode === 'title') terminal.write(titleSaved);
    this.resized();
    this.#repaint.ask();
    for (const chunk of this.#held.splice(0)) this.output(chunk);
    resume();
  }

  /** A line was accepted: what follows is no prompt. */
  lineAccepted(): void {
    this.#filter.endPrompt();
  }

  /** The error view, over whatever is there; the program's output waits meanwhile. */
  showOverlay(lines: readonly Segment[]): void {
    if (this.holds) return;
    this.#wantedOverlay = this.#filter.ground ? undefined : lines;
    if (this.#wantedOverlay !== undefined) return;
    const { terminal, palette, terminalName = '' } = this.#options;
    const write = (bytes: Uint8Array): void => void terminal.write(bytes);
    terminal.cork();
    write(this.#filter.enterOverlay(/^(?:tmux|screen)/.test(terminalName)));
    const close = (): void => this.closeOverlay();
    this.#overlay = new Overlay({ lines, palette, size: () => terminal.size(), write, answer: this.#options.answer, close });
    this.#overlay.draw();
    terminal.uncork();
  }

  /** What was typed, less what the error view takes of it while it is open. */
  overlayTyped(chunk: Uint8Array): Uint8Array {
    return this.#overlay === undefined ? chunk : this.#overlay.typed(chunk);
  }

  closeOverlay(): void {
    if (this.#overlay === undefined) return;
    this.#overlay.dispose();
    this.#overlay = undefined;
    const { terminal, resume, palette } = this.#options;
    const { bytes, left } = this.#filter.leaveOverlay(this.#line.line, palette);
    terminal.cork();
    terminal.write(bytes);
    this.#shown = '';
    this.#reserve();
    this.#repair();
    if (left === 'empty') this.#repaint.ask();
    for (const chunk of this.#held.splice(0)) this.output(chunk);
    this.#draw();
    terminal.uncork();
    resume();
  }

  #wantedReserve(columns: number, rows: number): Reserve {
    return this.#filter.rowOf === 'inside' ? 'none' : reserveFor(this.#mode, this.#attention, columns, rows, this.#options.terminalName);
  }

  /** Takes or gives back the row where the mode or the line asks for it. */
  #reserve(): void {
    const { columns, rows } = this.#options.terminal.size();
    const wanted = this.#wantedReserve(columns, rows);
    if (wanted === this.#filter.reserve) return;
    this.#filter.setReserve(wanted);
    this.#options.childResized(columns, this.#filter.programRows);
    this.#repair();
  }

  #repair(): void {
    const bytes = this.#filter.repair();
    if (bytes === undefined) return;
    this.#options.terminal.write(bytes);
    this.#around.drawn();
  }

  /** Only what differs, and only where it does no harm; what cannot be drawn now is drawn after the next output, or a while after an emoji. */
  #draw(output: 'flowing' | 'quiet' = 'flowing'): void {
    if (this.#filter.ground) this.#around.claim(this.#mode === 'bottom' || this.#mode === 'busy' ? 'claimed' : 'not claimed');
    if (this.#mode === 'off') return;
    const { terminal, palette } = this.#options;
    const text = this.#line.text(terminal.size().columns);
    if (text === this.#shown && !this.#filter.dirty) return;
    if (this.#mode === 'title') {
      if (!this.#filter.ground) return;
      terminal.write(Buffer.from(`\x1b]2;devshell:${text}\x07`));
    } else {
      if (!this.#filter.drawable(output)) return this.#drawWhenQuiet();
      terminal.write(this.#filter.draw(this.#line.line, palette));
      this.#around.drawn();
    }
    this.#shown = text;
  }

  #drawWhenQuiet(): void {
    if (this.#filter.drawable('quiet')) this.#settling ??= setTimeout(() => this.#settled(), settledMs);
  }
}

function formOf(mode: StatusMode): 'row' | 'title' {
  return mode === 'title' ? 'title' : 'row';
}
