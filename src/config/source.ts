// A configuration file as text, with the places in it; and what can be wrong with a file before it is TOML.
import type { Problem } from '../model/problem.ts';
import type { Place } from './configuration.ts';
import { printable, shortened } from './printable.ts';
import type { Spot } from './scan.ts';

/**
 * The bytes of the file at an absolute path; undefined where there is none. A directory or an unreadable file rejects with the
 * error of the system. The caller records every path it is asked for: what does not exist may appear.
 */
export type Read = (path: string) => Promise<Uint8Array | undefined>;

export interface Source {
  /** The name that problems show. */
  readonly file: string;
  readonly text: string;
  /** Offsets at which lines begin. */
  readonly lineStarts: readonly number[];
}

export type SourceRead =
  | { readonly kind: 'missing' }
  | { readonly kind: 'unusable'; readonly problem: Problem }
  /** The problems do not keep the text from being read further. */
  | { readonly kind: 'text'; readonly source: Source; readonly problems: readonly Problem[] };

const largestBytes = 1024 * 1024;

export function sourceOf(file: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return { file, text, lineStarts };
}

export function placeAt(source: Source, offset: number): Place {
  const starts = source.lineStarts;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The text of `spot` in one line, as short as a message wants it. */
export function excerpt(source: Source, spot: Spot): string {
  return shortened(printable(source.text.slice(spot.start, Math.min(spot.end, spot.start + 400))), 100);
}

/** The line that `offset` stands on. */
export function lineAt(source: Source, offset: number): string {
  const start = source.text.lastIndexOf('\n', offset - 1) + 1;
  const end = source.text.indexOf('\n', start);
  return shortened(printable(source.text.slice(start, end < 0 ? undefined : end).trim()), 100);
}

export async function readSource(path: string, file: string, read: Read): Promise<SourceRead> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await read(path);
  } catch (error) {
    return failedRead(file, error);
  }
  if (bytes === undefined) return { kind: 'missing' };
  if (bytes.length > largestBytes) {
    const message = `${file} is larger than 1 MiB (${(bytes.length / largestBytes).toFixed(1)} MiB)`;
    return { kind: 'unusable', problem: { message, file, hint: 'a configuration is a short text; is this the right file?' } };
  }
  return decode(file, bytes);
}

function failedRead(file: string, error: unknown): SourceRead {
  const code = error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code)) ? String(error.code) : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'missing' };
    case 'EISDIR':
      return { kind: 'unusable', problem: { message: `${file} is a directory, not a file`, file, hint: 'move the directory away' } };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'unusable', problem: { message: `${file} may not be read`, file, hint: `chmod u+r ${file}` } };
    case 'EINVAL':
      return { kind: 'unusable', problem: { message: `${file} is not a regular file`, file, hint: 'put a text file in its place' } };
    case undefined:
      throw error;
    default:
      return { kind: 'unusable', problem: { message: `${file} cannot be read (${code})`, file, hint: 'is the disk in order?' } };
  }
}

function decode(file: string, bytes: Uint8Array): SourceRead {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { kind: 'unusable', problem: encodingProblem(file, bytes) };
  }
  const problems: Problem[] = [];
  if (text.startsWith('\ufeff')) {
    text = text.slice(1);
    const hint = 'save it as UTF-8 without a byte order mark';
    problems.push({ message: `${file} begins with a byte order mark`, file, line: 1, column: 1, text: '\\u{feff}', hint });
  }
  const source = sourceOf(file, text);
  const carriage = text.indexOf('\r\n');
  if (carriage >= 0) problems.push(lineEndProblem(source, carriage));
  return { kind: 'text', source, problems };
}

/** A carriage return would go on into multi-line values, and a shell trips over each of them. */
function lineEndProblem(source: Source, offset: number): Problem {
  const message = `${source.file} has Windows line ends (CRLF)`;
  const hint = 'save it with Unix line ends (LF): sed -i \'s/\\r$//\' ' + source.file;
  return { message, ...placeAt(source, offset), text: `${lineAt(source, offset)}\\r\\n`, hint };
}

function encodingProblem(file: string, bytes: Uint8Array): Problem {
  const hint = 'save it as UTF-8';
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { message: `${file} is UTF-16, not UTF-8`, file, line: 1, column: 1, hint };
  }
  const offset = firstInvalid(bytes);
  const before = new TextDecoder().decode(bytes.subarray(0, offset));
  const place = placeAt(sourceOf(file, before), before.length);
  const byte = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`;
  return { message: `${file} is not valid UTF-8 (byte ${byte})`, ...place, text: byte, hint };
}

/** The start of the first sequence that is no UTF-8: the bytes before it are the longest valid beginning. */
function firstInvalid(bytes: Uint8Array): number {
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    if (beginsValid(bytes.subarray(0, middle))) valid = middle;
    else invalid = middle;
  }
  // What is left in front may be the beginning of the sequence that turns out wrong.
  while (valid > 0 && !isValid(bytes.subarray(0, valid))) valid--;
  return valid;
}

/** Valid so far; the last character may be incomplete. */
function beginsValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isValid(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
