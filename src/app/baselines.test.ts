import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import {
  canPin,
  createBaselines,
  MOST_BASELINES,
  shortLabels,
  shownBaselines,
} from './baselines.ts';
import type { Baseline } from './baselines.ts';
import { createConfigStore } from './config.ts';
import { appendRows } from './history.ts';
import { createRunStore, EMPTY_RUN } from './run.ts';

function setUp() {
  const run = createRunStore();
  const config = createConfigStore(DEFAULT_CONFIG);
  config.setState({ applied: DEFAULT_CONFIG });
  const { store, actions } = createBaselines(run, config);
  return {
    run,
    config,
    store,
    actions,
    all: (): readonly Baseline[] => store.getState().baselines,
    train: (steps: number): void => {
      const { history } = run.getState();
      const rows = Array.from({ length: steps }, (_, i) => ({
        step: history.length + i + 1,
        'start_depth/mean': history.length + i,
      }));
      run.setState({ history: appendRows(history, rows) });
    },
    reset: (): void => {
      actions.freeze();
      run.setState(EMPTY_RUN, true);
    },
  };
}

describe('a pinned run', () => {
  it('grows until it is reset, and stays as it was then', () => {
    const { actions, all, train, reset, store } = setUp();
    train(3);
    actions.pin();
    expect(all()).toMatchObject([{ following: true, label: 'ExIt · Locks, small · seed 1' }]);
    expect(shownBaselines(store.getState())).toEqual([]);
    train(2);
    reset();
    train(1);
    expect(all()).toMatchObject([{ following: false, strategy: 'exit', history: { length: 5 } }]);
    expect(shownBaselines(store.getState())).toEqual(all());
    const { history } = all()[0]!;
    const depths = history.columns.get('start_depth/mean')!.subarray(0, history.length);
    expect([...depths]).toEqual([0, 1, 2, 3, 4]);
  });

  it('is done once training goes on with another strategy', () => {
    const { actions, all, train, config } = setUp();
    train(3);
    actions.pin();
    config.setState({ applied: { ...DEFAULT_CONFIG, temperature: 0.5 } });
    expect(all()).toMatchObject([{ following: true }]);
    config.setState({ applied: { ...DEFAULT_CONFIG, ...STRATEGIES.grpo.values } });
    train(4);
    expect(all()).toMatchObject([{ following: false, history: { length: 3 } }]);
  });

  it('is one of four at most, none of them empty, and the run is not pinned twice', () => {
    const { actions, all, train, reset, store } = setUp();
    actions.pin();
    expect(all()).toEqual([]);
    for (let i = 0; i < MOST_BASELINES + 2; i++) {
      train(1);
      actions.pin();
      actions.pin();
      reset();
    }
    expect(all().map(({ slot }) => slot)).toEqual([0, 1, 2, 3]);
    expect(canPin(store.getState())).toBe(false);
    actions.remove(all()[1]!.id);
    train(1);
    actions.pin();
    expect(all().map(({ slot }) => slot)).toEqual([0, 2, 3, 1]);
    expect(new Set(all().map(({ id }) => id)).size).toBe(4);
  });

  it('can be hidden', () => {
    const { actions, all, train, reset, store } = setUp();
    train(2);
    actions.pin();
    reset();
    expect(shownBaselines(store.getState())).toEqual(all());
    expect(shownBaselines(store.getState())).toBe(shownBaselines(store.getState()));
    actions.show(all()[0]!.id, false);
    expect(shownBaselines(store.getState())).toEqual([]);
  });

  it('is kept as it is before a fresh run, and of four the oldest makes room', () => {
    const { actions, all, train, reset } = setUp();
    actions.keep();
    expect(all()).toEqual([]);
    for (let run = 0; run < 5; run++) {
      train(2);
      actions.keep();
      reset();
    }
    expect(all()).toHaveLength(4);
    expect(all().every(({ following }) => !following)).toBe(true);
    expect(all().map(({ id }) => id)).toEqual([2, 3, 4, 5]);
  });

  it('is called by what tells it from the others', () => {
    const { actions, all, train, reset, config } = setUp();
    const labelsAfter = (values: object): string[] => {
      config.setState({ applied: { ...DEFAULT_CONFIG, ...values } });
      train(1);
      actions.pin();
      reset();
      return shortLabels(all());
    };
    expect(labelsAfter({})).toEqual(['ExIt']);
    expect(labelsAfter(STRATEGIES['exit-uniform'].values)).toEqual([
      'ExIt',
      'ExIt, uniform priority',
    ]);
    expect(labelsAfter({ seed: 2 })).toEqual([
      'ExIt · seed 1',
      'ExIt, uniform priority · seed 1',
      'ExIt · seed 2',
    ]);
  });
});
