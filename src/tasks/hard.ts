/**
 * Hard tasks: a few, paid only when they are wholly solved, among others that are paid for every part. A
 * domain says what makes an instance hard; this file says which are, and how often they are drawn.
 */
import { createRng } from '../base/rng.ts';
import { distinctTasks } from './subset.ts';
import { TEST_SPLIT, type HeldOutSplit, type Json, type Task } from './task.ts';

/** Of the hard tasks alone: they may be trained on too. */
export const HARD = {
  id: 'hard',
  label: 'hard tasks',
  summary: 'The few that are paid only when wholly solved; training may have them too.',
  trained: true,
} as const satisfies HeldOutSplit;

export interface HardTasks {
  /** How many there are. */
  readonly count: number;
  /** Chooses which. */
  readonly seed: number;
  /** In [0, 1], of training draws; read at every draw, so that it may change while training runs. */
  readonly share: () => number;
}

/**
 * The same task with a split of hard tasks, which are taken out of `test`. Where the share is 0 nothing
 * more is drawn from the stream than the task itself draws; a domain without hard tasks stays as it is.
 */
export function withHardTasks<I extends Json>(
  task: Task<I>,
  { count, seed, share }: HardTasks,
): Task<I> {
  if (!task.hard) return task;
  let set: HardSet<I> | undefined;
  const hardSet = (): HardSet<I> => (set ??= chooseHard(task, count, seed));
  return {
    ...task,
    heldOut: [...(task.heldOut ?? [TEST_SPLIT]), HARD],
    sample: (split, rng) => {
      if (split === HARD.id) return rng.pick(hardSet().hard);
      const now = split === 'train' ? share() : 0;
      if (now > 0 && rng.chance(now)) return rng.pick(hardSet().hard);
      for (;;) {
        const instance = task.sample(split, rng);
        if (split !== 'test' || !hardSet().taken.has(JSON.stringify(instance))) return instance;
      }
    },
  };
}

interface HardSet<I> {
  readonly hard: readonly I[];
  /** As JSON, what they were before they were made hard. */
  readonly taken: ReadonlySet<string>;
}

function chooseHard<I extends Json>(task: Task<I>, count: number, seed: number): HardSet<I> {
  const chosen = distinctTasks(task, 'test', count, createRng(seed).fork('hard tasks'));
  return {
    hard: chosen.map((instance) => task.hard?.(instance) ?? instance),
    taken: new Set(chosen.map((instance) => JSON.stringify(instance))),
  };
}
