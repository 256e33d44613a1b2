// The variables that tell one terminal, one window or one login from another, and nothing about what is to be built.

/**
 * A process of a build does not get them, so no evaluation can depend on them, and every terminal of a user can share one result.
 * Collected from what direnv ignores (PWD, OLDPWD, SHLVL, _) and from what terminals, multiplexers, editors and init systems set anew for each window.
 * Not here, because tools need them to do their work: SSH_AUTH_SOCK, DISPLAY, WSL_INTEROP, the ones of git's askpass.
 */
const names: ReadonlySet<string> = new Set([
  'PWD', 'OLDPWD', 'SHLVL', '_', 'COLUMNS', 'LINES', 'PS1', 'HISTCMD', 'COMP_WORDBREAKS', 'PROMPT_COMMAND', 'PROMPT_DIRTRIM',
  'WINDOWID', 'WINDOWPATH', 'TERM_SESSION_ID', 'SHELL_SESSION_ID', 'ITERM_SESSION_ID', 'WT_SESSION', 'GPG_TTY',
  'TMUX', 'TMUX_PANE', 'STY', 'WINDOW', 'ZELLIJ', 'ZELLIJ_PANE_ID', 'ZELLIJ_SESSION_NAME',
  'KITTY_PID', 'KITTY_WINDOW_ID', 'KITTY_LISTEN_ON', 'WEZTERM_PANE', 'WEZTERM_UNIX_SOCKET', 'ALACRITTY_LOG', 'ALACRITTY_SOCKET', 'ALACRITTY_WINDOW_ID',
  'GNOME_TERMINAL_SCREEN', 'GNOME_TERMINAL_SERVICE', 'TILIX_ID', 'TERMINATOR_UUID', 'TERMINATOR_DBUS_NAME', 'TERMINATOR_DBUS_PATH',
  'KONSOLE_DBUS_SERVICE', 'KONSOLE_DBUS_SESSION', 'KONSOLE_DBUS_WINDOW', 'KONSOLE_DBUS_ACTIVATION_COOKIE',
  'NVIM', 'NVIM_LISTEN_ADDRESS', 'VIM_SERVERNAME', 'VSCODE_PID', 'VSCODE_INJECTION', 'VSCODE_NONCE', 'VSCODE_IPC_HOOK_CLI',
  'SSH_TTY', 'SSH_CLIENT', 'SSH_CONNECTION', 'XDG_SESSION_ID', 'XDG_ACTIVATION_TOKEN', 'DESKTOP_STARTUP_ID', 'GIO_LAUNCHED_DESKTOP_FILE_PID',
  'INVOCATION_ID', 'JOURNAL_STREAM', 'MANAGERPID', 'SYSTEMD_EXEC_PID', 'STARSHIP_SESSION_KEY', 'ATUIN_SESSION', 'MCFLY_SESSION_ID',
]);

export function isVolatile(name: string): boolean {
  return names.has(name);
}
