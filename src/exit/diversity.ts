/**
 * How far the completions of a group lie from each other, and the bonus for it (arXiv 2509.04575).
 * An embedding is any fixed-length vector; hashed token n-grams where a domain brings none.
 */
import { hashString } from '../base/rng.ts';
import { mean } from '../base/statistics.ts';
import type { Config } from '../schema/params.ts';
import type { Token } from '../tasks/task.ts';

export type Embedding = ArrayLike<number>;

const DIMENSION = 128;
const ORIGIN = new Float32Array(DIMENSION);

/**
 * Uni- and bigrams with their positions, hashed with a sign into 128 dimensions, of length 1. The
 * empty completion has one bigram, of its two boundaries.
 */
export function embedTokens(tokens: readonly Token[]): Float32Array {
  const vector = new Float32Array(DIMENSION);
  const add = (feature: string): void => {
    const hash = hashString(feature) >>> 0;
    vector[hash % DIMENSION]! += hash & 0x80000000 ? 1 : -1;
  };
  tokens.forEach((token, i) => add(`${i} ${token}`));
  for (let i = 0; i <= tokens.length; i++) add(`${i} ${tokens[i - 1] ?? ''} ${tokens[i] ?? ''}`);
  const norm = distance(vector, ORIGIN);
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}

/**
 * d_i = (ℓ_i − min ℓ) / (max ℓ − min ℓ), where ℓ_i is the distance to the group's centroid; 1 for all
 * when all distances are equal.
 *
 * @param embeddings [G, dimension]
 * @returns [G] in [0, 1]
 */
export function diversity(embeddings: readonly Embedding[]): number[] {
  const center = centroid(embeddings);
  const lengths = embeddings.map((embedding) => distance(embedding, center));
  const min = Math.min(...lengths);
  const range = Math.max(...lengths) - min;
  return lengths.map((length) => (range > 0 ? (length - min) / range : 1));
}

/** A·(1 − λ + λ·d); λ = 1 is the paper. `positive` leaves other advantages as they are. */
export function withBonus(
  advantage: number,
  d: number,
  { diversityStrength: strength, diversityOn }: Pick<Config, 'diversityStrength' | 'diversityOn'>,
): number {
  const applies = diversityOn === 'all' || advantage > 0;
  return applies ? advantage * (1 - strength + strength * d) : advantage;
}

/** Mean Euclidean distance over all pairs; 0 for fewer than two embeddings. */
export function meanPairwiseDistance(embeddings: readonly Embedding[]): number {
  const distances = embeddings.flatMap((a, i) =>
    embeddings.slice(i + 1).map((b) => distance(a, b)),
  );
  return distances.length > 0 ? mean(distances) : 0;
}

/** Distinct token sequences as a share of all. */
export function distinctShare(completions: readonly (readonly Token[])[]): number {
  return new Set(completions.map((tokens) => tokens.join(' '))).size / completions.length;
}

function centroid(embeddings: readonly Embedding[]): Float64Array {
  const sum = new Float64Array(embeddings[0]?.length ?? 0);
  for (const embedding of embeddings) {
    for (let i = 0; i < sum.length; i++) sum[i]! += embedding[i]!;
  }
  return sum.map((value) => value / embeddings.length);
}

function distance(a: Embedding, b: Embedding): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
