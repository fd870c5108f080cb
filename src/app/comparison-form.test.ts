import { describe, expect, it } from 'vitest';
import { readExperiment } from '../experiments/experiment.ts';
import { planExperiment } from '../experiments/plan.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { experimentOf, formOf, initialForm } from './comparison-form.ts';

const PAGE: Config = {
  ...DEFAULT_CONFIG,
  ...STRATEGIES.curriculum.values,
  ...SCENARIOS.uneven.values,
  seed: 7,
  backend: 'auto',
  evalTasks: 12,
};

const planOf = (form = initialForm(PAGE), config = PAGE) =>
  planExperiment(readExperiment(JSON.parse(JSON.stringify(experimentOf(form, config)))));

describe('the experiment of a form', () => {
  it('runs strategies that differ from the page in nothing else', () => {
    const { jobs, arms, control } = planOf();
    expect(arms).toEqual(['GRPO', 'ExIt', 'ExIt, uniform priority']);
    expect(control).toBe('ExIt, uniform priority');
    expect(jobs).toHaveLength(15);
    const { backend, replicas, evalEvery, evalTasks, evalSamples, evalDepth, seed, ...rest } =
      jobs[1]!.spec.config;
    expect({ backend, replicas, seed }).toEqual({ backend: 'wasm', replicas: 1, seed: 7 });
    expect([evalEvery, evalTasks, evalSamples, evalDepth]).toEqual([0, 200, 1, 16]);
    expect({ ...PAGE, ...rest }).toEqual({ ...PAGE, ...STRATEGIES.exit.values });
  });

  it('does not depend on the strategy that the page trains with', () => {
    const other = { ...PAGE, ...STRATEGIES.grpo.values, seed: 99, evalDepth: 3 };
    expect(experimentOf(initialForm(PAGE), other)).toEqual(experimentOf(initialForm(PAGE), PAGE));
  });

  it('judges at the end, or at each quarter for the price of a quality', () => {
    expect(planOf().experiment).toMatchObject({ budgets: { at: [40_000] }, targets: [] });
    const form = { ...initialForm(PAGE), tokens: 10_001, onTheWay: true, target: 0.7 };
    const { budgets, targets } = planOf(form).experiment;
    expect(budgets).toEqual({ unit: 'sampledTokens', at: [2500, 5001, 7501, 10_001] });
    expect(targets).toEqual([0.7]);
  });

  it('tells the form that it came from', () => {
    const form = { ...initialForm(PAGE), arms: ['exit' as const], seeds: 3, firstSeed: 40 };
    expect(formOf(planOf(form).experiment)).toEqual(form);
    const priced = { ...form, onTheWay: true, target: 0.65 };
    expect(formOf(planOf(priced).experiment)).toEqual(priced);
  });
});
