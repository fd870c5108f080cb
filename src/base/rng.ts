/**
 * Seeded random streams. A stream forks by name, so that a consumer added later (an evaluation, say)
 * never shifts the numbers that an existing consumer draws. Generator: xoroshiro128+ of `pure-rand`.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream's whole state, plain JSON. */
export interface RngState {
  readonly seed: number;
  readonly generator: readonly number[];
}

export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound); `bound` is a positive integer. */
  int(bound: number): number;
  /** One element, uniformly. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** A uniform permutation of 0 … n-1 (Fisher–Yates). */
  permutation(n: number): number[];
  /** An index drawn with probability proportional to `weights`; falls back to uniform if all are 0. */
  weighted(weights: ArrayLike<number>): number;
  /** `n` uniforms in [0, 1) as float32. */
  uniforms(n: number): Float32Array;
  /** An independent stream that depends on this stream's seed and the name only, not on what was drawn. */
  fork(name: string): Rng;
  state(): RngState;
}

export function createRng(seed: number): Rng {
  return fromGenerator(seed | 0, xoroshiro128plus(seed | 0));
}

/** Continues a stream where `state()` was taken. */
export function restoreRng(state: RngState): Rng {
  return fromGenerator(state.seed, xoroshiro128plusFromState(state.generator));
}

function fromGenerator(seed: number, generator: ReturnType<typeof xoroshiro128plus>): Rng {
  const next = (): number => uniformFloat64(generator);
  const int = (bound: number): number => uniformInt(generator, 0, bound - 1);
  return {
    next,
    int,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('pick: the list is empty');
      return items[int(items.length)]!;
    },
    chance: (p) => next() < p,
    permutation: (n) => {
      const order = Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = int(i + 1);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      return order;
    },
    weighted: (weights) => weightedIndex(weights, next),
    uniforms: (n) => Float32Array.from({ length: n }, () => Math.min(next(), LARGEST_BELOW_ONE)),
    fork: (name) => createRng(hashString(name, seed)),
    state: () => ({ seed, generator: generator.getState() }),
  };
}

/** Rounding to float32 must not turn 0.99999999 into 1. */
const LARGEST_BELOW_ONE = 1 - 2 ** -24;

function weightedIndex(weights: ArrayLike<number>, next: () => number): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  if (!(total > 0)) return Math.floor(next() * weights.length);
  let left = next() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! <= 0) continue;
    last = i;
    left -= weights[i]!;
    if (left < 0) return i;
  }
  return last;
}

/** 32-bit FNV-1a with a final avalanche (MurmurHash3's), so that near names give far seeds. */
export function hashString(text: string, seed = 0): number {
  let h = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
