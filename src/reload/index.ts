// The library's `devshell/coordinator`: watches, rebuilds with the caller's own ShellBuilder, and publishes. It prints nothing.

export type { CoordinatorOptions } from './coordinator.ts';
export { ShellCoordinator } from './coordinator.ts';
export { fingerprint, fingerprintBytes } from '../watch/fingerprint.ts';
export type { WatchOptions } from '../watch/watcher.ts';
export { bashCodeText, bashScript } from '../script/bash.ts';
export { scriptProblems } from '../script/environment-problems.ts';
