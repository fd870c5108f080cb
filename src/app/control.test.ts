import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import { OPENING_CONFIG, SCENARIOS } from '../schema/scenarios.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { comparedRuns, controlBaseline, controlOf, isUnchanged, onCompared } from './control.ts';
import { createLab, type Lab } from './lab.ts';

const CONTROL: ControlRun = {
  config: { ...OPENING_CONFIG, ...STRATEGIES['exit-uniform'].values },
  rows: [
    { step: 1, 'start_depth/mean': 0.5, reward: 0.2 },
    { step: 2, 'start_depth/mean': 0.75, reward: 0.3 },
  ],
  profiles: [],
  evaluations: [],
};

const uneven = (values: Partial<Config>): Config => ({ ...OPENING_CONFIG, ...values });

describe('the control', () => {
  it.each<[string, Partial<Config>]>([
    ['itself', {}],
    ['what it selects', SCENARIOS.grpo.values],
    ['how it weighs learnability', { priorityStrength: 9, uniformShare: 0, priorityScale: 'raw' }],
    ['seed, evaluation and engine', { seed: 9, evalEvery: 0, backend: 'cpu', replicas: 3 }],
  ])('belongs to a run that differs in %s only', (_, values) => {
    expect(controlOf(CONTROL, uneven(values))).toBe(CONTROL);
  });

  it.each<[string, Partial<Config>]>([
    ['the size of its groups', { groupSize: 4 }],
    ['its domain', { task: 'countdown' }],
    ['its task space: the null has no control in the recording', SCENARIOS.even.values],
    ['its learning rate', { learningRate: 0.001 }],
    ['the share that is drawn by staleness', { stalenessWeight: 0.5 }],
  ])('belongs to no run that differs in %s', (_, values) => {
    expect(controlOf(CONTROL, uneven(values))).toBeNull();
  });

  it('belongs to nothing where there is none', () => {
    expect(controlOf(null, OPENING_CONFIG)).toBeNull();
    expect(controlBaseline(null, OPENING_CONFIG)).toBeNull();
  });

  it('is compared with runs that are evaluated as it was, under the name of what it is', () => {
    const control = controlBaseline(CONTROL, uneven({ seed: 4, evalTasks: 200 }))!;
    expect(control.label).toBe(
      'recorded: ExIt, uniform priority · Locks, small · 75% unsolvable · seed 1',
    );
    expect([...control.history.columns.get('reward')!.slice(0, 2)]).toEqual([0.2, 0.3]);
    expect(controlBaseline(CONTROL, OPENING_CONFIG)).toBe(control);
    expect(controlBaseline(CONTROL, uneven({ evalTemperature: 0.5 }))).toBeNull();
    expect(controlBaseline(CONTROL, uneven({ evalDepth: 4 }))).toBeNull();
  });
});

it('is of a run that kept its parameters from its first step on', () => {
  const change = { param: 'priority', from: 'softmax', to: 'uniform' } as const;
  expect(isUnchanged([])).toBe(true);
  expect(isUnchanged([{ ...change, step: 1 }])).toBe(true);
  expect(isUnchanged([{ step: 30, param: 'evalTasks', from: 64, to: 200 }])).toBe(true);
  expect(isUnchanged([{ ...change, step: 30 }])).toBe(false);
});

const INFO: SessionInfo = {
  ...{ config: OPENING_CONFIG, parameters: 1, step: 2, origin: '', vocabulary: [], domains: [] },
  backend: { name: 'wasm', reason: '' },
};

function labOf(applied: Config): Lab {
  const lab = createLab({
    client: {
      call: () => new Promise(() => undefined),
      ask: () => new Promise(() => undefined),
      on: () => () => undefined,
      close: () => undefined,
    },
    assetBase: 'https://example.test/',
    query: 'v=1',
    writeQuery: () => undefined,
    randomSeed: () => 1,
  });
  lab.config.setState({ applied });
  lab.recording.store.setState({ phase: 'shown', info: INFO });
  lab.session.setState({ source: 'recording' });
  return lab;
}

describe('what a run is drawn beside', () => {
  it('has the control while the recording is shown, and then where the run is of its shape', () => {
    const lab = labOf(DEFAULT_CONFIG);
    let changes = 0;
    const stop = onCompared(lab, () => changes++);
    const ids = (): number[] => comparedRuns(lab).map(({ id }) => id);
    expect(ids()).toEqual([]);
    lab.recording.store.setState({ control: CONTROL });
    expect([ids(), changes]).toEqual([[0], 1]);
    lab.recording.store.setState({ playing: true });
    expect(changes).toBe(1);
    lab.session.setState({ source: 'live' });
    expect([ids(), changes]).toEqual([[], 2]);
    lab.config.setState({ applied: OPENING_CONFIG });
    expect([ids(), changes]).toEqual([[0], 3]);
    stop();
    lab.recording.store.setState({ control: null });
    expect(changes).toBe(3);
  });
});
