// What a project's configuration says once it is read, checked and merged: plain data.
import type { Settings as SessionSettings } from '../model/settings.ts';
import { defaultKeys, defaultSettings as sessionDefaults } from '../model/settings.ts';

/**
 * Where something stands. `file` is relative to the root for the files of the project, absolute for any other.
 * Lines and columns count from 1, columns in UTF-16 units as most editors do.
 */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A variable of `[env]`, before `${}` is filled in; `false` unsets it. */
export interface EnvSetting {
  readonly name: string;
  readonly value: string | false;
  readonly at: Place;
}

/** `file` as it was written: absolute, or relative to the root. */
export interface DotenvFile {
  readonly file: string;
  readonly optional: boolean;
  readonly at: Place;
}

/** A directory as it was written: absolute, or relative to the root. */
export interface Directory {
  readonly directory: string;
  readonly at: Place;
}

/** A Python virtual environment; `directory` as it was written. */
export interface Venv extends Directory {
  /** The interpreter that makes it where it is not there; undefined: it must be there. */
  readonly createWith: string | undefined;
}

/** A file of direnv's, as it was written: absolute, or relative to the root. */
export interface Envrc {
  readonly file: string;
  readonly at: Place;
}

/** A flake reference such as `.#default`, or a Nix file such as `shell.nix`. */
export interface Nix {
  readonly reference: string;
  readonly at: Place;
}

export interface Alias {
  readonly text: string;
  readonly at: Place;
}

/** A command whose output is variables. */
export interface ExecCommand {
  readonly run: string;
  readonly format: 'json' | 'dotenv' | 'shell';
  /** Files and globs as they were written, relative to the root. */
  readonly inputs: readonly string[];
  readonly timeoutMs: number;
  readonly at: Place;
}

type Letter =
  | 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M'
  | 'N' | 'O' | 'P' | 'Q' | 'R' | 'S' | 'T' | 'U' | 'V' | 'W' | 'X' | 'Y' | 'Z';

/** A key that the session itself takes, in the one spelling used inside. */
export type KeyName =
  | `Alt-Ctrl-${Letter}`
  | `Ctrl-${Letter}`
  | `Alt-${Letter}`
  | `F${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`;

/** How the session behaves; also in the user's settings file. */
export interface Settings extends SessionSettings {
  /** Empty turns a key off. */
  readonly keys: { readonly error: KeyName | ''; readonly pause: KeyName | '' };
}

/** `auto`: start in the last good environment and build beside it; `wait`: build first; `off`: nothing is kept. */
export type CacheMode = 'auto' | 'wait' | 'off';

/** `path`: what is allowed is the project; `content`: its code in the very form that was allowed. */
export type TrustMode = 'path' | 'content';

export interface Configuration {
  /** In the order of devshell.toml; what only devshell.local.toml names comes after it. */
  readonly env: readonly EnvSetting[];
  readonly load: {
    readonly path: readonly Directory[];
    readonly dotenv: readonly DotenvFile[];
    readonly venv: Venv | undefined;
    readonly envrc: Envrc | undefined;
    readonly nix: Nix | undefined;
    readonly exec: readonly ExecCommand[];
    /** More PATH-like variables, beside those of `model/environment`. */
    readonly lists: readonly string[];
  };
  readonly watch: { readonly paths: readonly string[]; readonly ignore: readonly string[] };
  readonly shell: {
    /** undefined: the user's `$SHELL`. */
    readonly program: 'bash' | undefined;
    readonly init: string;
    /** Where its first line stands. */
    readonly initAt: Place | undefined;
    readonly aliases: ReadonlyMap<string, Alias>;
  };
  readonly cache: CacheMode;
  readonly trust: TrustMode;
  readonly settings: Settings;
}

export const defaultSettings: Settings = { ...sessionDefaults, keys: defaultKeys };

/** How long a command of `load.exec` may take where the configuration does not say. */
export const defaultTimeoutMs = 60_000;
