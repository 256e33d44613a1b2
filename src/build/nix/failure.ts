// From what Nix says when it fails to what the user reads: the error, its place in the project, what can be done about it, and all of the rest.

import { shownPath } from '../../config/project-path.ts';
import type { Problem } from '../../model/problem.ts';
import { lastLine } from '../tool-output.ts';
import type { NixError } from './messages.ts';
import type { NixRun } from './nix-command.ts';

export interface FailurePlace {
  /** What was asked for, as it stands in the configuration. */
  readonly reference: string;
  readonly at: { readonly file: string; readonly line: number };
  readonly root: string;
  /** The directory of which Nix reads a copy in its store, where there is one. */
  readonly tree: string | undefined;
}

export function failureOf({ result, messages }: NixRun, place: FailurePlace): Problem {
  const here = { text: place.reference, file: place.at.file, line: place.at.line };
  switch (result.kind) {
    case 'not-started':
      return { ...here, message: `nix could not be started: ${result.reason}`, hint: 'install Nix (https://nixos.org/download) and see that it is on PATH, or leave load.nix out' };
    case 'timed-out':
      return { ...here, message: 'nix took more than a day', detail: messages.shown };
    case 'too-much-output':
      return { ...here, message: 'nix printed more than 64 MiB', detail: messages.shown };
    case 'cancelled':
      return { ...here, message: 'nix was cancelled' };
    case 'killed':
      return { ...here, message: `nix was ended by ${result.signal}`, detail: messages.shown };
    case 'exited':
      return { ...here, ...errorOf(messages.errors, result.exitCode, messages.shown, place), detail: messages.shown };
  }
}

/** The last error is what ended it; those before it are what it tried again. */
function errorOf(errors: readonly NixError[], exitCode: number, shown: string, place: FailurePlace): Problem {
  const error = errors.at(-1);
  const message = error === undefined ? lastLine(shown) : errorLine(error.text);
  const hint = remedy(error?.text ?? shown, place) ?? (/get-env\.sh: line \d+: .*ambiguous redirect/.test(shown) ? forStructuredAttributes : undefined);
  const found = error === undefined ? undefined : placeOf(error, place);
  return { message: message === '' ? `nix exited with ${exitCode}` : message, ...found, ...(hint === undefined ? {} : { hint }) };
}

/** Nix 2.20 and later begin with an empty `error:` and the trace, and say the error itself at the end. */
export function errorLine(text: string): string {
  const lines = [...text.matchAll(/^\s*error:[ \t]*(\S.*)$/gm)].map(([, said = '']) => said.trim());
  const last = lines.at(-1);
  return last === undefined ? lastLine(text) : `error: ${last}`;
}

/** Nix names the file of its own copy; what the user edits is the one in the project. */
function placeOf(error: NixError, { root, tree }: FailurePlace): { file: string; line?: number; column?: number } | undefined {
  const told = /\bat (?:«[^»]*»)?(\/[^\s:]+):(\d+)(?::(\d+))?/.exec(error.text.slice(Math.max(0, error.text.lastIndexOf('error:'))));
  // With lazy trees: `«git+file:///p»/flake.nix`.
  const lazy = /^«[^»]*»\/?(.+)$/.exec(error.file ?? '')?.[1];
  const file = lazy === undefined || tree === undefined ? error.file ?? told?.[1] : `${tree}/${lazy}`;
  if (file === undefined || !file.startsWith('/')) return undefined;
  const line = error.line ?? Number(told?.[2]);
  const column = error.column ?? (Number(told?.[3]) || undefined);
  const inCopy = /^.*?\/[a-z0-9]{32}-[^/]*\/(.+)$/.exec(file);
  const path = inCopy !== null && tree !== undefined ? `${tree}/${inCopy[1] ?? ''}` : file;
  return { file: shownPath(root, path), ...(line > 0 ? { line } : {}), ...(column === undefined ? {} : { column }) };
}

/** Seen with Nix 2.8. */
const forStructuredAttributes = 'this Nix has no shells for derivations with structured attributes; 2.22 and later do';

/** What is said (Nix 2.3 to 2.36), and what helps. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/requires lock file changes|cannot update unlocked flake input|lock file .* needs to be updated/, 'flake.lock does not fit flake.nix: nix flake lock, look at the change, and keep it'],
  [/NAR hash mismatch in input/, 'an input is not what flake.lock says: nix flake update, or nix flake lock --update-input NAME'],
  [/(?:unrecognised|unknown) flag '--extra-experimental-features'|'print-dev-env' is not a recognised command/, 'this Nix is older than 2.4; install a newer one'],
  [/experimental Nix feature/, 'add the feature to experimental-features in ~/.config/nix/nix.conf'],
  [/Could ?n[o']t resolve host|Could not resolve host|unable to (?:download|access)|Temporary failure in name resolution|Failed to connect|Network is unreachable/, 'is there a network? What is in flake.lock and was built once needs none'],
  [/cannot connect to (?:socket|daemon)|cannot open connection to remote store 'daemon'/, 'the Nix daemon does not run: systemctl start nix-daemon'],
  [/does not provide attribute/, 'nix flake show lists what there is; name it as in nix = ".#NAME"'],
  [/only works on derivations that use 'bash'/, 'name a development shell, such as pkgs.mkShell gives; its builder must be bash'],
  [/source\/flake\.nix': No such file|flake\.nix.* (?:is not tracked by Git|does not exist)/, 'a flake in a Git repository consists of what Git knows: git add flake.nix'],
  [/could not find a flake\.nix|does not contain a '?\/?flake\.nix/, 'there is no flake.nix; name the file as in nix = "shell.nix", or leave load.nix out'],
  [/is not tracked by Git|'[^']*-source\/[^']*': No such file|path '[^']*-source\/[^']*' does not exist/, 'a flake in a Git repository consists of what Git knows: git add the file'],
  [/control\.sock' has an unsupported type/, 'Nix copies the files of devshell as well: copy less (lib.cleanSource, lib.fileset), or set DEVSHELL_STATE to a directory elsewhere'],
  [/access to (?:absolute )?path '[^']*' is forbidden|in pure eval(?:uation)? mode/, 'a flake sees nothing outside of it; nix = ". --impure" lets it'],
];

function remedy(text: string, { reference }: FailurePlace): string | undefined {
  const found = remedies.find(([pattern]) => pattern.test(text))?.[1];
  return found ?? (/No such file or directory/.test(text) && reference.includes('.nix') ? 'is the file there? Its name is relative to the root of the project' : undefined);
}
