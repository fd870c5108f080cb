import { describe, expect, test } from 'vitest';
import { createRng, type Rng } from '../base/rng.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { withHardTasks } from './hard.ts';
import { taskById, taskFor } from './registry.ts';
import type { Json, Task } from './task.ts';

function taskWith(change: Partial<Config>): Task {
  const config: Config = { ...DEFAULT_CONFIG, task: 'locks-eight', ...change };
  return taskFor(config, () => config);
}

function drawn(task: Task, split: string, count: number, rng: Rng = createRng(5)): Json[] {
  return Array.from({ length: count }, () => task.sample(split, rng));
}

function keys(instances: readonly Json[]): Set<string> {
  return new Set(instances.map((instance) => JSON.stringify(instance)));
}

describe('hard tasks', () => {
  test('are so many, hard all of them, and others with another seed', () => {
    const task = taskWith({ hardTasks: 16 });
    const hard = drawn(task, 'hard', 400);
    expect(hard.every((instance) => task.isHard!(instance))).toBe(true);
    expect(keys(hard).size).toBe(16);
    expect(keys(drawn(taskWith({ hardTasks: 16 }), 'hard', 400))).toEqual(keys(hard));
    const other = keys(drawn(taskWith({ seed: 2 }), 'hard', 400));
    expect([...other].filter((one) => keys(hard).has(one))).toEqual([]);
  });

  test('are drawn in training as often as asked for, and are those of the split', () => {
    const task = taskWith({ hardShare: 0.05 });
    const hard = drawn(task, 'train', 4000).filter((instance) => task.isHard!(instance));
    // Four standard deviations.
    expect(Math.abs(hard.length / 4000 - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / 4000));
    const split = keys(drawn(task, 'hard', 400));
    expect([...keys(hard)].filter((one) => !split.has(one))).toEqual([]);
    expect(keys(drawn(taskWith({ hardShare: 1 }), 'train', 400))).toEqual(split);
  });

  test('change nothing where their share is 0', () => {
    const [with0, plain] = [createRng(7), createRng(7)];
    const task = taskWith({});
    expect(drawn(task, 'train', 50, with0)).toEqual(
      drawn(taskById('locks-eight'), 'train', 50, plain),
    );
    expect(drawn(task, 'test', 50, with0)).toEqual(
      drawn(taskById('locks-eight'), 'test', 50, plain),
    );
    expect(with0.next()).toBe(plain.next());
  });

  test('are none of the test split, though they were drawn from it', () => {
    const few: Task = {
      ...taskById('locks-eight'),
      sample: (_, rng) => rng.int(20),
      hard: (n) => -Number(n),
    };
    const task = withHardTasks(few, { count: 5, seed: 1, share: () => 0 });
    const hard = keys(drawn(task, 'hard', 200).map((n) => -Number(n)));
    const test = keys(drawn(task, 'test', 400));
    expect([hard.size, test.size]).toEqual([5, 15]);
    expect([...test].filter((one) => hard.has(one))).toEqual([]);
  });

  test('are offered as a split beside the others, where the domain has any', () => {
    expect(taskWith({}).heldOut!.map(({ id }) => id)).toEqual(['test', 'hard']);
    const none = taskWith({ task: 'locks', hardShare: 1 });
    expect(none.heldOut).toBeUndefined();
    expect(drawn(none, 'train', 20)).toEqual(drawn(taskById('locks'), 'train', 20));
  });
});
