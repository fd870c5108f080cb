/**
 * Uneven task spaces: a share of the training tasks teaches nothing, because nothing solves them or anything
 * does. A domain says how such an instance comes about, this file how often. Held-out splits stay as they are.
 */
import type { Rng } from '../base/rng.ts';
import type { Json, Task } from './task.ts';

/** Each in [0, 1], and no more than 1 together; the rest is normal. */
export interface UnevenShares {
  readonly unsolvable: number;
  readonly trivial: number;
}

/**
 * The same task, uneven.
 * @param shares read at every draw, so that they may change while training runs. Where both are 0 nothing
 * more is drawn from the stream than the task itself draws.
 */
export function withUnevenTasks<I extends Json>(
  task: Task<I>,
  shares: () => UnevenShares,
): Task<I> {
  return {
    ...task,
    sample: (split, rng) => {
      const instance = task.sample(split, rng);
      const now = shares();
      if (split !== 'train' || now.unsolvable + now.trivial === 0) return instance;
      return unevenAt(task, instance, { position: rng.next(), shares: now, rng });
    },
  };
}

export interface UnevenPlace {
  /** In [0, 1): the unsolvable are first and the trivial last, so that changing one share moves none of the other. */
  readonly position: number;
  readonly shares: UnevenShares;
  readonly rng: Rng;
}

/** What a normal instance becomes at its position among all; itself where the domain has no such kind. */
export function unevenAt<I extends Json>(
  task: Task<I>,
  instance: I,
  { position, shares, rng }: UnevenPlace,
): I {
  if (position < shares.unsolvable) return task.unsolvable?.(instance, rng) ?? instance;
  if (position >= 1 - shares.trivial) return task.trivial?.(instance, rng) ?? instance;
  return instance;
}
