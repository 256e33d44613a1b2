// The marks by which the shell's hook tells the session where it is: a private OSC, in order with the output.
//
//   ESC ] 7717 ; NONCE ; KIND [; FIELD]... BEL
//
// Fields hold no control character and no semicolon. The session removes marks from what it shows.

/** The number of the private OSC; no terminal and no other tool is known to use it. */
export const markNumber = 7717;

/** What the hook reports of one merge. `kept` names what the user had changed and so was left alone. */
export interface ApplyReport {
  readonly generation: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly kept: readonly string[];
  /** The exit status of the init code; 0 where there is none. */
  readonly initStatus: number;
  /** The line of the init code that ran last, from 1; 0 where there is none or the shell cannot tell. */
  readonly initLine: number;
}

export type Mark =
  /** A prompt is about to be shown. `typeahead`: input was already waiting; undefined where the shell cannot tell. */
  | { readonly kind: 'prompt'; readonly status: number; readonly typeahead: boolean | undefined }
  | { readonly kind: 'applied'; readonly report: ApplyReport }
  /** The shell's hooks are in place and the first environment is applied. */
  | { readonly kind: 'started'; readonly shell: string; readonly version: string };

/** The mark in the payload of an OSC (what stands between `ESC ]` and its end), or undefined if it is none of ours. */
export function parseMark(payload: string, nonce: string): Mark | undefined {
  const [number, given, kind, ...fields] = payload.split(';');
  if (number !== String(markNumber) || given !== nonce || nonce === '') return undefined;
  switch (kind) {
    case 'prompt':
      return { kind, status: count(fields[0]), typeahead: fields[1] === '1' ? true : fields[1] === '0' ? false : undefined };
    case 'applied':
      return { kind, report: applyReport(fields) };
    case 'started':
      return { kind, shell: fields[0] ?? '', version: fields[1] ?? '' };
    case undefined:
    default:
      return undefined;
  }
}

/** `applied;GENERATION;ADDED;CHANGED;REMOVED;KEPT,KEPT...;INITSTATUS;INITLINE` */
function applyReport(fields: readonly string[]): ApplyReport {
  const kept = fields[4] ?? '';
  return {
    generation: count(fields[0]),
    added: count(fields[1]),
    changed: count(fields[2]),
    removed: count(fields[3]),
    kept: kept === '' ? [] : kept.split(','),
    initStatus: count(fields[5]),
    initLine: count(fields[6]),
  };
}

function count(field: string | undefined): number {
  const value = Number(field);
  return Number.isInteger(value) && value >= 0 ? value : 0;
}
