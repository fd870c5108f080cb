/**
 * Where starts lay, step by step and depth by depth: matrices that grow with the run. A view is immutable;
 * appending returns a longer view on the same arrays.
 */
import { sortedIndexOf } from '../base/binarySearch.ts';
import { growArray, growableArray, paddedRows } from '../base/growableArray.ts';
import type { NumericArrayConstructor, NumericArray } from '../base/growableArray.ts';
import type { DepthProfile } from '../runs/index/queries.ts';

export interface ProfileHistory {
  /** Steps in this view; the arrays may be longer. */
  readonly length: number;
  /** Row length of the matrices; depths beyond it never occurred. */
  readonly stride: number;
  /** Greatest depth that occurred. */
  readonly deepest: number;
  /** [length] */
  readonly steps: Float64Array<ArrayBuffer>;
  /** [length, stride] groups that started at a depth. */
  readonly count: Uint16Array<ArrayBuffer>;
  /** [length, stride] their mean learnability; 0 where there is none. */
  readonly learnability: Float32Array<ArrayBuffer>;
  /** [length, stride] their mean share of distinct attempts; 0 where there is none. */
  readonly distinct: Float32Array<ArrayBuffer>;
  /** [length, stride] mean quality of their attempts; 0 where there is none. */
  readonly quality: Float32Array<ArrayBuffer>;
  /** [length, stride] mean age in steps of what they continue; 0 where there is none. */
  readonly recency: Float32Array<ArrayBuffer>;
  /** [length] mean depth of the buffer: where a uniform draw would start. */
  readonly uniformDepth: Float32Array<ArrayBuffer>;
}

const MEANS = ['learnability', 'distinct', 'quality', 'recency'] as const;
type Mean = (typeof MEANS)[number];

const FIRST_STRIDE = 8;

export const NO_PROFILES: ProfileHistory = {
  length: 0,
  stride: FIRST_STRIDE,
  deepest: 0,
  steps: new Float64Array(0),
  count: new Uint16Array(0),
  learnability: new Float32Array(0),
  distinct: new Float32Array(0),
  quality: new Float32Array(0),
  recency: new Float32Array(0),
  uniformDepth: new Float32Array(0),
};

/** Only the newest view may be appended to: an older one shares its spare room with it. */
export function appendProfiles(
  history: ProfileHistory,
  profiles: readonly DepthProfile[],
): ProfileHistory {
  if (profiles.length === 0) return history;
  const length = history.length + profiles.length;
  const deepest = Math.max(history.deepest, ...profiles.map(({ count }) => count.length - 1));
  const next = { ...withCapacity(history, length, deepest), length, deepest };
  profiles.forEach((profile, i) => write(next, history.length + i, profile));
  return next;
}

function write(history: ProfileHistory, row: number, profile: DepthProfile): void {
  history.steps[row] = profile.step;
  history.uniformDepth[row] = profile.uniformDepth;
  history.count.set(profile.count, row * history.stride);
  for (const name of MEANS) history[name].set(profile[name], row * history.stride);
}

/** The same numbers in arrays that are large enough; the arrays themselves where they can grow. */
function withCapacity(history: ProfileHistory, length: number, deepest: number): ProfileHistory {
  const stride = FIRST_STRIDE * Math.ceil(Math.max(history.stride, deepest + 1) / FIRST_STRIDE);
  const capacity = paddedRows(length);
  const cells = capacity * stride;
  const matrices = stride === history.stride ? history : widened(history, stride);
  const mean = (name: Mean) => growArray(Float32Array, matrices[name], cells);
  return {
    ...{ ...history, stride },
    steps: growArray(Float64Array, history.steps, capacity),
    uniformDepth: growArray(Float32Array, history.uniformDepth, capacity),
    count: growArray(Uint16Array, matrices.count, cells),
    ...{ learnability: mean('learnability'), distinct: mean('distinct') },
    ...{ quality: mean('quality'), recency: mean('recency') },
  };
}

type Matrices = Pick<ProfileHistory, 'count' | Mean>;

/** In new places: earlier views go on with their shorter rows. */
function widened(history: ProfileHistory, stride: number): Matrices {
  const { length, count } = history;
  const relaid = <T extends NumericArray>(kind: NumericArrayConstructor<T>, from: T): T => {
    const to = growableArray(kind, length * stride);
    for (let row = 0; row < length; row++) {
      to.set(from.subarray(row * history.stride, (row + 1) * history.stride), row * stride);
    }
    return to;
  };
  const mean = (name: Mean): Matrices[Mean] => relaid(Float32Array, history[name]);
  return {
    count: relaid(Uint16Array, count),
    ...{ learnability: mean('learnability'), distinct: mean('distinct') },
    ...{ quality: mean('quality'), recency: mean('recency') },
  };
}

/** Index of the row of a step; -1 where it is not there. Steps rise. */
export function rowOfStep({ steps, length }: ProfileHistory, step: number): number {
  return sortedIndexOf(step, steps, length);
}

/** How many groups the step of a row had. */
export function groupsOfRow({ count, stride }: ProfileHistory, row: number): number {
  return count.subarray(row * stride, (row + 1) * stride).reduce((sum, of) => sum + of, 0);
}
