import { describe, expect, it } from 'vitest';
import { readExperiment } from '../experiments/experiment.ts';
import { planExperiment } from '../experiments/plan.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { experimentOf, formOf, initialForm, runsOf } from './comparison-form.ts';

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

  it('judges before training and at each quarter, or at the end alone', () => {
    const end = planOf({ ...initialForm(PAGE), onTheWay: false }).experiment;
    expect(end).toMatchObject({ budgets: { at: [40_000] }, targets: [] });
    const form = { ...initialForm(PAGE), tokens: 10_001, target: 0.7 };
    const { budgets, targets } = planOf(form).experiment;
    expect(budgets).toEqual({ unit: 'sampledTokens', at: [0, 2500, 5001, 7501, 10_001] });
    expect(targets).toEqual([0.7]);
  });

  it('runs the values of a parameter that differ from the page in nothing else', () => {
    const form = { ...initialForm(PAGE), vary: 'temperature' as const, values: '0.7, 1 1.3,0.7' };
    const { jobs, arms, control, experiment } = planOf(form);
    expect(arms).toEqual(['Temperature 0.7', 'Temperature 1', 'Temperature 1.3']);
    expect([control, experiment.name]).toEqual(['Temperature 1', 'Temperature on Locks, small']);
    expect(jobs).toHaveLength(15);
    expect(runsOf(form)).toBe(15);
    expect(jobs[2]!.spec.config).toMatchObject({
      ...STRATEGIES.curriculum.values,
      ...SCENARIOS.uneven.values,
      ...{ temperature: 1.3, seed: 7, backend: 'wasm' },
    });
    expect(formOf(experiment)).toEqual({ ...form, values: '0.7, 1, 1.3' });
  });

  it('takes choices and switches as values, and the first for the control where the page has none', () => {
    const form = { ...initialForm(PAGE), vary: 'priority' as const, values: 'uniform, rank' };
    expect(planOf(form)).toMatchObject({ arms: ['Priority uniform', 'Priority rank'] });
    expect(planOf(form).control).toBe('Priority uniform');
    const masked = { ...form, vary: 'maskTruncated' as const, values: 'true, false' };
    expect(
      planOf(masked)
        .jobs.map(({ spec }) => spec.config.maskTruncated)
        .slice(0, 2),
    ).toEqual([true, false]);
    const tasks = { ...form, vary: 'task' as const, values: 'locks, countdown' };
    expect(
      planOf(tasks)
        .jobs.map(({ spec }) => spec.config.task)
        .slice(0, 2),
    ).toEqual(['locks', 'countdown']);
  });

  it.each([
    ['0.7, hot', 'temperature: got "hot", expected a number from 0.1 to 2'],
    ['0.7, 9', 'temperature: got "9", expected a number from 0.1 to 2'],
    ['', 'at least one arm'],
  ])('is refused with values like "%s"', (values, message) => {
    expect(() => planOf({ ...initialForm(PAGE), vary: 'temperature', values })).toThrow(message);
  });

  it('tells the form that it came from', () => {
    const form = {
      ...initialForm(PAGE),
      ...{ arms: ['exit' as const], seeds: 3, firstSeed: 40, onTheWay: false },
    };
    expect(formOf(planOf(form).experiment)).toEqual(form);
    const priced = { ...form, onTheWay: true, target: 0.65 };
    expect(formOf(planOf(priced).experiment)).toEqual(priced);
  });
});
