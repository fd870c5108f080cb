import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { formatBytes } from '../../format.ts';
import { describeProgress, describeRun, formatAgo } from './labels.ts';

const RUN: RunSummary = {
  ...{ id: 'a', name: 'One', note: '', created: 0, saved: 0, parent: null, bytes: 10 },
  ...{
    task: 'locks',
    strategy: 'exit',
    seed: 3,
    step: 140,
    tokens: 9000,
    seconds: 7,
    backend: 'wasm',
  },
  quality: { mean: 0.517, ci95: 0.04, step: 120 },
};

describe('what the list says of a run', () => {
  it.each([
    [0, '0 KB'],
    [1, '1 KB'],
    [1_234_000, '1.23 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('has %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [59_999, 'just now'],
    [60_000, '1 minute ago'],
    [2 * 3_600_000, '2 hours ago'],
    [86_400_000, 'yesterday'],
    [9 * 86_400_000, '9 days ago'],
  ])('has %d ms as %s', (ms, text) => expect(formatAgo(1000, 1000 + ms)).toBe(text));

  it('names strategy, domain and seed, and what it does not know as it stands', () => {
    expect(describeRun(RUN)).toMatch(/^ExIt · Locks.* · seed 3$/);
    expect(describeRun({ ...RUN, strategy: 'custom', task: 'gone' })).toBe(
      'a strategy of its own · gone · seed 3',
    );
  });

  it('tells the step of an evaluation where it is not the last', () => {
    expect(describeProgress(RUN)).toBe('step 140 · held-out 0.52 ± 0.04 at step 120');
    expect(describeProgress({ ...RUN, step: 120 })).toBe('step 120 · held-out 0.52 ± 0.04');
    expect(describeProgress({ ...RUN, quality: null })).toBe('step 140');
  });
});
