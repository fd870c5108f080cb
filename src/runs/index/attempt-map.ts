/**
 * Attempts as points: embeddings (those of the diversity bonus) of a sample over the archived steps, on
 * their first two principal components.
 */
import { embedTokens } from '../../exit/diversity.ts';
import { domainIdOf } from '../../tasks/mixture.ts';
import { MODES } from '../../tasks/task.ts';
import type { AttemptMap } from './queries.ts';
import { type ColumnarStep } from './columnar.ts';
import { wordsAt } from './columns.ts';
import { type Vocabulary } from './vocabulary.ts';
import { dot, principalAxes } from './principal-axes.ts';
import { sample } from './sample.ts';

export type AttemptMapper = (
  steps: readonly ColumnarStep[],
  most: number,
  words: Vocabulary,
) => AttemptMap;

/** Axes are carried from one map to the next, so that points do not jump; embeddings, as most return. */
export function createAttemptMapper(): AttemptMapper {
  let axes: readonly Float64Array[] = [];
  let known: ReadonlyMap<string, Float32Array> = new Map();
  return (steps, most, words) => {
    const places = sample(steps, most);
    const attempts = places.map(({ packed, index }) =>
      wordsAt(packed.completions.tokens, index, words),
    );
    const text = attempts.map((tokens) => tokens.join(' '));
    const vectors = attempts.map((tokens, i) => known.get(text[i]!) ?? embedTokens(tokens));
    known = new Map(vectors.map((vector, i) => [text[i]!, vector]));
    const found = principalAxes(vectors, axes);
    if (vectors.length > 0) axes = found.axes;
    const along = (axis: number): Float32Array => project(vectors, found.axes[axis]!, found.mean);
    return {
      x: along(0),
      y: along(1),
      explained: found.explained,
      step: Int32Array.from(places, ({ packed }) => packed.step),
      group: Uint16Array.from(places, ({ group }) => group),
      completion: Uint16Array.from(places, ({ offset }) => offset),
      index: Uint16Array.from(places, ({ index }) => index),
      quality: Float32Array.from(places, ({ packed, index }) => packed.completions.quality[index]!),
      mode: Uint8Array.from(places, ({ packed, group }) =>
        MODES.indexOf(packed.groups[group]!.start.mode),
      ),
      domain: places.map(({ packed, group }) => domainIdOf(packed.groups[group]!.start.instance)),
      text,
    };
  };
}

function project(
  vectors: readonly Float32Array[],
  axis: Float64Array,
  mean: Float64Array,
): Float32Array {
  const origin = dot(mean, axis);
  return Float32Array.from(vectors, (vector) => dot(vector, axis) - origin);
}
