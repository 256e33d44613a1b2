// `devshell diff`: what devshell changed in this shell; with --pending what the next reload would, with --last what the last one did.

import type { Difference, Environment } from '../../model/environment.ts';
import { summarize } from '../../model/environment.ts';
import type { DetailedDifference } from '../../model/explanation-diff.ts';
import { aroundShell, detail, nowIn } from '../../model/explanation-diff.ts';
import { placed } from '../../model/problem.ts';
import { maskedText, maskedValue } from '../../model/secret.ts';
import { appliedCounts, counts } from '../../model/status.ts';
import { usageError } from '../arguments.ts';
import type { Command } from '../command.ts';
import { differenceJson } from '../explanation-json.ts';
import type { Line } from '../output.ts';
import { originText, writeJson, writeLines } from '../output.ts';
import type { SessionView } from '../shell-view.ts';
import { sessionView, unseenNote } from '../shell-view.ts';

interface Shown {
  readonly differences: readonly DetailedDifference[];
  /** In the words of the status line. */
  readonly summary: string;
  /** What else there is to know; for standard error. */
  readonly notes: readonly string[];
}

export const diffCommand: Command = async (parsed, context) => {
  if (parsed.flags.has('pending') && parsed.flags.has('last')) {
    throw usageError('--pending and --last exclude each other', parsed.spec);
  }
  const view = await sessionView(parsed, context);
  const which = parsed.flags.has('pending') ? pending(view) : parsed.flags.has('last') ? last(view) : whole(view);
  if (parsed.flags.has('json')) {
    const list = which.differences.map(differenceJson);
    const summary = { added: 0, changed: 0, removed: 0 };
    for (const { kind } of which.differences) summary[kind]++;
    writeJson({ ...summary, state: view.status.state, differences: list }, context);
  } else {
    const show = parsed.flags.has('show');
    if (which.differences.length > 0) writeLines([[{ text: which.summary, style: 'strong' }], ...which.differences.flatMap((one) => lines(one, show))], context, 'cut');
    const unseen = view.live === undefined && which.differences.length > 0 ? [unseenNote] : [];
    for (const note of [...which.notes, ...unseen]) context.warn(`devshell: ${note}\n`);
  }
  return parsed.flags.has('exit-code') && which.differences.length > 0 ? 1 : 0;
};

function whole(view: SessionView): Shown {
  const { before, after } = aroundShell(view);
  const differences = detail(before, after, view.snapshot.provenance, nowIn(view));
  return { differences, summary: summaryOf(before, after), notes: differences.length === 0 ? ['devshell changes nothing in this shell'] : [] };
}

function last(view: SessionView): Shown {
  const { previous, snapshot, report } = view;
  if (previous === undefined) return { differences: [], summary: '', notes: ['nothing has been reloaded in this session yet'] };
  const differences = detail(previous.environment, snapshot.environment, snapshot.provenance, nowIn(view));
  // The shell itself has counted, and leaves out what it left alone.
  const summary = report === undefined ? summaryOf(previous.environment, snapshot.environment) : appliedCounts(report);
  return { differences, summary, notes: [] };
}

function pending(view: SessionView): Shown {
  const { ready, snapshot, status } = view;
  if (ready === undefined) return { differences: [], summary: '', notes: pendingNotes(view) };
  const now = nowIn(view);
  // Whatever devshell does not set yet is not the user's against it.
  const nowOf = (difference: Difference): ReturnType<typeof now> => (difference.kind === 'added' ? { kind: 'unseen' } : now(difference));
  const differences = detail(snapshot.environment, ready.environment, ready.provenance, nowOf);
  return { differences, summary: summaryOf(snapshot.environment, ready.environment), notes: [status.line] };
}

function pendingNotes({ status }: SessionView): string[] {
  switch (status.state) {
    case 'building':
      return [`${status.line}: nothing is ready yet`];
    case 'failed':
    case 'blocked':
      return [`nothing is ready: the last build ${status.state === 'failed' ? 'failed' : 'is blocked'}`, ...status.problems.map(placed)];
    case 'paused':
    case 'gone':
    case 'hook lost':
    case 'notice':
    case 'ready':
    case 'reloaded':
    case 'unchanged':
    case 'watching': {
      const paused = status.pausedChanges?.length ?? 0;
      if (paused > 0) return [`nothing is ready: watching is paused, and ${paused} ${paused === 1 ? 'input has' : 'inputs have'} changed; devshell resume builds them`];
      return ['nothing is pending: the shell runs in the newest environment'];
    }
  }
}

function summaryOf(before: Environment, after: Environment): string {
  return counts(summarize(before, after));
}

const signs = { added: '+', changed: '~', removed: '-' } as const;
const styles = { added: 'good', changed: 'warn', removed: 'bad' } as const;

function titleOf({ what, name }: DetailedDifference): string {
  switch (what) {
    case 'variable':
      return name;
    case 'function':
      return `${name} ()`;
    case 'alias':
      return `alias ${name}`;
    case 'completion':
      return `completion of ${name}`;
    case 'init':
      return 'init code';
  }
}

function lines(one: DetailedDifference, show: boolean): Line[] {
  const { kind, what, shape, before, after } = one;
  const place = one.origin === undefined || kind === 'removed' ? '' : originText(one.origin);
  const title = titleOf(one);
  const head = (rest: string): Line => [
    { text: `${signs[kind]} ${title}`, style: styles[kind] },
    { text: rest, style: 'plain' },
    { text: place === '' ? '' : `  ${place}`, style: 'dim' },
  ];
  const body = (): Line[] => {
    if (shape === 'list') return [head(''), ...one.taken.map((text) => part('-', text, show)), ...one.put.map((text) => part('+', text, show))];
    if (what === 'function' || what === 'init') return [head('')];
    if (kind !== 'changed') return [head(`=${valueText(one, kind === 'added' ? after : before, show)}`)];
    return [head(''), part('-', valueText(one, before, show), true), part('+', valueText(one, after, show), true)];
  };
  return [...body(), ...nowLines(one, show)];
}

/** What of it the shell does not have, since it was changed there. */
function nowLines(one: DetailedDifference, show: boolean): Line[] {
  if (one.now.kind !== 'changed') return [];
  const { value } = one.now;
  const there = value === undefined ? '' : value === null ? ': not set' : one.shape === 'list' ? '' : `: ${valueText(one, value, show)}`;
  const missing = one.shape === 'list' && typeof value === 'string' ? `: without ${one.put.filter((text) => !value.split(':').includes(text)).join(' ')}` : '';
  return [[{ text: `    changed in this shell, and left so${there}${missing}`, style: 'warn' }]];
}

function part(sign: '+' | '-', text: string, show: boolean): Line {
  const shown = text === '' ? '(empty)' : show ? text : maskedText(text);
  return [{ text: `    ${sign} ${shown}`, style: sign === '+' ? 'good' : 'bad' }];
}

function valueText({ what, name }: DetailedDifference, value: string | null, show: boolean): string {
  if (value === null) return '(not set)';
  const shown = show ? value : what === 'variable' ? maskedValue(name, value) : maskedText(value);
  return what === 'alias' ? `'${shown}'` : shown;
}
