/** A task whose training draws from a few base tasks only, to see what a small task space does. */
import { createRng, type Rng } from '../base/rng.ts';
import type { Json, Split, Task } from './task.ts';

/** Draws per base task wanted, before a domain is taken to have no more. */
const DRAWS_PER_TASK = 50;

/**
 * The same task with at most `count` distinct base tasks to train on; held-out splits are untouched.
 * @param seed chooses which.
 */
export function withTaskSubset<I extends Json>(
  task: Task<I>,
  count: number,
  seed: number,
): Task<I> {
  let subset: readonly I[] | undefined;
  return {
    ...task,
    sample: (split: Split, rng: Rng) => {
      if (split !== 'train') return task.sample(split, rng);
      subset ??= distinctTasks(task, count, createRng(seed).fork('few tasks'));
      return rng.pick(subset);
    },
  };
}

function distinctTasks<I extends Json>(task: Task<I>, count: number, rng: Rng): readonly I[] {
  const found = new Map<string, I>();
  for (let draw = 0; found.size < count && draw < DRAWS_PER_TASK * count; draw++) {
    const instance = task.sample('train', rng);
    found.set(JSON.stringify(instance), instance);
  }
  return [...found.values()];
}
