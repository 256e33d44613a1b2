// The reload as a pure machine: `step(state, event)` gives the next state and what is to be done.
// Never two builds at once, no change forgotten, nothing published from an older world, no outdated script left waiting.

import type { Build, BuildResult, Effect, Paths, Phase, ReloadEvent, ReloadState, Step, Trial } from './reload-state.ts';
import { cancelRounds, clockSlackMs, isOfLastBuild, isSuspect } from './reload-state.ts';

type Change = Extract<ReloadEvent, { kind: 'Changed' }>;

export function step(state: ReloadState, event: ReloadEvent): Step {
  switch (event.kind) {
    case 'Changed':
      return changed(state, event);
    case 'BuildEnded':
      return buildEnded(state, event);
    case 'PublishFailed':
      return publishFailed(state, event.generation);
    case 'Applied':
      return applied(state, event);
    case 'TrialDue':
      return tryAgain(state, event.nowMs);
    case 'StartedStale':
      return startedStale(state, event);
    case 'Pause':
      return pause(state);
    case 'Resume':
      return resume(state, event.nowMs);
    case 'Rebuild':
      return rebuild(state, event.nowMs);
  }
}

function changed(state: ReloadState, event: Change): Step {
  const paths = event.changes.map((change) => change.path);
  if (paths.length === 0) return stay(state);
  if (state.watching.kind === 'paused') return rememberPaused(state, state.watching.changed, paths);
  const { phase } = state;
  switch (phase.kind) {
    case 'idle':
    case 'ready':
      return changedBetweenBuilds(state, event, paths);
    case 'building':
      return changedWhileBuilding(state, phase, event, paths);
    case 'building-stale':
      return stay({ ...state, phase: { ...phase, next: union(phase.next, paths) } });
  }
}

/** Nothing can have come before it; a build that something else began would cover it. */
function startedStale(state: ReloadState, { paths, nowMs }: Extract<ReloadEvent, { kind: 'StartedStale' }>): Step {
  return state.phase.kind === 'idle' && state.watching.kind === 'watching' ? startBuild(state, paths, nowMs) : stay(state);
}

function changedBetweenBuilds(state: ReloadState, event: Change, paths: Paths): Step {
  const byLastBuild = event.changes.every(({ atMs }) => isOfLastBuild(state, atMs));
  if (byLastBuild && (state.trial.kind === 'waiting' || state.trial.kind === 'stopped')) return suspectMore(state, state.trial, paths);
  const rounds = byLastBuild ? state.rounds + 1 : 0;
  if (byLastBuild && isSuspect(state, rounds, paths)) return suspect(state, paths, []);
  return startBuild({ ...state, rounds, trial: byLastBuild ? widened(state.trial, paths) : { kind: 'none' } }, paths, event.nowMs);
}

/** Stops building, and for good after the trial: a user who saves again and again while a slow build runs must not be left behind. */
function suspect(state: ReloadState, paths: Paths, before: readonly Effect[]): Step {
  const calm: ReloadState = { ...state, rounds: 0, trial: { kind: 'none' } };
  if (state.trial.kind === 'running') return { state: { ...calm, trial: { kind: 'stopped', paths } }, effects: [...before, { kind: 'tell-self-changing', paths }] };
  if (state.watching.kind === 'watching') return { state: { ...calm, trial: { kind: 'waiting', paths } }, effects: [...before, { kind: 'wait-for-trial' }] };
  const remembered = rememberPaused(calm, state.watching.changed, paths);
  return { state: remembered.state, effects: [...before, ...remembered.effects] };
}

/** A build may change several inputs, and that may be heard of piece by piece. */
function suspectMore(state: ReloadState, { kind, paths }: Exclude<Trial, { kind: 'none' }>, more: Paths): Step {
  const all = union(paths, more);
  const effects: readonly Effect[] = kind === 'waiting' || all.length === paths.length ? [] : [{ kind: 'tell-self-changing', paths: all }];
  return { state: { ...state, trial: { kind, paths: all } }, effects };
}

/** A build that begins in quiet: if its inputs change while it runs, it is the build that changes them. */
function tryAgain(state: ReloadState, nowMs: number): Step {
  const { trial, phase } = state;
  if (trial.kind !== 'waiting' || phase.kind === 'building' || phase.kind === 'building-stale') return stay(state);
  return startBuild({ ...state, rounds: cancelRounds, trial: { ...trial, kind: 'running' } }, trial.paths, nowMs);
}

/** Tried on for other paths as well: each adds at least one, so that this ends. */
function widened(trial: Trial, paths: Paths): Trial {
  return trial.kind === 'running' ? { ...trial, paths: union(trial.paths, paths) } : trial;
}

function changedWhileBuilding(state: ReloadState, phase: Extract<Phase, { kind: 'building' }>, event: Change, paths: Paths): Step {
  const { build } = phase;
  // What the build before did counts too, though it is heard of late; but a trial is judged by its own time.
  const inItsTime = event.changes.some(({ atMs }) => atMs >= build.startedAtMs - clockSlackMs || (state.trial.kind !== 'running' && isOfLastBuild(state, atMs)));
  if (inItsTime && state.rounds >= cancelRounds) return stay({ ...state, phase: { ...phase, disturbed: union(phase.disturbed, paths) } });
  return {
    state: { ...state, rounds: inItsTime ? state.rounds + 1 : state.rounds, phase: { kind: 'building-stale', build, next: paths } },
    effects: [{ kind: 'cancel', generation: build.generation }],
  };
}

function buildEnded(state: ReloadState, event: Extract<ReloadEvent, { kind: 'BuildEnded' }>): Step {
  const { phase } = state;
  if (phase.kind !== 'building' && phase.kind !== 'building-stale') return stay(state);
  if (phase.build.generation !== event.generation) return stay(state);
  const ended: ReloadState = {
    ...state,
    phase: { kind: 'idle' },
    lastBuild: { startedAtMs: phase.build.startedAtMs, endedAtMs: event.nowMs },
  };
  if (phase.kind === 'building-stale') return again(ended, union(phase.build.changed, phase.next), event.nowMs);
  // Cancelled by nobody: whoever builds gave up; what asked for it still waits.
  if (event.result.kind === 'cancelled') return stay(ended);
  if (phase.disturbed.length > 0) {
    const rounds = state.rounds + 1;
    if (!isSuspect(ended, rounds, phase.disturbed)) return again({ ...ended, rounds, trial: widened(ended.trial, phase.disturbed) }, union(phase.build.changed, phase.disturbed), event.nowMs);
    const done = finish(ended, event.generation, event.result);
    return suspect(done.state, phase.disturbed, done.effects);
  }
  return finish(ended, event.generation, event.result);
}

/** A build for what is still outstanding, or, while paused, the memory of it. */
function again(state: ReloadState, paths: Paths, nowMs: number): Step {
  if (state.watching.kind === 'paused') return rememberPaused(state, state.watching.changed, paths);
  return startBuild(state, paths, nowMs);
}

function finish(state: ReloadState, generation: number, result: BuildResult): Step {
  switch (result.kind) {
    case 'failed':
    case 'blocked':
      return { state, effects: [{ kind: 'tell', what: result.kind, generation }] };
    case 'cancelled':
      return stay(state);
    case 'built':
      if (result.id === state.applied.id) return { state, effects: [{ kind: 'tell', what: 'unchanged', generation }] };
      return { state: { ...state, phase: { kind: 'ready', generation, id: result.id } }, effects: [{ kind: 'publish', generation }] };
  }
}

function publishFailed(state: ReloadState, generation: number): Step {
  if (state.phase.kind !== 'ready' || state.phase.generation !== generation) return stay(state);
  return { state: { ...state, phase: { kind: 'idle' } }, effects: [{ kind: 'tell', what: 'failed', generation }] };
}

/** The shell may apply a script in the moment in which it is withdrawn: what it runs in is what counts. */
function applied(state: ReloadState, event: Extract<ReloadEvent, { kind: 'Applied' }>): Step {
  if (event.generation <= state.applied.generation) return stay(state);
  const phase: Phase = state.phase.kind === 'ready' && state.phase.generation === event.generation ? { kind: 'idle' } : state.phase;
  return {
    state: { ...state, phase, applied: { generation: event.generation, id: event.id } },
    effects: (['withdraw', 'tell-applied'] as const).map((kind) => ({ kind, generation: event.generation })),
  };
}

function pause(state: ReloadState): Step {
  if (state.watching.kind === 'paused') return stay(state);
  const outstanding = state.trial.kind === 'waiting' ? state.trial.paths : [];
  return rememberPaused({ ...state, trial: { kind: 'none' } }, [], outstanding);
}

function resume(state: ReloadState, nowMs: number): Step {
  if (state.watching.kind === 'watching') return stay(state);
  const { changed: missed } = state.watching;
  const resumed: ReloadState = { ...state, watching: { kind: 'watching' }, rounds: 0 };
  const told: Effect = { kind: 'tell-paused', paused: false, changed: [] };
  if (missed.length === 0) return { state: resumed, effects: [told] };
  const next = step(resumed, { kind: 'Changed', changes: missed.map((path) => ({ path, atMs: nowMs })), nowMs });
  return { state: next.state, effects: [told, ...next.effects] };
}

/** What the user asks for is done even while paused, and covers what was missed until then. */
function rebuild(state: ReloadState, nowMs: number): Step {
  if (state.watching.kind === 'watching' || state.watching.changed.length === 0) return rebuildWith(state, [], nowMs);
  const cleared = rememberPaused(state, [], []);
  const next = rebuildWith(cleared.state, state.watching.changed, nowMs);
  return { state: next.state, effects: [...cleared.effects, ...next.effects] };
}

function rebuildWith(state: ReloadState, missed: Paths, nowMs: number): Step {
  const { phase } = state;
  switch (phase.kind) {
    case 'idle':
    case 'ready':
      return startBuild({ ...state, rounds: 0, trial: { kind: 'none' } }, missed, nowMs);
    case 'building':
      if (missed.length === 0) return stay(state);
      return {
        state: { ...state, phase: { kind: 'building-stale', build: phase.build, next: missed } },
        effects: [{ kind: 'cancel', generation: phase.build.generation }],
      };
    case 'building-stale':
      return stay({ ...state, phase: { ...phase, next: union(phase.next, missed) } });
  }
}

function startBuild(state: ReloadState, paths: Paths, nowMs: number): Step {
  const generation = state.lastGeneration + 1;
  const build: Build = { generation, changed: paths, startedAtMs: nowMs };
  const withdrawn: Effect[] = state.phase.kind === 'ready' ? [{ kind: 'withdraw', generation: state.phase.generation }] : [];
  return {
    state: { ...state, phase: { kind: 'building', build, disturbed: [] }, lastGeneration: generation },
    effects: [...withdrawn, { kind: 'build', build }],
  };
}

function rememberPaused(state: ReloadState, before: Paths, paths: Paths): Step {
  const all = union(before, paths);
  return {
    state: { ...state, watching: { kind: 'paused', changed: all } },
    effects: [{ kind: 'tell-paused', paused: true, changed: all }],
  };
}

function stay(state: ReloadState): Step {
  return { state, effects: [] };
}

function union(a: Paths, b: Paths): Paths {
  return [...new Set([...a, ...b])];
}
