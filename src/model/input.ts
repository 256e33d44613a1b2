// What an environment depends on, and what was seen there when it was built.

/** Paths are absolute and normalised. Something that does not exist is an input too: it may appear. */
export type Input =
  /** The content found at `path`, symbolic links followed, and whether we may run it. A directory there counts by its names. */
  | { readonly kind: 'file'; readonly path: string }
  /** The names directly inside `path`. */
  | { readonly kind: 'directory'; readonly path: string }
  /** The set of files that match `pattern` below `root` and none of `ignore`; their content is not part of it. */
  | { readonly kind: 'glob'; readonly root: string; readonly pattern: string; readonly ignore?: readonly string[] };

/** Hex blake3 of what the input holds, with ` x` behind it for a file that we may run; or one of the words `missing` and `unreadable`. */
export type Fingerprint = string;

const executableMark = ' x';

/** Of a file: what it holds, and whether we may run it. */
export function fileFingerprint(content: Fingerprint, isExecutable: boolean): Fingerprint {
  return isExecutable ? content + executableMark : content;
}

/** What it holds alone, for those who ask whether the same code is there. */
export function contentOf(fingerprint: Fingerprint): Fingerprint {
  return fingerprint.endsWith(executableMark) ? fingerprint.slice(0, -executableMark.length) : fingerprint;
}

/** An input and what a build saw there: the fingerprint of the very bytes it read. */
export interface Observation {
  readonly input: Input;
  readonly fingerprint: Fingerprint;
}

/** An input that no longer holds what was last seen there. */
export interface Change {
  readonly input: Input;
  readonly fingerprint: Fingerprint;
  /** When the change was made, as the file system tells it (ctime), else when it was noticed; ms since the epoch. */
  readonly atMs: number;
}

/** One string per input, equal for equal inputs. */
export function inputKey(input: Input): string {
  return input.kind === 'glob' ? ['glob', input.root, input.pattern, ...(input.ignore ?? [])].join('\0') : `${input.kind}\0${input.path}`;
}

/** The path by which an input is shown to people. */
export function inputPath(input: Input): string {
  return input.kind === 'glob' ? `${input.root}/${input.pattern}` : input.path;
}
