// Several shells that want the same: one evaluates, the others wait for it, and none of them for ever.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../support/processes.ts';
import { base, build, builder, configure, gated, go, runs, valueOf, write } from './counted-project.ts';

describe('several shells that want the same', () => {
  it('evaluate once', async () => {
    configure(gated);
    const all = Array.from({ length: 10 }, () => build());
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    go();
    expect((await Promise.all(all)).map(valueOf)).toEqual(all.map(() => '1'));
    expect(runs()).toBe(1);
  });

  it('fail once, and the next who comes tries again', async () => {
    configure(`${gated}; exit 3`);
    const stages: string[] = [];
    const all = Array.from({ length: 5 }, () => build(builder(), { stage: (what) => void stages.push(what) }));
    await waitUntil(() => stages.filter((what) => what.startsWith('waiting')).length === 4, { what: 'four to wait' });
    go();
    const outcomes = await Promise.all(all);
    expect(outcomes.map(({ kind }) => kind)).toEqual(all.map(() => 'failed'));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(runs()).toBe(1);
    await build();
    expect(runs()).toBe(2);
  });

  it('do not take a failure for theirs when something has changed since it was read', async () => {
    configure(`${gated}; [ -e more ]`, 'inputs = ["values", "more"]');
    const stages: string[] = [];
    const first = build();
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    const second = build(builder(), { stage: (what) => void stages.push(what) });
    await waitUntil(() => stages.includes('waiting for another devshell'), { what: 'the second to wait' });
    // After the first has looked at it; that one goes on to fail for another reason, as it was before.
    write('more', '');
    write('values', 'this is no dotenv line\n');
    go();
    expect((await first).kind).toBe('failed');
    expect((await second).kind).toBe('failed');
    expect(runs()).toBe(2);
  });

  it('go on when the one who evaluates is cancelled, and can be cancelled while they wait', async () => {
    configure(gated);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = build(builder(), {}, one.signal);
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    const second = build(builder(), {}, two.signal);
    const third = build();
    two.abort();
    expect(await second).toEqual({ kind: 'cancelled' });
    one.abort();
    expect(await first).toEqual({ kind: 'cancelled' });
    go();
    expect(valueOf(await third)).toBe('1');
    expect(runs()).toBe(2);
  });

  it('do not wait in line for what cannot be shared', async () => {
    configure(gated, 'timeout = 30');
    const all = Array.from({ length: 4 }, () => build());
    await waitUntil(() => runs() === 1, { what: 'an evaluation' });
    go();
    await Promise.race(all);
    rmSync(join(base, 'go'));
    await waitUntil(() => runs() === 4, { what: 'the others to evaluate side by side' });
    go();
    expect((await Promise.all(all)).map(valueOf)).toEqual(all.map(() => '1'));
  });

  it('do not wait for one whose outer environment is another', async () => {
    configure(gated);
    const all = ['me', 'you'].map((who) => build(builder({ variables: { WHO: who } })));
    await waitUntil(() => runs() === 2, { what: 'both to evaluate' });
    go();
    await Promise.all(all);
    expect(readdirSync(join(base, 'state/cache/turns'))).toHaveLength(2);
  });
});
