// The library's `devshell/model`: the types that a session and a coordinator speak in, and the pure parts behind them.

export type { BuildOutcome, BuildRequest, ShellBuilder } from './builder.ts';
export type { Environment, ListEdit, Summary, Variables } from './environment.ts';
export { canonical, emptyEnvironment, listEdit, listNames, resolve, summarize } from './environment.ts';
export type { Change, Fingerprint, Input, Observation } from './input.ts';
export type { ApplyReport, Mark } from './mark.ts';
export { markNumber, parseMark } from './mark.ts';
export type { Problem } from './problem.ts';
export { DevshellError, placed } from './problem.ts';
export type { Port, ShellCommand, ShellEvent } from './protocol.ts';
export type { Effect, ReloadEvent, ReloadState } from './reload-state.ts';
export { initialState } from './reload-state.ts';
export { step } from './reload.ts';
export type { ApplyMode, Settings, StatusMode } from './settings.ts';
export { defaultSettings } from './settings.ts';
export type { StatusFacts, StatusState } from './status.ts';
export { initialFacts, reduceStatus, statusState, statusWords } from './status.ts';
