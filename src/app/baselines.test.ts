import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import {
  baselineCurve,
  canPin,
  createBaselines,
  MOST_BASELINES,
  shortLabels,
  shownBaselines,
  uniformControls,
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
    expect([...(baselineCurve(all()[0]!, 'start_depth/mean')?.values ?? [])]).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(baselineCurve(all()[0]!, 'kl')).toBeNull();
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

  it('can be hidden; the uniform control is found among those shown', () => {
    const { actions, all, train, reset, config, store } = setUp();
    config.setState({ applied: { ...DEFAULT_CONFIG, ...STRATEGIES.uniform.values } });
    train(2);
    actions.pin();
    expect(uniformControls(store.getState())).toEqual([]);
    reset();
    expect(uniformControls(store.getState())).toEqual(all());
    expect(uniformControls(store.getState())).toBe(uniformControls(store.getState()));
    actions.show(all()[0]!.id, false);
    expect(uniformControls(store.getState())).toEqual([]);
    expect(shownBaselines(store.getState())).toEqual([]);
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
    expect(labelsAfter(STRATEGIES.uniform.values)).toEqual(['ExIt', 'Uniform']);
    expect(labelsAfter({ seed: 2 })).toEqual([
      'ExIt · seed 1',
      'Uniform · seed 1',
      'ExIt · seed 2',
    ]);
  });
});
