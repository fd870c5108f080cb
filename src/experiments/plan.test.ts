import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { createRng } from '../base/rng.ts';
import { taskById } from '../tasks/registry.ts';
import { canonicalJson, contentId } from './canonical.ts';
import { readExperiment } from './experiment.ts';
import { SMALL, smallPlan } from './experiment.testing.ts';
import { trainingOn } from './plan.ts';

describe('planExperiment', () => {
  it('crosses arms, points and seeds, seed by seed', () => {
    const { jobs, runs, arms, settings, control } = smallPlan();
    expect(arms).toEqual(['ExIt', 'GRPO']);
    expect(control).toBe('GRPO');
    expect(settings.map(({ label }) => label)).toEqual([
      'learningRate 0.001',
      'learningRate 0.003',
    ]);
    expect(jobs.map(({ label }) => label).slice(0, 5)).toEqual([
      'ExIt, learningRate 0.001, seed 1',
      'GRPO, learningRate 0.001, seed 1',
      'ExIt, learningRate 0.003, seed 1',
      'GRPO, learningRate 0.003, seed 1',
      'ExIt, learningRate 0.001, seed 2',
    ]);
    expect(runs).toHaveLength(8);
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(8);
  });

  it('lets the point win over the arm, the arm over its strategy, the strategy over the base', () => {
    const { jobs } = smallPlan({
      base: { ...SMALL.base, diversityStrength: 0.9, temperature: 0.7 },
      arms: [{ name: 'ExIt', strategy: 'exit', values: { learningRate: 0.05, maxUses: 7 } }],
      control: 'ExIt',
    });
    expect(jobs[0]!.spec.config).toMatchObject({
      diversityStrength: 0.33,
      temperature: 0.7,
      learningRate: 0.001,
      maxUses: 7,
      seed: 1,
      evalEvery: 0,
      evalTasks: 4,
      evalDepth: 2,
    });
    expect(Object.keys(jobs[0]!.spec.config).sort()).toEqual(Object.keys(DEFAULT_CONFIG).sort());
  });

  it('names a job by its content alone: neither by names nor by its place', () => {
    const ids = (changes: object): string[] => smallPlan(changes).jobs.map(({ id }) => id);
    const before = ids({});
    const renamed = [
      { name: 'Whole method', strategy: 'exit' },
      { name: 'Baseline', strategy: 'grpo' },
    ];
    expect(ids({ name: 'Other', arms: renamed, control: 'Baseline' })).toEqual(before);
    expect(ids({ arms: [...SMALL.arms].reverse() }).sort()).toEqual([...before].sort());
    expect(ids({ seeds: [1, 2, 9] })).toEqual(expect.arrayContaining(before));
    expect(ids({ targets: [0.5], metrics: ['reward'] })).toEqual(before);
    expect(ids({ evaluation: { ...SMALL.evaluation, tasks: 5 } })).not.toContain(before[0]);
    expect(ids({ budgets: { unit: 'steps', at: [1, 4] } })).not.toContain(before[0]);
  });

  it('does not change the names of jobs that have been run', () => {
    // A new parameter, default or RESULTS_VERSION changes this on purpose, and finished jobs are run again.
    const spec = { ...smallPlan().jobs[0]!.spec, config: { seed: 1, task: 'locks' } };
    expect(contentId(spec)).toBe('83db647e94a61695');
  });

  it('runs once what two arms share', () => {
    const { jobs, runs } = smallPlan({
      arms: [
        ...SMALL.arms,
        { name: 'ExIt,', strategy: 'exit', grid: { priorityStrength: [2, 4] } },
      ],
    });
    const [reference, , same, other] = runs;
    expect(same).toMatchObject({ arm: 'ExIt,, priorityStrength 2', job: reference!.job });
    expect(other!.job).not.toBe(reference!.job);
    expect(runs).toHaveLength(16);
    expect(jobs).toHaveLength(12);
  });
});

describe('trainingOn', () => {
  it('draws training from the split as often as asked, and leaves the splits alone', () => {
    const task = trainingOn(taskById('pipelines'), { split: 'gaps-hinge', share: 0.25 });
    const rng = createRng(1);
    const hard = JSON.stringify(task.sample('gaps-hinge', createRng(2)));
    const drawn = Array.from({ length: 400 }, () => JSON.stringify(task.sample('train', rng)));
    const share = drawn.filter((one) => one === hard).length / drawn.length;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.08);
    expect(JSON.stringify(task.sample('test', createRng(5)))).toBe(
      JSON.stringify(taskById('pipelines').sample('test', createRng(5))),
    );
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys, and keeps that of lists', () => {
    const text = canonicalJson({ b: [2, { d: 1, c: undefined }], a: null });
    expect(text).toBe('{"a":null,"b":[2,{"d":1}]}');
    expect(contentId({ a: 1, b: 2 })).toBe(contentId({ b: 2, a: 1 }));
    expect(contentId([1, 2])).not.toBe(contentId([2, 1]));
    expect(contentId({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('readExperiment', () => {
  const refused = (changes: object): string => {
    try {
      smallPlan(changes);
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };

  it.each([
    [
      { arms: [{ name: 'A', strategy: 'luck' }] },
      'arms.0.strategy: got "luck", expected one of grpo',
    ],
    [{ arms: [] }, 'arms: got [], expected at least one arm'],
    [{ arms: [{ strategy: 'exit' }] }, 'arms.0.name: got nothing, expected'],
    [{ arm: [] }, 'arm: got [], expected no such field, only name, about'],
    [
      { arms: [{ name: 'A', values: { groupSize: 1 } }] },
      'arms.0.values.groupSize: got 1, expected a whole number from 2 to 64',
    ],
    [{ arms: [{ name: 'A', values: { luck: 1 } }] }, 'arms.0.values.luck: got 1'],
    [{ arms: [{ name: 'A', values: { seed: 1 } }] }, 'arms.0.values.seed: got 1, expected no seed'],
    [{ grid: { learningRate: [0.1, 9] } }, 'grid.learningRate: got 9, expected a number from'],
    [{ base: { size: 'huge' } }, 'base.size: got "huge", expected one of nano'],
    [{ seeds: { from: 1 } }, 'seeds: got {"from":1}, expected a list of seeds'],
    [{ seeds: [1, 2, 1] }, 'seeds: got 1 twice, expected distinct seeds'],
    [{ budgets: { unit: 'hours', at: [1] } }, 'budgets.unit: got "hours", expected one of'],
    [
      { budgets: { unit: 'steps', at: [5, 5] } },
      'budgets.at: got [5,5], expected numbers that rise',
    ],
    [{ evaluation: { splits: ['moon'] } }, 'evaluation.splits.0: got "moon", expected one of test'],
    [{ evaluation: { tasks: 0 } }, 'evaluation.tasks: got 0, expected a whole number from 1'],
    [{ control: 'Nobody' }, 'control: got "Nobody", expected one of the arms ExIt; GRPO'],
    [{ arms: [SMALL.arms[0], SMALL.arms[0]] }, 'arms: got "ExIt" twice'],
    [{ metrics: ['luck'] }, 'metrics.0: got "luck", expected the name of a metric'],
    [{ grid: { hiddenSize: [12] } }, 'hiddenSize: got 12, expected a multiple of'],
    [
      { arms: [{ name: 'A', trainOn: { split: 'moon', share: 1 } }], control: 'A' },
      'trainOn.split: got "moon", expected one of test',
    ],
  ])('refuses %j', (changes, message) => {
    expect(refused(changes)).toContain(message);
  });

  it('names all that is wrong', () => {
    const message = refused({ arms: [{ name: 'A', strategy: 'luck', values: { groupSize: 1 } }] });
    expect(message.split('\n')).toHaveLength(2);
    expect(() => readExperiment(1)).toThrow('experiment: got 1, expected an object of name');
  });
});
