/**
 * Attempts as points: embeddings (those of the diversity bonus) of a sample over the archived steps, on
 * their first two principal components.
 */
import { embedTokens } from '../../exit/diversity.ts';
import { MODES } from '../../tasks/task.ts';
import type { AttemptMap } from '../protocol.ts';
import { wordsAt, type PackedStep, type Words } from './pack.ts';

export type AttemptMapper = (
  steps: readonly PackedStep[],
  most: number,
  words: Words,
) => AttemptMap;

/** Power iterations per map: it starts from the axes of the map before, which are nearly right. */
const ITERATIONS = 24;
const AXES = 2;

/** Axes are carried from one map to the next, so that points do not jump. */
export function createAttemptMapper(): AttemptMapper {
  let axes: Float64Array[] = [];
  return (steps, most, words) => {
    const places = sample(steps, most);
    const vectors = places.map(({ packed, index }) =>
      Float64Array.from(embedTokens(wordsAt(packed.tokens, index, words))),
    );
    center(vectors);
    axes = principalAxes(vectors, axes);
    const along = (axis: number): Float32Array =>
      Float32Array.from(vectors, (vector) => (axes[axis] ? dot(vector, axes[axis]) : 0));
    return {
      x: along(0),
      y: along(1),
      explained: explainedShares(vectors, axes),
      step: Int32Array.from(places, ({ packed }) => packed.step),
      group: Uint16Array.from(places, ({ group }) => group),
      completion: Uint16Array.from(places, ({ offset }) => offset),
      quality: Float32Array.from(places, ({ packed, index }) => packed.quality[index]!),
      mode: Uint8Array.from(places, ({ packed, group }) =>
        MODES.indexOf(packed.groups[group]!.start.mode),
      ),
    };
  };
}

interface Place {
  readonly packed: PackedStep;
  readonly group: number;
  /** Within the step. */
  readonly index: number;
  /** Within the group. */
  readonly offset: number;
}

/** Half of the points are of the newest steps, the others evenly from all steps before. */
function sample(steps: readonly PackedStep[], most: number): Place[] {
  const total = steps.reduce((sum, { quality }) => sum + quality.length, 0);
  return placesOf(steps, total <= most ? range(total) : spread(total, most));
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Ascending. */
function spread(total: number, most: number): number[] {
  const recent = Math.ceil(most / 2);
  const before = total - recent;
  const early = most - recent;
  return [
    ...range(early).map((i) => Math.floor((i * before) / early)),
    ...range(recent).map((i) => before + i),
  ];
}

/** @param numbers ascending, counted through all steps. */
function placesOf(steps: readonly PackedStep[], numbers: readonly number[]): Place[] {
  const places: Place[] = [];
  let [at, begin] = [0, 0];
  for (const number of numbers) {
    while (number >= begin + steps[at]!.quality.length) begin += steps[at++]!.quality.length;
    const packed = steps[at]!;
    const index = number - begin;
    const group = packed.groups.findLastIndex(({ first }) => first <= index);
    places.push({ packed, group, index, offset: index - packed.groups[group]!.first });
  }
  return places;
}

function center(vectors: readonly Float64Array[]): void {
  const [first] = vectors;
  if (!first) return;
  const mean = new Float64Array(first.length);
  for (const vector of vectors) add(mean, vector, 1 / vectors.length);
  for (const vector of vectors) add(vector, mean, -1);
}

/** By power iteration, each axis orthogonal to those before it. */
function principalAxes(
  vectors: readonly Float64Array[],
  before: readonly Float64Array[],
): Float64Array[] {
  const [first] = vectors;
  if (!first) return [...before];
  const axes: Float64Array[] = [];
  for (let a = 0; a < AXES; a++) {
    let axis = before[a] ?? unit(first.map((_, i) => Math.sin((i + 1) * (a + 1))));
    for (let i = 0; i < ITERATIONS; i++) {
      const next = new Float64Array(axis.length);
      for (const vector of vectors) add(next, vector, dot(vector, axis));
      for (const other of axes) add(next, other, -dot(next, other));
      axis = unit(next);
    }
    axes.push(axis);
  }
  return axes;
}

/** Of the variance, per axis. */
function explainedShares(
  vectors: readonly Float64Array[],
  axes: readonly Float64Array[],
): readonly number[] {
  const total = vectors.reduce((sum, vector) => sum + dot(vector, vector), 0);
  return axes.map((axis) => {
    const along = vectors.reduce((sum, vector) => sum + dot(vector, axis) ** 2, 0);
    return total > 0 ? along / total : 0;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * other[i]!;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}
