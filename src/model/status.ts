// What the user is told about the reload: the facts, how each message of the coordinator changes them, and the words.

import type { Summary } from './environment.ts';
import type { ApplyReport } from './mark.ts';
import type { Problem } from './problem.ts';
import { placed } from './problem.ts';
import type { ShellCommand } from './protocol.ts';

export type Activity =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'building'; readonly changed: readonly string[]; readonly sinceMs: number }
  | { readonly kind: 'ready'; readonly generation: number; readonly tookMs: number; readonly summary: Summary; readonly held: boolean }
  | { readonly kind: 'applied'; readonly report: ApplyReport; readonly tookMs: number; readonly atMs: number }
  | { readonly kind: 'unchanged'; readonly tookMs: number; readonly atMs: number };

export interface StatusFacts {
  readonly inputs: number;
  readonly activity: Activity;
  readonly failure: { readonly kind: 'failed' | 'blocked'; readonly problems: readonly Problem[] } | undefined;
  /** The paths that changed while paused; undefined while watching. */
  readonly paused: readonly string[] | undefined;
  readonly notice: { readonly problem: Problem; readonly until: 'build' | 'environment' } | undefined;
  readonly coordinator: 'alive' | 'gone';
  readonly hook: 'present' | 'lost';
  /** `stale`: the shell was started in an earlier environment, and what is right for now has not been built yet. */
  readonly freshness: 'current' | 'stale';
}

/** How long a finished reload is shown, ms. */
export const shownMs = 3000;

export const initialFacts: StatusFacts = {
  inputs: 0,
  activity: { kind: 'quiet' },
  failure: undefined,
  paused: undefined,
  notice: undefined,
  coordinator: 'alive',
  hook: 'present',
  freshness: 'current',
};

export function reduceStatus(facts: StatusFacts, command: ShellCommand, nowMs: number): StatusFacts {
  switch (command.kind) {
    case 'WatchedFiles':
      return { ...facts, inputs: command.count };
    case 'Building':
      return begun(facts, command);
    case 'ReloadReady':
      return { ...facts, failure: undefined, notice: undefined, activity: { ...command, kind: 'ready' } };
    case 'ReloadApplied':
      return applied({ ...facts, freshness: 'current' }, command, nowMs);
    case 'Unchanged':
      return unchanged(facts, command.tookMs, nowMs);
    case 'BuildFailed':
      return { ...facts, activity: { kind: 'quiet' }, failure: { kind: 'failed', problems: command.problems } };
    case 'Blocked':
      return { ...facts, activity: { kind: 'quiet' }, failure: { kind: 'blocked', problems: command.problems } };
    case 'Paused':
      return paused(facts, command);
    case 'Notice':
      return { ...facts, notice: { problem: command.problem, until: command.until } };
    case 'Shutdown':
      return { ...facts, coordinator: 'gone' };
    case 'SettingsChanged':
    case 'Inputs':
    case 'Explained':
      return facts;
  }
}

/** What is ready is withdrawn until the build has ended, whatever that is about, and a failure may be over: only in quiet there is nothing to say. */
function begun(facts: StatusFacts, { about, changed, sinceMs }: Extract<ShellCommand, { kind: 'Building' }>): StatusFacts {
  if (about === 'settings' && facts.activity.kind !== 'ready' && facts.failure === undefined) return facts;
  return { ...facts, notice: facts.notice?.until === 'build' ? undefined : facts.notice, activity: { kind: 'building', changed, sinceMs } };
}

/** Nothing is said at the end of a build of which nothing was said. */
function unchanged(facts: StatusFacts, tookMs: number, nowMs: number): StatusFacts {
  return { ...facts, failure: undefined, freshness: 'current', activity: facts.activity.kind === 'building' ? { kind: 'unchanged', tookMs, atMs: nowMs } : facts.activity };
}

/** Whoever pauses sees that at once, whatever was shown of the last reload. */
function paused(facts: StatusFacts, command: Extract<ShellCommand, { kind: 'Paused' }>): StatusFacts {
  if (!command.paused) return { ...facts, paused: undefined };
  const { activity } = facts;
  const isOver = facts.paused === undefined && (activity.kind === 'applied' || activity.kind === 'unchanged');
  return { ...facts, paused: command.changed, activity: isOver ? { kind: 'quiet' } : activity };
}

/** A newer build may already run when the report of an older application arrives; it stays what is shown. */
function applied(facts: StatusFacts, command: Extract<ShellCommand, { kind: 'ReloadApplied' }>, nowMs: number): StatusFacts {
  if (facts.activity.kind === 'building') return facts;
  if (facts.activity.kind === 'ready' && facts.activity.generation > command.report.generation) return facts;
  return { ...facts, activity: { kind: 'applied', report: command.report, tookMs: command.tookMs, atMs: nowMs } };
}

export type StatusState =
  'gone' | 'building' | 'ready' | 'reloaded' | 'unchanged' | 'failed' | 'blocked' | 'paused' | 'hook lost' | 'notice' | 'watching';

/** The one word for where the session stands, most urgent first. */
export function statusState(facts: StatusFacts, nowMs: number): StatusState {
  const { activity } = facts;
  if (facts.coordinator === 'gone') return 'gone';
  if (activity.kind === 'building') return 'building';
  // Nobody is there to apply what is ready.
  if (facts.hook === 'lost') return 'hook lost';
  if (activity.kind === 'ready') return 'ready';
  const fresh = (activity.kind === 'applied' || activity.kind === 'unchanged') && nowMs < activity.atMs + shownMs;
  if (fresh && activity.kind === 'applied') return 'reloaded';
  if (facts.failure !== undefined) return facts.failure.kind;
  if (fresh) return 'unchanged';
  if (facts.paused !== undefined) return 'paused';
  return facts.notice === undefined ? 'watching' : 'notice';
}

/** The keys the line names; undefined where one is switched off. */
export interface StatusKeys {
  readonly apply: string | undefined;
  readonly error: string | undefined;
  readonly pause: string | undefined;
}

export type StatusStyle = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'active';

export interface StatusWords {
  readonly symbol: string;
  readonly style: StatusStyle;
  readonly word: string;
  readonly rest: string;
  /** What the user may press or type. */
  readonly hint: string;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Time between two pictures of the spinner, ms. */
export const spinnerMs = 125;

export function statusWords(facts: StatusFacts, keys: StatusKeys, root: string, nowMs: number): StatusWords {
  const state = statusState(facts, nowMs);
  switch (state) {
    case 'gone':
      return { symbol: '✗', style: 'bad', word: 'not reloading', rest: 'the coordinator has ended', hint: 'start devshell again to reload' };
    case 'building':
      return building(facts, root, nowMs);
    case 'ready':
      return ready(facts, keys);
    case 'reloaded':
      return reloaded(facts);
    case 'unchanged':
      return { symbol: '✓', style: 'dim', word: 'unchanged', rest: 'the environment is the same', hint: '' };
    case 'failed':
    case 'blocked':
      return failed(facts, keys);
    case 'paused':
      return pausedWords(facts, keys);
    case 'hook lost':
      return { symbol: '!', style: 'warn', word: 'hook lost', rest: 'the shell no longer answers', hint: 'start devshell again to reload' };
    case 'notice':
      return notice(facts, keys);
    case 'watching':
      return { symbol: '●', style: 'dim', word: 'watching', rest: facts.inputs === 0 ? '' : counted(facts.inputs, 'input'), hint: '' };
  }
}

function building(facts: StatusFacts, root: string, nowMs: number): StatusWords {
  const { sinceMs, changed } = facts.activity.kind === 'building' ? facts.activity : { sinceMs: nowMs, changed: [] };
  const tookMs = Math.max(0, nowMs - sinceMs);
  const symbol = spinner[Math.floor(tookMs / spinnerMs) % spinner.length] ?? '';
  const word = facts.failure === undefined && facts.freshness === 'current' ? 'building' : 'stale, building';
  return { symbol, style: 'active', word, rest: join([tookMs < 1000 ? '' : duration(tookMs), files(changed, root)]), hint: '' };
}

function ready({ activity }: StatusFacts, keys: StatusKeys): StatusWords {
  if (activity.kind !== 'ready') return reloaded({ ...initialFacts, activity });
  const ways = activity.held ? [keys.apply, 'devshell reload'] : ['Enter', keys.apply];
  return { symbol: '✓', style: 'good', word: 'ready', rest: counts(activity.summary), hint: ways.filter(Boolean).join(' or ') };
}

function reloaded({ activity }: StatusFacts): StatusWords {
  const report = activity.kind === 'applied' ? activity.report : undefined;
  const tookMs = activity.kind === 'applied' ? activity.tookMs : 0;
  const initFailed = report !== undefined && report.initStatus !== 0 ? `, init failed with ${report.initStatus}` : '';
  const rest = report === undefined ? '' : `in ${duration(tookMs)}  ${appliedCounts(report)}${initFailed}`;
  return { symbol: '✓', style: initFailed === '' ? 'good' : 'warn', word: 'reloaded', rest, hint: '' };
}

function failed({ failure, paused }: StatusFacts, keys: StatusKeys): StatusWords {
  const also = paused === undefined ? '' : ', paused';
  const [first, ...others] = failure?.problems ?? [];
  const more = others.length === 0 ? '' : ` (+${others.length} more)`;
  const rest = first === undefined ? '' : `${oneLine(placed(first))}${more}`;
  if (failure?.kind === 'blocked') return { symbol: '■', style: 'warn', word: `blocked${also}`, rest, hint: 'devshell allow' };
  return { symbol: '✗', style: 'bad', word: `failed${also}`, rest, hint: keys.error === undefined ? 'devshell log' : `${keys.error} shows it` };
}

function pausedWords(facts: StatusFacts, keys: StatusKeys): StatusWords {
  const changed = facts.paused ?? [];
  const rest = changed.length === 0 ? '' : `, ${changed.length} changed`;
  return { symbol: '‖', style: 'warn', word: `paused${rest}`, rest: '', hint: keys.pause === undefined ? 'devshell resume' : `${keys.pause} resumes` };
}

function notice(facts: StatusFacts, keys: StatusKeys): StatusWords {
  const rest = facts.notice === undefined ? '' : oneLine(placed(facts.notice.problem));
  return { symbol: '!', style: 'warn', word: 'note', rest, hint: keys.error === undefined ? 'devshell log' : `${keys.error} shows it` };
}

/** `+2 ~1 -1`, without what did not happen. */
export function counts({ added, changed, removed }: Summary): string {
  const parts = [added > 0 ? `+${added}` : '', changed > 0 ? `~${changed}` : '', removed > 0 ? `-${removed}` : ''];
  return parts.filter(Boolean).join(' ') || 'no change';
}

/** The same of what the shell has merged, with what it left alone: `+2 ~1, kept PATH`. */
export function appliedCounts(report: ApplyReport): string {
  return `${counts(report)}${report.kept.length === 0 ? '' : `, kept ${report.kept.join(' ')}`}`;
}

/** `84ms`, `1.2s`, `2m 30s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)}s`;
  return `${Math.floor(ms / 60_000)}m ${Math.floor((ms % 60_000) / 1000)}s`;
}

/** The first changed path as it reads from the root, and how many more. */
function files(changed: readonly string[], root: string): string {
  const [first] = changed;
  if (first === undefined) return '';
  const shown = first.startsWith(`${root}/`) ? first.slice(root.length + 1) : first;
  return changed.length === 1 ? shown : `${shown} +${changed.length - 1}`;
}

/** `1 input`, `2 inputs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function join(parts: readonly string[]): string {
  return parts.filter(Boolean).join('  ');
}

function oneLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
