// Which changes are told to the machine: each once, and none that a build has read already.

import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/input.ts';
import { News } from '../../src/reload/news.ts';

const input = { kind: 'file', path: '/project/stamp' } as const;
const change = (fingerprint: string): Change => ({ input, fingerprint, atMs: 0 });

describe('news', () => {
  it('are not what the running build has read in this very form', () => {
    const news = new News();
    const observed = news.begin();
    observed({ input, fingerprint: 'a' });
    expect(news.of([change('a')])).toEqual([]);
    expect(news.of([change('b')])).toEqual([change('b')]);
  });

  it('are what differs from the running build`s reading, whatever the build before had read', () => {
    const news = new News();
    news.begin()({ input, fingerprint: 'a' });
    news.end();
    news.begin()({ input, fingerprint: 'b' });
    expect(news.of([change('a')])).toEqual([change('a')]);
  });

  it('are told once, though the inputs are watched anew from what was read before', () => {
    const news = new News();
    const observed = news.begin();
    observed({ input, fingerprint: 'a' });
    news.end();
    // Heard of between the end of the build and the moment in which what it has read is watched.
    expect(news.of([change('b')])).toEqual([change('b')]);
    expect(news.of([change('b')])).toEqual([]);
    news.begin();
    expect(news.of([change('b')])).toEqual([]);
  });

  it('are told again once a build has read something else in between', () => {
    const news = new News();
    news.of([change('b')]);
    const observed = news.begin();
    // Changed and changed back before anybody looked: the build has read what was there for a moment.
    observed({ input, fingerprint: 'c' });
    expect(news.of([change('b')])).toEqual([change('b')]);
  });
});
