// The style (SGR) that is in force, kept as the program wrote it since the last time it was plain: so that it can be brought back without the save slot.

const capacity = 160;
const decoder = new TextDecoder('latin1');
const encoder = new TextEncoder();

/** What switches attributes off, and the attributes. */
const clears: ReadonlyMap<number, readonly number[]> = new Map([
  [22, [1, 2]], [23, [3]], [24, [4]], [25, [5, 6]], [27, [7]], [28, [8]], [29, [9]], [39, [38]], [49, [48]], [55, [53]], [59, [58]],
]);

export class Style {
  /** Sequences, each without its beginning `ESC [`. */
  readonly #log = new Uint8Array(capacity);
  /** Negative: not known. A terminal that a session begins in is plain: whoever used it before saw to that. */
  #length = 0;

  get known(): boolean {
    return this.#length >= 0;
  }

  /** The parameters of `CSI Pm m` stand from `start` to `end`. */
  add(chunk: Uint8Array, start: number, end: number): void {
    const size = end - start;
    const first = size === 0 ? 0x30 : (chunk[start] as number);
    if (first === 0x30 && (size < 2 || chunk[start + 1] === 0x3b)) this.#length = 0;
    if (size === 0 || (size === 1 && first === 0x30) || first >= 0x3c || this.#length < 0) return;
    if (this.#length + size >= capacity) this.#set(shortened(this.sequences()));
    const log = this.#log;
    let at = this.#length;
    if (at < 0 || at + size >= capacity) return this.lose();
    for (let index = start; index < end; index++) log[at++] = chunk[index] as number;
    log[at++] = 0x6d;
    this.#length = at;
  }

  reset(): void {
    this.#length = 0;
  }

  lose(): void {
    this.#length = -1;
  }

  /** What leads from the plain style to this one; undefined if it is not known. */
  save(): string | undefined {
    if (this.#length < 0) return undefined;
    return this.#length === 0 ? '' : decoder.decode(this.#log.subarray(0, this.#length));
  }

  restore(saved: string | undefined): void {
    this.#set(saved);
  }

  /** The bytes for it, in a terminal whose style is plain. */
  sequences(): string {
    return (this.save() ?? '').replace(/[^m]*m/g, '\x1b[$&');
  }

  #set(log: string | undefined): void {
    this.#length = log === undefined ? -1 : encoder.encodeInto(log, this.#log).written;
  }
}

/** The same style in fewer sequences; undefined if something in it is not understood. */
function shortened(sequences: string): string | undefined {
  const set = new Map<number, string>();
  for (const [, body = ''] of sequences.matchAll(/\x1b\[([^m]*)m/g)) {
    const parameters = body.split(';');
    while (parameters.length > 0) if (!apply(set, parameters)) return undefined;
  }
  return [...set.values()].map((one) => `${one}m`).join('');
}

/** Takes one attribute from the front of `parameters`. */
function apply(set: Map<number, string>, parameters: string[]): boolean {
  const first = parameters.shift() ?? '';
  const code = Number(first.split(':', 1)[0]);
  const colour = code >= 90 && code <= 107 ? code - 60 : code;
  const cleared = clears.get(code);
  if (code === 0) set.clear();
  else if (cleared !== undefined) for (const other of cleared) set.delete(other);
  else if ((code >= 1 && code <= 9) || code === 53) set.set(code, first);
  else if ((colour >= 30 && colour <= 37) || (colour >= 40 && colour <= 47)) set.set(colour < 40 ? 38 : 48, first);
  else if (code === 38 || code === 48 || code === 58) return extend(set, code, first, parameters);
  else return false;
  return true;
}

/** `38;5;n` and `38;2;r;g;b`, or the same with colons. */
function extend(set: Map<number, string>, code: number, first: string, parameters: string[]): boolean {
  const more = first.includes(':') ? 0 : parameters[0] === '5' ? 2 : parameters[0] === '2' ? 4 : -1;
  if (more < 0 || parameters.length < more) return false;
  set.set(code, [first, ...parameters.splice(0, more)].join(';'));
  return true;
}
