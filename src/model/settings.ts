// How a session behaves towards its user; the part of the configuration that is not about the environment.

/** `bottom`: a row of its own; `busy`: that row only while there is something to say; `title`: the window title; `off`: nowhere. */
export type StatusMode = 'bottom' | 'busy' | 'title' | 'off';

export const statusModes: readonly StatusMode[] = ['bottom', 'busy', 'title', 'off'];

/** `auto`: before the next command; `manual`: only at the key or by `devshell reload`. */
export type ApplyMode = 'auto' | 'manual';

export interface Settings {
  readonly apply: ApplyMode;
  /** A readline key sequence; empty for none. */
  readonly keybind: string;
  /** Key names such as `Alt-Ctrl-E`; empty for none. */
  readonly keys: { readonly error: string; readonly pause: string };
  readonly statusLine: StatusMode;
}

export const defaultKeys = { error: 'Alt-Ctrl-E', pause: 'Alt-Ctrl-D' } as const satisfies Settings['keys'];

export const defaultSettings: Settings = {
  apply: 'auto',
  keybind: '\\e\\C-r',
  keys: defaultKeys,
  statusLine: 'bottom',
};
