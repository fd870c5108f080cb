/** A task whose training draws from a few base tasks only, to see what a small task space does. */
import { distinct } from '../base/distinct.ts';
import { createRng, type Rng } from '../base/rng.ts';
import type { Json, Split, Task } from './task.ts';
import { unevenAt, type UnevenShares } from './uneven.ts';

/** Draws per base task wanted, before a domain is taken to have no more. */
const DRAWS_PER_TASK = 50;

export interface TaskSubset {
  /** Most base tasks to train on. */
  readonly count: number;
  /** Chooses which. */
  readonly seed: number;
  /**
   * Of these base tasks, rounded to whole ones; read at every draw. A base task stays of its kind while
   * the shares stay.
   */
  readonly shares: () => UnevenShares;
}

/** The same task with few distinct base tasks to train on; held-out splits are untouched. */
export function withTaskSubset<I extends Json>(
  task: Task<I>,
  { count, seed, shares }: TaskSubset,
): Task<I> {
  let subset: readonly I[] | undefined;
  return {
    ...task,
    sample: (split: Split, rng: Rng) => {
      if (split !== 'train') return task.sample(split, rng);
      subset ??= distinctTasks(task, 'train', count, createRng(seed).fork('few tasks'));
      const at = rng.int(subset.length);
      return unevenAt(task, subset[at]!, {
        position: (at + 0.5) / subset.length,
        shares: shares(),
        rng: createRng(seed).fork(`uneven task ${at}`),
      });
    },
  };
}

/** So many of a split, or fewer where it seems to have no more. */
export function distinctTasks<I extends Json>(
  task: Task<I>,
  split: Split,
  count: number,
  rng: Rng,
): readonly I[] {
  return distinct(count, DRAWS_PER_TASK * count, () => task.sample(split, rng));
}
