import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { DEFAULT_CONFIG, type Config } from '../../../schema/params.ts';
import { STRATEGIES } from '../../../schema/presets.ts';
import type { RunCurve } from '../../../schema/run-curve.ts';
import { curvesCsv, meanCurves, valueAt } from './curves.ts';
import { differencesOf, groupsOf, type EyedRun } from './eyed.ts';
import { sortedRuns, speaksOf } from './runColumns.tsx';

const RUN: RunSummary = {
  ...{ id: 'a', name: 'One', note: 'the long one', created: 0, saved: 0, parent: null, bytes: 10 },
  ...{ task: 'locks', strategy: 'exit', seed: 3, step: 140, backend: 'wasm' },
  ...{ quality: null, tokens: 9000, seconds: 12 },
};

const curveOf = (rewards: readonly (number | null)[]): RunCurve => ({
  step: rewards.map((_, i) => i + 1),
  tokensSampled: rewards.map((_, i) => 100 * (i + 1)),
  metrics: { reward: rewards },
});

function eyed(
  name: string,
  changes: Partial<Config> = {},
  rewards: readonly number[] = [0],
): EyedRun {
  const config = { ...DEFAULT_CONFIG, ...changes };
  const summary = { ...RUN, id: name, name, seed: config.seed };
  return { summary, course: { saved: 0, config, curve: curveOf(rewards) } };
}

describe('the mean of several curves', () => {
  it('has the interval of Student over the runs that have come so far', () => {
    const groups = [{ name: 'ExIt', curves: [curveOf([0, 0.2, 0.4]), curveOf([0.2, 0.4])] }];
    const { xs, series } = meanCurves(groups, 'reward', 'step');
    expect(xs).toEqual([1, 2, 3]);
    const [{ values, bands }] = series as [(typeof series)[0]];
    expect(values.map((value) => Number(value!.toFixed(9)))).toEqual([0.1, 0.3, 0.4]);
    // t = 12.706 at one degree of freedom, s = 0.1414, over √2.
    const half = 12.706 * 0.1;
    expect(bands[0]![0]).toBeCloseTo(0.1 - half, 6);
    expect(bands[0]![1]).toBeCloseTo(0.1 + half, 6);
    expect(bands[2]).toBeNull();
  });

  it('keeps shares between 0 and 1, and goes by tokens where asked to', () => {
    const solved = (values: readonly number[]): RunCurve => ({
      ...curveOf(values),
      metrics: { 'quality/solved': values },
    });
    const groups = [{ name: 'ExIt', curves: [solved([0.1, 0.9]), solved([0.9, 0.1])] }];
    const { xs, series } = meanCurves(groups, 'quality/solved', 'tokens');
    expect([xs[0], xs.at(-1)]).toEqual([100, 200]);
    expect([series[0]!.bands[0], series[0]!.bands.at(-1)]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it('lies between the lowest and the highest of them, at every x', () => {
    const runs = fc.array(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(runs, (rewards) => {
        const curves = rewards.map(curveOf);
        const { xs, series } = meanCurves([{ name: '', curves }], 'reward', 'tokens');
        xs.forEach((x, i) => {
          const own = rewards.flatMap(
            (ys) => valueAt({ xs: ys.map((_, at) => 100 * (at + 1)), ys }, x) ?? [],
          );
          const value = series[0]!.values[i];
          if (own.length === 0) return expect(value).toBeNull();
          expect(value).toBeGreaterThanOrEqual(Math.min(...own) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(...own) + 1e-9);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('has nothing of what was not measured, and says so in its file', () => {
    const groups = [
      { name: 'ExIt', curves: [curveOf([0.5, null])] },
      { name: 'GRPO', curves: [] },
    ];
    const data = meanCurves(groups, 'reward', 'step');
    expect(data.xs).toEqual([1]);
    expect(meanCurves(groups, 'kl', 'step').xs).toEqual([]);
    expect(curvesCsv('step', ['ExIt', 'GRPO'], data)).toBe(
      'step,ExIt,"ExIt, low","ExIt, high",GRPO,"GRPO, low","GRPO, high"\r\n1,0.5,,,,,\r\n',
    );
  });
});

describe('eyed runs', () => {
  const runs = [
    eyed('one', { seed: 1 }),
    eyed('two', { seed: 2, backend: 'wasm' }),
    eyed('three', { ...STRATEGIES.grpo.values, seed: 1 }),
  ];

  it('are a group where they differ in nothing but their seed and their place', () => {
    expect(groupsOf(runs, false).map(({ name }) => name)).toEqual(['one', 'two', 'three']);
    const groups = groupsOf(runs, true);
    expect(groups.map(({ curves }) => curves.length)).toEqual([2, 1]);
    // Told apart, though both say that they are ExIt.
    expect(groups.map(({ name }) => name)).toEqual(['ExIt', 'ExIt (2)']);
    const other = { ...runs[0]!, summary: { ...RUN, task: 'countdown' } };
    expect(groupsOf([...runs, other], true).map(({ name }) => name)).toContain(
      'ExIt, Locks, small',
    );
  });

  it('say in which parameters they differ, and who has which value', () => {
    const found = differencesOf(groupsOf(runs, false));
    expect(found.find(({ id }) => id === 'seed')!.values).toEqual([
      { value: '1', names: ['one', 'three'] },
      { value: '2', names: ['two'] },
    ]);
    expect(found.map(({ id }) => id)).toContain('bufferContent');
    expect(differencesOf(groupsOf(runs, true)).map(({ id }) => id)).toEqual(
      found.map(({ id }) => id).filter((id) => id !== 'seed' && id !== 'backend'),
    );
    expect(differencesOf(groupsOf([runs[0]!], false))).toEqual([]);
  });
});

describe('the table of runs', () => {
  const of = (id: string, changes: Partial<RunSummary>): RunSummary => ({ ...RUN, id, ...changes });
  const runs = [
    of('a', { quality: { mean: 0.5, ci95: 0.1, step: 3 }, saved: 1 }),
    of('b', { strategy: 'grpo', saved: 2 }),
    of('c', { quality: { mean: 0.9, ci95: 0.1, step: 3 }, strategy: 'grpo', saved: 3 }),
  ];
  const ids = (...args: Parameters<typeof sortedRuns>): string[] =>
    sortedRuns(...args).map(({ id }) => id);

  it('sorts by a column, with what was not measured last either way', () => {
    expect(ids(runs, { by: 'quality', descending: true }, false)).toEqual(['c', 'a', 'b']);
    expect(ids(runs, { by: 'quality', descending: false }, false)).toEqual(['a', 'c', 'b']);
    expect(ids(runs, { by: 'seed', descending: true }, false)).toEqual(['c', 'b', 'a']);
  });

  it('keeps those of a strategy together where asked to', () => {
    expect(ids(runs, { by: 'saved', descending: false }, true)).toEqual(['a', 'b', 'c']);
    expect(ids(runs, { by: 'quality', descending: true }, true)).toEqual(['a', 'c', 'b']);
  });

  it.each([
    ['long one', true],
    ['EXIT locks', true],
    ['seed 3', true],
    ['', true],
    ['exit countdown', false],
  ])('finds by words: %s', (text, found) => expect(speaksOf(RUN, text)).toBe(found));
});
