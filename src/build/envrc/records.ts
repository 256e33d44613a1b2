// What an evaluation says of itself while it runs, as shell/envrc/main.bash writes it: bytes in, records out.
//
//   1D WORD 1F TEXT LF                                    told by our own functions
//   1E+ SOURCE 1F LINE 1F SUBSHELL 1F PWD 1F COMMAND LF   bash's own trace; as many 1E as evaluations are nested, and the command may have several lines
//   + COMMAND LF                                          the same where something set PS4

export interface TracedCommand {
  readonly kind: 'command';
  /** How deep evaluations (sourced files, `eval`, substitutions) are nested. */
  readonly level: number;
  readonly source: string;
  readonly line: number;
  /** How many subshells deep, from where the first record came. */
  readonly subshell: number;
  readonly directory: string;
  /** With every word expanded, and quoted again. */
  readonly text: string;
}

/** A command traced in the usual form of PS4, which what Nix prints brings back: it stands nowhere. */
export interface BareCommand {
  readonly kind: 'bare';
  readonly text: string;
}

export type EvaluationRecord = TracedCommand | BareCommand | { readonly kind: 'told'; readonly word: string; readonly text: string };

const told = 0x1d;
const traced = 0x1e;
/** Of a longer command the rest is left out: a value of any size is traced whole by bash. */
const maxLength = 4 * 1024 * 1024;

export class RecordReader {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #take: (record: EvaluationRecord) => void;
  #rest = '';
  #pending: string[] = [];
  #pendingLength = 0;
  /** Of `'` in what is pending. */
  #quotes = 0;
  #subshell: number | undefined;

  constructor(take: (record: EvaluationRecord) => void) {
    this.#take = take;
  }

  add(chunk: Uint8Array): void {
    const pieces = this.#decoder.decode(chunk, { stream: true }).split('\n');
    pieces.forEach((piece, index) => {
      if (this.#rest.length < maxLength) this.#rest += piece;
      if (index === pieces.length - 1) return;
      const line = this.#rest;
      this.#rest = '';
      this.#line(line);
    });
    // What was told is wanted at once; a command whose quotes are closed is whole.
    if (this.#rest === '' && this.#isClosed) this.flush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const command = commandOf(this.#pending.join('\n'));
    this.#pending = [];
    this.#pendingLength = 0;
    this.#quotes = 0;
    if (command === undefined) return;
    this.#subshell ??= command.subshell;
    this.#take({ ...command, subshell: command.subshell - this.#subshell });
  }

  #otherLine(line: string): void {
    const bare = /^\++ (.*)$/.exec(line);
    if (bare !== null && this.#isClosed) {
      this.flush();
      this.#take({ kind: 'bare', text: bare[1] ?? '' });
    } else if (this.#pending.length > 0) this.#add(line);
  }

  #add(line: string): void {
    this.#quotes += line.split("'").length - 1;
    if (this.#pendingLength < maxLength) this.#pending.push(line);
    this.#pendingLength += line.length + 1;
  }

  get #isClosed(): boolean {
    return this.#quotes % 2 === 0;
  }

  #line(line: string): void {
    const first = line.charCodeAt(0);
    if (first !== told && first !== traced) {
      this.#otherLine(line);
      return;
    }
    this.flush();
    if (first === traced) {
      this.#add(line);
      return;
    }
    const end = line.indexOf('\x1f');
    this.#take({ kind: 'told', word: end === -1 ? line.slice(1) : line.slice(1, end), text: end === -1 ? '' : line.slice(end + 1) });
  }
}

function commandOf(text: string): TracedCommand | undefined {
  let level = 0;
  while (text.charCodeAt(level) === traced) level++;
  const [source, line, subshell, directory, ...command] = text.slice(level).split('\x1f');
  if (source === undefined || line === undefined || subshell === undefined || directory === undefined) return undefined;
  return { kind: 'command', level, source, line: Number(line), subshell: Number(subshell), directory, text: command.join('\x1f') };
}
