// The library's `devshell/session`: the user's shell in a PTY with its status line. It knows nothing of devshell.toml.

export type { SessionOptions } from './shell-session.ts';
export { ShellSession } from './shell-session.ts';
export { firstReserve } from './reserve.ts';
export { ControlSocket } from './control-socket.ts';
export type { SessionDirectory } from './session-directory.ts';
export { cleanStaleSessions, createSessionDirectory, removeSessionDirectory } from './session-directory.ts';
export type { PtyExit, PtyOptions } from '../terminal/pty.ts';
export { Pty } from '../terminal/pty.ts';
export { Guard } from '../terminal/guard.ts';
export { UserTerminal } from '../terminal/terminal.ts';
